"""Attacks on the signature itself: other signers, other certificates, other spellings, other ranges."""

import hashlib
import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

from asn1crypto import cms, core, x509
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from hostile_base import Base, attack, cms_of, flip, gap, tsa_key, with_cms
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata

from generator.certificate.face.loading import load_face
from generator.certificate.press import Press
from signing.authority.certificates import SIGNER, Request, issue_certificate
from signing.authority.opening import _load
from signing.cms.skeleton import SkeletonSigner
from signing.keys import KeyAlgorithm, SigningKey
from signing.keys.certificate_key import certificate_key
from signing.keys.files import FileKey
from signing.pades.pyhanko_bridge import key_signer
from signing.pades.sign import SigningPlan, sign_pdf
from signing.seal import round_seal
from signing.validate import Code, Verdict

SPELLING, SIGNERS, RANGES = "spelling", "signers", "byte range"
TAMPERED, FOREIGN = Verdict.TAMPERED, Verdict.FOREIGN


def edited(data: bytes, change: object) -> bytes:
    """The file with its CMS changed as an ASN.1 object; `change` works on the SignedData."""
    outer = cms.ContentInfo.load(cms_of(data))
    change(outer["content"])  # type: ignore[operator]
    return with_cms(data, outer.dump(force=True))


@attack(SPELLING, TAMPERED, Code.SECOND_SPELLING)
def other_half_of_ecdsa(base: Base) -> bytes:
    """(r, n - s) instead of (r, s): a second valid signature that anybody can compute."""

    def negate(signed: cms.SignedData) -> None:
        info = signed["signer_infos"][0]
        r, s = decode_dss_signature(info["signature"].native)
        info["signature"] = encode_dss_signature(r, KeyAlgorithm.P_256.order - s)

    return edited(base.loose, negate)


