"""Drawn portraits (neutral silhouettes) for the sample, 358 × 441 pixels; they ship with the package."""

from pathlib import Path
from shutil import copyfile

from records.batch.model import Batch, Sex
from records.codes.tables import DATA

SAMPLE_FOLDER = DATA / "sample"
FOLDER = "photos"
PER_SEX = 6


def reference(index: int, sex: Sex) -> str:
    """What stands in the cell 照片: the path of a portrait relative to the workbook."""
    letter = "m" if sex is Sex.MALE else "f"
    return f"{FOLDER}/{letter}{index % PER_SEX + 1}.jpg"


def write_photos(batch: Batch, folder: Path) -> None:
    """Copy the portraits that the batch names into `folder`, beside its workbook."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    for name in sorted({item.person.photo for item in batch.applications if item.person.photo}):
        copyfile(SAMPLE_FOLDER / name, folder / name)
