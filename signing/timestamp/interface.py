"""What a time-stamper does, and the one that has no authority."""

from typing import Protocol, runtime_checkable

from signing.errors import TimestampAuthorityMissing


@runtime_checkable
class Timestamper(Protocol):
    """Gets a time-stamp token for a SHA-256 digest."""

    def stamp(self, digest: bytes) -> bytes:
        """The DER TimeStampToken over `digest`.

        Raises:
            TimestampFailed: no authority answered rightly. The caller must not go on at a weaker level.
        """


class NoTimestamper:
    """For level B-B: asked for a time-stamp all the same, it refuses."""

    def stamp(self, digest: bytes) -> bytes:
        """Never gives one.

        Raises:
            TimestampAuthorityMissing: always.
        """
        del digest
        raise TimestampAuthorityMissing
