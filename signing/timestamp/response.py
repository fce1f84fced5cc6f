"""RFC 3161, 2.4.2: the answer of an authority, whose token is absent when it refuses."""

from typing import ClassVar

from signing.cms.asn1 import cms, core, prepared, tsp


@prepared
class TimestampResponse(core.Sequence):  # type: ignore[misc]  # asn1crypto is untyped
    """TimeStampResp with the token optional, as the RFC has it (asn1crypto demands one)."""

    _fields: ClassVar = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]
