"""Subjects: what one file is made about: the batch, one person, one employer's people, one expert, one complaint."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from generator.documents.catalogue import DocumentEntry, Per, Who
from generator.documents.context.applies import left_out
from generator.documents.context.cases import Case, Cases, blank_case
from generator.documents.context.events import stated_cases
from generator.documents.context.formats import text
from generator.documents.context.report import REPORT
from generator.documents.context.roles import BY_TALENT, reporting_unit
from generator.documents.context.wording import objected
from records.batch.model import Acquisition, Application, Batch, Channel, Complaint, Expert, Outcome

_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Subject:
    """One subject. `people` are the applications that it covers; `case` holds the fields of an event, `report` those of
    the 核准备案报告; the batch of a reporting unit has only that unit's applications.
    """

    batch: Batch
    people: tuple[Application, ...] = ()
    application: Application | None = None
    employer: str | None = None
    expert: Expert | None = None
    complaint: Complaint | None = None
    case: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    serial: int = 1
    blank: bool = False
    photos: Path | None = None
    copy: str = ""
    unit: str = ""
    report: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)

    @property
    def person(self) -> str | None:
        """申报编号 of the person it concerns."""
        return self.application.number if self.application else None

    @property
    def numbers(self) -> frozenset[str]:
        """申报编号 of everybody whom the file shows."""
        own = (self.application,) if self.application else ()
        return frozenset(one.number for one in (*self.people, *own))

    @property
    def label(self) -> str:
        """What tells its file from the others of the same document: `2025-0001_张三`, an employer, a number."""
        if self.blank:
            return ""
        if self.application:
            return f"{self.application.number}_{text(self.application.person.name)}"
        if self.complaint:
            return self.complaint.number
        if self.expert:
            return f"{self.serial:02d}_{self.expert.name}"
        return self.unit or text(self.employer)


_WHO: Mapping[Who, Callable[[Application, Batch], bool]] = {
    Who.ALL: lambda _, __: True,
    Who.SENIOR: lambda one, _: one.passed and one.sought.level is not None and one.sought.level.is_senior,
    Who.JUNIOR: lambda one, _: one.passed and one.sought.level is not None and not one.sought.level.is_senior,
    Who.FAILED: lambda one, _: one.outcome is Outcome.FAILED,
    Who.GREEN: lambda _, batch: batch.review.channel is Channel.GREEN,
    Who.GREEN_RECOMMENDED: lambda one, batch: (
        batch.review.channel is Channel.GREEN and one.talent_category not in BY_TALENT
    ),
    Who.GREEN_FOUR: lambda one, batch: (
        batch.review.channel is Channel.GREEN and one.talent_category in ("4", "（四）", "四")
    ),
    Who.RECOGNITION: lambda _, batch: batch.review.acquisition is Acquisition.RECOGNITION,
    Who.RECONFIRMATION: lambda _, batch: batch.review.acquisition is Acquisition.RECONFIRMATION,
    Who.OBJECTED: lambda one, _: objected(one),
}


def concerned(entry: DocumentEntry, batch: Batch) -> tuple[Application, ...]:
    """The applications that a document concerns, in input order."""
    test = _WHO.get(entry.who)
    return tuple(one for one in batch.applications if test(one, batch)) if test else ()


def subjects(
    entry: DocumentEntry, batch: Batch, cases: Cases | None = None, *, photos: Path | None = None
) -> tuple[Subject, ...]:
    """Every subject for which the document is made; a blank one when nothing in the batch calls for it."""
    told = {**stated_cases(batch), **(cases or {})}
    stated = told.get(entry.id, ())
    called = not entry.event and left_out(entry, batch, told) is None
    found = tuple(_of_batch(entry, batch)) if called and (entry.per is not Per.BATCH or not stated) else ()
    found = _told(found, stated) if found else tuple(_of_cases(batch, stated))
    found = found or (Subject(batch, case=blank_case(entry.id), blank=True),)
    report = told[REPORT][0].values if told.get(REPORT) else _NOTHING
    return tuple(replace(one, photos=photos, report=report) for one in found)


def _told(found: tuple[Subject, ...], cases: tuple[Case, ...]) -> tuple[Subject, ...]:
    """Each subject with the case that names it, or that names nobody and so is about all; the others as they are."""
    return tuple(
        next((replace(one, case=case.values) for case in cases if _names(case, one)), one) for one in found
    )


def _names(case: Case, subject: Subject) -> bool:
    return case.application in (None, subject.person) and case.employer in (None, subject.employer)


def _of_cases(batch: Batch, cases: tuple[Case, ...]) -> Iterator[Subject]:
    by_number = {one.number: one for one in batch.applications}
    for serial, case in enumerate(cases, start=1):
        person = by_number.get(case.application or "")
        people = (person,) if person else employees(batch).get(case.employer or "", batch.applications)
        label = case.employer or (str(serial) if person is None and len(cases) > 1 else None)
        yield Subject(batch, people, person, label, case=case.values, serial=serial)


def _of_batch(entry: DocumentEntry, batch: Batch) -> Iterator[Subject]:
    people = concerned(entry, batch)
    empty = blank_case(entry.id)
    match entry.per:
        case Per.BATCH:
            if people or entry.who is Who.ALL:
                yield Subject(batch, people, case=empty)
        case Per.PERSON:
            for serial, one in enumerate(people, start=1):
                yield Subject(batch, (one,), one, case=empty, serial=serial)
        case Per.EMPLOYER:
            for serial, (name, staff) in enumerate(employees(batch).items(), start=1):
                yield Subject(batch, staff, employer=name, case=empty, serial=serial)
        case Per.UNIT:
            yield from _of_units(batch, empty)
        case Per.EXPERT:
            for serial, expert in enumerate(batch.committee.experts, start=1):
                yield Subject(batch, people, expert=expert, case=empty, serial=serial)
        case Per.COMPLAINT:
            for serial, complaint in enumerate(batch.complaints, start=1):
                yield Subject(batch, people, complaint=complaint, case=empty, serial=serial)


def _of_units(batch: Batch, empty: Mapping[str, Any]) -> Iterator[Subject]:
    for serial, (name, staff) in enumerate(reporting_units(batch).items(), start=1):
        part = batch.model_copy(update={"applications": staff})
        yield Subject(part, staff, unit=name, case=empty, serial=serial)


def reporting_units(batch: Batch) -> dict[str, tuple[Application, ...]]:
    """Applications by 报送单位 (细则第三十四条), in the order in which the units first appear."""
    groups: dict[str, list[Application]] = {}
    for one in batch.applications:
        groups.setdefault(reporting_unit(one, batch), []).append(one)
    return {name: tuple(people) for name, people in groups.items()}


def employees(batch: Batch) -> dict[str, tuple[Application, ...]]:
    """Applications by employer, in the order in which employers first appear."""
    groups: dict[str, tuple[Application, ...]] = {}
    for one in batch.applications:
        name = text(one.employer.name)
        groups[name] = (*groups.get(name, ()), one)
    return groups
