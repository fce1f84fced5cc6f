"""Signing scanned forms (电子档案): always with a time-stamp, whatever level certificates are signed at."""

from datetime import UTC, datetime

from house.messages import message
from house.settings import Home
from signing.authority import Authority, open_authority
from signing.configured import revocation_of, timestamper_of
from signing.pades import SigningPlan, sign_pdf
from signing.settings import Level, SigningSettings
from signing.timestamp import Timestamper


def sign_scan(data: bytes, home: Home) -> bytes:
    """Sign a scanned form at the configured level, at least B-T; certified, so that nothing can be added.

    A demonstration authority stamps by itself when no time-stamp authority is set.

    Raises:
        SigningError: any of its kinds, also when no time-stamp authority is set; nothing unstamped comes back.
    """
    settings = home.section("signing", SigningSettings)
    authority = open_authority(home)
    level = settings.level if settings.level.needs_timestamp else Level.B_T
    plan = SigningPlan(
        level=level,
        timestamper=_timestamper(settings, authority),
        revocation=revocation_of(settings, authority),
        timestamp_roots=authority.anchors.timestamp_roots,
        reason=message("signing", "scan.reason"),
    )
    try:
        return sign_pdf(data, authority.signer, datetime.now(UTC), plan)
    finally:
        authority.close()


def _timestamper(settings: SigningSettings, authority: Authority) -> Timestamper:
    if settings.tsa == "none" and authority.demo:
        settings = settings.model_copy(update={"tsa": "local"})
    return timestamper_of(settings, authority)
