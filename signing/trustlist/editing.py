"""What the anchor does: admit, suspend, readmit, end; each act becomes part of the history of the next list."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from signing.credential.token import sign
from signing.keys.service_key import ServiceKey
from signing.trustlist.entry import MemberEntry
from signing.trustlist.errors import EntryNotSigned, MemberUnknown
from signing.trustlist.lists import LIST_TYPE, Listed, MemberState, TrustList


@dataclass(frozen=True)
class Draft:
    """Members and history that the next list will carry."""

    members: tuple[Listed, ...] = ()
    history: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def of(cls, last: TrustList | None) -> "Draft":
        """What the last list said."""
        return cls(last.members, last.history) if last else cls()

    def member(self, code: str) -> Listed:
        """The member of that code.

        Raises:
            MemberUnknown: never admitted.
        """
        for one in self.members:
            if one.code == code:
                return one
        raise MemberUnknown(code=code)


def admit(
    draft: Draft, entry: MemberEntry, since: date, conditions: Mapping[str, Any], *, new_key: bool = False
) -> Draft:
    """Admit a member, or take a known member's newer entry; a new entry key needs `new_key`.

    Raises:
        EntryNotSigned: a known member's entry is signed by another key than before.
    """
    known = next((one for one in draft.members if one.code == entry.code), None)
    if known and known.entry.kid != entry.kid and not new_key:
        raise EntryNotSigned(code=entry.code)
    if known:
        listed = replace(known, entry=entry, conditions=dict(conditions))
    else:
        listed = Listed(entry, since, MemberState.ACCEPTED, since, dict(conditions))
    return _with(draft, listed, {"act": "renewed" if known else "admitted", "entry_kid": entry.kid})


def suspend(draft: Draft, code: str, from_day: date) -> Draft:
    """Suspend a member from a day on.

    Raises:
        MemberUnknown.
    """
    return _state(draft, code, MemberState.SUSPENDED, from_day)


def end(draft: Draft, code: str, from_day: date) -> Draft:
    """End a membership from a day on; what was made before keeps its worth.

    Raises:
        MemberUnknown.
    """
    return _state(draft, code, MemberState.ENDED, from_day)


def readmit(draft: Draft, code: str, from_day: date) -> Draft:
    """Lift a suspension.

    Raises:
        MemberUnknown.
    """
    return _state(draft, code, MemberState.ACCEPTED, from_day)


def new_list(draft: Draft, anchor: str, key: ServiceKey, sequence: int, at: datetime, until: datetime) -> str:
    """Sign the draft as the list of that sequence number."""
    payload = {
        "iat": int(at.timestamp()),
        "anchor": anchor,
        "sequence": sequence,
        "valid_until": int(until.timestamp()),
        "crit": ["sequence", "valid_until", "entries", "history"],
        "entries": [item_of(one) for one in draft.members],
        "history": [{**act, "sequence": act.get("sequence", sequence)} for act in draft.history],
    }
    return sign(payload, key, LIST_TYPE)


def _state(draft: Draft, code: str, state: MemberState, from_day: date) -> Draft:
    listed = replace(draft.member(code), state=state, state_from=from_day)
    return _with(draft, listed, {"act": str(state), "from": from_day.isoformat()})


def _with(draft: Draft, listed: Listed, act: dict[str, Any]) -> Draft:
    others = tuple(one for one in draft.members if one.code != listed.code)
    members = tuple(sorted((*others, listed), key=lambda one: one.code))
    return Draft(members, (*draft.history, {"code": listed.code, **act}))


def item_of(one: Listed) -> dict[str, Any]:
    """A member as it stands in a list."""
    return {
        "code": one.code,
        "state": str(one.state),
        "state_from": one.state_from.isoformat(),
        "since": one.since.isoformat(),
        "entry": one.entry.token,
        "entry_kid": one.entry.kid,
        "conditions": dict(one.conditions),
        "crit": sorted(one.conditions),
    }
