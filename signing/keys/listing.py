"""The ring as a list for people: which key, which state, how long still."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.x509 import Certificate

from core.settings import Home
from signing.authority.opening import Authority
from signing.errors import KeyTrouble
from signing.keys import Pkcs12Source
from signing.keys.checks import subject_text
from signing.keys.files import read_certificates
from signing.keys.ring import read_ring
from signing.settings import SigningSettings


@dataclass(frozen=True)
class KeyRow:
    """One key. `state` is active, retired or revoked; `days_left` may be negative."""

    name: str
    use: str
    state: str
    subject: str
    source: str
    since: datetime
    until: datetime
    days_left: int
    demo: bool

    def as_json(self) -> dict[str, Any]:
        """All of it, dates as ISO text."""
        return {
            "name": self.name,
            "use": self.use,
            "state": self.state,
            "subject": self.subject,
            "source": self.source,
            "since": self.since.date().isoformat(),
            "until": self.until.date().isoformat(),
            "days_left": self.days_left,
            "demo": self.demo,
        }


def list_keys(folder: Path, now: datetime | None = None) -> list[KeyRow]:
    """Every key of the ring, signers first.

    Raises:
        KeyRingUnreadable: there is no ring.
    """
    moment = now or datetime.now(UTC)
    ring = read_ring(folder)
    rows = [
        KeyRow(
            name=one.name,
            use=use,
            state="retired" if one.retired else "active",
            subject=one.subject,
            source=one.source,
            since=one.since,
            until=one.until,
            days_left=(one.until - moment).days,
            demo=one.demo,
        )
        for use, one in (
            *(("signer", one) for one in ring.signers),
            *(("archive", one) for one in ring.archives),
        )
    ]
    for service in ring.services:
        state = "revoked" if service.revoked else "retired" if service.retired else "active"
        days = (service.until - moment).days
        rows.append(
            KeyRow(
                service.name,
                "service",
                state,
                "",
                service.file,
                service.since,
                service.until,
                days,
                ring.demo,
            )
        )
    return rows


def list_used(home: Home, authority: Authority, now: datetime | None = None) -> list[KeyRow]:
    """All that a site signs with: its keys, the certificates above them and those of time-stamps.

    `use` is also `chain` (above a signing certificate) or `timestamp`. The signing key is not opened where its
    certificate lies in a file, so that an expired one is listed as well; one in a token that cannot be opened has
    the state `unreadable`.

    Raises:
        KeyRingUnreadable: there is no ring.
        KeyUnreadable: a certificate file cannot be read.
    """
    moment = now or datetime.now(UTC)
    settings = home.section("signing", SigningSettings)
    rows, above = list_keys(authority.folder, moment), _of_file(authority)
    if authority.outside is not None:
        try:
            above = above or list(authority.outside_certificates)
        except KeyTrouble:
            rows.insert(
                0, KeyRow(settings.key, "signer", "unreadable", "", settings.key, moment, moment, 0, False)
            )
        else:
            rows.insert(0, _row(above[0], "signer", settings.key, moment))
    roots = [authority.folder / name for name in authority.ring.roots]
    above = [*above[1:], *(one for path in roots for one in read_certificates(path))]
    stamping = list(authority.timestamp_root_files)
    if settings.tsa == "local":
        stamping.insert(0, authority.folder / "tsa.cert.pem")
    rows += [_row(one, "chain", "", moment) for one in dict.fromkeys(above)]
    for path in stamping:
        found = [one for one in dict.fromkeys(read_certificates(path)) if one not in above]
        rows += [_row(one, "timestamp", path.name, moment) for one in found]
    return rows


def _of_file(authority: Authority) -> list[Certificate]:
    """The signing certificate and those above it, from a PEM file; nothing when they lie elsewhere."""
    source = authority.source
    path = None if isinstance(source, Pkcs12Source) else source.certificates
    return [] if path is None else list(read_certificates(path))


def _row(one: Certificate, use: str, source: str, moment: datetime) -> KeyRow:
    since, until, subject = one.not_valid_before_utc, one.not_valid_after_utc, subject_text(one)
    return KeyRow(subject, use, "active", subject, source, since, until, (until - moment).days, demo=False)
