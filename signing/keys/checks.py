"""Checks of a key's certificate: usage, validity, chain. Done once, when a key is opened."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509.oid import ExtendedKeyUsageOID

from signing.errors import CertificateNotValidNow, CertificateUsageWrong, ChainBroken

DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
ADOBE_AUTHENTIC_DOCUMENTS = x509.ObjectIdentifier("1.2.840.113583.1.1.5")
MICROSOFT_DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.4.1.311.10.3.12")
ARCHIVE_SIGNING = x509.ObjectIdentifier("2.25.41391877843071881934486482824728185397")  # ITU-T X.667
SIGNING_PURPOSES = frozenset(
    {
        DOCUMENT_SIGNING,
        ADOBE_AUTHENTIC_DOCUMENTS,
        MICROSOFT_DOCUMENT_SIGNING,
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
    }
)
PURPOSES = {"document": SIGNING_PURPOSES, "timestamp": frozenset({ExtendedKeyUsageOID.TIME_STAMPING})}
MAX_CHAIN = 8

E = TypeVar("E", bound=x509.ExtensionType)


def subject_text(certificate: x509.Certificate) -> str:
    """The common name, else the organisation, else the whole subject."""
    for oid in (x509.NameOID.COMMON_NAME, x509.NameOID.ORGANIZATION_NAME):
        found = certificate.subject.get_attributes_for_oid(oid)
        if found:
            return str(found[0].value)
    return certificate.subject.rfc4514_string()


def check_usage(
    certificate: x509.Certificate, purposes: frozenset[x509.ObjectIdentifier] = SIGNING_PURPOSES
) -> None:
    """Refuse certificates that may not sign documents (or whatever `purposes` names).

    Raises:
        CertificateUsageWrong: a CA certificate, no signing bit in the key usage, or a foreign purpose.
    """
    reason = _usage_problem(certificate, purposes)
    if reason:
        raise CertificateUsageWrong(subject=subject_text(certificate), reason=reason)


def is_for_archives(certificate: x509.Certificate) -> bool:
    """Whether a certificate says that it signs archives (归档) and therefore never a title certificate."""
    purposes = _extension(certificate, x509.ExtendedKeyUsage)
    return purposes is not None and ARCHIVE_SIGNING in purposes


def check_validity(certificate: x509.Certificate, moment: datetime) -> None:
    """Refuse a moment outside the certificate's validity.

    Raises:
        CertificateNotValidNow: too early or too late.
    """
    since, until = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not since <= moment <= until:
        raise CertificateNotValidNow(
            subject=subject_text(certificate), since=since.date(), until=until.date(), moment=moment.date()
        )


def build_chain(
    certificate: x509.Certificate, candidates: Iterable[x509.Certificate]
) -> tuple[x509.Certificate, ...]:
    """The certificates above `certificate`, issuing authority first, self-signed root last.

    Raises:
        ChainBroken: an issuer is missing, or a signature does not fit.
    """
    pool = list(candidates)
    chain: list[x509.Certificate] = []
    current = certificate
    while not issued(current, current):
        issuer = next((one for one in pool if one not in chain and issued(one, current)), None)
        if issuer is None or len(chain) == MAX_CHAIN:
            raise ChainBroken(subject=subject_text(current), reason=current.issuer.rfc4514_string())
        chain.append(issuer)
        current = issuer
    return tuple(chain)


def check_chain(chain: Sequence[x509.Certificate], moment: datetime) -> None:
    """Refuse a chain with a certificate that is no authority or not valid at `moment`.

    Raises:
        CertificateUsageWrong: a certificate above the signer is no CA.
        CertificateNotValidNow: one of them is not valid.
    """
    for certificate in chain:
        constraints = _extension(certificate, x509.BasicConstraints)
        if constraints is None or not constraints.ca:
            raise CertificateUsageWrong(subject=subject_text(certificate), reason="not a CA")
        check_validity(certificate, moment)


def issued(issuer: x509.Certificate, child: x509.Certificate) -> bool:
    """Whether `issuer` signed `child`; times and purposes are not looked at."""
    try:
        child.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _usage_problem(certificate: x509.Certificate, allowed: frozenset[x509.ObjectIdentifier]) -> str | None:
    constraints = _extension(certificate, x509.BasicConstraints)
    if constraints is not None and constraints.ca:
        return "CA"
    usage = _extension(certificate, x509.KeyUsage)
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        return "keyUsage"
    purposes = _extension(certificate, x509.ExtendedKeyUsage)
    if purposes is not None and not allowed & set(purposes):
        return "extendedKeyUsage"
    return None


def _extension(certificate: x509.Certificate, kind: type[E]) -> E | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
