"""The press's signer at level B-T: each CMS gets a signature time-stamp, or the certificate is not made."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Final

from signing.cms.asn1 import cms
from signing.cms.der import with_timestamp
from signing.cms.skeleton import SkeletonSigner
from signing.errors import TimestampFailed
from signing.timestamp import Timestamper

TOKEN_SIZE: Final = 6144  # bytes reserved for a time-stamp token with its certificates


class StampedSigner:
    """A `DigestSigner` around the skeleton signer and a time-stamper; one request to the authority per signature.

    `waiting` is entered while the authority is asked: threads that share a press go on with other certificates then.
    """

    def __init__(
        self,
        inner: SkeletonSigner,
        timestamper: Timestamper,
        waiting: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self.inner = inner
        self.timestamper = timestamper
        self.waiting = waiting
        self.cms_size: int = inner.cms_size + TOKEN_SIZE

    def sign_digest(self, digest: bytes, signed_at: datetime) -> bytes:
        """The DER CMS with its time-stamp; at most `cms_size` bytes.

        Raises:
            TimestampFailed: no authority answered, or its token is larger than the reserved space.
            DigestUnsuitable, CertificateNotValidNow: see `SkeletonSigner`.
        """
        plain, signature = self.inner.sign_parts(digest, signed_at)
        with self.waiting():
            token = self.timestamper.stamp(hashlib.sha256(signature).digest())
        if len(plain) + len(token) + 64 > self.cms_size:
            raise TimestampFailed(attempts=1, reason=f"token of {len(token)} bytes")
        return with_timestamp(plain, cms.ContentInfo.load(token))
