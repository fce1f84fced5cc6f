"""What rules ask of a batch: its policy, its days, its people; computed once per batch or once per application."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TypeVar

from records.batch.dates import PartialDate
from records.batch.model import (
    Acquisition,
    Application,
    Batch,
    Channel,
    CommitteeLevel,
    Complaint,
    EmployerNature,
    Expert,
    Level,
    Place,
)
from records.batch.optional import Correction, IntegrityRecord, Recusal
from records.codes import Grade, Series, Title, find_series, former_title, titles_named
from records.input.sheets import BATCH
from records.regulation.calendar import add_years, last_of_years
from records.regulation.policy import Policy, league_code, policy_of, year_of
from records.regulation.rules.census import Census
from records.regulation.rules.core import Hit

RANKS = {
    Grade.FULL_SENIOR: 5,
    Grade.ASSOCIATE_SENIOR: 4,
    Grade.INTERMEDIATE: 3,
    Grade.ASSISTANT: 2,
    Grade.BASIC: 1,
}  # 员1助2中3副4正5（细则第二十三条逐级申报）
LEVEL_RANKS = {Level.FULL_SENIOR: 5, Level.ASSOCIATE_SENIOR: 4, Level.INTERMEDIATE: 3, Level.JUNIOR: 2}
PRIVATE = frozenset(
    {EmployerNature.PRIVATE_ENTERPRISE, EmployerNature.SOCIAL_ORGANIZATION, EmployerNature.FREELANCE}
)
NO_TITLE = frozenset({"无", "暂无", "没有", "未取得", "/", "-", "—", "无职称"})
LEAST_NAME = 2  # 单字姓名在文本中无法辨认
RECORD_YEARS = 3  # 细则第七十二—七十四条
LEAP_DAY = 29
T = TypeVar("T")


def _grouped(pairs: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for key, item in pairs:
        found.setdefault(key, []).append(item)
    return found


def _series_parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace("，", "、").replace(",", "、").split("、") if part.strip()]


class Facts:
    """A batch as rules see it. The applications themselves are not asked: `census` counts them, `Case` is one of them."""

    def __init__(self, batch: Batch, *, remember: bool = True) -> None:
        self.batch = batch
        self.census = Census(batch, remember=remember)
        self.policy: Policy = policy_of(batch)
        self.year = year_of(batch)
        self.league = league_code(batch.region_code)

    def at(self, column: str, variant: str | None = None, /, **data: object) -> Hit:
        """A hit on the batch sheet, at the row of that item."""
        return Hit(BATCH, None, column, None, data, variant)

    def near(
        self,
        place: Place,
        column: str,
        number: str | None = None,
        variant: str | None = None,
        /,
        **data: object,
    ) -> Hit:
        """A hit on a row of another sheet."""
        return Hit(place.sheet, place.row, column, number, data, variant)

    @cached_property
    def reviewed(self) -> bool:
        """Whether a committee voted (评审), rather than a unit recognised."""
        return self.batch.review.acquisition in (Acquisition.REVIEW, None)

    @cached_property
    def size(self) -> int | None:
        """评委会人数: as stated, else the number of experts listed."""
        committee = self.batch.committee
        return committee.size if committee.size is not None else len(committee.experts) or None

    @cached_property
    def present(self) -> int | None:
        """出席人数: as stated, else counted."""
        committee = self.batch.committee
        return committee.present if committee.present is not None else len(self.attending) or None

    @cached_property
    def attending(self) -> tuple[Expert, ...]:
        """The experts who attended."""
        return tuple(expert for expert in self.batch.committee.experts if expert.present)

    @cached_property
    def attending_by_name(self) -> Mapping[str, Sequence[Expert]]:
        """The experts who attended, by name."""
        return _grouped((expert.name, expert) for expert in self.attending)

    @cached_property
    def attending_by_employer(self) -> Mapping[str, Sequence[Expert]]:
        """The experts who attended, by their employer."""
        return _grouped((expert.employer or "", expert) for expert in self.attending)

    @cached_property
    def expert_names(self) -> tuple[str, ...]:
        """Names of experts that are long enough to be recognised in a text."""
        experts = self.batch.committee.experts
        return tuple(dict.fromkeys(e.name for e in experts if len(e.name) >= LEAST_NAME))

    @cached_property
    def complaints(self) -> Mapping[str, Sequence[Complaint]]:
        """The rows of 举报 by application number."""
        return _grouped((row.application_number or "", row) for row in self.batch.complaints)

    @cached_property
    def linked_rows(self) -> tuple[Complaint | Recusal | Correction, ...]:
        """Rows of other sheets that name an applicant by number."""
        batch = self.batch
        return (*batch.complaints, *batch.recusals, *batch.corrections)

    @cached_property
    def recusals(self) -> Mapping[str, Sequence[Recusal]]:
        """The rows of 回避 by application number."""
        return _grouped((row.application_number or "", row) for row in self.batch.recusals)

    @cached_property
    def withdrawn(self) -> Mapping[str, int]:
        """How many experts withdrew, by application number."""
        return {number: sum(row.withdrew is True for row in rows) for number, rows in self.recusals.items()}

    @cached_property
    def integrity(self) -> Mapping[str, Sequence[IntegrityRecord]]:
        """The rows of 诚信记录 by name."""
        return _grouped((row.name, row) for row in self.batch.integrity)

    @cached_property
    def integrity_by_number(self) -> Mapping[str, Sequence[IntegrityRecord]]:
        """The rows of 诚信记录 by identity number, where it is stated."""
        return _grouped((row.identity_number, row) for row in self.batch.integrity if row.identity_number)

    @staticmethod
    def record_ends(record: IntegrityRecord) -> date | None:
        """记录止 = 加年(生效, 3) − 1日 (细则第七十二—七十四条)."""
        effective = record.effective
        return last_of_years(effective, RECORD_YEARS) if effective else None

    @cached_property
    def cutoff(self) -> date | None:
        """材料时点: the year's cut-off, else the end of applications."""
        return self.policy.cutoff or self.batch.schedule.closes

    @cached_property
    def examined_committee(self) -> bool:
        """Whether the committee's series have an examination before the review (考评结合), by its level."""
        level = self.batch.committee.level
        combined = self.policy.combined_exam
        levels = [combined.get(item.name, ()) for item in self.committee_series]
        return bool(level) and any(
            str(level) in own or (level is CommitteeLevel.SENIOR and own) for own in levels
        )

    @cached_property
    def committee_series(self) -> tuple[Series, ...]:
        """The series that the committee's filing names."""
        text = self.batch.committee.series or ""
        whole = find_series(text)
        found = [whole] if whole else [find_series(part) for part in _series_parts(text)]
        return tuple(dict.fromkeys(item for item in found if item))

    @cached_property
    def unknown_series(self) -> tuple[str, ...]:
        """What the committee's filing names that is no series of the catalogue; the green channel's is all of them."""
        text = (self.batch.committee.series or "").strip()
        if not text or find_series(text) or self.batch.review.channel is Channel.GREEN:
            return ()
        return tuple(part for part in _series_parts(text) if not find_series(part))


