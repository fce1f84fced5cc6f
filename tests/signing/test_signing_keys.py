"""Keys in files: opened once, checked at once."""

import pickle
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from signing_helpers import NOW, certificate_of, chain, write_pem

from signing.authority.certificates import (
    ISSUING,
    ROOT,
    SIGNER,
    TIMESTAMPING,
    Request,
    Role,
    issue_certificate,
)
from signing.errors import (
    CertificateNotValidNow,
    CertificateUsageWrong,
    ChainBroken,
    DigestUnsuitable,
    KeyPairMismatch,
    KeyUnreadable,
    KeyUnsuitable,
    PassphraseMissing,
    PassphraseWrong,
)
from signing.keys import (
    KeyAlgorithm,
    Passphrase,
    PemSource,
    Pkcs12Source,
    SigningKey,
    TokenSource,
    open_key,
    parse_source,
)

DIGEST = bytes(range(32))


def verify(key: SigningKey, signature: bytes) -> None:
    """Check a signature over `DIGEST` with the certificate's public key."""
    public = key.certificate.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        public.verify(signature, DIGEST, padding.PKCS1v15(), Prehashed(SHA256()))
    else:
        assert isinstance(public, ec.EllipticCurvePublicKey)
        public.verify(signature, DIGEST, ec.ECDSA(Prehashed(SHA256())))


@pytest.mark.parametrize("algorithm", list(KeyAlgorithm))
def test_every_kind_of_key_signs(tmp_path: Path, algorithm: KeyAlgorithm) -> None:
    """RSA-2048/3072/4096 and P-256/384 keys from PEM sign a digest that their certificate verifies."""
    key = open_key(write_pem(tmp_path, *chain(algorithm)))
    signature = key.sign_digest(DIGEST)
    verify(key, signature)
    assert key.algorithm is algorithm
    assert len(signature) <= algorithm.signature_size
    assert [one.subject for one in key.chain] == [key.certificate.issuer, key.chain[0].issuer]


