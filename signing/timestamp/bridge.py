"""Our time-stampers in pyHanko's clothes."""

import asyncio

from asn1crypto import cms
from pyhanko.sign.timestamps import TimeStamper

from signing.timestamp.interface import Timestamper


class BridgeTimestamper(TimeStamper):
    """PyHanko's time-stamper around ours; errors of ours pass through untouched."""

    def __init__(self, inner: Timestamper) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._inner = inner

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A token over a SHA-256 digest; the blocking request runs beside the event loop."""
        if md_algorithm != "sha256":
            raise ValueError(md_algorithm)
        token = await asyncio.to_thread(self._inner.stamp, message_digest)
        return cms.ContentInfo.load(token)
