"""The issuing authority (签发机构): its keys opened, its trust, its published key set; a demo one on first use."""

import fcntl
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from core.settings import PRIVATE_FOLDER_MODE, PRIVATE_MODE, Home, write_private
from signing.authority.certificates import (
    ARCHIVE,
    ISSUING,
    ROOT,
    SIGNER,
    TIMESTAMPING,
    Issued,
    Request,
    Role,
    issue_certificate,
    make_crl,
)
from signing.errors import CertificateNotValidNow, KeyRingLost, KeyUnsuitable
from signing.keys import KeySource, PemSource, SigningKey, parse_source
from signing.keys.certificate_key import certificate_key
from signing.keys.checks import subject_text
from signing.keys.exposure import warn_of_exposed
from signing.keys.files import read_bytes, read_certificates
from signing.keys.passphrase import Passphrase
from signing.keys.ring import (
    CHAIN_SUFFIX,
    DEMO_RING_NAME,
    RING_NAME,
    Ring,
    ServiceEntry,
    SignerEntry,
    read_ring,
    source_of,
    write_ring,
)
from signing.keys.service_key import KeySet, PublicKey, ServiceKey
from signing.pades.revocation import read_crl
from signing.settings import SigningSettings
from signing.trust import TrustAnchors, fingerprint
from signing.validate.case import Limits
from signing.validate.sandbox.isolated import configure_shared_pool

DEMO_ORGANISATION: Final = "内蒙古自治区人力资源和社会保障厅"
SAMPLE_MARK: Final = "样本"
DEMO_BACKDATED: Final = timedelta(days=366)  # so that samples may carry dates of the past year
ROOT_LIFE: Final = timedelta(days=20 * 365)
ISSUING_LIFE: Final = timedelta(days=10 * 365)
SIGNER_LIFE: Final = timedelta(days=5 * 365)
SERVICE_LIFE: Final = timedelta(days=5 * 365)


KEY_FILES: Final = ("signer-*.key.pem", "service-*.key.pem", "archive-*.key.pem", "*.p12", "*.root.pem")
MAKING: Final = ".making"  # stands while a demo ring moves in, so that an interrupted one is begun anew


@dataclass(frozen=True)
class Authority:
    """An opened key ring. `demo`: made here on first use; everything signed with it must say 样本.

    `outside` is a key that the settings name instead of one in the ring; its root is then pinned too. The private
    halves are not here: `signing.keys.certificate_key` opens the one for certificates, `signing.keys.archive_key` the one for
    everything else; `opened` keeps them for the next time.
    """

    folder: Path
    ring: Ring
    outside: KeySource | None = None
    crl_files: tuple[Path, ...] = ()
    timestamp_root_files: tuple[Path, ...] = ()
    require_revocation: bool = False
    opened: dict[str, SigningKey] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def organisation(self) -> str:
        """Full name of the sealing authority."""
        return self.ring.organisation

    @property
    def demo(self) -> bool:
        """Whether what signs now is a demo key."""
        return self.outside is None and self.ring.demo and self.ring.signer.demo

    @property
    def source(self) -> KeySource:
        """Where the document signing key is, for worker processes that open it themselves."""
        return self.outside or source_of(self.ring.signer, self.folder)

    @cached_property
    def service(self) -> ServiceKey:
        """The key for credentials, status lists and tree heads."""
        entry = self.ring.service
        key = ServiceKey.open(self.folder / entry.file, Passphrase(entry.unlock))
        return replace(key, name=entry.name, since=entry.since, until=entry.until)

    def require_valid(self, moment: datetime) -> None:
        """Refuse to issue with a key whose time is over or has not begun.

        Raises:
            ServiceKeyNotValid: the service key's; credentials would be worth nothing.
            CertificateNotValidNow: the certificate key's, of a key in the ring.
        """
        self.service.require_valid(moment)
        if self.outside is None and not self.ring.signer.since <= moment <= self.ring.signer.until:
            one = self.ring.signer
            raise CertificateNotValidNow(
                subject=one.subject, since=one.since.date(), until=one.until.date(), moment=moment.date()
            )

    @cached_property
    def keyset(self) -> KeySet:
        """Public halves of all service keys, retired ones too, to be published."""
        return KeySet(tuple(self._public(entry) for entry in self.ring.services))

    @cached_property
    def roots(self) -> tuple[x509.Certificate, ...]:
        """The pinned root certificates."""
        files = [self.folder / file for file in self.ring.roots]
        found = [one for file in files for one in read_certificates(file)]
        if self.outside is not None:
            found.append(self.outside_certificates[-1])
        return tuple(dict.fromkeys(found))

    @property
    def outside_certificates(self) -> tuple[x509.Certificate, ...]:
        """Certificate and chain of the key that the settings name.

        Raises:
            KeyTrouble: any of its kinds.
        """
        key = certificate_key(self)
        return (key.certificate, *key.chain)

    @cached_property
    def intermediates(self) -> tuple[x509.Certificate, ...]:
        """The certificates between the roots and every signer, retired ones too, as far as their files are here.

        Pinned like the roots: a verifier then knows their one spelling.
        """
        found: list[x509.Certificate] = []
        for entry in (*self.ring.signers, *self.ring.archives):
            chain = self.folder / f"{entry.name}{CHAIN_SUFFIX}"
            source = source_of(entry, self.folder)
            if chain.exists():
                found += read_certificates(chain)
            elif isinstance(source, PemSource) and source.certificates.exists():
                found += read_certificates(source.certificates)[1:]
        if self.outside is not None:
            found += self.outside_certificates[1:]
        return tuple(one for one in dict.fromkeys(found) if one not in self.roots)

    @cached_property
    def anchors(self) -> TrustAnchors:
        """What a verifier of this authority's certificates must believe."""
        return TrustAnchors.of(
            self.roots,
            intermediates=self.intermediates,
            timestamp_roots=[one for file in self.timestamp_root_files for one in read_certificates(file)],
            signers=self._signer_fingerprints(),
            archives=[one.fingerprint for one in self.ring.archives],
            crls=[read_crl(path) for path in (*sorted(self.folder.glob("*.crl.pem")), *self.crl_files)],
            keyset=self.keyset,
            require_revocation=self.require_revocation,
        )

    @cached_property
    def anchors_of_registered(self) -> TrustAnchors:
        """What to believe of files that the register knows: also the demo ring that was put aside, in whatever spelling."""
        past = [self.anchors]
        if (self.folder / DEMO_RING_NAME).exists():
            past.append(Authority(self.folder, read_ring(self.folder, DEMO_RING_NAME)).anchors)
        return replace(past[0].joined(*past[1:]), strict=False)

    @property
    def root_fingerprints(self) -> tuple[str, ...]:
        """SHA-256 of each root as `AB:CD:…`."""
        return self.anchors.fingerprints

    def close(self) -> None:
        """Close the sessions of keys in tokens; harmless when none was opened."""
        while self.opened:
            self.opened.popitem()[1].close()

    def _signer_fingerprints(self) -> list[str]:
        """Of every certificate that ever signed here, retired ones too."""
        found = [one.fingerprint for one in self.ring.signers]
        if self.outside is not None:
            found.append(fingerprint(self.outside_certificates[0].public_bytes(Encoding.DER)))
        return found

    def _public(self, entry: ServiceEntry) -> PublicKey:
        key = ServiceKey.open(self.folder / entry.file, Passphrase(entry.unlock))
        public = key.public(entry.since, entry.until)
        return public if entry.revoked is None else replace(public, revoked_at=entry.revoked)


