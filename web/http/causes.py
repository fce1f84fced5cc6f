"""What the log says of an error that nobody foresaw: which kind, where in the program; never what it was about.

Addresses hold verification codes, messages of databases hold the values they were asked for. So neither goes into the
log: an entry has the endpoint, the classes of the errors and the lines of the program that they came through.
"""

import logging
from itertools import islice
from pathlib import Path
from traceback import extract_tb
from typing import Final

from flask import Flask, request

LOG: Final = logging.getLogger("zhicheng.web")
ROOT: Final = Path(__file__).resolve().parents[2]
MAX_ERRORS: Final = 5
MAX_FRAMES: Final = 40


def cause(error: BaseException) -> str:
    """The classes of an error and of those that led to it, each with its way through the program, innermost last."""
    parts: list[str] = []
    found: BaseException | None = error
    while found is not None and len(parts) < MAX_ERRORS:
        frames = islice(reversed(extract_tb(found.__traceback__)), MAX_FRAMES)
        way = [f"  {_place(one.filename)}:{one.lineno} {one.name}" for one in frames]
        parts.append("\n".join([f"{type(found).__module__}.{type(found).__qualname__}", *reversed(way)]))
        found = found.__cause__ or found.__context__
    return "\nbecause of ".join(parts)


def log_cause(where: str, error: BaseException) -> None:
    """Write an unforeseen error into the log; `where` is an endpoint, never an address."""
    LOG.error("500 at %s: %s", where, cause(error))


def log_without_data(app: Flask) -> None:
    """In place of Flask's own entry, which begins with the address and ends with the message."""

    def log_exception(exc_info: object) -> None:
        error = exc_info[1] if isinstance(exc_info, tuple) else exc_info
        if isinstance(error, BaseException):
            log_cause(f"{request.endpoint} {request.method}", error)

    app.log_exception = log_exception  # type: ignore[method-assign]


def _place(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else "/".join(path.parts[-2:])
