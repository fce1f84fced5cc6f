"""One at a time, but not while waiting: threads share a press, and leave it to others while the network answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class Turn:
    """A lock that its holder can put down for a while (`outside`). Not re-entrant."""

    def __init__(self) -> None:
        self._lock = Lock()

    def __enter__(self) -> "Turn":
        self._lock.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    @contextmanager
    def outside(self) -> Iterator[None]:
        """Let others have their turn; comes back when the lock is free again. Only for the holder."""
        self._lock.release()
        try:
            yield
        finally:
            self._lock.acquire()