def open_authority(home: Home) -> Authority:
    """The authority of a home folder as `[signing]` configures it; a demo one is made when there is no key ring yet.

    Raises:
        HomeNotReady: the folder cannot be used or the settings contradict each other.
        KeyRingUnreadable: `keys/ring.json` is damaged.
        KeyUnknown: the settings name a key that is not in the ring.
    """
    settings = home.section("signing", SigningSettings)
    home.create()
    configure_shared_pool(settings.validation_processes, limits_of(settings))
    authority = demo_authority(home.keys, settings.organisation or DEMO_ORGANISATION)
    outside, ring = None, authority.ring
    if ":" in settings.key:
        outside = parse_source(settings.key, settings.unlock, home.root)
    elif settings.key:
        ring = ring.signing_with(settings.key)
    warn_of_exposed(home.keys, outside)
    return replace(
        authority,
        ring=ring,
        outside=outside,
        crl_files=tuple(home.root / file for file in settings.crl_files),
        timestamp_root_files=tuple(home.root / file for file in settings.tsa_roots),
        require_revocation=settings.require_revocation,
    )


def limits_of(settings: SigningSettings) -> Limits:
    """What one file may cost when it is examined."""
    return Limits(
        max_bytes=settings.validation_max_mb << 20,
        seconds=settings.validation_seconds,
        memory_bytes=settings.validation_memory_mb << 20,
    )


def demo_authority(
    folder: Path, organisation: str = DEMO_ORGANISATION, at: datetime | None = None
) -> Authority:
    """Open the key ring in `folder`; make a demo one first where there is none.

    Two processes that come at the same time agree on one ring. `at` is the moment of making, by default now.

    Raises:
        KeyRingUnreadable: there is a ring and it is damaged, or it is gone and its keys are still there.
    """
    if not (folder / RING_NAME).exists():
        _make_demo(folder, organisation, at or datetime.now(UTC))
    return Authority(folder, read_ring(folder))


def new_demo_signer(folder: Path, organisation: str, name: str, now: datetime) -> SignerEntry:
    """Certify a new P-256 signer with the demo issuing authority and write its files."""
    return _new_demo_key(folder, organisation, name, now, ("", SIGNER))


