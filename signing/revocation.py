"""Revocation data for long-term signatures: CRLs and OCSP answers at hand, or fetched by pyHanko."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import pem, x509

from signing.errors import RevocationInfoMissing
from signing.keys import SigningKey
from signing.pyhanko_bridge import asn1_certificate


@dataclass(frozen=True)
class RevocationData:
    """DER CRLs and OCSP responses; `fetch` lets pyHanko ask the addresses named in the certificates."""

    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    fetch: bool = False

    @classmethod
    def from_files(cls, paths: Iterable[Path], *, fetch: bool = False) -> "RevocationData":
        """Read CRL files, PEM or DER.

        Raises:
            RevocationInfoMissing: a file cannot be read as a CRL.
        """
        return cls(crls=tuple(_read_crl(path) for path in paths), fetch=fetch)


def validation_context(key: SigningKey, timestamp_roots: Iterable[bytes], data: RevocationData) -> Any:
    """PyHanko's context that demands revocation data for every certificate below the roots."""
    from pyhanko_certvalidator import ValidationContext

    roots = [asn1_certificate(key.chain[-1] if key.chain else key.certificate)]
    return ValidationContext(
        trust_roots=[*roots, *(x509.Certificate.load(root) for root in timestamp_roots)],
        other_certs=[asn1_certificate(one) for one in key.chain],
        crls=[asn1_crl.CertificateList.load(one) for one in data.crls],
        ocsps=[asn1_ocsp.OCSPResponse.load(one) for one in data.ocsps],
        allow_fetching=data.fetch,
        revocation_mode="require",
    )


def _read_crl(path: Path) -> bytes:
    try:
        data = path.read_bytes()
        if pem.detect(data):
            _, _, data = pem.unarmor(data)
        asn1_crl.CertificateList.load(data, strict=True)["tbs_cert_list"]["issuer"].native  # noqa: B018 - parses
    except (OSError, ValueError) as error:
        raise RevocationInfoMissing(reason=f"{path}: {error}") from error
    return data
