"""The CMS of a signature: opened, digested, and compared with the one spelling that its parts allow.

Nothing signs the CMS itself. So that nobody can make a second file with the same signature, a certificate's CMS must
be exactly what pyHanko writes around its certificates, digest and signature value; a token's spelling is judged later.
"""

import asyncio
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pyhanko.sign.signers import ExternalSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.cms.asn1 import cms, x509
from signing.cms.der import is_der, members, with_timestamp
from signing.keys.algorithm import P256_ORDER, P384_ORDER, is_low_s
from signing.validate.steps.slots import Slot, split_padding

PARSE_ERRORS = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
_ORDERS = {"secp256r1": P256_ORDER, "secp384r1": P384_ORDER}
_MARKER = bytes(range(0x80, 0xA0))
_FILLER = 0x5A
ACCEPTED_DIGESTS = frozenset({"sha256", "sha384", "sha512"})


class CmsBroken(Exception):
    """Raised inside this room when a gap holds no CMS SignedData with one signer and his certificate."""


@dataclass(frozen=True)
class SignedCms:
    """The parts of one CMS. Certificates are DER; `timestamp` is the token over the signature, if any."""

    der: bytes
    padding: bytes
    signed_data: Any
    signer: bytes
    certificates: tuple[bytes, ...]
    message_digest: bytes
    digest_name: str
    signature: bytes
    is_timestamp: bool

    @property
    def timestamp(self) -> Any | None:
        """The signature time-stamp token (ContentInfo) among the unsigned attributes."""
        attributes = self.signed_data["signer_infos"][0]["unsigned_attrs"]
        for attribute in attributes or ():
            if attribute["type"].native == "signature_time_stamp_token":
                return attribute["values"][0]
        return None


def open_cms(slot: Slot) -> SignedCms:
    """Read the CMS in a sound slot.

    Raises:
        CmsBroken: it is none.
    """
    return open_content(slot.content)


def open_content(content: bytes) -> SignedCms:
    """Read a CMS with whatever follows it.

    Raises:
        CmsBroken: it is none.
    """
    try:
        der, padding = split_padding(content)
        outer = cms.ContentInfo.load(der, strict=True)
        if outer["content_type"].native != "signed_data":
            raise CmsBroken
        return _parts(der, padding, outer["content"])
    except PARSE_ERRORS as error:
        raise CmsBroken from error


def _parts(der: bytes, padding: bytes, signed_data: Any) -> SignedCms:
    (info,) = signed_data["signer_infos"]
    certificates = tuple(
        one.chosen.dump() for one in signed_data["certificates"] if one.name == "certificate"
    )
    signer = next((one for one in certificates if _is_signer(one, info)), None)
    if signer is None:
        raise CmsBroken
    digests = [
        one["values"][0].native for one in info["signed_attrs"] if one["type"].native == "message_digest"
    ]
    return SignedCms(
        der=der,
        padding=padding,
        signed_data=signed_data,
        signer=signer,
        certificates=certificates,
        message_digest=digests[0],
        digest_name=info["digest_algorithm"]["algorithm"].native,
        signature=info["signature"].native,
        is_timestamp=signed_data["encap_content_info"]["content_type"].native == "tst_info",
    )


def _is_signer(der: bytes, info: Any) -> bool:
    sid = info["sid"].chosen
    certificate = x509.Certificate.load(der)
    if not isinstance(sid, cms.IssuerAndSerialNumber):
        return bool(certificate.key_identifier == sid.native)
    return bool(
        certificate.serial_number == sid["serial_number"].native
        and certificate.issuer.dump() == sid["issuer"].dump()
    )


def has_strong_algorithms(found: SignedCms) -> bool:
    """Whether the signature uses a digest of the SHA-2 family (pyHanko's own form always does)."""
    algorithm = found.signed_data["signer_infos"][0]["signature_algorithm"]
    try:
        name = algorithm.hash_algo
    except ValueError:
        name = found.digest_name  # RSA named without a digest takes that of the content
    return name in ACCEPTED_DIGESTS and found.digest_name in ACCEPTED_DIGESTS


def digest_of(slot: Slot, data: bytes, name: str) -> bytes | None:
    """The digest of the signed bytes; None for an algorithm that is not accepted."""
    if name not in ACCEPTED_DIGESTS:
        return None
    state = hashlib.new(name)
    for part in slot.signed(data):
        state.update(part)
    return state.digest()


def is_only_spelling(found: SignedCms, *, low_s_only: bool) -> bool:
    """Whether the CMS is byte for byte the one that its certificates, digest and signature allow."""
    try:
        expected = _rebuilt(found)
    except PARSE_ERRORS:
        return False
    return expected == found.der and (not low_s_only or _has_low_s(found))


def has_no_more_members(token: bytes) -> bool:
    """Whether the ContentInfo of a time-stamp token ends where its members do; readers skip what stands behind them.

    RFC 5652: type and [0] content; version, digests, content, certificates, signers; a signer without unsigned attributes.
    """
    outer = members(token)
    if len(outer) != 2 or len(wrapped := members(outer[1])) != 1:
        return False
    signed = members(wrapped[0])
    if len(signed) != 5 or len(signers := members(signed[4])) != 1:
        return False
    return len(members(signers[0])) == 6


def _rebuilt(found: SignedCms) -> bytes:
    before, between, after = _skeleton(found.signer, found.certificates, len(found.signature))
    plain = b"".join((before, found.message_digest, between, found.signature, after))
    token = found.timestamp
    if token is None:
        return plain
    if not is_der(token.dump()) or not has_no_more_members(token.dump()):
        return b""
    return with_timestamp(plain, token)


@lru_cache(maxsize=64)
def _skeleton(signer: bytes, certificates: tuple[bytes, ...], length: int) -> tuple[bytes, bytes, bytes]:
    """PyHanko's CMS around these certificates, cut at digest and signature."""
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple([x509.Certificate.load(one) for one in certificates if one != signer])
    filler = bytes([_FILLER]) * length
    pyhanko = ExternalSigner(x509.Certificate.load(signer), store, signature_value=filler)
    whole = asyncio.run(pyhanko.async_sign(_MARKER, "sha256", use_pades=True)).dump()
    before, rest = whole.split(_MARKER)
    between, after = rest.split(filler)
    return before, between, after


def _has_low_s(found: SignedCms) -> bool:
    key = x509.Certificate.load(found.signer).public_key
    if key.algorithm != "ec":
        return True
    order = _ORDERS.get(key.curve[1])
    return order is not None and is_low_s(found.signature, order)
