"""Portraits (照片): the cell holds a path relative to the batch file; it may never leave that folder."""

import os
from enum import StrEnum
from pathlib import Path

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


class PhotoFolder:
    """The folder that photo names are relative to, for many photos: what holds for all of them is asked once."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._root = os.path.realpath(folder)
        self._inside = self._root.rstrip("/") + "/"
        self._parents: dict[str, str] = {}

    def resolve(self, reference: str) -> str:
        """The real path of the file that a reference means; it need not exist.

        Raises:
            PhotoEscapes: the path is absolute, goes up, names a drive, or follows a link out of the folder.
        """
        plain = reference.strip().replace("\\", "/")
        if not plain or "\0" in plain or plain[0] == "/" or plain[1:2] == ":" or ".." in plain.split("/"):
            raise PhotoEscapes(reference=reference)
        try:
            path = self._real(plain)
        except OSError as error:
            raise PhotoEscapes(reference=reference) from error
        if not path.startswith(self._inside) and path != self._root:
            raise PhotoEscapes(reference=reference)
        return path

    def _real(self, plain: str) -> str:
        """The real path; folders on the way are followed once, the file itself every time."""
        before, _, name = plain.rpartition("/")
        parent = self._parents.get(before)
        if parent is None:
            parent = self._parents[before] = os.path.realpath(f"{self._folder}/{before}")
        path = f"{parent}/{name}"
        plain_name = name not in ("", ".")
        return path if plain_name and not os.path.islink(path) else os.path.realpath(path)  # noqa: PTH114


def resolve(reference: str, folder: Path) -> Path:
    """The file that a reference means; it need not exist.

    Raises:
        PhotoEscapes: see `PhotoFolder.resolve`.
    """
    return Path(PhotoFolder(folder).resolve(reference))


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
