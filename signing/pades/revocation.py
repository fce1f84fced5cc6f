"""Revocation data for long-term signatures: CRLs and OCSP answers at hand, or fetched by pyHanko."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.errors import RevocationInfoMissing


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
        return cls(tuple(read_crl(path).public_bytes(Encoding.DER) for path in paths), fetch=fetch)


def read_crl(path: Path) -> x509.CertificateRevocationList:
    """A CRL file, PEM or DER.

    Raises:
        RevocationInfoMissing: it cannot be read as a CRL.
    """
    try:
        data = path.read_bytes()
        load = x509.load_pem_x509_crl if b"-----BEGIN" in data else x509.load_der_x509_crl
        return load(data)
    except (OSError, ValueError) as error:
        raise RevocationInfoMissing(reason=f"{path}: {error}") from error