def test_ecdsa_signatures_always_have_the_low_s(tmp_path: Path) -> None:
    """Of the two valid spellings only the lower one is ever made."""
    key = open_key(write_pem(tmp_path, *chain()))
    order = key.algorithm.order
    assert all(decode_dss_signature(key.sign_digest(DIGEST))[1] <= order // 2 for _ in range(40))


def test_pkcs12_opens_with_its_pass_phrase_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A .p12 with chain opens, and a wrong or missing pass phrase is named as such."""
    signer, issuing, root = chain()
    data = pkcs12.serialize_key_and_certificates(
        b"seal",
        signer.private,
        signer.certificate,
        [issuing.certificate, root.certificate],
        BestAvailableEncryption("口令".encode()),
    )
    (tmp_path / "seal.p12").write_bytes(data)
    source = parse_source("pkcs12:seal.p12", "env:SEAL_PIN", tmp_path)
    with pytest.raises(PassphraseMissing):
        open_key(source)
    monkeypatch.setenv("SEAL_PIN", "falsch")
    with pytest.raises(PassphraseWrong):
        open_key(source)
    monkeypatch.setenv("SEAL_PIN", "口令")
    verify(open_key(source), open_key(source).sign_digest(DIGEST))


def test_a_pass_phrase_may_come_from_a_file(tmp_path: Path) -> None:
    """`file:PATH` takes the first line without its line end."""
    signer, *above = chain()
    source = write_pem(tmp_path, signer, *above)
    encrypted = signer.private.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"geheim")
    )
    source.key.write_bytes(encrypted)
    (tmp_path / "pin").write_text("geheim\n")
    key = open_key(PemSource(source.key, source.certificates, Passphrase(f"file:{tmp_path / 'pin'}")))
    verify(key, key.sign_digest(DIGEST))
    with pytest.raises(PassphraseWrong):
        open_key(source)


def test_a_prompted_pass_phrase_is_remembered_but_never_shown() -> None:
    """The remembered secret travels to worker processes, not into a message."""
    secret = Passphrase("prompt", "geheim")
    assert pickle.loads(pickle.dumps(secret)).read() == "geheim"
    assert "geheim" not in repr(secret)


def test_a_key_of_another_certificate_is_refused(tmp_path: Path) -> None:
    """Key and certificate must be a pair."""
    source = write_pem(tmp_path, *chain())
    source.key.write_bytes(certificate_of(SIGNER).key_pem)
    with pytest.raises(KeyPairMismatch):
        open_key(source)


def test_a_missing_issuer_is_refused(tmp_path: Path) -> None:
    """The chain must lead to a self-signed root."""
    signer, _, root = chain()
    with pytest.raises(ChainBroken):
        open_key(write_pem(tmp_path, signer, root))


def test_an_issuer_of_the_same_name_with_another_key_is_refused(tmp_path: Path) -> None:
    """Names do not make a chain, signatures do."""
    signer, _, root = chain()
    with pytest.raises(ChainBroken):
        open_key(write_pem(tmp_path, signer, certificate_of(ISSUING, root), root))


@pytest.mark.parametrize("role", [ISSUING, TIMESTAMPING], ids=["authority", "time-stamping"])
def test_a_certificate_for_something_else_is_refused(tmp_path: Path, role: Role) -> None:
    """CA and time-stamping certificates do not sign documents."""
    root = certificate_of(ROOT)
    with pytest.raises(CertificateUsageWrong):
        open_key(write_pem(tmp_path, certificate_of(role, root), root))


def test_an_expired_certificate_is_refused_at_once(tmp_path: Path) -> None:
    """Validity is looked at when the key is opened."""
    root = certificate_of(ROOT, days=400)
    signer = certificate_of(SIGNER, root, days=-1)
    with pytest.raises(CertificateNotValidNow) as caught:
        open_key(write_pem(tmp_path, signer, root))
    assert "名称" in caught.value.diagnostics()


def test_an_expired_authority_is_refused_at_once(tmp_path: Path) -> None:
    """The validity of the chain counts too."""
    root = certificate_of(ROOT, days=-1)
    with pytest.raises(CertificateNotValidNow):
        open_key(write_pem(tmp_path, certificate_of(SIGNER, root), root))


def test_small_and_foreign_kinds_of_keys_are_refused(tmp_path: Path) -> None:
    """RSA-1024 and Ed25519 are not for documents."""
    root = certificate_of(ROOT)
    request = Request("n", "o", SIGNER, NOW - timedelta(1), NOW + timedelta(1))
    weak = issue_certificate(request, root, private=rsa.generate_private_key(65537, 1024))
    with pytest.raises(KeyUnsuitable) as caught:
        open_key(write_pem(tmp_path, weak, root))
    assert caught.value.data["found"] == "RSA-1024"
    source = write_pem(tmp_path, certificate_of(SIGNER, root), root)
    other = ed25519.Ed25519PrivateKey.generate()
    source.key.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(KeyPairMismatch):
        open_key(source)


def test_unreadable_places_are_named(tmp_path: Path) -> None:
    """A missing file, rubbish and an unknown notation give the place."""
    with pytest.raises(KeyUnreadable):
        open_key(Pkcs12Source(tmp_path / "missing.p12"))
    (tmp_path / "rubbish.p12").write_bytes(b"rubbish")
    with pytest.raises(KeyUnreadable):
        open_key(Pkcs12Source(tmp_path / "rubbish.p12"))
    with pytest.raises(KeyUnreadable):
        parse_source("smartcard:1")


def test_only_sha256_digests_are_signed(tmp_path: Path) -> None:
    """Something of another length is no SHA-256 digest."""
    with pytest.raises(DigestUnsuitable):
        open_key(write_pem(tmp_path, *chain())).sign_digest(b"short")


def test_a_token_is_described_as_settings_write_it() -> None:
    """`pkcs11:MODULE?token=…&object=…` with percent-encoded values."""
    source = parse_source("pkcs11:/usr/lib/x.so?token=%E5%8D%B0%E7%AB%A0&object=seal", "env:PIN")
    assert source == TokenSource(Path("/usr/lib/x.so"), "印章", "seal", None, Passphrase("env:PIN"))
