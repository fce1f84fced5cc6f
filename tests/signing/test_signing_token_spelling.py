"""Time-stamp tokens are written in one spelling, whoever made them; other tools read it as well."""

import asyncio
import hashlib
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import algos, cms, core, keys, tsp, x509
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore
from signing_helpers import certificate_of, request_of

from signing.authority.certificates import ISSUING, ROOT, TIMESTAMPING, Issued, issue_certificate
from signing.keys import KeyAlgorithm
from signing.pades.pyhanko_bridge import asn1_certificate
from signing.timestamp.canonical import in_one_spelling, is_in_one_spelling
from signing.timestamp.checking import TokenRefused, check_token

DIGEST = hashlib.sha256(b"x").digest()
KINDS = ["P-256", "P-384", "RSA-2048", "RSA-2048 PSS"]


class Stamping:
    """A time-stamping key below root and issuing authority, and a token that pyHanko made with it."""

    def __init__(self, kind: str) -> None:
        algorithm, _, pss = kind.partition(" ")
        self.root = certificate_of(ROOT)
        self.issuing = certificate_of(ISSUING, self.root)
        self.signer = certificate_of(TIMESTAMPING, self.issuing, KeyAlgorithm(algorithm))
        self.pinned = (_der(self.root),)
        self.token = self._token(pss=bool(pss))

    def _token(self, *, pss: bool) -> bytes:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([asn1_certificate(one.certificate) for one in (self.issuing, self.root)])
        key = self.signer.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        signer = SimpleSigner(
            asn1_certificate(self.signer.certificate), keys.PrivateKeyInfo.load(key), store, prefer_pss=pss
        )
        imprint = tsp.MessageImprint({"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": DIGEST})
        statement = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": "1.3.6.1.4.1.99999.1.1",
                "message_imprint": imprint,
                "serial_number": 1,
                "gen_time": core.GeneralizedTime(self.signer.certificate.not_valid_before_utc),
            }
        )
        content = cms.EncapsulatedContentInfo(
            {"content_type": "tst_info", "content": cms.ParsableOctetString(statement.dump())}
        )
        made = signer.async_sign_general_data(content, "sha256", detached=False, use_cades=True)
        return bytes(asyncio.run(made).dump())


@cache
def stamping(kind: str) -> Stamping:
    """One authority of each kind for all tests."""
    return Stamping(kind)


def _der(one: Issued) -> bytes:
    return one.certificate.public_bytes(Encoding.DER)


def _certificates(signed: Any, change: Callable[[list[Any]], list[Any]]) -> None:
    changed = change([one.chosen for one in signed["certificates"]])
    signed["certificates"] = cms.CertificateSet(
        [cms.CertificateChoices("certificate", one) for one in changed]
    )


def root_toggled(signed: Any, by: Stamping) -> None:
    """With the root, or without it."""
    root = x509.Certificate.load(_der(by.root))

    def change(found: list[Any]) -> list[Any]:
        without = [one for one in found if one.dump() != root.dump()]
        return without if len(without) < len(found) else [*found, root]

    _certificates(signed, change)


def certificates_turned(signed: Any, _by: Stamping) -> None:
    """In the other order, which a set of DER does not have."""
    turned = b"".join(one.chosen.dump() for one in reversed(list(signed["certificates"])))
    signed["certificates"] = cms.CertificateSet.load(b"\x31\x82" + len(turned).to_bytes(2) + turned)


def stranger_added(signed: Any, _by: Stamping) -> None:
    """A certificate that belongs to nobody here."""
    _certificates(signed, lambda found: [*found, x509.Certificate.load(_der(certificate_of(ROOT)))])


def other_half(signed: Any, by: Stamping) -> None:
    """(r, n - s)."""
    algorithm = KeyAlgorithm.of(by.signer.certificate.public_key(), "")
    if not algorithm.is_rsa:
        info = signed["signer_infos"][0]
        r, s = decode_dss_signature(info["signature"].native)
        info["signature"] = encode_dss_signature(r, algorithm.order - s)


