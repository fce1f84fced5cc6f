"""Where limits are counted: in this process, or in a Redis that several servers share, with this process standing in.

Both are storages of the `limits` package. Its own storage in memory starts a timer thread from whichever request comes
first and starts it twice when requests meet; the one here holds a lock and forgets what has run out while it counts.
"""

import logging
from collections.abc import Callable
from heapq import heappop, heappush
from threading import Lock
from time import monotonic, time
from typing import Final, TypeVar

from limits.storage import (
    MemcachedStorage,
    MongoDBStorage,
    RedisClusterStorage,
    RedisSentinelStorage,
    RedisStorage,
    Storage,
    storage_from_string,
)

LOG: Final = logging.getLogger("zhicheng.limits")
PROCESS: Final = "process"
SHARED: Final = "shared+"
MEMORY: Final = "memory"
STORES: Final = (RedisStorage, RedisClusterStorage, RedisSentinelStorage, MemcachedStorage, MongoDBStorage)
RETRY_S: Final = 5.0
PATIENCE_S: Final = 0.5
PATIENT: Final = {"socket_connect_timeout": PATIENCE_S, "socket_timeout": PATIENCE_S}
T = TypeVar("T")


def known_schemes() -> tuple[str, ...]:
    """What an address for shared counts may begin with, `memory` among them."""
    return (MEMORY, *(scheme for store in STORES for scheme in store.STORAGE_SCHEME or ()))


def storage_address(setting: str) -> str:
    """The storage of ours for the setting `rate_storage`."""
    return f"{PROCESS}://" if setting.partition(":")[0] == MEMORY else SHARED + setting


class ProcessStorage(Storage):
    """Counts in this process; safe between threads, without a thread of its own."""

    STORAGE_SCHEME = [PROCESS]  # noqa: RUF012 - as the base class has it

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **_: str) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._lock = Lock()
        self._counts: dict[str, tuple[int, float]] = {}  # with the end of the window, seconds since 1970
        self._ends: list[tuple[float, str]] = []

    @property
    def base_exceptions(self) -> type[Exception]:
        """What counting may raise: nothing of its own."""
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count; a window begins with its first request and ends `expiry` seconds later."""
        with self._lock:
            moment = time()
            self._forget(moment)
            count, end = self._counts.get(key, (0, 0.0))
            if not end:
                end = moment + expiry
                heappush(self._ends, (end, key))
            self._counts[key] = (count + amount, end)
            return count + amount

    def get(self, key: str) -> int:
        """The count of the window that runs; 0 when none does."""
        return self._running(key)[0]

    def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since 1970; now when none runs."""
        return self._running(key)[1] or time()

    def check(self) -> bool:
        """Memory is there."""
        return True

    def reset(self) -> int:
        """Forget all; returns how many windows there were."""
        with self._lock:
            number = len(self._counts)
            self._counts.clear()
            self._ends.clear()
        return number

    def clear(self, key: str) -> None:
        """Forget one window."""
        with self._lock:
            self._counts.pop(key, None)

    def _running(self, key: str) -> tuple[int, float]:
        with self._lock:
            self._forget(time())
            return self._counts.get(key, (0, 0.0))

    def _forget(self, moment: float) -> None:
        while self._ends and self._ends[0][0] <= moment:
            end, key = heappop(self._ends)
            if self._counts.get(key, (0, 0.0))[1] == end:  # not a later window of the same name
                del self._counts[key]


class SharedStorage(Storage):
    """Counts in a store that several servers share; while it does not answer, in this process.

    One request in `RETRY_S` seconds asks again whether it is back; the others do not wait for that.
    """

    STORAGE_SCHEME = [SHARED + one for one in known_schemes() if one != MEMORY]  # noqa: RUF012 - as the base class has it

    def __init__(self, uri: str, wrap_exceptions: bool = False, **_: str) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        address = uri.removeprefix(SHARED)
        options = PATIENT if address.startswith(("redis", "valkey")) else {}
        self._shared: Storage = storage_from_string(address, **options)  # type: ignore[assignment]
        self._spare = ProcessStorage()
        self._lock = Lock()
        self._next_try: float | None = None

    @property
    def away(self) -> bool:
        """Whether the shared store did not answer when it was last asked."""
        return self._next_try is not None

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        """What the shared store raises when it cannot be reached."""
        own = self._shared.base_exceptions
        return (*(own if isinstance(own, tuple) else (own,)), OSError)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count there, or here."""
        return self._ask(
            lambda: self._shared.incr(key, expiry, amount), lambda: self._spare.incr(key, expiry, amount)
        )

    def get(self, key: str) -> int:
        """The count of the window that runs."""
        return self._ask(lambda: self._shared.get(key), lambda: self._spare.get(key))

    def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since 1970."""
        return self._ask(lambda: self._shared.get_expiry(key), lambda: self._spare.get_expiry(key))

    def check(self) -> bool:
        """Whether the shared store answers."""
        return self._ask(self._shared.check, lambda: False)

    def reset(self) -> int | None:
        """Forget all windows, here and there."""
        self._spare.reset()
        return self._ask(self._shared.reset, lambda: None)

    def clear(self, key: str) -> None:
        """Forget one window, here and there."""
        self._spare.clear(key)
        self._ask(lambda: self._shared.clear(key), lambda: None)

    def _ask(self, there: Callable[[], T], here: Callable[[], T]) -> T:
        if not self._may_ask():
            return here()
        try:
            answer = there()
        except self.base_exceptions as error:
            self._gone(error)
            return here()
        if self._next_try is not None:
            self._back()
        return answer

    def _may_ask(self) -> bool:
        if self._next_try is None:
            return True
        with self._lock:
            if self._next_try is not None and monotonic() < self._next_try:
                return False
            self._next_try = monotonic() + RETRY_S  # the others go on here meanwhile
        return True

    def _gone(self, error: Exception) -> None:
        with self._lock:
            first, self._next_try = self._next_try is None, monotonic() + RETRY_S
        if first:
            LOG.warning("limits: the shared store is away (%s), counting here", type(error).__name__)

    def _back(self) -> None:
        with self._lock:
            self._next_try = None
        LOG.warning("limits: the shared store is back")
