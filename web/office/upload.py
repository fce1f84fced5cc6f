"""Taking a workbook in: stored under its hash, read and checked in a child process with limits."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from core.message import DEFAULT_LANGUAGE
from core.settings import write_atomically
from registry.workspace.files import workspace
from web.http.languages import current_language, words
from web.office.batch_view import BATCH, FINDINGS, RESULT
from web.office.errors import CheckTooLong, PhotosRefused, WorkbookRefused
from web.settings import MEGABYTE, WebSettings

if TYPE_CHECKING:
    from core.settings import Home

SUFFIXES: Final = (".xlsx", ".json")
PHOTO_SUFFIXES: Final = (".jpg", ".jpeg", ".png")
MAX_PHOTOS: Final = 20_000
MAX_PHOTO_BYTES: Final = 5 * MEGABYTE
MAX_PHOTOS_BYTES: Final = 1024 * MEGABYTE
ZIP_UTF8: Final = 0x800  # general purpose bit 11: the name is UTF-8
ROOT: Final = Path(__file__).resolve().parents[2]
PASSED_ON: Final = ("PATH", "LANG", "LC_ALL", "TZ")


def new_folder(home: Home) -> Path:
    """A private folder for a workbook that has no number yet."""
    return Path(tempfile.mkdtemp(prefix="incoming-", dir=workspace(home)))


def put_workbook(folder: Path, name: str, data: bytes) -> Path:
    """Lay the workbook into its folder.

    Raises:
        WorkbookRefused: neither .xlsx nor .json.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES or not data:
        raise WorkbookRefused(reason=words("office.reasons.xlsx"))
    path = folder / f"workbook{suffix}"
    write_atomically(path, data)
    return path


def put_photos(folder: Path, data: bytes) -> int:
    """Unpack an archive of photos beside the workbook; other files in it are passed over. Returns how many.

    Raises:
        PhotosRefused: no archive, too much in it, or a path that leads out of the folder.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            wanted = [one for one in archive.infolist() if _is_photo(one)]
            if len(wanted) > MAX_PHOTOS or sum(one.file_size for one in wanted) > MAX_PHOTOS_BYTES:
                raise PhotosRefused
            for one in wanted:
                _put_photo(folder, archive, one)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        raise PhotosRefused from error
    return len(wanted)


def check(home: Home, folder: Path, settings: WebSettings) -> dict[str, Any]:
    """Read and check the workbook of a folder in a child; returns number, title and counts.

    Raises:
        WorkbookRefused: the child says that nothing can be read.
        CheckTooLong: it took too much time or memory.
    """
    limits = [str(settings.check_seconds), str(settings.check_memory_mb)]
    command = [sys.executable, "-m", "web.office.checker", str(home.root), str(folder), *limits]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command,
            env=environment(),
            cwd=ROOT,
            check=False,
            capture_output=True,
            timeout=settings.check_seconds,
        )
    except subprocess.TimeoutExpired as error:
        raise CheckTooLong from error
    if done.returncode or not (folder / RESULT).exists():
        raise CheckTooLong
    result: dict[str, Any] = json.loads((folder / RESULT).read_bytes())
    if "refused" in result:
        said = result["refused"]
        raise WorkbookRefused(reason=said.get(current_language(), said[DEFAULT_LANGUAGE]))
    return result


def settle(home: Home, folder: Path, work_id: int) -> Path:
    """Give the folder its number."""
    target = workspace(home) / str(work_id)
    folder.rename(target)
    return target


def drop(folder: Path) -> None:
    """Throw a refused upload away."""
    shutil.rmtree(folder, ignore_errors=True)


def environment() -> dict[str, str]:
    """What a child process is given: no secrets of this one but the operator's settings."""
    kept = {
        name: value for name, value in os.environ.items() if name in PASSED_ON or name.startswith("ZHICHENG_")
    }
    return {**kept, "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}


def results_exist(folder: Path) -> bool:
    """Whether a checked batch lies there."""
    return (folder / BATCH).exists() and (folder / FINDINGS).exists()


def _is_photo(one: zipfile.ZipInfo) -> bool:
    return not one.is_dir() and one.filename.lower().endswith(PHOTO_SUFFIXES)


def _put_photo(folder: Path, archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> None:
    name = one.filename
    if not one.flag_bits & ZIP_UTF8 and not name.isascii():
        name = name.encode("cp437").decode("gb18030", "replace")  # archives made by Chinese Windows
    relative = PurePosixPath(name.replace("\\", "/"))
    target = (folder / relative).resolve()
    if relative.is_absolute() or ".." in relative.parts or not target.is_relative_to(folder.resolve()):
        raise PhotosRefused
    with archive.open(one) as source:
        data = source.read(MAX_PHOTO_BYTES + 1)
    if len(data) > MAX_PHOTO_BYTES:
        raise PhotosRefused
    write_atomically(target, data)