@attack(SPELLING, TAMPERED, Code.SECOND_SPELLING)
def unsigned_attribute_added(base: Base) -> bytes:
    """An attribute that no signature covers."""

    def add(signed: cms.SignedData) -> None:
        attribute = cms.CMSAttribute({"type": "1.2.3.4.5", "values": [core.UTF8String("x")]})
        signed["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([attribute])

    return edited(base.loose, add)


@attack(SPELLING, TAMPERED, Code.SECOND_SPELLING)
def certificate_added(base: Base) -> bytes:
    """A stranger's certificate among the embedded ones."""

    def add(signed: cms.SignedData) -> None:
        der = certificate_key(base.stranger).certificate.public_bytes(Encoding.DER)
        found = [one.chosen for one in signed["certificates"]]
        choices = [cms.CertificateChoices("certificate", one) for one in (*found, x509.Certificate.load(der))]
        signed["certificates"] = cms.CertificateSet(choices)

    return edited(base.loose, add)


@attack(SPELLING, TAMPERED, Code.SECOND_SPELLING)
def version_of_the_cms(base: Base) -> bytes:
    """SignedData version 3 instead of 1."""

    def change(signed: cms.SignedData) -> None:
        signed["version"] = "v3"

    return edited(base.loose, change)


@attack(SPELLING, TAMPERED, Code.SECOND_SPELLING)
def digest_algorithms_doubled(base: Base) -> bytes:
    """The unsigned list of digest algorithms names one more."""

    def change(signed: cms.SignedData) -> None:
        names = ("sha256", "sha512")
        signed["digest_algorithms"] = cms.DigestAlgorithms([{"algorithm": name} for name in names])

    return edited(base.loose, change)


@attack(SPELLING, TAMPERED, Code.SECOND_SPELLING)
def length_in_long_form(base: Base) -> bytes:
    """The outermost length written with a superfluous byte (BER)."""
    der = cms_of(base.loose)
    assert der[1] == 0x82
    return with_cms(base.loose, der[:1] + b"\x83\x00" + der[2:])


@attack(SPELLING, TAMPERED)
def embedded_root_changed(base: Base) -> bytes:
    """One bit of the embedded root certificate, which no validator needs."""
    der = cms_of(base.loose)
    root = base.trust.roots[0]
    return with_cms(base.loose, flip(der, der.index(root) + len(root) - 3))


def issuing_certificate(base: Base) -> bytes:
    """The certificate between root and signer as it is embedded."""
    (found,) = base.authority.intermediates
    return found.public_bytes(Encoding.DER)


def signature_of(certificate: bytes) -> bytes:
    """The bit string at the certificate's end: unused bits, then the signature."""
    value = x509.Certificate.load(certificate)["signature_value"].contents
    assert certificate.endswith(value)
    return bytes(value)


def dropping_a_bit(certificate: bytes) -> bytes:
    """The same certificate whose signature is said to be one bit shorter; readers use the whole bytes all the same."""
    value = signature_of(certificate)
    return certificate[: -len(value)] + b"\x01" + value[1:]


@attack(SPELLING, TAMPERED, Code.SECOND_SPELLING)
def issuing_certificate_drops_a_bit(base: Base) -> bytes:
    """The bit string of the embedded issuing certificate's signature says that its last bit is unused."""
    issuing = issuing_certificate(base)
    return with_cms(base.good, cms_of(base.good).replace(issuing, dropping_a_bit(issuing)))


@attack(SPELLING, TAMPERED, Code.SECOND_SPELLING)
def issuing_certificate_other_half(base: Base) -> bytes:
    """(r, n - s) in the embedded issuing certificate, which is as valid as (r, s)."""
    issuing = issuing_certificate(base)
    r, s = decode_dss_signature(signature_of(issuing)[1:])
    other = encode_dss_signature(r, KeyAlgorithm.P_256.order - s)

    def change(signed: cms.SignedData) -> None:
        choices = []
        for one in signed["certificates"]:
            certificate = x509.Certificate.load(one.chosen.dump())
            if certificate.dump() == issuing:
                certificate["signature_value"] = core.OctetBitString(other)
            choices.append(cms.CertificateChoices("certificate", certificate))
        signed["certificates"] = cms.CertificateSet(choices)

    return edited(base.loose, change)


@attack(SPELLING, TAMPERED, Code.SECOND_SPELLING)
def time_stamps_issuing_certificate_drops_a_bit(base: Base) -> bytes:
    """The same in the last document time-stamp, which nothing later covers."""
    issuing = issuing_certificate(base)
    digits = issuing.hex().upper().encode()
    head, found, tail = base.archived.rpartition(digits)
    assert found
    return head + dropping_a_bit(issuing).hex().upper().encode() + tail


@attack(SPELLING, TAMPERED)
def root_left_out(base: Base) -> bytes:
    """The embedded root certificate is gone."""

    def drop(signed: cms.SignedData) -> None:
        kept = [one.chosen for one in signed["certificates"] if one.chosen.dump() != base.trust.roots[0]]
        signed["certificates"] = cms.CertificateSet(
            [cms.CertificateChoices("certificate", one) for one in kept]
        )

    return edited(base.loose, drop)


@attack(SIGNERS, TAMPERED, Code.SIGNATURE_WRONG)
def random_signature_value(base: Base) -> bytes:
    """A well-formed signature value out of thin air."""

    def change(signed: cms.SignedData) -> None:
        order = KeyAlgorithm.P_256.order
        signed["signer_infos"][0]["signature"] = encode_dss_signature(order - 12345, order // 3)

    return edited(base.loose, change)


@attack(SIGNERS, TAMPERED)
def signed_attributes_changed(base: Base) -> bytes:
    """The signed attribute with the digest is set to that of a changed page."""
    changed = flip(base.loose, 20)

    def change(signed: cms.SignedData) -> None:
        start, end = gap(changed)
        digest = hashlib.sha256(changed[:start] + changed[end:]).digest()
        for one in signed["signer_infos"][0]["signed_attrs"]:
            if one["type"].native == "message_digest":
                one["values"] = [core.OctetString(digest)]

    return edited(changed, change)


@attack(SIGNERS, TAMPERED, Code.CONTENT_CHANGED)
def signature_of_another_certificate(base: Base) -> bytes:
    """The genuine signature of somebody else's certificate transplanted into this one."""
    loose_other = sign_pdf(base.other_plain, certificate_key(base.authority), base.now)
    return with_cms(base.loose, cms_of(loose_other))


@attack(SIGNERS, TAMPERED)
def signature_blank(base: Base) -> bytes:
    """Nothing but zeros where the signature was."""
    return with_cms(base.good, b"")


@attack(SIGNERS, FOREIGN, Code.SIGNED_BY_OTHER)
def stranger_of_the_same_name(base: Base) -> bytes:
    """The same face, signed by a self-made authority that calls itself the same."""
    seal = round_seal(base.authority.organisation)
    press = Press.of(load_face(), seal, SkeletonSigner(certificate_key(base.stranger)), sample=False)
    return base.pressed(service=base.stranger.service, press=press)


@attack(SIGNERS, FOREIGN, Code.SIGNED_BY_OTHER)
def stranger_with_our_root_attached(base: Base) -> bytes:
    """A stranger's signature that carries our root and signer certificates along."""
    key = certificate_key(base.stranger)
    ours = (certificate_key(base.authority).certificate, *certificate_key(base.authority).chain)
    assert isinstance(key, FileKey)
    return sign_pdf(base.plain, replace(key, chain=(*key.chain, *ours)), base.now)


@attack(SIGNERS, FOREIGN, Code.SIGNED_BY_OTHER)
def certificate_for_something_else(base: Base) -> bytes:
    """Signed with the authority's time-stamping key, whose chain leads to the pinned root."""
    return sign_pdf(base.plain, tsa_key(base.authority), base.now)


@attack(SIGNERS, FOREIGN, Code.SIGNED_BY_OTHER)
def other_customer_of_the_same_root(base: Base) -> bytes:
    """A signing certificate from the same authority for somebody else."""
    return sign_pdf(base.plain, other_customer(base), base.now)


def other_customer(base: Base) -> SigningKey:
    """A document signer of our issuing authority that is not in the ring."""
    issuing = _load(base.authority.folder, "issuing")
    since = base.now - timedelta(days=2)
    issued = issue_certificate(
        Request("别的单位", "别的单位", SIGNER, since, since + timedelta(days=99)), issuing
    )
    key = certificate_key(base.authority)
    assert isinstance(key, FileKey)
    return replace(key, certificate=issued.certificate, private=issued.private)


@attack(SIGNERS, FOREIGN, Code.NOT_CERTIFIED)
def approval_signature(base: Base) -> bytes:
    """Signed by our key, but without the certification that forbids changes."""
    return sign_pdf(base.plain, certificate_key(base.authority), base.now, SigningPlan(certify=False))


@attack(SIGNERS, FOREIGN, Code.NOT_CERTIFIED)
def certification_that_allows_filling_in(base: Base) -> bytes:
    """Our certification with permission to fill in forms."""
    meta = PdfSignatureMetadata(
        field_name="Signature1",
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        signer_key_usage={"digital_signature"},
    )
    writer, output = IncrementalPdfFileWriter(BytesIO(base.plain)), BytesIO()
    signers.sign_pdf(writer, meta, key_signer(certificate_key(base.authority)), output=output)
    return output.getvalue()


@attack(SIGNERS, TAMPERED, Code.CREDENTIAL_WRONG)
def credential_of_a_stranger(base: Base) -> bytes:
    """Our signature around a credential that another key signed."""
    return base.pressed(service=base.stranger.service)


def ranged(base: Base, numbers: bytes) -> bytes:
    """The certificate with other numbers in its ByteRange, as long as before."""
    found = re.search(rb"/ByteRange\[([^\]]*)\]", base.good)
    assert found is not None
    return base.good.replace(found[1], numbers.ljust(len(found[1]))[: len(found[1])])


@attack(RANGES, TAMPERED)
def range_without_the_tail(base: Base) -> bytes:
    """The second part ends early, so that the trailer could be changed."""
    start, end = gap(base.good)
    return ranged(base, b"0 %010d %010d %010d" % (start, end, len(base.good) - end - 500))


@attack(RANGES, TAMPERED, Code.BYTE_RANGE_FORGED)
def range_with_a_larger_hole(base: Base) -> bytes:
    """The gap begins before the signature, where the page could hide."""
    start, end = gap(base.good)
    return ranged(base, b"0 %010d %010d %010d" % (start - 5000, end, len(base.good) - end))


@attack(RANGES, TAMPERED, Code.BYTE_RANGE_FORGED)
def range_with_a_late_second_part(base: Base) -> bytes:
    """The second part begins behind the trailer."""
    start, end = gap(base.good)
    return ranged(base, b"0 %010d %010d %010d" % (start, end + 1000, len(base.good) - end - 1000))


@attack(RANGES, TAMPERED)
def range_beyond_the_end(base: Base) -> bytes:
    """The second part is longer than the file."""
    start, end = gap(base.good)
    return ranged(base, b"0 %010d %010d %010d" % (start, end, len(base.good)))


@attack(RANGES, TAMPERED)
def range_with_negative_numbers(base: Base) -> bytes:
    """-1 as an offset."""
    return ranged(base, b"-1 10 20 30")


@attack(RANGES, TAMPERED)
def range_of_nothing(base: Base) -> bytes:
    """Four zeros: the digest of nothing."""
    return ranged(base, b"0 0 0 0")


@attack(RANGES, TAMPERED)
def range_that_overlaps(base: Base) -> bytes:
    """Both parts cover the same bytes."""
    return ranged(base, b"0 %d 0 %d" % (len(base.good) - 9, len(base.good) - 9))


@attack(RANGES, TAMPERED)
def range_of_six_numbers(base: Base) -> bytes:
    """Three parts instead of two."""
    start, end = gap(base.good)
    return ranged(base, b"0 %d %d 9 %d 9" % (start, end, end + 99))


@attack(RANGES, TAMPERED)
def range_of_enormous_numbers(base: Base) -> bytes:
    """Numbers beyond any file."""
    return ranged(base, b"0 99999999999 99999999999 9")


@attack(RANGES, TAMPERED)
def range_in_a_comment(base: Base) -> bytes:
    """A second, pleasing ByteRange in a comment behind the file."""
    return base.good + b"%%/ByteRange [0 %d %d 0]\n%%%%EOF\n" % (len(base.good) - 8, len(base.good))
