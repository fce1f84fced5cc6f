"""Second spellings of the last document time-stamp, which nothing later covers: each is valid to other readers."""

import re
from collections.abc import Callable

from asn1crypto import algos, cms, core
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from hostile_base import Base, attack

from signing.keys import KeyAlgorithm
from signing.validate import Code, Verdict
from signing.validate.steps.slots import split_padding

SPELLING, TAMPERED = "spelling", Verdict.TAMPERED
Change = Callable[[cms.SignedData], None]


def last_gap(data: bytes) -> tuple[int, int]:
    """Where the last signature's hexadecimal string begins (`<`) and ends (after `>`)."""
    first, second = re.findall(rb"/ByteRange ?\[ ?0 0*(\d+) 0*(\d+)", data)[-1]
    return int(first), int(second)


def last_token(data: bytes) -> bytes:
    """The DER of the last document time-stamp."""
    start, end = last_gap(data)
    return split_padding(bytes.fromhex(data[start + 1 : end - 1].decode()))[0]


def with_last_token(data: bytes, token: bytes) -> bytes:
    """The file with another last document time-stamp in its gap, padded with zeros."""
    start, end = last_gap(data)
    room = end - start - 2
    digits = token.hex().upper().encode()
    assert len(digits) <= room, "the token does not fit"
    return data[: start + 1] + digits.ljust(room, b"0") + data[end - 1 :]


def restamped(data: bytes, change: Change) -> bytes:
    """The file with its last document time-stamp changed as an ASN.1 object."""
    outer = cms.ContentInfo.load(last_token(data))
    change(outer["content"])
    hostile = with_last_token(data, outer.dump())
    assert hostile != data
    return hostile


@attack(SPELLING, TAMPERED, Code.SECOND_SPELLING)
def time_stamps_other_half_of_ecdsa(base: Base) -> bytes:
    """(r, n - s) in the last document time-stamp."""

    def negate(signed: cms.SignedData) -> None:
        info = signed["signer_infos"][0]
        r, s = decode_dss_signature(info["signature"].native)
        info["signature"] = encode_dss_signature(r, KeyAlgorithm.P_256.order - s)

    return restamped(base.archived, negate)


@attack(SPELLING, TAMPERED, Code.SECOND_SPELLING)
def time_stamps_root_left_out_or_added(base: Base) -> bytes:
    """The last document time-stamp with the authority's root, or without it if it was there."""

    def toggle(signed: cms.SignedData) -> None:
        from asn1crypto import x509

        kept = [one.chosen for one in signed["certificates"]]
        root = x509.Certificate.load(base.trust.roots[0])
        without = [one for one in kept if one.dump() != root.dump()]
        changed = without if len(without) < len(kept) else [*kept, root]
        signed["certificates"] = cms.CertificateSet(
            [cms.CertificateChoices("certificate", one) for one in changed]
        )

    return restamped(base.archived, toggle)


@attack(SPELLING, TAMPERED, Code.SECOND_SPELLING)
def time_stamps_digest_without_null(base: Base) -> bytes:
    """Its digest algorithm named without parameters, in both places, which RFC 5754 allows as well as NULL."""
    bare = bytes.fromhex("300b0609608648016503040201")

    def change(signed: cms.SignedData) -> None:
        signed["signer_infos"][0]["digest_algorithm"] = algos.DigestAlgorithm.load(bare)
        signed["digest_algorithms"] = cms.DigestAlgorithms([algos.DigestAlgorithm.load(bare)])

    assert last_token(base.archived).count(bare) == 0
    return restamped(base.archived, change)


@attack(SPELLING, TAMPERED, Code.SECOND_SPELLING)
def time_stamps_signature_algorithm_with_null(base: Base) -> bytes:
    """NULL as parameters of its signature algorithm, where ECDSA has none."""

    def change(signed: cms.SignedData) -> None:
        named = algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa", "parameters": core.Null()})
        signed["signer_infos"][0]["signature_algorithm"] = named

    return restamped(base.archived, change)


@attack(SPELLING, TAMPERED, Code.SECOND_SPELLING)
def time_stamps_certificates_in_another_order(base: Base) -> bytes:
    """Its certificates in another order than DER has for a set."""
    token = last_token(base.archived)
    certificates = [one.chosen.dump() for one in cms.ContentInfo.load(token)["content"]["certificates"]]
    assert len(certificates) > 1
    other = b"".join(reversed(certificates))
    assert b"".join(certificates) in token
    return with_last_token(base.archived, token.replace(b"".join(certificates), other))
