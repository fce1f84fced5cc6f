"""Checks of a time-stamp token before it goes into a signature."""

import asyncio
import logging
from typing import Any

from signing.cms.asn1 import cms, tsp, x509

_ERRORS = (ValueError, TypeError, KeyError, AttributeError, NotImplementedError)


class TokenRefused(Exception):
    """Raised inside this room when a token is not what was asked for; `reason` says why."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason)


def check_token(token: cms.ContentInfo, digest: bytes, nonce: int | None, roots: tuple[bytes, ...]) -> None:
    """Check imprint, nonce, signature and, when `roots` are given, the chain.

    Raises:
        TokenRefused: any of them is wrong.
    """
    try:
        info = tst_info(token)
        imprint = info["message_imprint"]
        if imprint["hash_algorithm"]["algorithm"].native != "sha256":
            raise TokenRefused(reason="imprint algorithm")
        if imprint["hashed_message"].native != digest:
            raise TokenRefused(reason="imprint of another document")
        if nonce is not None and info["nonce"].native != nonce:
            raise TokenRefused(reason="nonce")
        status = asyncio.run(_validated(token, digest, roots))
    except _ERRORS as error:
        raise TokenRefused(reason=str(error) or type(error).__name__) from error
    if not (status.valid and status.intact):
        raise TokenRefused(reason="signature of the token")
    if roots and not status.trusted:
        raise TokenRefused(reason="chain of the authority")


def tst_info(token: cms.ContentInfo) -> tsp.TSTInfo:
    """The signed statement inside a token."""
    info: tsp.TSTInfo = token["content"]["encap_content_info"]["content"].parsed
    return info


async def _validated(token: cms.ContentInfo, digest: bytes, roots: tuple[bytes, ...]) -> Any:
    from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
    from pyhanko.sign.validation.status import TimestampSignatureStatus
    from pyhanko_certvalidator import ValidationContext

    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # the verdict is ours to report
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(root) for root in roots], allow_fetching=False
    )
    arguments = await validate_tst_signed_data(token["content"], context, lambda _algorithm: digest)
    return TimestampSignatureStatus(**arguments)
