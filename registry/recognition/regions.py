"""Regions (地区): whose certificates can be decided here. Own region first; others join by their signed entries."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from core.settings import Home, write_private
from registry.clock import now
from registry.recognition.members import Members
from registry.recognition.settings import RecognitionSettings
from registry.settings import RegistrySettings

if TYPE_CHECKING:
    from signing.keys.service_key import ServiceKey
    from signing.trustlist import EntryFacts, Listed

ENTRY_KEY: Final = "region-entry.key.pem"
ENTRY_VALIDITY: Final = "region-entry.json"
ENTRY_LIFE: Final = timedelta(days=10 * 365)
END_POINTS: Final = {
    "answers": "/api/v1/answers",
    "certificates": "/api/v1/certificates/{code}",
    "exchanges": "/api/v1/exchanges",
    "log_head": "/api/v1/log/head",
    "queries": "/api/v1/queries",
    "recognitions": "/api/v1/recognitions",
    "status_lists": "/api/v1/status-lists",
    "verifications": "/api/v1/verifications",
}


@dataclass(frozen=True, slots=True)
class Region:
    """One region whose register and keys are known."""

    code: str
    name: str
    address: str
    own: bool
    organisation: str
    root_fingerprints: tuple[str, ...]
    keys: tuple[str, ...]
    sample: bool
    status: str = "own"
    since: str | None = None
    state_from: str | None = None
    conditions: Mapping[str, Any] = field(default_factory=dict)
    contact: str = ""
    grants: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As `region list --json` shows it."""
        return {
            "code": self.code,
            "name": self.name,
            "address": self.address,
            "own": self.own,
            "organisation": self.organisation,
            "root_fingerprints": list(self.root_fingerprints),
            "keys": list(self.keys),
            "sample": self.sample,
            "status": self.status,
            "since": self.since,
            "state_from": self.state_from,
            "conditions": dict(self.conditions),
            "contact": self.contact,
            "grants": self.grants,
        }


def own_region(home: Home) -> Region:
    """This home's own region, out of its settings and key ring.

    Raises:
        HomeNotReady, KeyRingUnreadable: settings or keys cannot be read.
    """
    from signing.authority.opening import open_authority

    settings = home.section("registry", RegistrySettings)
    authority = open_authority(home)
    return Region(
        code=settings.region_code,
        name=settings.region_name,
        address=settings.public_url,
        own=True,
        organisation=authority.organisation,
        root_fingerprints=authority.root_fingerprints,
        keys=tuple(key.kid for key in authority.keyset.keys),
        sample=authority.demo,
    )


def trusted_regions(home: Home) -> tuple[Region, ...]:
    """The own region and every one on the accepted list, whatever its state.

    Raises:
        HomeNotReady, KeyRingUnreadable: settings or keys cannot be read. TrustListRefused: the kept list is damaged.
    """
    own = own_region(home)
    return (own, *(_region_of(one) for one in Members(home).others(own.code)))


def entry_facts(home: Home) -> "EntryFacts":
    """What this region says of itself to others.

    Raises:
        HomeNotReady, KeyRingUnreadable: settings or keys cannot be read.
    """
    from signing.authority.opening import open_authority
    from signing.trustlist import EntryFacts

    settings = home.section("registry", RegistrySettings)
    recognition = home.section("recognition", RecognitionSettings)
    authority = open_authority(home)
    return EntryFacts(
        code=settings.region_code,
        name=settings.region_name,
        organisation=authority.organisation,
        contact=recognition.contact,
        address=settings.public_url,
        grants=recognition.grants,
        end_points=END_POINTS,
        trust=authority.anchors,
        sample=authority.demo,
    )


def sign_own_entry(home: Home, at: datetime | None = None) -> str:
    """This region's entry, signed with its entry key, which is made on first use.

    Raises:
        HomeNotReady, KeyTrouble: settings or keys cannot be read.
    """
    from signing.trustlist import sign_entry

    moment = at or now()
    key, valid = _entry_key(home, moment)
    return sign_entry(entry_facts(home), key, valid, moment)


def _entry_key(home: Home, at: datetime) -> "tuple[ServiceKey, tuple[datetime, datetime]]":
    from signing.keys.service_key import ServiceKey

    home.create()
    path, validity = home.keys / ENTRY_KEY, home.keys / ENTRY_VALIDITY
    if not path.exists():
        times = {"since": int(at.timestamp()), "until": int((at + ENTRY_LIFE).timestamp())}
        validity.unlink(missing_ok=True)  # of an attempt that died before it wrote the key
        write_private(validity, json.dumps(times).encode())
        write_private(path, ServiceKey.generate().pem)
    times = json.loads(validity.read_bytes())
    since, until = (datetime.fromtimestamp(times[name], UTC) for name in ("since", "until"))
    return ServiceKey.open(path), (since, until)


def _region_of(listed: "Listed") -> Region:
    facts = listed.entry.facts
    return Region(
        code=facts.code,
        name=facts.name,
        address=facts.address,
        own=False,
        organisation=facts.organisation,
        root_fingerprints=facts.trust.fingerprints,
        keys=tuple(key.kid for key in facts.trust.keyset.keys) if facts.trust.keyset else (),
        sample=facts.sample,
        status=str(listed.state),
        since=listed.since.isoformat(),
        state_from=listed.state_from.isoformat(),
        conditions=listed.conditions,
        contact=facts.contact,
        grants=facts.grants,
    )
