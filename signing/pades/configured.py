"""From settings to collaborators: the one place that knows the configuration of time-stamps and levels."""

from collections.abc import Callable
from datetime import UTC, datetime

from cryptography.hazmat.primitives.serialization import Encoding

from core.settings import Home
from signing.authority.opening import Authority, demo_crls, open_authority
from signing.errors import ExtensionRefused, TimestampAuthorityMissing
from signing.keys import PemSource, open_key
from signing.keys.archive_key import archive_key
from signing.pades.redrawing import redrawn
from signing.pades.revocation import RevocationData
from signing.pades.sign import SealPlace, SigningPlan, sign_pdf
from signing.seal import Seal, round_seal, seal_from_file
from signing.settings import Level, SigningSettings
from signing.timestamp import (
    LocalTimestamper,
    NoTimestamper,
    PatientTimestamper,
    Rfc3161Timestamper,
    TimestampAuthority,
    Timestamper,
)


def timestamper_of(settings: SigningSettings, authority: Authority) -> Timestamper:
    """The time-stamper that `[signing] tsa` names; `local` uses the demo authority's own key.

    Raises:
        KeyTrouble: `local` without a demo authority in the ring.
    """
    match settings.tsa:
        case "none":
            return NoTimestamper()
        case "rfc3161":
            return Rfc3161Timestamper(
                settings.tsa_urls,
                settings.tsa_timeout_seconds,
                settings.tsa_attempts,
                (*authority.anchors.roots, *authority.anchors.timestamp_roots) if settings.tsa_roots else (),
            )
        case "local":
            folder = authority.folder
            source = PemSource(folder / "tsa.key.pem", folder / "tsa.cert.pem")
            return LocalTimestamper(TimestampAuthority(open_key(source, purpose="timestamp")))


def revocation_of(settings: SigningSettings, authority: Authority) -> RevocationData:
    """CRLs from the settings; a demo authority makes its own on the spot.

    Raises:
        RevocationInfoMissing: a CRL file cannot be read.
    """
    crls = tuple(authority.anchors.crls)
    if authority.demo and settings.level.needs_revocation:
        crls += tuple(
            one.public_bytes(Encoding.DER) for one in demo_crls(authority.folder, datetime.now(UTC))
        )
    return RevocationData(crls=crls, fetch=settings.fetch_revocation)


def seal_of(settings: SigningSettings, authority: Authority, home: Home) -> Seal:
    """The operator's seal image, else a drawn round seal (with 样本 for a demo key).

    Raises:
        SealUnusable, SealTextUndrawable.
    """
    if settings.seal_image:
        return seal_from_file(home.root / settings.seal_image)
    return round_seal(authority.organisation, settings.seal_bottom_text, sample=authority.demo)


def sign_document(
    data: bytes,
    home: Home,
    *,
    visible: bool = False,
    place: SealPlace | None = None,
    reason: str | None = None,
    level: Level | None = None,
) -> bytes:
    """Sign a paper that the core itself has drawn (a receipt, a report) with the archive key; no certificate.

    `level` is by default the configured one. It is no certification (DocMDP): nobody shall take it for a certificate.

    Raises:
        SigningError: any of its kinds; nothing weaker than the level ever comes back.
    """
    settings = home.section("signing", SigningSettings)
    authority = open_authority(home)
    if level is not None:
        settings = settings.model_copy(update={"level": level})
    if settings.level.needs_timestamp and settings.tsa == "none" and authority.demo:
        settings = settings.model_copy(update={"tsa": "local"})
    plan = SigningPlan(
        level=settings.level,
        timestamper=timestamper_of(settings, authority),
        revocation=revocation_of(settings, authority),
        timestamp_roots=authority.anchors.timestamp_roots,
        certify=False,
        seal=seal_of(settings, authority, home) if visible else None,
        place=place or SealPlace(),
        reason=reason,
    )
    try:
        return sign_pdf(data, archive_key(authority), datetime.now(UTC), plan)
    finally:
        authority.close()


def sign_brought(
    data: bytes,
    home: Home,
    *,
    visible: bool = False,
    place: SealPlace | None = None,
    reason: str | None = None,
    level: Level | None = None,
) -> bytes:
    """Sign a PDF that somebody brought: its pages are drawn again as pictures, and only these are signed.

    Raises:
        SigningError: as `sign_document`. PdfUnsignable: it cannot be drawn, or is signed already.
    """
    return sign_document(redrawn(data), home, visible=visible, place=place, reason=reason, level=level)


def renewal(home: Home) -> Callable[[bytes, datetime], bytes | None]:
    """A function that renews one file's archive if it is due before a deadline; None when it is not due.

    It may be called by several threads at once. A file is examined as any stranger's before it gets a stamp, which
    would make another file of it: what is neither genuine nor an unchanged archive paper is an `ExtensionRefused`.

    Raises:
        TimestampAuthorityMissing: the settings name no time-stamp authority.
    """
    from signing.pades.archiving import Archiver
    from signing.pades.extending import look
    from signing.validate import validate_isolated

    settings = home.section("signing", SigningSettings)
    authority = open_authority(home)
    timestamper = timestamper_of(settings, authority)
    if isinstance(timestamper, NoTimestamper):
        raise TimestampAuthorityMissing
    roots = (*authority.anchors.roots, *authority.anchors.timestamp_roots)
    revocation = revocation_of(settings.model_copy(update={"level": Level.B_LTA}), authority)
    archive = Archiver(PatientTimestamper(timestamper), roots, revocation)

    def renew(data: bytes, deadline: datetime) -> bytes | None:
        if not look(data).due(deadline):
            return None
        report = validate_isolated(data, authority.anchors)
        if not (report.genuine or report.is_archived):
            raise ExtensionRefused(verdict=report.code.value, sentence=report.message())
        return archive(data)

    return renew
