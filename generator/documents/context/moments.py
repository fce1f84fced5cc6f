"""The day of a document's act (行为日): the date it bears, else the day of its step in the process.

A step whose day is not stated borrows the nearest later step's, then the nearest earlier one's: the law in force then
is the law of the step, except in the very weeks in which it changed.
"""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Final

from generator.documents.context.subjects import Subject
from records.batch.model import Batch

ISSUED: Final = ("issued", "report_day")
LAST_SAME_YEAR: Final = 12, 31
_DAY: Final = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


class Moment(StrEnum):
    """Steps of the process, in their order."""

    NOTICED = "noticed"
    APPLIED = "applied"
    EMPLOYER = "employer"
    ROSTER = "roster"
    PLANNED = "planned"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    REPORTED = "reported"
    APPROVED = "approved"
    FOLLOWED = "followed"


BY_STAGE: Final = (
    Moment.NOTICED,
    Moment.APPLIED,
    Moment.EMPLOYER,
    Moment.ROSTER,
    Moment.ROSTER,
    Moment.REVIEWED,
    Moment.PUBLISHED,
    Moment.REPORTED,
    Moment.APPROVED,
    Moment.APPROVED,
    Moment.FOLLOWED,
)


def moment_of(stage: int, stated: str = "") -> Moment:
    """The catalogue's own word on a document, else its stage's step."""
    return Moment(stated) if stated else BY_STAGE[stage]


def act_day(moment: Moment, subject: Subject) -> date | None:
    """The day on which the document's act is done; None when the batch states no day at all."""
    for name in ISSUED:
        found = _read(str(subject.case.get(name) or ""))
        if found:
            return found
    days = _days(subject)
    order = list(Moment)
    place = order.index(moment)
    known = [days[step] for step in (*order[place:], *reversed(order[:place])) if step in days]
    return known[0] if known else None


def _read(text: str) -> date | None:
    match = _DAY.search(text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _days(subject: Subject) -> dict[Moment, date]:
    batch = subject.batch
    people = (subject.application,) if subject.application else subject.people or batch.applications
    stated: dict[Moment, date | None] = {
        Moment.NOTICED: batch.schedule.noticed,
        Moment.APPLIED: batch.schedule.closes or _latest(one.procedure.pledged_on for one in people),
        Moment.EMPLOYER: _latest(one.employer_publicity.starts for one in people),
        Moment.ROSTER: batch.roster_publicity.starts,
        Moment.PLANNED: batch.review.plan_filed,
        Moment.REVIEWED: batch.review.ends or batch.review.starts,
        Moment.PUBLISHED: batch.publicity.starts,
        Moment.REPORTED: batch.closing.reported or batch.publicity.ends,
        Moment.APPROVED: batch.approval.approved_on,
        Moment.FOLLOWED: batch.closing.archived,
    }
    return {step: day for step, day in stated.items() if day is not None} or _year_end(batch)


def _latest(days: Iterable[date | None]) -> date | None:
    return max((day for day in days if day is not None), default=None)


def _year_end(batch: Batch) -> dict[Moment, date]:
    """Where no day is stated, the end of the batch's year; nothing is reviewed across years (跨年度)."""
    return {Moment.FOLLOWED: date(batch.year, *LAST_SAME_YEAR)} if batch.year else {}
