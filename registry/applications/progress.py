"""进度查询: at which of sixteen stages an application stands, and since when.

Stages before the evaluation are noted by hand; those of the evaluation follow from the days of the batch, noted
whenever it is checked, documents are made or certificates are issued; the last two follow from the certificates
themselves. Rows are added, never changed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import islice
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, Table, or_, select, update

from records.batch.model import Application, Batch
from registry.applications.errors import ApplicationUnknown
from registry.clock import LOCAL, local_day, now, stamp
from registry.database.schema import applications, batches
from registry.database.service_tables import batch_terms, progress_marks, progress_people
from registry.database.upsert import insert_into
from registry.log.events import Actor, Kind, NewEvent, record
from registry.model import Certificate, State
from registry.register import Register

CHUNK: Final = 1000
WHOLE_BATCH: Final = ""
MOST_CODE: Final = 18  # GB 32100-2015


class Stage(StrEnum):
    """The sixteen stages in their order; 受理 has three outcomes."""

    REGISTERED = "registered"
    UNIT_REVIEW = "unit_review"
    UNIT_RETURNED = "unit_returned"
    DEPARTMENT_REVIEW = "department_review"
    AUTHORITY_REVIEW = "authority_review"
    UNIT_PUBLICITY = "unit_publicity"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    SUPPLEMENT = "supplement"
    NOT_ACCEPTED = "not_accepted"
    PLAN_FILED = "plan_filed"
    EVALUATION = "evaluation"
    NOT_PASSED = "not_passed"
    RESULT_PUBLICITY = "result_publicity"
    APPROVING = "approving"
    APPROVED = "approved"
    ISSUED = "issued"
    REVOKED = "revoked"

    @property
    def step(self) -> int:
        """1 to 16: 受理, 补正 and 不予受理 are one stage."""
        return _STEPS[self]


_STEPS: Final[Mapping[Stage, int]] = MappingProxyType(
    {stage: place - max(0, min(2, place - 8)) for place, stage in enumerate(Stage, 1)}
)
BY_HAND: Final = tuple(one for one in Stage if one not in (Stage.ISSUED, Stage.REVOKED))
_ONLY_PASSED: Final = (Stage.RESULT_PUBLICITY, Stage.APPROVING, Stage.APPROVED)


class Origin(StrEnum):
    """Where a mark comes from."""

    BATCH = "batch"
    HAND = "hand"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class Mark:
    """A stage that was reached, at a time (UTC)."""

    stage: Stage
    at: str
    origin: Origin
    note: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where one application stands; `marks` in the order of their times, the last one is where it is now."""

    application_number: str
    batch_number: str
    marks: tuple[Mark, ...]

    @property
    def current(self) -> Mark | None:
        """The stage reached last; None when nothing is known but that the application is in the batch."""
        return self.marks[-1] if self.marks else None


def set_stage(
    register: Register,
    application_number: str,
    stage: Stage,
    actor: Actor,
    *,
    batch_number: str = "",
    at: datetime | None = None,
    note: str = "",
) -> Mark:
    """Note a stage by hand (单位审核、受理…); 已发证 and 已撤销 follow from certificates and cannot be set.

    Raises:
        ValueError: the stage is one of those two.
    """
    if stage not in BY_HAND:
        raise ValueError(stage)
    moment = stamp(at or now())
    mark = {
        "batch_number": batch_number,
        "application_number": application_number,
        "stage": str(stage),
        "at": moment,
        "origin": str(Origin.HAND),
        "noted_at": stamp(now()),
        "note": note,
    }
    with register.database.write() as connection:
        _add(connection, progress_marks, [mark])
        detail = {
            "actor": actor.as_dict(),
            "application": application_number,
            "stage": str(stage),
            "at": moment,
        }
        record(connection, [NewEvent(Kind.PROGRESS, f"progress:{stage}", detail)], now())
    return Mark(stage, moment, Origin.HAND, note)


