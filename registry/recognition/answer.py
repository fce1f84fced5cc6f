"""What a decision says: usable, within a scope, to be re-confirmed, not usable, or not decided; why, and by which proof."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from core.message import DEFAULT_LANGUAGE, message

CLAUSE: Final = "第五十七条"


class QueryResult(StrEnum):
    """查询结果: how the certificate was found; it decides what 第五十七条 asks for."""

    NATIONAL_FOUND = "NATIONAL_FOUND"
    PROVINCE_FOUND = "PROVINCE_FOUND"
    MISMATCH = "MISMATCH"
    NOT_FOUND = "NOT_FOUND"
    UNAVAILABLE = "UNAVAILABLE"


class Usable(StrEnum):
    """The decision: everywhere in the region, within a scope, after re-confirmation, not at all, or not decided."""

    IN_REGION = "usable"
    IN_LEAGUE = "usable_in_league"
    RECONFIRM = "reconfirm"
    NOT = "not_usable"
    UNDECIDED = "undecided"


class Reason(StrEnum):
    """Why another region's certificate was decided so; each has one sentence in the catalogue, `recognised.<reason>`."""

    VERIFIED_ONLINE = "verified_online"
    VERIFIED_BY_LIST = "verified_by_list"
    TARGETED = "targeted"
    SCOPE_AGREED = "scope_agreed"

    PAPER_ONLY = "paper_only"
    REGION_UNKNOWN = "region_unknown"
    NOT_FOUND = "not_found"
    SERIES_OUTSIDE = "series_outside"
    LEVEL_OUTSIDE = "level_outside"
    DATE_OUTSIDE = "date_outside"

    REVOKED = "revoked"
    SUSPENDED = "suspended"
    SUPERSEDED = "superseded"
    TAMPERED = "tampered"
    REGION_NOT_ACCEPTED = "region_not_accepted"

    NATIONAL_FOUND = "national_found"
    NATIONAL_NOT_FOUND = "national_not_found"
    NATIONAL_UNAVAILABLE = "national_unavailable"

    MISMATCH = "mismatch"
    UNREACHABLE = "unreachable"
    LIST_EXPIRED = "list_expired"
    REGION_SUSPENDED = "region_suspended"
    KEYS_OUTDATED = "keys_outdated"


@dataclass(frozen=True, slots=True)
class RecognitionAnswer:
    """The third answer. `scope` is 全区 or the league's name, None where nothing may be used.

    `reason` is set for certificates of other regions; `by` and `papers` say who re-confirms and with what; `evidence`
    lists what the decision stood on (kind, time, digest), `record` is where the proofs themselves are kept.
    """

    code: Usable
    result: QueryResult
    clause: str = CLAUSE
    scope: str | None = None
    scope_region: str | None = None
    data: Mapping[str, object] = field(default_factory=dict)
    reason: Reason | None = None
    by: str | None = None
    papers: tuple[str, ...] = ()
    evidence: tuple[Mapping[str, Any], ...] = ()
    record: str | None = None

    def sentence(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The sentence for people."""
        values = {"scope": self.scope or "", "by": self.by or "", **self.data}
        own = "differs" if "differences" in self.data else self.code
        key = f"recognised.{self.reason}" if self.reason else f"recognition.{own}"
        text = message("registry", key, lang, **values)
        if not self.data.get("own_statement"):
            return text
        return message("registry", "recognised.own_statement", lang, answer=text, **values)

    @property
    def differences(self) -> tuple[str, ...]:
        """Names of the fields in which what was presented differs from this register."""
        return tuple(str(one) for one in self.data.get("differences", ()))  # type: ignore[attr-defined]

    @property
    def message(self) -> str:
        """The Chinese sentence."""
        return self.sentence()

    def as_dict(self, lang: str = DEFAULT_LANGUAGE) -> dict[str, Any]:
        """As `verify --json` shows it."""
        return {
            "code": str(self.code),
            "message": self.sentence(lang),
            "result": str(self.result),
            "clause": self.clause,
            "scope": self.scope,
            "scope_region": self.scope_region,
            "reason": str(self.reason) if self.reason else None,
            "by": self.by,
            "papers": list(self.papers),
            "evidence": [dict(one) for one in self.evidence],
            "record": self.record,
            **({"differences": list(self.differences)} if self.differences else {}),
        }
