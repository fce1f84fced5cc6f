"""Following another region's log from outside: every new head must continue the last one that was seen.

A region that rewrites its register has to show its monitors a head that does not fit. The state file keeps the last
good head, signed, so that the proof of a fork is in hand: two heads under the same key that exclude each other.
"""

import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core.settings import Home, write_atomically
from registry.clock import now, stamp
from registry.errors import RegistryError
from registry.log import merkle
from registry.recognition.asking import HttpTransport
from registry.recognition.members import Members
from registry.recognition.settings import RecognitionSettings

if TYPE_CHECKING:
    from signing.keys.service_key import KeySet

ENTRY: Final = "/.well-known/zhicheng/region.json"
HEAD: Final = "/api/v1/log/head"
PROOF: Final = "/api/v1/log/proof"
CLOCK_ALLOWANCE_S: Final = 300


class Alarm(StrEnum):
    """What is wrong with a log; every one means that its region cannot be believed until it is explained."""

    KEY_CHANGED = "key_changed"
    HEAD_UNSIGNED = "head_unsigned"
    SHRUNK = "shrunk"
    FORKED = "forked"
    NOT_CONTINUED = "not_continued"
    BACKDATED = "backdated"


class RegionSilent(RegistryError):
    """Raised when a region's site cannot be reached or answers nonsense: no alarm; data: `address`, `reason`."""

    key = "region_silent"
    exit_code = 3


class MonitorStateUnreadable(RegistryError):
    """Raised when the state file is damaged or belongs to another region; data: `path`."""

    key = "monitor_state_unreadable"
    exit_code = 3


@dataclass(frozen=True)
class Seen:
    """The last head of a region's log that fitted; `entry_kid` is the key its entry is pinned to."""

    address: str
    code: str
    entry_kid: str
    size: int
    root: str
    signed_at: str
    token: str
    seen_at: str


@dataclass(frozen=True)
class Look:
    """One look at a log: what was seen before, what is shown now, and the alarm if the two do not fit."""

    before: Seen | None
    present: Seen
    alarm: Alarm | None = None

    @property
    def grown(self) -> int:
        """By how many events the log has grown since the last look."""
        return self.present.size - (self.before.size if self.before else 0)


class Monitor:
    """Follows one region, named by its address or by its code on the accepted list."""

    def __init__(self, home: Home, region: str, state: Path, transport: Any = None) -> None:
        self._state = state
        self._transport = transport or HttpTransport(home.section("recognition", RecognitionSettings))
        self.address, self._pinned = _locate(home, region)

    def look(self) -> Look:
        """Fetch the head and compare; on an alarm the state stays and the evidence is written beside it.

        1. Whose keys? 2. Is the head signed with one of them? 3. Does it continue the one that is kept?

        Raises:
            RegionSilent: nothing usable came back; try again later.
            MonitorStateUnreadable: the state file cannot be used.
        """
        before = self._before()
        # 1. the region's entry, pinned at the first look or by the accepted list
        code, kid, keyset = self._entry()
        pinned = before.entry_kid if before else self._pinned
        # 2. the signed head
        document = self._json(HEAD)
        present = _seen(self.address, code, kid, document)
        alarm: Alarm | None = None
        if pinned and kid != pinned:
            alarm = Alarm.KEY_CHANGED
        elif not _is_signed(present, keyset):
            alarm = Alarm.HEAD_UNSIGNED
        elif before is not None:
            # 3. continuity
            alarm = self._continued(before, present)
        look = Look(before, present, alarm)
        if alarm is None:
            write_atomically(self._state, json.dumps(asdict(present), indent=1).encode())
        else:
            self._keep_evidence(look)
        return look

    def evidence_file(self, alarm: Alarm) -> Path:
        """Where the evidence of an alarm lies."""
        return self._state.with_name(f"{self._state.name}.{alarm}.json")

    def _before(self) -> Seen | None:
        try:
            found = Seen(**json.loads(self._state.read_text("utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            raise MonitorStateUnreadable(path=str(self._state)) from error
        if found.address != self.address:
            raise MonitorStateUnreadable(path=str(self._state))
        return found

    def _entry(self) -> "tuple[str, str, KeySet]":
        from signing.errors import SigningError
        from signing.trustlist import read_entry

        try:
            entry = read_entry(str(self._json(ENTRY).get("token", "")))
        except SigningError as error:
            raise RegionSilent(address=self.address, reason=error.diagnostics()) from error
        keyset = entry.facts.trust.keyset
        if keyset is None:
            raise RegionSilent(address=self.address, reason="jwks")
        return entry.code, entry.kid, keyset

    def _continued(self, before: Seen, present: Seen) -> Alarm | None:
        if present.size < before.size:
            return Alarm.SHRUNK
        if present.size == before.size:
            return None if present.root == before.root else Alarm.FORKED
        if present.signed_at < before.signed_at:
            return Alarm.BACKDATED
        proof = self._json(f"{PROOF}?old={before.size}&size={present.size}")
        try:
            path = [bytes.fromhex(step) for step in proof["path"]]
            roots = bytes.fromhex(before.root), bytes.fromhex(present.root)
        except (KeyError, ValueError, TypeError) as error:
            raise RegionSilent(address=self.address, reason="proof") from error
        good = merkle.consistency_holds(before.size, present.size, *roots, path)
        return None if good else Alarm.NOT_CONTINUED

    def _json(self, path: str) -> dict[str, Any]:
        try:
            document = json.loads(self._transport.get(f"{self.address}{path}"))
        except (OSError, ValueError) as error:
            raise RegionSilent(address=self.address, reason=str(error)) from error
        if not isinstance(document, dict):
            raise RegionSilent(address=self.address, reason=path)
        return document

    def _keep_evidence(self, look: Look) -> None:
        if look.alarm is None:
            return
        document = {
            "alarm": str(look.alarm),
            "at": stamp(now()),
            "before": asdict(look.before) if look.before else None,
            "present": asdict(look.present),
        }
        text = json.dumps(document, ensure_ascii=False, indent=1)
        write_atomically(self.evidence_file(look.alarm), text.encode())


def _locate(home: Home, region: str) -> tuple[str, str | None]:
    """Address, and the entry key that the anchor's list names, where the region is on it."""
    if region.lower().startswith(("http://", "https://")):
        return region.rstrip("/"), None
    listing = Members(home).current()
    for one in listing.members if listing else ():
        if one.code == region:
            return one.entry.facts.address.rstrip("/"), one.entry.kid
    raise RegionSilent(address=region, reason="region list")


def _seen(address: str, code: str, kid: str, document: dict[str, Any]) -> Seen:
    try:
        return Seen(
            address=address,
            code=code,
            entry_kid=kid,
            size=int(document["size"]),
            root=str(document["root"]),
            signed_at=str(document["signed_at"]),
            token=str(document["token"]),
            seen_at=stamp(now()),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise RegionSilent(address=address, reason="head") from error


def _is_signed(head: Seen, keyset: "KeySet") -> bool:
    """Whether the token says the same, by this region, with one of its keys, and not in the future."""
    from signing.credential.token import TREE_HEAD_TYPE, verify
    from signing.errors import TokenInvalid

    try:
        accepted = verify(head.token, keyset, TREE_HEAD_TYPE)
    except TokenInvalid:
        return False
    said = replace(
        head,
        size=int(accepted.payload.get("size", -1)),
        root=str(accepted.payload.get("root")),
        code=str(accepted.payload.get("iss")),
        signed_at=stamp(accepted.issued_at),
    )
    return said == head and (accepted.issued_at - now()).total_seconds() <= CLOCK_ALLOWANCE_S
