"""Previews (样张): invented certificates on a layout, unsigned and marked 样本, as PDF, PNG or a contact sheet."""

from __future__ import annotations

import math
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from generator.certificate.cases import CASES, Case, portrait
from generator.certificate.drawing.curves import circle, fill, polyline, stroke
from generator.certificate.errors import PreviewFormat, PreviewTool
from generator.certificate.face.face import CertificateFace
from generator.certificate.parts import SealAppearance
from generator.certificate.pdf.metadata import BEIJING
from generator.certificate.plan import make_plan
from generator.certificate.press import Press
from generator.layout.units import Mm

DPI: Final = 150
SHEET_DPI: Final = 60
SHEET_COLUMNS: Final = 3
SHEET_GAP: Final = 14
SEAL_MM: Final = 42.0
SEAL_RED: Final = "#D8121A"
MOMENT: Final = datetime(2026, 1, 15, 9, 0, tzinfo=BEIJING)
CREDENTIAL: Final = "preview.preview.preview"


@dataclass(frozen=True, slots=True)
class StandInSeal:
    """A ring with a star: shows where the seal will stand and how large, and is nobody's."""

    width_mm: float = SEAL_MM
    height_mm: float = SEAL_MM

    @property
    def content(self) -> bytes:
        """The drawing operators."""
        middle, radius = float(Mm(SEAL_MM)) / 2, float(Mm(SEAL_MM)) / 2
        points = []
        for index in range(10):
            angle = math.pi / 2 + index * math.pi / 5
            reach = radius / 3 * (1 if index % 2 == 0 else 0.382)
            points.append((middle + reach * math.cos(angle), middle + reach * math.sin(angle)))
        ring = stroke([circle(middle, middle, radius - 1.7)], SEAL_RED, 3.4)
        return (ring + fill([polyline(points, closed=True)], SEAL_RED)).encode("ascii")


def preview_pdf(
    face: CertificateFace,
    case: Case,
    *,
    seal: SealAppearance | None = None,
    home_templates: Path | None = None,
) -> bytes:
    """One invented certificate on the face, unsigned.

    Raises:
        FaceError, TextTooLong, Undrawable: the layout cannot bear it.
    """
    plan = make_plan(face, seal or StandInSeal(), sample=True, home_templates=home_templates, signed=False)
    pressed = Press(plan, None).make(
        case.facts, case.marks, signed_at=MOMENT, credential=CREDENTIAL, photo=portrait(case)
    )
    return pressed.data


def save_preview(data: bytes, path: Path, *, dpi: int = DPI) -> None:
    """Save a preview by its suffix, .pdf or .png.

    Raises:
        PreviewFormat: another suffix.
        PreviewTool: pdftoppm is not installed.
    """
    match path.suffix.lower():
        case ".pdf":
            path.write_bytes(data)
        case ".png":
            path.write_bytes(rasterised(data, dpi))
        case _:
            raise PreviewFormat(path=str(path))


def rasterised(data: bytes, dpi: int) -> bytes:
    """The page as PNG.

    Raises:
        PreviewTool: pdftoppm is not installed or fails.
    """
    tool = shutil.which("pdftoppm")
    if tool is None:
        raise PreviewTool
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "page.pdf"), Path(folder, "page")
        source.write_bytes(data)
        command = [tool, "-r", str(dpi), "-png", "-singlefile", str(source), str(target)]
        done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - our own arguments
        if done.returncode:
            raise PreviewTool
        return target.with_suffix(".png").read_bytes()


def contact_sheet(
    face: CertificateFace,
    path: Path,
    *,
    cases: Sequence[Case] = CASES,
    seal_of: Callable[[Case], SealAppearance | None] = lambda _: None,
    home_templates: Path | None = None,
) -> None:
    """All invented certificates on one PNG, three in a row; `seal_of` gives each its seal.

    Raises:
        FaceError, TextTooLong, Undrawable: the layout cannot bear one of them.
        PreviewFormat, PreviewTool: see `save_preview`.
    """
    import io

    from PIL import Image

    if path.suffix.lower() != ".png":
        raise PreviewFormat(path=str(path))
    pages = [preview_pdf(face, case, seal=seal_of(case), home_templates=home_templates) for case in cases]
    images = [Image.open(io.BytesIO(rasterised(page, SHEET_DPI))) for page in pages]
    width, height = images[0].size
    rows = math.ceil(len(images) / SHEET_COLUMNS)
    size = (
        SHEET_COLUMNS * width + (SHEET_COLUMNS + 1) * SHEET_GAP,
        rows * height + (rows + 1) * SHEET_GAP,
    )
    sheet = Image.new("RGB", size, "#5F5A55")
    for index, image in enumerate(images):
        row, column = divmod(index, SHEET_COLUMNS)
        sheet.paste(image, (SHEET_GAP + column * (width + SHEET_GAP), SHEET_GAP + row * (height + SHEET_GAP)))
    sheet.save(path, optimize=True)
