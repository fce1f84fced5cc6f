"""Archives (B-LTA) of many files: what was fetched for the first one serves the others."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Final

from signing.errors import RevocationInfoMissing
from signing.pades.revocation import RevocationData
from signing.timestamp import Timestamper

if TYPE_CHECKING:
    from signing.timestamp.bridge import BridgeTimestamper

KEPT_SECONDS: Final = 3600.0  # fetched revocation data serve a batch, not the next day's


@dataclass
class Archiver:
    """Makes B-LTA of pressed files: revocation data, then a document time-stamp over all.

    What had to be fetched for the first file serves the following ones. `clock` gives seconds that only grow.
    """

    timestamper: Timestamper
    roots: tuple[bytes, ...]
    given: RevocationData
    clock: Callable[[], float] = time.monotonic
    _kept: tuple[float, RevocationData] | None = field(default=None, init=False)
    _tokens: dict[str, bytes] = field(default_factory=dict, init=False, repr=False)
    _fetching: Lock = field(default_factory=Lock, init=False, repr=False)

    def __call__(self, data: bytes) -> bytes:
        """The archived file.

        Raises:
            TimestampFailed, RevocationInfoMissing: nothing weaker is given back.
        """
        if not self.given.fetch:
            return self._extend(data, self.given)
        kept = self._fresh()
        if kept is None:
            with self._fetching:  # one thread fetches, the others profit
                kept = self._fresh()
                if kept is None:
                    return self._fetch(data)
        try:
            return self._extend(data, kept)
        except RevocationInfoMissing:  # another authority's certificate: it wants lists of its own
            return self._fetch(data)

    def _extend(self, data: bytes, revocation: RevocationData) -> bytes:
        from signing.pades.extending import extend

        return extend(data, self._bridge(), self.roots, revocation)

    def _bridge(self) -> "BridgeTimestamper":
        from signing.timestamp.bridge import BridgeTimestamper

        return BridgeTimestamper(self.timestamper, self._tokens)

    def _fresh(self) -> RevocationData | None:
        kept = self._kept
        return kept[1] if kept is not None and self.clock() < kept[0] else None

    def _fetch(self, data: bytes) -> bytes:
        from signing.pades.extending import embedded_revocation

        archived = self._extend(data, self.given)
        self._kept = (self.clock() + KEPT_SECONDS, embedded_revocation(archived))
        return archived
