"""Our keys in pyHanko's clothes."""

import hashlib
from collections.abc import Iterable
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.cms.asn1 import crl as asn1_crl
from signing.cms.asn1 import ocsp as asn1_ocsp
from signing.cms.asn1 import x509
from signing.keys import SigningKey
from signing.pades.revocation import RevocationData


def asn1_certificate(certificate: Certificate) -> x509.Certificate:
    """A certificate in asn1crypto's form."""
    return x509.Certificate.load(certificate.public_bytes(Encoding.DER))


class KeySigner(Signer):
    """PyHanko's signer around a `SigningKey`; the key stays loaded between signatures."""

    def __init__(self, key: SigningKey) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([asn1_certificate(one) for one in key.chain])
        super().__init__(signing_cert=asn1_certificate(key.certificate), cert_registry=store)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Sign; only SHA-256 is ever asked for."""
        if dry_run:
            return bytes(self._key.algorithm.signature_size)
        if digest_algorithm != "sha256":
            raise ValueError(digest_algorithm)
        return self._key.sign_digest(hashlib.sha256(data).digest())


def key_signer(key: SigningKey) -> KeySigner:
    """A pyHanko signer for `key`."""
    return KeySigner(key)


def validation_context(key: SigningKey, timestamp_roots: Iterable[bytes], data: RevocationData) -> Any:
    """PyHanko's context that demands revocation data for every certificate below the roots."""
    roots = [asn1_certificate(key.chain[-1] if key.chain else key.certificate)]
    return ValidationContext(
        trust_roots=[*roots, *(x509.Certificate.load(root) for root in timestamp_roots)],
        other_certs=[asn1_certificate(one) for one in key.chain],
        crls=[asn1_crl.CertificateList.load(one) for one in data.crls],
        ocsps=[asn1_ocsp.OCSPResponse.load(one) for one in data.ocsps],
        allow_fetching=data.fetch,
        revocation_mode="require",
    )
