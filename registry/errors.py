"""Errors of the registry room; every one descends from `RegistryError`."""

from typing import ClassVar

from house.errors import HouseError


class RegistryError(HouseError):
    """Root of the errors of the registry room."""

    room: ClassVar[str] = "registry"