def note_batch(
    register: Register,
    batch: Batch,
    people: Iterable[Application] | None = None,
    *,
    approving: bool = False,
) -> None:
    """Note what a batch says of its people's progress; harmless to repeat.

    `people` may stream in place of `batch.applications`. `approving`: papers for approval have been made, and unless
    the batch is approved already, its people stand at 核准中 from now on.
    """
    today = local_day(now())
    with register.database.write() as connection:
        _note_terms(connection, batch)
        _add(connection, progress_marks, list(_batch_marks(batch, today, approving=approving)))
        walk = iter(people if people is not None else batch.applications)
        while part := list(islice(walk, CHUNK)):
            _add(connection, progress_people, [_person(register, batch, one) for one in part])
            own = [mark for one in part for mark in _own_marks(batch, one, today)]
            _add(connection, progress_marks, own)


def progress_of(
    register: Register, application_number: str, batch_number: str | None = None, *, announced: bool = False
) -> Progress:
    """Where an application stands; in the newest batch that knows it, unless one is named.

    `announced`: as the applicant may see it. How the committee voted stays unsaid until the results are made public.

    Raises:
        ApplicationUnknown: neither a batch nor a mark knows it.
    """
    with register.database.read() as connection:
        number = _batch_of(connection, application_number) if batch_number is None else batch_number
        marks = _marks(connection, application_number, number, announced=announced)
        known = _is_in(connection, application_number, number)
        ids = connection.execute(
            select(applications.c.id)
            .join(batches, batches.c.id == applications.c.batch_id)
            .where(batches.c.number == number, applications.c.number == application_number)
        )
        application_id = ids.scalar()
    if application_id is not None:
        marks += _of_certificates(register, application_id)
    if not known and not any(mark.origin is not Origin.BATCH for mark in marks):
        raise ApplicationUnknown(application_number=application_number)
    return Progress(application_number, number, _in_order(marks))


def progress_for(register: Register, application_number: str, identity_number: str) -> Progress:
    """As `progress_of`, for the applicant himself: the ID number must be that of the application.

    Raises:
        ApplicationUnknown: unknown, or of somebody else; the two cannot be told apart.
    """
    index = register.vault.index(identity_number)
    with register.database.read() as connection:
        found = connection.execute(
            select(progress_people.c.batch_number)
            .where(
                progress_people.c.identity_index == index,
                progress_people.c.application_number == application_number,
            )
            .order_by(progress_people.c.id.desc())
        ).first()
    if found is None:
        raise ApplicationUnknown(application_number=application_number)
    return progress_of(register, application_number, found.batch_number, announced=True)


def progress_of_certificate(register: Register, certificate: Certificate) -> Progress:
    """The whole way to one certificate, for its holder."""
    with register.database.read() as connection:
        row = connection.execute(
            select(applications.c.number, batches.c.number.label("batch"))
            .join(batches, batches.c.id == applications.c.batch_id)
            .where(applications.c.id == certificate.application_id)
        ).one()
    return progress_of(register, row.number, row.batch)


def _note_terms(connection: Connection, batch: Batch) -> None:
    table = batch_terms
    values = {
        "review_ended_on": _iso(batch.review.ends or batch.review.starts),
        "approved_on": _iso(batch.approval.approved_on),
        "filed_until": _iso(batch.committee.filing_valid_until),
    }
    statement = insert_into(connection, table).values(batch_number=batch.number, **values)
    connection.execute(statement.on_conflict_do_nothing())
    connection.execute(update(table).where(table.c.batch_number == batch.number).values(**values))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _batch_marks(batch: Batch, today: date, *, approving: bool) -> Iterator[dict[str, Any]]:
    """Marks of the whole batch: days of its head that have come."""
    days = {
        Stage.PLAN_FILED: batch.review.plan_filed,
        Stage.EVALUATION: batch.review.starts,
        Stage.RESULT_PUBLICITY: batch.publicity.starts,
        Stage.APPROVED: batch.approval.approved_on,
    }
    for stage, day in days.items():
        if day and day <= today:
            yield _mark(batch, WHOLE_BATCH, stage, day)
    ends = batch.publicity.ends
    if approving and not batch.approval.approved_on and ends and ends < today:
        yield _mark(batch, WHOLE_BATCH, Stage.APPROVING, today)


