"""Errors of the web room; every one descends from `WebError`."""

from typing import ClassVar

from house.errors import HouseError


class WebError(HouseError):
    """Root of the errors of the web room."""

    room: ClassVar[str] = "web"
