"""The ring as a list for people: which key, which state, how long still."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from signing.ring import read_ring


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
            use="signer",
            state="retired" if one.retired else "active",
            subject=one.subject,
            source=one.source,
            since=one.since,
            until=one.until,
            days_left=(one.until - moment).days,
            demo=one.demo,
        )
        for one in ring.signers
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
