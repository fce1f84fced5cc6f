"""Keys in files: PKCS#12 and PEM, loaded once and kept in memory."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12

from core.reasons import refusal
from signing.errors import DigestUnsuitable, KeyPairMismatch, KeyUnreadable, PassphraseWrong
from signing.keys.algorithm import DIGEST_SIZE, KeyAlgorithm, low_s
from signing.keys.checks import build_chain, subject_text
from signing.keys.reasons import file_reason, said
from signing.keys.source import PemSource, Pkcs12Source

_PREHASHED: Final = Prehashed(SHA256())
_ECDSA: Final = ec.ECDSA(_PREHASHED)
_PKCS1: Final = padding.PKCS1v15()


@dataclass(frozen=True)
class FileKey:
    """A `SigningKey` whose private key is in memory."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    algorithm: KeyAlgorithm
    source: PemSource | Pkcs12Source
    private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

    def sign_digest(self, digest: bytes) -> bytes:
        """Sign a SHA-256 digest.

        Raises:
            DigestUnsuitable: not 32 bytes.
        """
        if len(digest) != DIGEST_SIZE:
            raise DigestUnsuitable(length=len(digest))
        if isinstance(self.private, rsa.RSAPrivateKey):
            return self.private.sign(digest, _PKCS1, _PREHASHED)
        return low_s(self.private.sign(digest, _ECDSA), self.algorithm.order)

    def close(self) -> None:
        """Nothing to give up."""


def open_pkcs12(source: Pkcs12Source) -> FileKey:
    """Load a PKCS#12 file.

    Raises:
        KeyUnreadable, PassphraseMissing, PassphraseWrong, KeyUnsuitable, KeyPairMismatch, ChainBroken.
    """
    secret = source.passphrase.read()
    data = read_bytes(source.path)
    try:
        private, certificate, others = pkcs12.load_key_and_certificates(
            data, secret.encode() if secret else None
        )
    except ValueError as error:
        raise _load_error(error, source.place) from error
    if private is None or certificate is None:
        raise KeyUnreadable(place=source.place, reason=said("nothing_inside"))
    extra = read_certificates(source.extra) if source.extra else ()
    return _file_key(private, certificate, [*others, *extra], source)


def open_pem(source: PemSource) -> FileKey:
    """Load a PEM key with its certificates.

    Raises:
        KeyUnreadable, PassphraseMissing, PassphraseWrong, KeyUnsuitable, KeyPairMismatch, ChainBroken.
    """
    secret = source.passphrase.read()
    data = read_bytes(source.key)
    try:
        private = load_pem_private_key(data, secret.encode() if secret else None)
    except (ValueError, TypeError) as error:
        raise _load_error(error, source.place) from error
    certificate, *others = read_certificates(source.certificates)
    return _file_key(private, certificate, others, source)


def read_certificates(path: Path) -> tuple[x509.Certificate, ...]:
    """All certificates of a PEM file, or the one of a DER file.

    Raises:
        KeyUnreadable: no certificate in it.
    """
    data = read_bytes(path)
    try:
        if b"-----BEGIN" in data:
            return tuple(x509.load_pem_x509_certificates(data))
        return (x509.load_der_x509_certificate(data),)
    except ValueError as error:
        raise KeyUnreadable(place=str(path), reason=file_reason(error)) from error


def read_bytes(path: Path) -> bytes:
    """The file's bytes.

    Raises:
        KeyUnreadable: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeyUnreadable(place=str(path), reason=refusal(error)) from error


def _file_key(
    private: object,
    certificate: x509.Certificate,
    others: Iterable[x509.Certificate],
    source: PemSource | Pkcs12Source,
) -> FileKey:
    algorithm = KeyAlgorithm.of(certificate.public_key(), source.place)
    if not isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) or (
        private.public_key() != certificate.public_key()
    ):
        raise KeyPairMismatch(place=source.place, subject=subject_text(certificate))
    return FileKey(certificate, build_chain(certificate, others), algorithm, source, private)


def _load_error(error: Exception, place: str) -> KeyUnreadable | PassphraseWrong:
    text = str(error).lower()
    if any(word in text for word in ("password", "decrypt", "mac", "padding")):
        return PassphraseWrong(place=place)
    return KeyUnreadable(place=place, reason=file_reason(error))
