"""The decision itself (细则第五十七条): facts about another region's certificate in, one answer out. Nothing is fetched here.

Order: 1. the presented thing is sound; 2. it agrees with what was found; 3. the region counts on the day of issue;
4. the state; 5. the agreement's conditions; 6. the scope.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from core.message import message
from registry.clock import beijing_minute
from registry.model import Facts, ScopeKind, State
from registry.recognition.answer import QueryResult, Reason, RecognitionAnswer, Usable
from registry.recognition.queries import TitleRecord

if TYPE_CHECKING:
    from signing.trustlist import Listed

SENIOR: Final = ("正高级", "副高级", "高级")
WHOLE: Final = "全区"
WHOLE_CODE: Final = "150000"

_OUTCOMES: Final[Mapping[Reason, tuple[Usable, QueryResult]]] = {
    Reason.VERIFIED_ONLINE: (Usable.IN_REGION, QueryResult.PROVINCE_FOUND),
    Reason.VERIFIED_BY_LIST: (Usable.IN_REGION, QueryResult.PROVINCE_FOUND),
    Reason.TARGETED: (Usable.IN_LEAGUE, QueryResult.PROVINCE_FOUND),
    Reason.SCOPE_AGREED: (Usable.IN_LEAGUE, QueryResult.PROVINCE_FOUND),
    Reason.PAPER_ONLY: (Usable.RECONFIRM, QueryResult.NOT_FOUND),
    Reason.REGION_UNKNOWN: (Usable.RECONFIRM, QueryResult.NOT_FOUND),
    Reason.NOT_FOUND: (Usable.RECONFIRM, QueryResult.NOT_FOUND),
    Reason.SERIES_OUTSIDE: (Usable.RECONFIRM, QueryResult.PROVINCE_FOUND),
    Reason.LEVEL_OUTSIDE: (Usable.RECONFIRM, QueryResult.PROVINCE_FOUND),
    Reason.DATE_OUTSIDE: (Usable.RECONFIRM, QueryResult.PROVINCE_FOUND),
    Reason.NATIONAL_FOUND: (Usable.IN_REGION, QueryResult.NATIONAL_FOUND),
    Reason.NATIONAL_NOT_FOUND: (Usable.RECONFIRM, QueryResult.NOT_FOUND),
    Reason.NATIONAL_UNAVAILABLE: (Usable.UNDECIDED, QueryResult.UNAVAILABLE),
    Reason.REVOKED: (Usable.NOT, QueryResult.PROVINCE_FOUND),
    Reason.SUSPENDED: (Usable.NOT, QueryResult.PROVINCE_FOUND),
    Reason.SUPERSEDED: (Usable.NOT, QueryResult.PROVINCE_FOUND),
    Reason.TAMPERED: (Usable.NOT, QueryResult.MISMATCH),
    Reason.REGION_NOT_ACCEPTED: (Usable.NOT, QueryResult.NOT_FOUND),
    Reason.MISMATCH: (Usable.UNDECIDED, QueryResult.MISMATCH),
    Reason.UNREACHABLE: (Usable.UNDECIDED, QueryResult.UNAVAILABLE),
    Reason.LIST_EXPIRED: (Usable.UNDECIDED, QueryResult.UNAVAILABLE),
    Reason.REGION_SUSPENDED: (Usable.UNDECIDED, QueryResult.UNAVAILABLE),
    Reason.KEYS_OUTDATED: (Usable.UNDECIDED, QueryResult.UNAVAILABLE),
}
_STATES: Final = {
    State.REVOKED: Reason.REVOKED,
    State.SUSPENDED: Reason.SUSPENDED,
    State.SUPERSEDED: Reason.SUPERSEDED,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """State of a certificate and how it was learnt: `listed_at` is set when a status list said so."""

    state: State
    successor: str = ""
    listed_at: datetime | None = None


class Heard(StrEnum):
    """What a query service said of a certificate."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    DIFFERENT = "different"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class ServiceFindings:
    """The answer of a query service (全国或外省查验系统): its name, what it said, the record it found."""

    name: str
    heard: Heard
    record: TitleRecord | None = None


_HEARD: Final = {
    Heard.FOUND: Reason.NATIONAL_FOUND,
    Heard.NOT_FOUND: Reason.NATIONAL_NOT_FOUND,
    Heard.DIFFERENT: Reason.MISMATCH,
    Heard.UNAVAILABLE: Reason.NATIONAL_UNAVAILABLE,
}


@dataclass(frozen=True)
class Findings:
    """Everything that was found out about one certificate. None means: not known."""

    member: "Listed | None" = None
    facts: Facts | None = None
    standing: Standing | None = None
    tampered: bool = False
    registered: bool | None = None
    """Whether the issuing region knows the presented file; None when it could not be asked."""
    keys_outdated: bool = False
    not_found: bool = False
    list_expired: str | None = None
    differences: tuple[str, ...] = ()
    level: str | None = None
    service: "ServiceFindings | None" = None
    paper: str | None = None
    """The issuing office of a certificate on paper only."""


