"""The signed list: members with state and conditions, a sequence number, validity, and the history of every act.

A new list must carry on the history of the last one word for word; whoever drops or rewrites an act is refused.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from signing.credential.token import split, verify_signature
from signing.errors import TokenInvalid
from signing.keys.service_key import KeySet
from signing.trustlist.entry import MemberEntry, moment, read_entry
from signing.trustlist.errors import (
    CriticalFieldUnknown,
    ListExpired,
    ListFromFuture,
    ListHistoryChanged,
    ListNotSigned,
    ListRolledBack,
    ListSplit,
    ListUnreadable,
)

LIST_TYPE: Final = "zhicheng-trust-list"
CLOCK_TOLERANCE: Final = timedelta(minutes=5)
_UNDERSTOOD: Final = frozenset({"anchor", "sequence", "valid_until", "entries", "history"})


class MemberState(StrEnum):
    """What the anchor says of a member."""

    ACCEPTED = "accepted"
    SUSPENDED = "suspended"
    ENDED = "ended"


@dataclass(frozen=True)
class Listed:
    """One member: its entry, since when it is accepted, its state from a day on, the anchor's conditions."""

    entry: MemberEntry
    since: date
    state: MemberState
    state_from: date
    conditions: Mapping[str, Any] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The member's code."""
        return self.entry.code

    def accepted_on(self, day: date) -> bool:
        """Whether something made on that day counts: after admission, before a suspension or an end."""
        return self.since <= day and (self.state is MemberState.ACCEPTED or day < self.state_from)


@dataclass(frozen=True)
class TrustList:
    """A list that was checked; `history` holds every act of the anchor, oldest first."""

    anchor: str
    sequence: int
    issued_at: datetime
    valid_until: datetime
    members: tuple[Listed, ...]
    history: tuple[Mapping[str, Any], ...]
    token: str

    @property
    def digest(self) -> str:
        """SHA-256 of the token, hexadecimal; the same for everybody who sees the same list."""
        return hashlib.sha256(self.token.encode("ascii")).hexdigest()

    def member(self, code: str) -> Listed | None:
        """The member of that code."""
        return next((one for one in self.members if one.code == code), None)


def read_list(token: str, anchor: KeySet, understood: frozenset[str] = frozenset()) -> TrustList:
    """Check signature, form, critical fields and every entry's own signature; not the time, not the order.

    Raises:
        TrustListRefused: one of its kinds.
    """
    try:
        accepted = verify_signature(token, anchor, LIST_TYPE)
    except TokenInvalid as error:
        raise ListNotSigned(reason=error.diagnostics("en")) from error
    payload = accepted.payload
    _refuse_unknown(payload.get("crit", ()), _UNDERSTOOD)
    try:
        members = tuple(_listed(one, understood) for one in payload["entries"])
        found = TrustList(
            anchor=str(payload["anchor"]),
            sequence=int(payload["sequence"]),
            issued_at=accepted.issued_at,
            valid_until=moment(payload["valid_until"]),
            members=members,
            history=tuple(dict(one) for one in payload["history"]),
            token=token,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ListUnreadable(reason=str(error) or type(error).__name__) from error
    if len({one.code for one in members}) != len(members):
        raise ListUnreadable(reason="a code twice")
    return found


def accept_list(
    token: str,
    anchor: KeySet,
    at: datetime,
    last: TrustList | None = None,
    understood: frozenset[str] = frozenset(),
) -> TrustList:
    """Decide whether a list may take the place of the last one.

    1. Signature, form, entries. 2. Time. 3. Order: never backwards. 4. Same number, same content. 5. Same history.

    Raises:
        TrustListRefused: one of its kinds.
    """
    # 1
    found = read_list(token, anchor, understood)
    # 2
    if found.issued_at > at + CLOCK_TOLERANCE:
        raise ListFromFuture(issued=found.issued_at.isoformat())
    if at > found.valid_until:
        raise ListExpired(until=found.valid_until.isoformat())
    if last is None:
        return found
    # 3
    if found.sequence < last.sequence:
        raise ListRolledBack(sequence=found.sequence, known=last.sequence)
    # 4
    if found.sequence == last.sequence:
        if _content(found.token) != _content(last.token):
            raise ListSplit(sequence=found.sequence)
        return found
    # 5
    if _canonical(found.history[: len(last.history)]) != _canonical(last.history):
        raise ListHistoryChanged(sequence=found.sequence)
    return found


def _listed(item: Mapping[str, Any], understood: frozenset[str]) -> Listed:
    conditions = dict(item.get("conditions", {}))
    _refuse_unknown(item.get("crit", ()), understood)
    return Listed(
        entry=read_entry(str(item["entry"]), str(item["entry_kid"])),
        since=date.fromisoformat(item["since"]),
        state=MemberState(item["state"]),
        state_from=date.fromisoformat(item["state_from"]),
        conditions=conditions,
    )


def _refuse_unknown(names: Any, known: frozenset[str]) -> None:
    if not isinstance(names, list | tuple):
        raise ListUnreadable(reason="crit")
    for name in names:
        if name not in known:
            raise CriticalFieldUnknown(field=str(name))


def _content(token: str) -> str:
    return _canonical(split(token)[1])


def _canonical(value: Sequence[Any] | Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
