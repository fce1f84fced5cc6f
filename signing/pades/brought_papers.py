"""Signing scanned forms (电子档案): always with a time-stamp, whatever level certificates are signed at."""

from core.message import message
from core.settings import Home
from signing.pades.configured import sign_brought
from signing.settings import Level, SigningSettings


def sign_scan(data: bytes, home: Home) -> bytes:
    """Draw a scanned form again as pictures and sign it with the archive key, at least at level B-T.

    A demonstration authority stamps by itself when no time-stamp authority is set.

    Raises:
        SigningError: any of its kinds, also when no time-stamp authority is set; nothing unstamped comes back.
    """
    level = home.section("signing", SigningSettings).level
    level = level if level.needs_timestamp else Level.B_T
    return sign_brought(data, home, level=level, reason=message("signing", "scan.reason"))