class Case:
    """One application as rules see it."""

    def __init__(self, facts: Facts, application: Application) -> None:
        self.facts = facts
        self.application = application

    def at(self, column: str, variant: str | None = None, /, **data: object) -> Hit:
        """A hit in the applicant's row; `name` is always among the data."""
        application = self.application
        place = application.place
        data = {"name": self.name, **data}
        return Hit(place.sheet, place.row, column, application.number, data, variant)

    @property
    def name(self) -> str:
        """The applicant's name, else the application's number."""
        return self.application.person.name or self.application.number

    @property
    def private(self) -> bool:
        """非公有制领域."""
        return self.application.employer.nature in PRIVATE

    @property
    def green(self) -> bool:
        """绿色通道."""
        return self.facts.batch.review.channel is Channel.GREEN

    @cached_property
    def applied_on(self) -> date | None:
        """申报日: submission, else the batch's last day of applications, else the employer's publicity."""
        application = self.application
        return (
            application.procedure.submitted
            or self.facts.batch.schedule.closes
            or application.employer_publicity.starts
            or self.facts.batch.review.starts
        )

    @property
    def worked_years(self) -> int | None:
        """Completed years of work on the day of application."""
        return years_between(self.application.work_since, self.applied_on)

    @property
    def new_here(self) -> bool:
        """Whether less than a year of work in the region (or where the unit posted the applicant) is stated."""
        years = years_between(self.application.grounds.in_region_since, self.applied_on)
        return years is not None and years < 1

    @cached_property
    def series(self) -> Series | None:
        """The series applied for."""
        return find_series(self.application.sought.series)

    @property
    def examined_first(self) -> bool:
        """考评结合: an examination comes before the review of this series and level."""
        combined = self.facts.policy.combined_exam
        return bool(self.series) and self.application.sought.level in combined.get(self.series.name, ())  # type: ignore[union-attr]

    @cached_property
    def rank(self) -> int | None:
        """The rank applied for: 5 正高 … 2 助理, 1 员."""
        sought = self.application.sought
        if sought.level is Level.JUNIOR:
            junior = [title for title in titles_named(sought.name) if title.level is Level.JUNIOR]
            return max((RANKS[title.grade] for title in junior), default=LEVEL_RANKS[Level.JUNIOR])
        return LEVEL_RANKS[sought.level] if sought.level else None

    @cached_property
    def holds_none(self) -> bool:
        """Whether the applicant holds no title."""
        name = self.application.current_title.name
        return name is None or name.strip() in NO_TITLE

    @cached_property
    def held(self) -> tuple[Title, ...]:
        """What the current title may be; of the series applied for when it exists there. Empty: none or unknown."""
        if self.holds_none:
            return ()
        name = self.application.current_title.name
        found = titles_named(former_title(name) or name)
        own = tuple(title for title in found if self.series and title.series == self.series.name)
        return own or found

    @cached_property
    def held_rank(self) -> int | None:
        """Rank of the current title; 1 without any (员级 need not come first), None when it is in no catalogue."""
        if self.holds_none:
            return 1
        return max((RANKS[title.grade] for title in self.held), default=None)

    @cached_property
    def changes_series(self) -> bool:
        """Whether the current title belongs to another series (转系列)."""
        return bool(self.held) and bool(self.series) and all(t.series != self.series.name for t in self.held)  # type: ignore[union-attr]


def years_between(start: PartialDate | None, end: date | None) -> int | None:
    """Completed years from `start` (its earliest day) to `end`; None when either is not stated."""
    if start is None or end is None:
        return None
    first = start.earliest
    years = end.year - first.year
    if first.day == LEAP_DAY:  # 2月29日起算的到2月28日届满（民法典第二百零二条）
        first = add_years(first, years)
    return years if (end.month, end.day) >= (first.month, first.day) else years - 1