def new_demo_archive(folder: Path, organisation: str, name: str, now: datetime) -> SignerEntry:
    """The same for an archive key, whose certificate says that it is one."""
    return _new_demo_key(folder, organisation, name, now, ("归档专用", ARCHIVE))


def _new_demo_key(
    folder: Path, organisation: str, name: str, now: datetime, what: tuple[str, Role]
) -> SignerEntry:
    issuing = _load(folder, "issuing")
    signer = _certify(organisation, *what, now, SIGNER_LIFE, issuing)
    root = read_certificates(folder / "root.cert.pem")[0]
    _store(folder, name, signer, [issuing.certificate, root])
    return SignerEntry(
        name=name,
        source=f"pem:{name}.key.pem,{name}.cert.pem",
        subject=subject_text(signer.certificate),
        since=signer.certificate.not_valid_before_utc,
        until=signer.certificate.not_valid_after_utc,
        fingerprint=fingerprint(signer.certificate.public_bytes(Encoding.DER)),
        demo=True,
    )


def new_service_key(folder: Path, name: str, since: datetime) -> ServiceEntry:
    """Make an Ed25519 service key and write its file."""
    write_private(folder / f"{name}.key.pem", ServiceKey.generate().pem)
    return ServiceEntry(name=name, file=f"{name}.key.pem", since=since, until=since + SERVICE_LIFE)


def demo_crls(
    folder: Path, now: datetime, revoked: Mapping[int, datetime] | None = None
) -> tuple[x509.CertificateRevocationList, ...]:
    """Fresh revocation lists of the demo root and issuing authority; `revoked`: serial number → moment.

    Raises:
        KeyUnreadable: the ring was imported, there is no demo authority here.
    """
    revoked = revoked or {}
    return tuple(make_crl(_load(folder, name), dict(revoked), now) for name in ("root", "issuing"))


def _make_demo(folder: Path, organisation: str, now: datetime) -> None:
    folder.mkdir(mode=PRIVATE_FOLDER_MODE, parents=True, exist_ok=True)
    workshop = Path(mkdtemp(prefix=".demo-", dir=folder))
    try:
        _fill_demo(workshop, organisation, now)
        _move_in(workshop, folder)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _fill_demo(folder: Path, organisation: str, now: datetime) -> None:
    root = _certify(organisation, "根证书", ROOT, now, ROOT_LIFE, None)
    issuing = _certify(organisation, "签发证书", ISSUING, now, ISSUING_LIFE, root)
    tsa = _certify(organisation, "时间戳", TIMESTAMPING, now, ISSUING_LIFE - timedelta(days=1), issuing)
    _store(folder, "root", root, [])
    _store(folder, "issuing", issuing, [root.certificate])
    _store(folder, "tsa", tsa, [issuing.certificate, root.certificate])
    ring = Ring(
        demo=True,
        organisation=organisation,
        roots=("root.cert.pem",),
        signers=(new_demo_signer(folder, organisation, "signer-1", now),),
        services=(new_service_key(folder, "service-1", now - DEMO_BACKDATED),),
    )
    write_ring(folder, ring)


def _move_in(workshop: Path, folder: Path) -> None:
    """Publish under a lock, the ring last; whoever finds a ring keeps it."""
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / RING_NAME).exists():
            return
        _refuse_orphans(folder)
        (folder / MAKING).touch(mode=PRIVATE_MODE)
        for path in sorted(workshop.iterdir(), key=lambda one: one.name == RING_NAME):
            path.replace(folder / path.name)
        (folder / MAKING).unlink()
    finally:
        os.close(lock)


def _refuse_orphans(folder: Path) -> None:
    """Keys without their ring belong to somebody: a demo ring in their place would overwrite some and disown the rest."""
    keys = [path for pattern in KEY_FILES for path in folder.glob(pattern)]
    if keys and not (folder / MAKING).exists():
        raise KeyRingLost(path=str(folder / RING_NAME), folder=str(folder))


def _certify(
    organisation: str, what: str, role: Role, now: datetime, life: timedelta, issuer: Issued | None
) -> Issued:
    return issue_certificate(
        Request(
            name=SAMPLE_MARK + (what or organisation),
            organisation=SAMPLE_MARK + organisation,
            role=role,
            since=now - DEMO_BACKDATED,
            until=now + life,
        ),
        issuer,
    )


def _store(folder: Path, name: str, issued: Issued, above: list[x509.Certificate]) -> None:
    write_private(folder / f"{name}.key.pem", issued.key_pem)
    chain = b"".join(one.public_bytes(Encoding.PEM) for one in above)
    write_private(folder / f"{name}.cert.pem", issued.certificate_pem + chain)


def _load(folder: Path, name: str) -> Issued:
    data = read_bytes(folder / f"{name}.key.pem")
    private = load_pem_private_key(data, None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise KeyUnsuitable(place=str(folder / name), found=type(private).__name__)
    return Issued(private, read_certificates(folder / f"{name}.cert.pem")[0])
