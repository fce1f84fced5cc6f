"""A small time-stamp authority of our own, for the demo and for tests; its clock is this computer's."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from signing.cms.asn1 import cms, core, tsp, x509
from signing.errors import TimestampFailed
from signing.keys import SigningKey
from signing.pades.pyhanko_bridge import asn1_certificate, key_signer
from signing.timestamp.canonical import in_one_spelling
from signing.timestamp.response import TimestampResponse

POLICY = "1.3.6.1.4.1.99999.1.1"  # of no meaning: demo time-stamps only


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class TimestampAuthority:
    """Answers RFC 3161 requests with a time-stamping key. `clock` gives aware moments."""

    key: SigningKey
    clock: Callable[[], datetime] = field(default=_now)

    def respond(self, query: bytes) -> bytes:
        """The DER TimeStampResp to a DER TimeStampReq; a rejection when the request is not understood."""
        try:
            request = tsp.TimeStampReq.load(query, strict=True)
            imprint = request["message_imprint"]
            nonce = request["nonce"].native
            token = self.token(imprint, nonce)
        except (ValueError, TypeError, KeyError) as error:
            status = tsp.PKIStatusInfo({"status": "rejection", "status_string": [str(error)[:200]]})
            return bytes(TimestampResponse({"status": status}).dump())
        granted = tsp.PKIStatusInfo({"status": "granted"})
        return bytes(TimestampResponse({"status": granted, "time_stamp_token": token}).dump())

    def token(self, imprint: tsp.MessageImprint, nonce: int | None = None) -> cms.ContentInfo:
        """A token over an imprint."""
        statement = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": imprint,
            "serial_number": secrets.randbits(63),
            "gen_time": core.GeneralizedTime(self.clock().replace(microsecond=0)),
            "tsa": x509.GeneralName("directory_name", asn1_certificate(self.key.certificate).subject),
        }
        if nonce is not None:
            statement["nonce"] = nonce
        content = cms.EncapsulatedContentInfo(
            {
                "content_type": "tst_info",
                "content": cms.ParsableOctetString(tsp.TSTInfo(statement).dump()),
            }
        )
        signer = key_signer(self.key)
        return asyncio.run(signer.async_sign_general_data(content, "sha256", detached=False, use_cades=True))


@dataclass(frozen=True)
class LocalTimestamper:
    """A `Timestamper` that asks an authority in this process."""

    authority: TimestampAuthority

    def stamp(self, digest: bytes) -> bytes:
        """The DER token.

        Raises:
            TimestampFailed: the digest is not one of SHA-256.
        """
        try:
            imprint = tsp.MessageImprint(
                {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest}
            )
            return in_one_spelling(bytes(self.authority.token(imprint).dump()), ())
        except (ValueError, TypeError) as error:
            raise TimestampFailed(attempts=1, reason=str(error)) from error
