"""Our time-stampers in pyHanko's clothes."""

import asyncio

from pyhanko.sign.timestamps import TimeStamper

from signing.cms.asn1 import cms
from signing.timestamp.interface import Timestamper


class BridgeTimestamper(TimeStamper):
    """PyHanko's time-stamper around ours; errors of ours pass through untouched. One per thread.

    `known` (digest name → DER token) may be shared by many: what the authority's certificates are is asked once for
    all of them. Only bytes are shared, because asn1crypto's values are parsed while they are read.
    """

    def __init__(self, inner: Timestamper, known: dict[str, bytes] | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._inner = inner
        self._known = {} if known is None else known

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A token over a SHA-256 digest; the blocking request runs beside the event loop."""
        if md_algorithm != "sha256":
            raise ValueError(md_algorithm)
        token = await asyncio.to_thread(self._inner.stamp, message_digest)
        return cms.ContentInfo.load(token)

    async def async_dummy_response(self, md_algorithm: str) -> cms.ContentInfo:
        """A token over nothing, for the authority's certificates; from `known` if anybody has asked already."""
        known = self._known.get(md_algorithm)
        if known is not None and md_algorithm not in self._dummy_response_cache:
            self._register_dummy(md_algorithm, cms.ContentInfo.load(known))  # type: ignore[no-untyped-call]
        token: cms.ContentInfo = await super().async_dummy_response(md_algorithm)
        self._known.setdefault(md_algorithm, token.dump())
        return token
