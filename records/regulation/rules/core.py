"""What a rule is: one small object with id, clauses, severity, the documents it follows, a check, message and remedy.

A check looks at a whole batch (`batch_rule`), at one application (`case_rule`), or is left to people (`manual_rule`).
It yields hits; a hit knows the place (sheet, row, column head) and the numbers that its message names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from inspect import getdoc
from typing import TYPE_CHECKING

from records.batch.model import Batch, Channel, Finding, Severity, Told
from records.regulation.policy import league_code, year_of

if TYPE_CHECKING:
    from records.regulation.rules.facts import Case, Facts

REGULATION_2025 = date(2025, 5, 12)  # 细则印发日（第八十一条：自印发之日起施行）


class Group(StrEnum):
    """The groups of the regulation's rules."""

    PERIODS = "期限"
    COMMITTEE = "评委会组成"
    MEETING = "会议与表决"
    ELIGIBILITY = "申报资格"
    REVIEW = "审核与材料"
    CERTIFICATES = "证书用印起算认定"
    INTEGRITY = "诚信与监管"
    CONSISTENCY = "表册一致性"


class Decided(StrEnum):
    """Who decides a rule."""

    BY_BATCH = "自动（批次）"
    BY_CASE = "自动（逐人）"
    BY_PEOPLE = "人工核对"


@dataclass(frozen=True, slots=True)
class Applies:
    """Which batches follow the rule's documents; what is not stated does not matter."""

    first: int | None = None
    last: int | None = None
    league: str | None = None
    channel: Channel | None = None
    review_ends_from: date | None = None
    text: str = "各年"

    def covers(self, batch: Batch) -> bool:
        """Whether the batch follows those documents."""
        year = year_of(batch)
        ends = batch.review.ends
        return (
            (self.first is None or year >= self.first)
            and (self.last is None or year <= self.last)
            and (self.league is None or league_code(batch.region_code) == self.league)
            and (self.channel is None or batch.review.channel is self.channel)
            and (self.review_ends_from is None or ends is None or ends >= self.review_ends_from)
        )


EVERY_YEAR = Applies()
REGULATION = Applies(text="2025年起按细则；2023、2024年按当年通知和部令第40号")
SINCE_REGULATION = Applies(first=2025, review_ends_from=REGULATION_2025, text="2025-05-12起")
NOTICES_2023_TO_2025 = Applies(first=2023, last=2025, text="2023—2025年度通知")
OF_NOTICES = Applies(text="2023—2025年度通知；以后年度按政策文件")


@dataclass(frozen=True, slots=True)
class Hit:
    """One breach: its place, the numbers for the message, the variant, and a severity and clauses of its own if any."""

    sheet: str
    row: int | None
    column: str | None
    application_number: str | None = None
    data: Mapping[str, object] = field(default_factory=dict)
    variant: str | None = None
    severity: Severity | None = None
    clauses: tuple[str, ...] = ()

    def rated(self, severity: Severity) -> Hit:
        """The same hit with a severity of its own."""
        return replace(self, severity=severity)


BatchCheck = Callable[["Facts"], Iterable[Hit]]
CaseCheck = Callable[["Case"], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the regulation. `formula` is the check's docstring; `variants` are further messages by name."""

    id: str
    title: str
    group: Group
    clauses: tuple[str, ...]
    severity: Severity
    applies: Applies
    message: str
    remedy: str
    formula: str
    decided: Decided
    variants: Mapping[str, str] = field(default_factory=dict)
    check_batch: BatchCheck | None = None
    check_case: CaseCheck | None = None

    def finding(self, hit: Hit, severity: Severity, clauses: tuple[str, ...] = ()) -> Finding:
        """The hit as a finding of this rule; `clauses` are those of the batch's year, else all."""
        template = self.variants[hit.variant] if hit.variant else self.message
        return Finding(
            rule=self.id,
            severity=hit.severity or severity,
            clauses=hit.clauses or clauses or self.clauses,
            sheet=hit.sheet,
            row=hit.row,
            column=hit.column,
            application_number=hit.application_number,
            message=template.format_map(hit.data),
            remedy=self.remedy.format_map(hit.data) if "{" in self.remedy else self.remedy,
            told=Told(hit.variant, hit.data),
        )


@dataclass(frozen=True)
class RuleFamily:
    """Makes the rules of one group: `periods = RuleFamily(Group.PERIODS)`, then `@periods.batch("B-T01", …)`."""

    group: Group

    def batch(
        self,
        rule: str,
        title: str,
        *clauses: str,
        message: str,
        remedy: str,
        severity: Severity = Severity.MANDATORY,
        applies: Applies = EVERY_YEAR,
        people: CaseCheck | None = None,
        **variants: str,
    ) -> Callable[[BatchCheck], Rule]:
        """A decorator that turns a check of the whole batch into a rule; `people` also looks at each application.

        The batch is checked after its people: `facts.census` has counted them all.
        """

        def made(check: BatchCheck) -> Rule:
            formula, decided = _formula(check), Decided.BY_BATCH
            return Rule(
                *(rule, title, self.group, clauses, severity, applies, message, remedy),
                *(formula, decided, variants),
                check_batch=check,
                check_case=people,
            )

        return made

    def case(
        self,
        rule: str,
        title: str,
        *clauses: str,
        message: str,
        remedy: str,
        severity: Severity = Severity.MANDATORY,
        applies: Applies = EVERY_YEAR,
        **variants: str,
    ) -> Callable[[CaseCheck], Rule]:
        """A decorator that turns a check of one application into a rule."""

        def made(check: CaseCheck) -> Rule:
            formula, decided = _formula(check), Decided.BY_CASE
            return Rule(
                *(rule, title, self.group, clauses, severity, applies, message, remedy),
                *(formula, decided, variants),
                check_case=check,
            )

        return made

    def manual(
        self,
        rule: str,
        title: str,
        *clauses: str,
        formula: str,
        remedy: str,
        severity: Severity,
        applies: Applies = EVERY_YEAR,
    ) -> Rule:
        """A rule that people check: no sheet holds its facts."""
        message, decided = remedy, Decided.BY_PEOPLE
        return Rule(rule, title, self.group, clauses, severity, applies, message, remedy, formula, decided)


def _formula(check: Callable[..., object]) -> str:
    return " ".join((getdoc(check) or "").split())