def _own_marks(batch: Batch, one: Application, today: date) -> Iterator[dict[str, Any]]:
    starts = one.employer_publicity.starts
    if starts and starts <= today:
        yield _mark(batch, one.number, Stage.UNIT_PUBLICITY, starts)
    ended = batch.review.ends or batch.review.starts
    if one.outcome is not None and not one.passed and ended and ended <= today:
        yield _mark(batch, one.number, Stage.NOT_PASSED, ended)


def _mark(batch: Batch, application_number: str, stage: Stage, day: date) -> dict[str, Any]:
    return {
        "batch_number": batch.number,
        "application_number": application_number,
        "stage": str(stage),
        "at": stamp(datetime(day.year, day.month, day.day, tzinfo=LOCAL).astimezone(UTC)),
        "origin": str(Origin.BATCH),
        "noted_at": stamp(now()),
        "note": "",
    }


def _person(register: Register, batch: Batch, one: Application) -> dict[str, Any]:
    return {
        "batch_number": batch.number,
        "application_number": one.number,
        "identity_index": register.vault.index(one.person.identity_number),
        "employer_code": (one.employer.uscc or "")[:MOST_CODE],
    }


def _add(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert those that are not there yet."""
    if rows:
        connection.execute(insert_into(connection, table).on_conflict_do_nothing(), rows)


def _batch_of(connection: Connection, application_number: str) -> str:
    statement = select(progress_people.c.batch_number).where(
        progress_people.c.application_number == application_number
    )
    found = connection.execute(statement.order_by(progress_people.c.id.desc())).scalar()
    if found is None:
        statement = select(batches.c.number).join(applications, applications.c.batch_id == batches.c.id)
        statement = statement.where(applications.c.number == application_number)
        found = connection.execute(statement.order_by(applications.c.id.desc())).scalar()
    return str(found or "")


def _is_in(connection: Connection, application_number: str, batch_number: str) -> bool:
    statement = select(progress_people.c.id).where(
        progress_people.c.application_number == application_number,
        progress_people.c.batch_number == batch_number,
    )
    return connection.execute(statement).first() is not None


def _marks(
    connection: Connection, application_number: str, batch_number: str, *, announced: bool
) -> list[Mark]:
    own = (progress_marks.c.application_number == application_number) & (
        progress_marks.c.batch_number.in_(("", batch_number))
    )
    whole = (progress_marks.c.application_number == WHOLE_BATCH) & (
        progress_marks.c.batch_number == batch_number
    )
    wanted = or_(own, whole) if batch_number else own
    rows = connection.execute(select(progress_marks).where(wanted).order_by(progress_marks.c.id)).all()
    found = [Mark(Stage(row.stage), row.at, Origin(row.origin), row.note) for row in rows]
    if announced and not any(mark.stage is Stage.RESULT_PUBLICITY for mark in found):
        return [mark for mark in found if mark.stage is not Stage.NOT_PASSED]
    if any(mark.stage is Stage.NOT_PASSED for mark in found):
        return [mark for mark in found if mark.origin is Origin.HAND or mark.stage not in _ONLY_PASSED]
    return found


def _of_certificates(register: Register, application_id: int) -> list[Mark]:
    """已发证 with the first version, 已撤销 with the revocation."""
    found = register.lookup.of_application(application_id)
    marks = [Mark(Stage.ISSUED, one.issued_at, Origin.CERTIFICATE) for one in found[:1]]
    gone = [one for one in found if one.state is State.REVOKED]
    return marks + [Mark(Stage.REVOKED, one.state_at, Origin.CERTIFICATE) for one in gone]


def _in_order(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """By time; at the same time the later stage comes last."""
    return tuple(sorted(dict.fromkeys(marks), key=lambda mark: (mark.at, mark.stage.step)))
