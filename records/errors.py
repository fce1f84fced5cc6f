"""Errors of the records room; every one descends from `RecordsError`."""

from typing import ClassVar

from core.errors import HouseError


class RecordsError(HouseError):
    """Root of the errors of the records room."""

    room: ClassVar[str] = "records"


class FileExists(RecordsError):
    """Raised when a file would be overwritten that somebody may have filled in; data: `path`."""

    key = "file_exists"