def decide_foreign(found: Findings) -> RecognitionAnswer:
    """The answer that the findings lead to."""
    reason = _reason(found)
    code, result = _OUTCOMES[reason]
    scope, scope_region = _scope(found, reason)
    return RecognitionAnswer(
        code=code,
        result=result,
        reason=reason,
        scope=scope,
        scope_region=scope_region,
        data={**_data(found, scope or ""), "own_statement": _own_statement(found, code)},
        by=_by(found) if code is Usable.RECONFIRM else None,
        papers=tuple(_text("papers").split("；")) if code is Usable.RECONFIRM else (),
    )


def _presented(found: Findings) -> Reason | None:
    if found.paper is not None:
        return Reason.PAPER_ONLY
    if found.tampered:
        return Reason.TAMPERED
    return Reason.LIST_EXPIRED if found.list_expired else None


def _reason(found: Findings) -> Reason:
    # 1. the presented thing
    if outright := _presented(found):
        return outright
    if found.service is not None:
        return _HEARD[found.service.heard]
    if found.member is None:
        return Reason.REGION_UNKNOWN
    if found.keys_outdated:
        return Reason.KEYS_OUTDATED
    # 2. agreement of all fields
    if found.differences:
        return Reason.MISMATCH
    if found.not_found:
        return Reason.NOT_FOUND
    if found.facts is None:
        return Reason.UNREACHABLE
    # 3. the region on the day of issue
    outside = _region_outside(found.member, date.fromisoformat(found.facts.issued_on))
    if outside:
        return outside
    # 4. the state
    if found.standing is None:
        return Reason.UNREACHABLE
    if found.standing.state is not State.VALID:
        return _STATES[found.standing.state]
    # 5 and 6
    return _by_agreement(found.member.conditions, found.facts) or _valid(found.standing)


def _region_outside(member: "Listed", issued_on: date) -> Reason | None:
    from signing.trustlist import MemberState

    if member.accepted_on(issued_on):
        return None
    if member.state is MemberState.SUSPENDED and member.since <= issued_on:
        return Reason.REGION_SUSPENDED
    return Reason.REGION_NOT_ACCEPTED


def _by_agreement(conditions: Mapping[str, Any], facts: Facts) -> Reason | None:
    series, levels = conditions.get("series"), conditions.get("levels")
    if series is not None and facts.series not in series:
        return Reason.SERIES_OUTSIDE
    if levels is not None and not {facts.level, facts.grade} & set(levels):
        return Reason.LEVEL_OUTSIDE
    first, last = conditions.get("issued_from", ""), conditions.get("issued_until", "9999-12-31")
    if not first <= facts.issued_on <= last:
        return Reason.DATE_OUTSIDE
    if facts.scope is ScopeKind.LEAGUE:
        return Reason.TARGETED
    return Reason.SCOPE_AGREED if conditions.get("scope") else None


def _valid(standing: Standing) -> Reason:
    return Reason.VERIFIED_BY_LIST if standing.listed_at else Reason.VERIFIED_ONLINE


def _own_statement(found: Findings, code: Usable) -> bool:
    """Whether a suspended member's word is all that tells when the certificate was issued: it could be back-dated."""
    from signing.trustlist import MemberState

    if code not in (Usable.IN_REGION, Usable.IN_LEAGUE) or found.facts is None or found.member is None:
        return False
    return found.member.state is MemberState.SUSPENDED


def _scope(found: Findings, reason: Reason) -> tuple[str | None, str | None]:
    match reason:
        case Reason.TARGETED if found.facts is not None:
            return found.facts.scope_name, found.facts.scope_region
        case Reason.SCOPE_AGREED if found.member is not None:
            agreed = found.member.conditions["scope"]
            return str(agreed["name"]), str(agreed["region"])
        case Reason.VERIFIED_ONLINE | Reason.VERIFIED_BY_LIST | Reason.NATIONAL_FOUND:
            return WHOLE, WHOLE_CODE
        case _:
            return None, None


def _by(found: Findings) -> str:
    level = found.facts.level if found.facts else found.level
    if level is None:
        return _text("by_unknown")
    return _text("by_senior" if level in SENIOR else "by_other")


def _data(found: Findings, scope: str) -> dict[str, object]:
    region = found.member.entry.facts.name if found.member else _text("unknown_region")
    listed_at = found.standing.listed_at if found.standing else None
    made_at = beijing_minute(listed_at) if listed_at else ""
    record = found.service.record if found.service else None
    return {
        "service": found.service.name if found.service else "",
        "title": record.title if record else "",
        "region": region,
        "office": found.paper or "",
        "scope": scope,
        "made_at": made_at,
        "how": _text("how_list" if listed_at else "how_online", region=region, made_at=made_at),
        "series": found.facts.series if found.facts else "",
        "level": found.facts.level if found.facts else "",
        "issued_on": found.facts.issued_on if found.facts else "",
        "successor": found.standing.successor if found.standing else "",
        "state_from": found.member.state_from.isoformat() if found.member else "",
        "until": found.list_expired or "",
        "fields": "、".join(message("registry", f"mismatch_fields.{one}") for one in found.differences),
    }


def _text(key: str, **data: str) -> str:
    return message("registry", f"recognised.{key}", **data)
