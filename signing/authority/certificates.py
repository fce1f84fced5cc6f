"""Making X.509 certificates: the demo authority's and the tests' (root, issuing CA, signer, time-stamping)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from signing.keys.algorithm import KeyAlgorithm
from signing.keys.checks import ADOBE_AUTHENTIC_DOCUMENTS, ARCHIVE_SIGNING, DOCUMENT_SIGNING

CertificateKey: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

COUNTRY: Final = "CN"
MAX_NAME: Final = 64  # RFC 5280, ub-common-name; counted in bytes, as the stricter readers do


@dataclass(frozen=True)
class Role:
    """What a certificate is for."""

    ca: bool = False
    path_length: int | None = None
    purposes: tuple[x509.ObjectIdentifier, ...] = ()
    purposes_critical: bool = False


ROOT: Final = Role(ca=True, path_length=1)
ISSUING: Final = Role(ca=True, path_length=0)
# emailProtection is what NSS (pdfsig) and older readers ask for.
SIGNER: Final = Role(
    purposes=(DOCUMENT_SIGNING, ADOBE_AUTHENTIC_DOCUMENTS, ExtendedKeyUsageOID.EMAIL_PROTECTION)
)
ARCHIVE: Final = Role(purposes=(ARCHIVE_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION))
TIMESTAMPING: Final = Role(purposes=(ExtendedKeyUsageOID.TIME_STAMPING,), purposes_critical=True)
OCSP_RESPONDER: Final = Role(purposes=(ExtendedKeyUsageOID.OCSP_SIGNING,))


@dataclass(frozen=True)
class Issued:
    """A private key and its certificate."""

    private: CertificateKey
    certificate: x509.Certificate

    @property
    def key_pem(self) -> bytes:
        """The private key as unencrypted PKCS#8 PEM."""
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def certificate_pem(self) -> bytes:
        """The certificate as PEM."""
        return self.certificate.public_bytes(Encoding.PEM)


def generate_key(algorithm: KeyAlgorithm = KeyAlgorithm.P_256) -> CertificateKey:
    """A new private key."""
    match algorithm:
        case KeyAlgorithm.P_256:
            return ec.generate_private_key(ec.SECP256R1())
        case KeyAlgorithm.P_384:
            return ec.generate_private_key(ec.SECP384R1())
        case KeyAlgorithm.RSA_2048 | KeyAlgorithm.RSA_3072 | KeyAlgorithm.RSA_4096:
            return rsa.generate_private_key(65537, int(algorithm.value.removeprefix("RSA-")))


@dataclass(frozen=True)
class Request:
    """What the certificate to be made shall say. `since` and `until` are aware datetimes."""

    name: str
    organisation: str
    role: Role
    since: datetime
    until: datetime
    crl_url: str | None = None
    ocsp_url: str | None = None


def issue_certificate(
    request: Request,
    issuer: Issued | None = None,
    *,
    private: CertificateKey | None = None,
    public: ec.EllipticCurvePublicKey | rsa.RSAPublicKey | None = None,
) -> Issued:
    """Make a certificate, self-signed without an `issuer`.

    `public` certifies a key that lies elsewhere (a token); the `private` of the result is then only the issuer's.
    """
    own = private or generate_key()
    key = public or own.public_key()
    signer = issuer.private if issuer else own
    subject = distinguished_name(request.name, request.organisation)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(request.since.astimezone(UTC))
        .not_valid_after(request.until.astimezone(UTC))
    )
    for extension, critical in _extensions(request, key, signer.public_key()):
        builder = builder.add_extension(extension, critical)
    return Issued(own, builder.sign(signer, SHA256()))


def make_crl(
    issuer: Issued,
    revoked: dict[int, datetime],
    since: datetime,
    lifetime: timedelta = timedelta(days=30),
    number: int = 1,
) -> x509.CertificateRevocationList:
    """A revocation list (CRL) of `issuer`: serial number → moment of revocation."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(since)
        .next_update(since + lifetime)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.private.public_key()), critical=False
        )
    )
    for serial, moment in revoked.items():
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(moment).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(issuer.private, SHA256())


def distinguished_name(name: str, organisation: str) -> x509.Name:
    """C=CN, O=organisation, CN=name; each cut at 64 bytes."""
    parts = (
        (NameOID.COUNTRY_NAME, COUNTRY),
        (NameOID.ORGANIZATION_NAME, organisation),
        (NameOID.COMMON_NAME, name),
    )
    return x509.Name([x509.NameAttribute(oid, _cut(value)) for oid, value in parts])


def _cut(text: str) -> str:
    return text.encode("utf-8")[:MAX_NAME].decode("utf-8", "ignore")


def _extensions(
    request: Request,
    key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
    issuer_key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
) -> list[tuple[x509.ExtensionType, bool]]:
    role = request.role
    found: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(role.ca, role.path_length), True),
        (_key_usage(role), True),
        (x509.SubjectKeyIdentifier.from_public_key(key), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), False),
    ]
    if role.purposes:
        found.append((x509.ExtendedKeyUsage(role.purposes), role.purposes_critical))
    if ExtendedKeyUsageOID.OCSP_SIGNING in role.purposes:
        found.append((x509.OCSPNoCheck(), False))
    if request.crl_url:
        found.append((x509.CRLDistributionPoints([_distribution_point(request.crl_url)]), False))
    if request.ocsp_url:
        access = x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(request.ocsp_url)
        )
        found.append((x509.AuthorityInformationAccess([access]), False))
    return found


def _distribution_point(url: str) -> x509.DistributionPoint:
    return x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, None, None)


def _key_usage(role: Role) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not role.ca,
        content_commitment=not role.ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=role.ca,
        crl_sign=role.ca,
        encipher_only=False,
        decipher_only=False,
    )
