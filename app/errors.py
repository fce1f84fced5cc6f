"""Errors of the use cases."""

from typing import ClassVar

from core.errors import HouseError


class AppError(HouseError):
    """Base of the room's errors."""

    room: ClassVar[str] = "app"


class BatchRefused(AppError):
    """Raised when a batch with mandatory findings is not to be made into documents; data: `count`."""

    key = "batch_refused"


class BatchFileNeeded(AppError):
    """Raised when workers are to issue a batch that was read from no file; data: `number`."""

    key = "batch_file_needed"
