"""Keys (密钥): everything that signs here or is believed, how long it lasts, and a warning in time."""

from dataclasses import dataclass
from typing import Final

from flask import render_template

from signing.keys.listing import KeyRow, list_used
from web.office.access import EVERYBODY, allow, pages, register
from web.services import services

WARN_BEFORE_DAYS: Final = 60
MAIN: Final = ("signer", "service")


@dataclass(frozen=True)
class Key:
    """A key or certificate; `tone` is good, warn (ends soon), bad (has ended, unreadable) or idle (out of use)."""

    row: KeyRow
    tone: str

    @property
    def main(self) -> bool:
        """Whether it signs, other than the certificates above it."""
        return self.row.use in MAIN

    @property
    def until(self) -> str:
        """The last day."""
        return self.row.until.date().isoformat()


@pages.get("/keys")
@allow(EVERYBODY)
def keys() -> str:
    """Keys in use and out of use, never their private half."""
    found = [Key(row, _tone(row)) for row in _rows()]
    used = [one for one in found if one.tone != "idle"]
    past = [one for one in found if one.tone == "idle"]
    return render_template("office/keys.html", used=used, past=past, ending=ending(used))


def keys_in_use() -> list[Key]:
    """Keys and certificates that today's signatures rest on."""
    found = [Key(row, _tone(row)) for row in _rows()]
    return [one for one in found if one.tone != "idle"]


def ending(keys: list[Key]) -> list[Key]:
    """Those that somebody must look after now."""
    return [one for one in keys if one.tone != "good"]


def _rows() -> list[KeyRow]:
    return list_used(register().home, services().authority)


def _tone(row: KeyRow) -> str:
    if row.state in ("retired", "revoked") or not _signing(row):
        return "idle"
    if row.state == "unreadable" or row.days_left < 0:
        return "bad"
    return "warn" if row.days_left < WARN_BEFORE_DAYS else "good"


def _signing(row: KeyRow) -> bool:
    """Whether a signing key of the ring is the one chosen; another key of the settings takes its place."""
    here = services().authority
    if row.use != "signer":
        return True
    if here.outside is not None:
        return row.name not in {one.name for one in here.ring.signers}
    return row.name == here.ring.signer.name
