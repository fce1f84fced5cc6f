"""What a verifier believes: pinned roots, known revocation lists, a region's key set. Plain bytes, picklable."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.keys.service_key import KeySet


@dataclass(frozen=True)
class TrustAnchors:
    """Pinned trust of one or more regions. All certificates and CRLs are DER.

    `timestamp_roots` are believed for time-stamps only; `roots` for both. `signers` are SHA-256 fingerprints (`AB:CD:…`)
    of the certificates that may sign: without them anybody whom a root certifies would be believed, which is right
    only for a root that certifies nobody else. `archives` are the same of archive keys, whose papers are recognised and
    never taken for certificates. `jwks` is the JSON text of the key set
    for embedded credentials. `require_revocation` refuses a file when no CRL or OCSP answer about its signer is
    at hand. `strict` refuses every second spelling of the same signature (letter case, high s, BER); switch it off
    only for issuers whose software is not this one.
    """

    roots: tuple[bytes, ...]
    intermediates: tuple[bytes, ...] = ()
    timestamp_roots: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    signers: tuple[str, ...] = ()
    jwks: str | None = None
    require_revocation: bool = False
    strict: bool = True
    archives: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        roots: Iterable[x509.Certificate],
        *,
        intermediates: Iterable[x509.Certificate] = (),
        timestamp_roots: Iterable[x509.Certificate] = (),
        crls: Iterable[x509.CertificateRevocationList] = (),
        signers: Iterable[str] = (),
        archives: Iterable[str] = (),
        keyset: KeySet | None = None,
        require_revocation: bool = False,
    ) -> "TrustAnchors":
        """From loaded certificates, lists and keys."""
        return cls(
            roots=tuple(one.public_bytes(Encoding.DER) for one in roots),
            intermediates=tuple(one.public_bytes(Encoding.DER) for one in intermediates),
            timestamp_roots=tuple(one.public_bytes(Encoding.DER) for one in timestamp_roots),
            crls=tuple(one.public_bytes(Encoding.DER) for one in crls),
            signers=tuple(signers),
            archives=tuple(archives),
            jwks=json.dumps(keyset.as_jwks(), sort_keys=True) if keyset else None,
            require_revocation=require_revocation,
        )

    @cached_property
    def keyset(self) -> KeySet | None:
        """The key set for embedded credentials."""
        return _keyset(self.jwks) if self.jwks else None

    def __getstate__(self) -> dict[str, object]:
        """Without the loaded key set, which no other process can take over."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """SHA-256 of each root, in capital hexadecimal pairs with colons, as readers show it."""
        return tuple(fingerprint(root) for root in self.roots)

    def joined(self, *others: "TrustAnchors") -> "TrustAnchors":
        """This trust and that of other regions; the strictest switches win."""
        everyone = (self, *others)
        sets = [one.keyset for one in everyone if one.keyset]
        joined = KeySet(tuple(key for one in sets for key in one.keys))
        return replace(
            self,
            roots=_unique(one.roots for one in everyone),
            intermediates=_unique(one.intermediates for one in everyone),
            timestamp_roots=_unique(one.timestamp_roots for one in everyone),
            crls=_unique(one.crls for one in everyone),
            signers=_joined_signers(everyone),
            archives=tuple(dict.fromkeys(item for one in everyone for item in one.archives)),
            jwks=json.dumps(joined.as_jwks(), sort_keys=True) if sets else None,
            require_revocation=any(one.require_revocation for one in everyone),
            strict=all(one.strict for one in everyone),
        )


@lru_cache(maxsize=32)
def _keyset(jwks: str) -> KeySet:
    return KeySet.from_jwks(json.loads(jwks))


def fingerprint(certificate: bytes) -> str:
    """SHA-256 of a DER certificate as `AB:CD:…`."""
    return hashlib.sha256(certificate).digest().hex(":").upper()


def _joined_signers(everyone: Iterable[TrustAnchors]) -> tuple[str, ...]:
    """All named signers; where one trust names none, nobody can be excluded."""
    groups = [one.signers for one in everyone]
    return tuple(dict.fromkeys(item for group in groups for item in group)) if all(groups) else ()


def _unique(groups: Iterable[tuple[bytes, ...]]) -> tuple[bytes, ...]:
    return tuple(dict.fromkeys(item for group in groups for item in group))
