"""Errors of the records room; every one descends from `RecordsError`."""

from typing import ClassVar

from house.errors import HouseError


class RecordsError(HouseError):
    """Root of the errors of the records room."""

    room: ClassVar[str] = "records"
