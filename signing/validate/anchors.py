"""Is a certificate ours: do signatures lead from it to a pinned root? Times and revocation come later."""

from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.cms.der import is_der, unused_bits
from signing.errors import CertificateUsageWrong
from signing.keys.checks import MAX_CHAIN, check_usage, is_for_archives, issued, subject_text
from signing.trust import TrustAnchors, fingerprint


@lru_cache(maxsize=256)
def pinned_path(signer: bytes, others: tuple[bytes, ...], trust: TrustAnchors) -> tuple[bytes, ...] | None:
    """The certificates from `signer` to the pinned root, both included; None when it is not ours."""
    try:
        current = x509.load_der_x509_certificate(signer)
    except ValueError:
        return None
    if trust.signers and fingerprint(signer) not in (*trust.signers, *trust.archives):
        return None
    path = [signer]
    roots = _loaded(trust.roots)
    between = _loaded(trust.intermediates) + _loaded(others)
    while len(path) <= MAX_CHAIN:
        if path[-1] in trust.roots:
            return tuple(path)
        issuer = next((one for one in (*roots, *between) if issued(one, current)), None)
        if issuer is None or (der := issuer.public_bytes(Encoding.DER)) in path:
            return None
        path.append(der)
        current = issuer
    return None


@lru_cache(maxsize=256)
def are_only_spellings(certificates: tuple[bytes, ...], trust: TrustAnchors) -> bool:
    """Whether none of the embedded certificates can be a second spelling of another one.

    Nothing that we verify signs an issuer's certificate as it is embedded: besides being DER, the bit string of its
    signature must not drop bits (X.690 11.2), and what says the same as a pinned certificate must be that one.
    """
    pinned = (*trust.roots, *trust.timestamp_roots, *trust.intermediates)
    said = {one.tbs_certificate_bytes for one in _loaded(pinned)}
    for der in certificates:
        if der in pinned:
            continue
        if not is_der(der) or unused_bits(der):
            return False
        if any(one.tbs_certificate_bytes in said for one in _loaded((der,))):
            return False
    return True


@lru_cache(maxsize=256)
def may_sign_documents(certificate: bytes) -> bool:
    """Whether key usage and purposes of a certificate allow signing documents (a time-stamping key's do not)."""
    try:
        check_usage(x509.load_der_x509_certificate(certificate))
    except (CertificateUsageWrong, ValueError):
        return False
    return True


@lru_cache(maxsize=256)
def is_archive_key(certificate: bytes, trust: TrustAnchors) -> bool:
    """Whether a pinned certificate signs archives (归档), by its fingerprint or by what it says of itself."""
    if fingerprint(certificate) in trust.archives:
        return True
    try:
        return is_for_archives(x509.load_der_x509_certificate(certificate))
    except ValueError:
        return False


def subject_of(certificate: bytes) -> str | None:
    """The name of a certificate's owner, as far as it can be read."""
    try:
        return subject_text(x509.load_der_x509_certificate(certificate))
    except ValueError:
        return None


def _loaded(certificates: tuple[bytes, ...]) -> tuple[x509.Certificate, ...]:
    found = []
    for der in certificates:
        try:
            found.append(x509.load_der_x509_certificate(der))
        except ValueError:
            continue
    return tuple(found)
