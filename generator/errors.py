"""Errors of the generator room; every one descends from `GeneratorError`."""

from typing import ClassVar

from core.errors import HouseError


class GeneratorError(HouseError):
    """Root of the errors of the generator room."""

    room: ClassVar[str] = "generator"