def digest_without_null(signed: Any, _by: Stamping) -> None:
    """Parameters absent."""
    bare = algos.DigestAlgorithm.load(bytes.fromhex("300b0609608648016503040201"))
    signed["signer_infos"][0]["digest_algorithm"] = bare
    signed["digest_algorithms"] = cms.DigestAlgorithms([bare.copy()])


def digest_named_twice(signed: Any, _by: Stamping) -> None:
    """Another digest among those that are announced."""
    signed["digest_algorithms"] = cms.DigestAlgorithms([{"algorithm": "sha256"}, {"algorithm": "sha384"}])


def algorithm_by_its_short_name(signed: Any, _by: Stamping) -> None:
    """RsaEncryption; for RSASSA-PSS the trailer that is meant anyway is written out."""
    info = signed["signer_infos"][0]
    given = info["signature_algorithm"]
    if given["algorithm"].native == "sha256_rsa":
        info["signature_algorithm"] = algos.SignedDigestAlgorithm({"algorithm": "rsassa_pkcs1v15"})
    elif given["algorithm"].native == "rsassa_pss":
        mine = given["parameters"].dump()
        longer = mine[2:] + bytes.fromhex("a303020101")
        spelled = algos.RSASSAPSSParams.load(bytes([0x30, len(longer)]) + longer)
        info["signature_algorithm"] = algos.SignedDigestAlgorithm(
            {"algorithm": "rsassa_pss", "parameters": spelled}
        )


def signer_by_key_identifier(signed: Any, by: Stamping) -> None:
    """As RFC 5652 allows with version 3."""
    identifier = asn1_certificate(by.signer.certificate).key_identifier
    info = signed["signer_infos"][0]
    info["sid"] = cms.SignerIdentifier("subject_key_identifier", core.OctetString(identifier))
    info["version"] = "v3"


def unsigned_attribute(signed: Any, _by: Stamping) -> None:
    """One that nothing covers."""
    one = cms.CMSAttribute({"type": "1.2.3.4.5", "values": [core.UTF8String("x")]})
    signed["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([one])


def version_five(signed: Any, _by: Stamping) -> None:
    """A version that says nothing."""
    signed["version"] = "v5"


CHANGES = [
    root_toggled,
    certificates_turned,
    stranger_added,
    other_half,
    digest_without_null,
    digest_named_twice,
    algorithm_by_its_short_name,
    signer_by_key_identifier,
    unsigned_attribute,
    version_five,
]


def changed(token: bytes, by: Stamping, *changes: Callable[[Any, Stamping], None]) -> bytes:
    """The token in another spelling."""
    outer = cms.ContentInfo.load(token)
    for one in changes:
        one(outer["content"], by)
    return bytes(outer.dump())


def is_plain(token: bytes, by: Stamping) -> bool:
    """Whether the validator takes it."""
    return is_in_one_spelling(cms.ContentInfo.load(token)["content"], by.pinned)


@pytest.mark.parametrize("kind", KINDS)
def test_a_token_is_written_anew_and_stays_good(kind: str) -> None:
    """Signature and statement are those of the authority; written again it does not change."""
    by = stamping(kind)
    plain = in_one_spelling(by.token, by.pinned)
    check_token(cms.ContentInfo.load(plain), DIGEST, None, by.pinned)
    assert is_plain(plain, by)
    assert in_one_spelling(plain, by.pinned) == plain
    assert in_one_spelling(by.token, ()) == plain  # the chain is in the token
    embedded = [one.chosen.dump() for one in cms.ContentInfo.load(plain)["content"]["certificates"]]
    assert embedded == sorted([_der(by.signer), _der(by.issuing)])


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
@pytest.mark.parametrize("kind", KINDS)
def test_every_other_spelling_is_refused_and_comes_back_to_the_one(
    kind: str, change: Callable[[Any, Stamping], None]
) -> None:
    """Each of these is read by others as the same time-stamp."""
    by = stamping(kind)
    plain = in_one_spelling(by.token, by.pinned)
    other = changed(plain, by, change)
    if other == plain:  # RSA has no other half, ECDSA no short name
        assert change is (other_half if kind.startswith("RSA") else algorithm_by_its_short_name)
        return
    assert not is_plain(other, by)
    assert in_one_spelling(other, by.pinned) == plain


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(KINDS), st.lists(st.sampled_from(CHANGES), min_size=1, max_size=5, unique=True))
def test_any_mixture_of_spellings_comes_back(
    kind: str, mixture: list[Callable[[Any, Stamping], None]]
) -> None:
    """In any order."""
    by = stamping(kind)
    plain = in_one_spelling(by.token, by.pinned)
    other = changed(plain, by, *mixture)
    assert in_one_spelling(other, by.pinned) == plain
    assert is_plain(other, by) == (other == plain)


