"""Errors of the code tables."""

from records.errors import RecordsError


class UnknownCode(RecordsError):
    """Raised when a code or name stands in no table; data: `table`, `code`."""

    key = "unknown_code"
