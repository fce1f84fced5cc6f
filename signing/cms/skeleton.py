"""The fast signer: pyHanko makes the CMS (RFC 5652) once, then only digest and signature are filled in.

For one key all signatures of one batch differ in two places: the `message-digest` attribute and the signature value.
pyHanko's own `async_sign` makes one skeleton per length of signature (ECDSA in DER varies); the result is
byte for byte what pyHanko itself would have made around the same raw signature.
"""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.serialization import Encoding

from signing.errors import DigestUnsuitable
from signing.keys import KeySource, SigningKey, open_key
from signing.keys.algorithm import DIGEST_SIZE
from signing.keys.checks import check_validity

if TYPE_CHECKING:
    from pyhanko.sign.signers import ExternalSigner

    from signing.cms.asn1 import x509 as asn1_x509

_MARKER: Final = bytes(range(0xA0, 0xA0 + DIGEST_SIZE))
_FILLER: Final = 0x5A
SUBFILTER: Final = "/ETSI.CAdES.detached"  # ETSI EN 319 142-1


@dataclass(frozen=True, slots=True)
class _Skeleton:
    """A CMS cut at its two gaps."""

    before_digest: bytes
    between: bytes
    after_signature: bytes

    def fill(self, digest: bytes, signature: bytes) -> bytes:
        """The complete CMS."""
        return b"".join((self.before_digest, digest, self.between, signature, self.after_signature))


class SkeletonSigner:
    """Makes PAdES B-B signatures (the press's `DigestSigner`) with a kept CMS skeleton.

    Picklable: another process re-opens the key from its source.
    """

    def __init__(self, key: SigningKey) -> None:
        self.key = key
        self._skeletons: dict[int, _Skeleton] = {}
        self._signer_arguments = _signer_arguments(key)
        attributes = self._reference(_MARKER, bytes([_FILLER]) * key.algorithm.signature_size)
        self.cms_size: int = len(attributes)
        self._attributes_start, self._attributes_end = self._signed_attributes()
        self._since = key.certificate.not_valid_before_utc
        self._until = key.certificate.not_valid_after_utc

    def sign_digest(self, digest: bytes, signed_at: datetime) -> bytes:
        """The DER CMS SignedData over a SHA-256 digest; at most `cms_size` bytes.

        `signed_at` (aware) is not part of a PAdES CMS; it is checked against the certificate's validity.

        Raises:
            DigestUnsuitable: not 32 bytes.
            CertificateNotValidNow: the certificate is not valid at `signed_at`.
        """
        if len(digest) != DIGEST_SIZE:
            raise DigestUnsuitable(length=len(digest))
        return self.sign_parts(digest, signed_at)[0]

    def sign_parts(self, digest: bytes, signed_at: datetime) -> tuple[bytes, bytes]:
        """The CMS and the signature value inside it; see `sign_digest`."""
        if not self._since <= signed_at <= self._until:
            check_validity(self.key.certificate, signed_at)
        attributes = self._attributes_start.copy()
        attributes.update(digest)
        attributes.update(self._attributes_end)
        signature = self.key.sign_digest(attributes.digest())
        return self._skeleton(len(signature)).fill(digest, signature), signature

    def pyhanko_signer(self, signature: bytes) -> "ExternalSigner":
        """The signer of pyHanko itself around a given raw signature, for comparison."""
        from pyhanko.sign.signers import ExternalSigner
        from pyhanko_certvalidator.registry import SimpleCertificateStore

        certificate, chain = self._signer_arguments
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple(chain)
        return ExternalSigner(certificate, store, signature_value=signature)

    def _reference(self, digest: bytes, signature: bytes) -> bytes:
        signer = self.pyhanko_signer(signature)
        return bytes(asyncio.run(signer.async_sign(digest, "sha256", use_pades=True)).dump())

    def _skeleton(self, length: int) -> _Skeleton:
        found = self._skeletons.get(length)
        if found is None:
            filler = bytes([_FILLER]) * length
            found = self._skeletons[length] = _cut(self._reference(_MARKER, filler), filler)
        return found

    def _signed_attributes(self) -> tuple["hashlib._Hash", bytes]:
        """The hash state before the digest, and what follows it, of the attributes as they are signed."""
        signer = self.pyhanko_signer(b"")
        attributes = asyncio.run(signer.signed_attrs(_MARKER, "sha256", use_pades=True)).dump()
        before, after = attributes.split(_MARKER)
        return hashlib.sha256(before), after

    def __reduce__(self) -> tuple[object, ...]:
        return reopen, (self.key.source,)


def reopen(source: KeySource) -> SkeletonSigner:
    """A signer in another process, from the description of its key.

    Raises:
        KeyTrouble: any of its kinds.
    """
    return SkeletonSigner(open_key(source))


def _cut(cms: bytes, filler: bytes) -> _Skeleton:
    before, _, rest = cms.partition(_MARKER)
    between, _, after = rest.partition(filler)
    return _Skeleton(before, between, after)


def _signer_arguments(key: SigningKey) -> tuple["asn1_x509.Certificate", list["asn1_x509.Certificate"]]:
    from signing.cms.asn1 import x509 as asn1_x509

    def load(certificate: object) -> "asn1_x509.Certificate":
        return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))  # type: ignore[attr-defined]

    return load(key.certificate), [load(one) for one in key.chain]
