"""Errors of the signing room; every one descends from `SigningError`."""

from typing import ClassVar

from house.errors import HouseError


class SigningError(HouseError):
    """Root of the errors of the signing room."""

    room: ClassVar[str] = "signing"