def test_what_cannot_be_written_in_one_spelling_is_refused() -> None:
    """No chain to the root, no signer, BER, rubbish."""
    by = stamping("P-256")
    plain = in_one_spelling(by.token, by.pinned)

    def issuing_dropped(signed: Any, by: Stamping) -> None:
        _certificates(signed, lambda found: [one for one in found if one.dump() == _der(by.signer)])

    def signer_dropped(signed: Any, by: Stamping) -> None:
        _certificates(signed, lambda found: [one for one in found if one.dump() != _der(by.signer)])

    ber = plain[:4] + plain[4:].replace(b"\x02\x01\x03", b"\x02\x81\x01\x03", 1)
    ber = ber[:2] + (len(ber) - 4).to_bytes(2) + ber[4:]
    hopeless = [
        changed(plain, by, issuing_dropped),
        changed(plain, by, signer_dropped),
        ber,
        b"",
        b"\x30\x00",
        plain[:-1],
    ]
    for token in hopeless:
        with pytest.raises(TokenRefused):
            in_one_spelling(token, by.pinned)
    with pytest.raises(TokenRefused):
        in_one_spelling(plain, (_der(certificate_of(ROOT)),))


def test_a_root_that_another_root_has_certified_is_sent_along() -> None:
    """As large authorities do: the pins decide whether it is kept, and whoever pins both reads either."""
    by = stamping("RSA-2048")
    other = certificate_of(ROOT)
    crossed = x509.Certificate.load(
        _der(issue_certificate(request_of(ISSUING), other, private=by.root.private))
    )

    def sent_along(signed: Any, _by: Stamping) -> None:
        _certificates(signed, lambda found: [*found, crossed])

    token = changed(by.token, by, sent_along)
    ours, theirs = by.pinned, (_der(other),)
    short, long = in_one_spelling(token, ours), in_one_spelling(token, theirs)
    assert short == in_one_spelling(by.token, ours)
    assert crossed.dump() not in short
    assert crossed.dump() in long
    for plain, pinned, good in (
        (short, ours, True),
        (short, theirs, False),
        (long, theirs, True),
        (long, ours, False),
        (short, ours + theirs, True),
        (long, ours + theirs, True),
    ):
        assert is_in_one_spelling(cms.ContentInfo.load(plain)["content"], pinned) is good
    check_token(cms.ContentInfo.load(long), DIGEST, None, theirs)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
@pytest.mark.parametrize("kind", KINDS[:3])  # openssl ts knows no RSASSA-PSS
def test_openssl_verifies_the_token_as_it_is_written(kind: str, tmp_path: Path) -> None:
    """RFC 3161 as others read it."""
    by = stamping(kind)
    (tmp_path / "token.der").write_bytes(in_one_spelling(by.token, by.pinned))
    (tmp_path / "root.pem").write_bytes(by.root.certificate_pem)
    command = [
        "openssl",
        "ts",
        "-verify",
        "-token_in",
        "-in",
        "token.der",
        "-digest",
        DIGEST.hex(),
        "-CAfile",
        "root.pem",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Verification: OK" in done.stdout, done.stderr
