"""Cases as values: what is asked, what experts said, where it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

MIN_EXPERTS: Final = 3  # 专家组不少于3人


class CaseKind(StrEnum):
    """What a person has to do: compare fields, decide later, or re-confirm."""

    MISMATCH = "mismatch"
    UNDECIDED = "undecided"
    RECONFIRM = "reconfirm"


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    REVIEWED = "reviewed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    EXCHANGED = "exchanged"


@dataclass(frozen=True, slots=True)
class Applicant:
    """Whose certificate of which region; `number` is the old certificate's. Name and ID number are sealed.

    A certificate on paper only has no region but the name of the `office` that issued it.
    """

    name: str
    id_number: str
    region: str
    number: str
    level: str
    title: str = ""
    note: str = ""
    office: str = ""

    @property
    def place(self) -> str:
        """Code of the issuing region, or the name of the office."""
        return self.region or self.office


@dataclass(frozen=True, slots=True)
class Expert:
    """One member of the expert group with the opinion given; confidential."""

    name: str
    title: str
    agrees: bool
    remark: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As it is sealed."""
        return {"name": self.name, "title": self.title, "agrees": self.agrees, "remark": self.remark}


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it stands. `experts` are confidential; times are ISO 8601 in UTC, empty while not reached."""

    id: int
    kind: CaseKind
    state: CaseState
    opened_at: str
    applicant: Applicant
    reason: str
    evidence: str
    experts: tuple[Expert, ...]
    reviewed_by: str
    decided_by: str
    decided_at: str
    document: str
    opinion: str
    successor: str

    @property
    def is_open(self) -> bool:
        """Whether a person still has to do something."""
        return self.state in (CaseState.OPEN, CaseState.REVIEWED)

    def as_dict(self, *, confidential: bool = False) -> dict[str, Any]:
        """For `--json` and pages: name masked, no ID number; experts only where that is allowed."""
        one = self.applicant
        shown: dict[str, Any] = {
            "id": self.id,
            "kind": str(self.kind),
            "state": str(self.state),
            "opened_at": self.opened_at,
            "region": one.region,
            "office": one.office,
            "number": one.number,
            "name": one.name[:1] + "○" * (len(one.name) - 1),
            "level": one.level,
            "title": one.title,
            "note": one.note,
            "reason": self.reason,
            "evidence": self.evidence,
            "experts": len(self.experts),
            "agree": sum(expert.agrees for expert in self.experts),
            "decided_at": self.decided_at,
            "document": self.document,
            "opinion": self.opinion,
            "successor": self.successor,
        }
        if confidential:
            shown["experts"] = [expert.as_dict() for expert in self.experts]
        return shown


def experts_of(rows: Sequence[Mapping[str, Any]]) -> tuple[Expert, ...]:
    """Experts as they were sealed."""
    return tuple(
        Expert(str(row["name"]), str(row["title"]), bool(row["agrees"]), str(row.get("remark", "")))
        for row in rows
    )
