"""Fetching what other regions publish: the anchor's list and each member's status lists, by address or from a folder."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.errors import HouseError
from core.settings import Home, write_atomically
from registry.recognition.asking import HttpTransport, Transport
from registry.recognition.members import Members
from registry.recognition.settings import RecognitionSettings
from registry.recognition.statuses import StatusStore
from registry.settings import RegistrySettings

if TYPE_CHECKING:
    from signing.trustlist import Listed

LIST_NAME: Final = "trust-list.jwt"
STATUS_LISTS: Final = "status_lists"
MAX_LISTS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did for one region: how many status lists were kept, or why none."""

    code: str
    lists: int
    problem: str = ""


def refresh(home: Home, transport: Transport | None = None) -> tuple[Refreshed, ...]:
    """Fetch the anchor's list (when its address is set) and every member's status lists; one bad region stops none.

    Raises:
        TrustListRefused: the anchor's list is not accepted. OSError: its address cannot be reached.
    """
    settings = home.section("recognition", RecognitionSettings)
    transport = transport or HttpTransport(settings)
    members = Members(home)
    if settings.list_address:
        members.accept(transport.get(settings.list_address).decode("ascii"))
    return tuple(_fetch(home, one, transport) for one in members.others(_own(home)))


def refresh_from(home: Home, folder: Path) -> tuple[Refreshed, ...]:
    """The same from a folder brought on a stick: `trust-list.jwt` and any number of `*.status.jwt`.

    Raises:
        TrustListRefused: the anchor's list is not accepted.
    """
    members = Members(home)
    if (folder / LIST_NAME).exists():
        members.accept((folder / LIST_NAME).read_text("ascii"))
    files = [path.read_text("ascii", errors="replace") for path in sorted(folder.glob("*.status.jwt"))]
    return tuple(_take(home, one, files) for one in members.others(_own(home)))


def publish_status_lists(home: Home, folder: Path) -> int:
    """Write this region's signed status lists into a folder, for a stick; returns how many."""
    from registry.certificates.status_lists import list_ids, status_list
    from registry.register import Register
    from signing.authority.opening import open_authority

    key = open_authority(home).service
    with Register.open(home) as register:
        ids = list_ids(register)
        for one in ids:
            name = f"{register.settings.region_code}-{one}.status.jwt"
            write_atomically(folder / name, status_list(register, one, key).token.encode("ascii"))
    return len(ids)


def _fetch(home: Home, member: "Listed", transport: Transport) -> Refreshed:
    facts = member.entry.facts
    base = facts.address + facts.end_points.get(STATUS_LISTS, "/api/v1/status-lists")
    try:
        ids = [int(one) for one in json.loads(transport.get(base))["lists"]][:MAX_LISTS]
        for one in ids:
            _store(home).keep(member, transport.get(f"{base}/{one}").decode("ascii"))
    except OSError as error:
        return Refreshed(member.code, 0, str(error))
    except HouseError as error:
        return Refreshed(member.code, 0, error.diagnostics())
    except (ValueError, KeyError, TypeError) as error:
        return Refreshed(member.code, 0, type(error).__name__)
    return Refreshed(member.code, len(ids))


def _take(home: Home, member: "Listed", tokens: list[str]) -> Refreshed:
    kept, problem = 0, ""
    for token in tokens:
        if _issuer(token) != member.code:
            continue
        try:
            _store(home).keep(member, token)
            kept += 1
        except HouseError as error:
            problem = error.diagnostics()
    return Refreshed(member.code, kept, problem)


def _issuer(token: str) -> str | None:
    from signing.credential.token import split
    from signing.errors import TokenInvalid

    try:
        return str(split(token.strip())[1].get("iss"))
    except TokenInvalid:
        return None


def _store(home: Home) -> StatusStore:
    return StatusStore(Members(home).folder / "status")


def _own(home: Home) -> str:
    return home.section("registry", RegistrySettings).region_code
