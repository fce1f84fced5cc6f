"""Portraits (照片): the cell holds a path relative to the batch file; it may never leave that folder."""

from enum import StrEnum
from pathlib import Path, PurePosixPath, PureWindowsPath

from records.errors import RecordsError

MAX_BYTES = 2 * 1024 * 1024
_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


class PhotoProblem(StrEnum):
    """Why a portrait cannot be used."""

    ESCAPES = "escapes"
    MISSING = "missing"
    TOO_LARGE = "too_large"
    NOT_AN_IMAGE = "not_an_image"


class PhotoEscapes(RecordsError):
    """Raised when a photo's path leaves the batch's folder; data: `reference`."""

    key = "photo_escapes"


def resolve(reference: str, folder: Path) -> Path:
    """The file that a reference means; it need not exist.

    Raises:
        PhotoEscapes: the path is absolute, goes up, names a drive, or follows a link out of `folder`.
    """
    plain = reference.strip().replace("\\", "/")
    windows = PureWindowsPath(plain)
    if not plain or "\0" in plain or windows.drive or windows.root or ".." in PurePosixPath(plain).parts:
        raise PhotoEscapes(reference=reference)
    try:
        path = (folder / plain).resolve()
    except (OSError, RuntimeError) as error:
        raise PhotoEscapes(reference=reference) from error
    if not path.is_relative_to(folder.resolve()):
        raise PhotoEscapes(reference=reference)
    return path


def inspect(reference: str, folder: Path) -> PhotoProblem | None:
    """What hinders the use of a portrait, told from its path, size and first bytes."""
    try:
        path = resolve(reference, folder)
        size = path.stat().st_size
        with path.open("rb") as handle:
            head = handle.read(8)
    except PhotoEscapes:
        return PhotoProblem.ESCAPES
    except OSError:
        return PhotoProblem.MISSING
    if size > MAX_BYTES:
        return PhotoProblem.TOO_LARGE
    return None if head.startswith(_SIGNATURES) else PhotoProblem.NOT_AN_IMAGE


def load(reference: str | None, folder: Path) -> bytes | None:
    """The portrait's bytes, or None when there is none that can be used."""
    if not reference or inspect(reference, folder) is not None:
        return None
    return resolve(reference, folder).read_bytes()
