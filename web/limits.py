"""Rate limits per visitor address, or per key for machines that show one; the settings give the numbers.

Flask-Limiter counts, in memory or in the Redis that several servers share. The one path that is asked most often has a
window of its own (`FixedWindow`) when the counts are in memory: there Flask-Limiter costs more than the whole answer.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from time import time

from flask import current_app, g
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse_many

from web.settings import WebSettings


def visitor() -> str:
    """Under which name a request is counted."""
    caller = g.get("caller")
    return f"key:{caller.id}" if caller else get_remote_address()


limiter = Limiter(visitor)


@dataclass(frozen=True)
class Count:
    """How a request stands against its limit; `reset` is the end of the window in seconds since 1970."""

    allowed: bool
    limit: int
    remaining: int
    reset: int


class FixedWindow:
    """Counts requests of each visitor in windows of fixed length, in this process. Safe between threads."""

    def __init__(self, items: Sequence[RateLimitItem]) -> None:
        self._windows = [(one.amount, one.get_expiry()) for one in items]
        self._counts: list[tuple[int, Counter[str]]] = [(0, Counter()) for _ in items]
        self._lock = Lock()

    @classmethod
    def of(cls, notation: str) -> "FixedWindow":
        """From Flask-Limiter's notation, `120 per minute; 5000 per day`."""
        return cls(parse_many(notation))

    def hit(self, name: str) -> Count:
        """Count one request; the narrowest window that is left decides."""
        moment = int(time())
        least: Count | None = None
        with self._lock:
            for place, (amount, length) in enumerate(self._windows):
                start = moment - moment % length
                if self._counts[place][0] != start:
                    self._counts[place] = (start, Counter())
                counts = self._counts[place][1]
                counts[name] += 1
                count = Count(counts[name] <= amount, amount, max(0, amount - counts[name]), start + length)
                if least is None or count.remaining < least.remaining or not count.allowed:
                    least = count
        return least or Count(True, 0, 0, moment)


def _settings() -> WebSettings:
    settings: WebSettings = current_app.extensions["zhicheng"].settings
    return settings


def _rate(public: str) -> str:
    return _settings().rate_key if g.get("caller") else public


def query_limit() -> str:
    """For look-ups by name and identity number."""
    return _rate(_settings().rate_query)


def bulk_limit() -> str:
    """For tables of numbers and names."""
    return _rate(_settings().rate_bulk)


def upload_limit() -> str:
    """For uploaded files."""
    return _rate(_settings().rate_upload)


def result_limit() -> str:
    """For result pages and the look-up by code."""
    return _rate(_settings().rate_result)


def sign_in_limit() -> str:
    """For attempts to sign in to the workspace."""
    return _settings().rate_sign_in
