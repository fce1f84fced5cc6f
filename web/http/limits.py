"""Rate limits per visitor address, or per key for machines that show one; the settings give the numbers.

Flask-Limiter counts in a storage of ours (`web.http.counting`). The short way before Flask (`web.api.fast_path`) counts in the same
windows under the same names, so that a visitor has one quota whichever way he takes.
"""

from dataclasses import dataclass
from time import time
from typing import Final

from flask import current_app, g
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import parse_many

from web.http.counting import SharedStorage
from web.settings import WebSettings

RESULTS: Final = "result"
QUERIES: Final = "query"
UPLOADS: Final = "upload"
MISSES: Final = "miss"
"""What is counted together: pages and calls of the API that answer the same question."""


def visitor() -> str:
    """Under which name a request is counted."""
    caller = g.get("caller")
    return f"key:{caller.id}" if caller else get_remote_address()


limiter = Limiter(visitor)


def counting_here() -> float:
    """1 while a shared store of counts does not answer and this process counts for itself, else 0."""
    storage = limiter.limiter.storage if limiter.initialized else None
    return float(isinstance(storage, SharedStorage) and storage.away)


@dataclass(frozen=True)
class Count:
    """How a request stands against its limit; `reset` is the end of the window in seconds since 1970."""

    allowed: bool
    limit: int
    remaining: int
    reset: int


class Turnstile:
    """Counts a request as Flask-Limiter would, without Flask: same windows, same names, same headers."""

    def __init__(self, notation: str, scope: str) -> None:
        self._items = sorted(parse_many(notation))
        self._scope = scope

    def hit(self, name: str) -> Count:
        """Count one request; the first window that is full decides, else the shortest is told."""
        storage = limiter.limiter.storage
        shortest: Count | None = None
        for item in self._items:
            key = item.key_for(name, self._scope)
            number = storage.incr(key, item.get_expiry())
            if shortest is None or number > item.amount:
                reset = int(storage.get_expiry(key) + 1)
                count = Count(number <= item.amount, item.amount, max(0, item.amount - number), reset)
                if not count.allowed:
                    return count
                shortest = count
        return shortest or Count(True, 0, 0, 0)


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


def missed(count: int) -> int:
    """Count wrong guesses of a stranger; 0 while there is room for them, else the seconds until there is again.

    Asked with 0, it says how he stands.
    """
    storage, longest = limiter.limiter.storage, 0
    for item in sorted(parse_many(_settings().rate_misses)):
        key = item.key_for(visitor(), MISSES)
        number = storage.incr(key, item.get_expiry(), count) if count else storage.get(key)
        if number > item.amount or (not count and number == item.amount):
            longest = max(longest, int(storage.get_expiry(key) - time()) + 1)
    return longest


count_result = limiter.shared_limit(result_limit, RESULTS)
count_query = limiter.shared_limit(query_limit, QUERIES)
count_upload = limiter.shared_limit(upload_limit, UPLOADS)
