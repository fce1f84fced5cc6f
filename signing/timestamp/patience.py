"""A time-stamper that stops asking authorities that do not answer, so that a batch does not wait for each one."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from signing.errors import TimestampFailed, TimestampResting
from signing.timestamp.interface import Timestamper

MOST_FAILURES: Final = 3  # one after the other, each with all its time-outs and retries
REST_SECONDS: Final = 60.0


@dataclass
class PatientTimestamper:
    """Asks `inner`; after a few failures in a row it refuses at once until a rest is over. Safe between threads.

    `clock` gives seconds that only grow.
    """

    inner: Timestamper
    most_failures: int = MOST_FAILURES
    rest_seconds: float = REST_SECONDS
    clock: Callable[[], float] = time.monotonic
    _failures: int = field(default=0, init=False)
    _until: float = field(default=0, init=False)
    _last: TimestampFailed | None = field(default=None, init=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)

    def stamp(self, digest: bytes) -> bytes:
        """The token that `inner` gives.

        Raises:
            TimestampFailed: `inner` failed.
            TimestampResting: it has failed so often that it is not asked for the moment.
        """
        with self._lock:
            if self._last is not None and self.clock() < self._until:
                raise TimestampResting(reason=self._last.data.get("reason", self._last.key))
        try:
            token = self.inner.stamp(digest)
        except TimestampFailed as error:
            self._note(error)
            raise
        self._note(None)
        return token

    def _note(self, error: TimestampFailed | None) -> None:
        with self._lock:
            self._failures = self._failures + 1 if error else 0
            if self._failures < self.most_failures:
                self._last = None
            elif error:
                self._last, self._until = error, self.clock() + self.rest_seconds
