"""销毁登记: papers of a batch may be destroyed after one year, but never the 评审表 or the minutes (细则第五十八条)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection, insert, select

from records.regulation.calendar import add_years
from records.regulation.rules.periods import KEEP_PAPERS_YEARS
from records.regulation.rules.terms import KEPT_PAPERS
from registry.applications.errors import BatchUnknown, DisposalTooEarly, PaperKept
from registry.clock import local_day, moment_of, now, stamp
from registry.database.schema import batches
from registry.database.service_tables import batch_terms, disposals
from registry.issuing.numbering import take
from registry.log.events import Actor, Kind, NewEvent, record
from registry.model import canonical
from registry.register import Register

COUNTER: Final = "#disposal"
COLUMNS: Final = ("batch_number", "papers", "copies", "disposed_on", "document", "handler", "witness")


@dataclass(frozen=True, slots=True)
class Disposal:
    """One entry: which papers and how many of them, when, by which document, who did it and who watched (监销)."""

    batch_number: str
    papers: str
    copies: int
    disposed_on: date
    document: str
    handler: str
    witness: str


@dataclass(frozen=True, slots=True)
class Disposable:
    """A batch, the first day on which its papers may be destroyed, and whether something has been."""

    batch_number: str
    allowed_from: date
    entries: int


def dispose(register: Register, entry: Disposal, actor: Actor) -> int:
    """Enter a destruction into the register; returns its number.

    Raises:
        BatchUnknown: no such batch is registered.
        DisposalTooEarly: the year is not over, or the day has not come.
        PaperKept: the list holds a paper that must be kept.
    """
    for paper in KEPT_PAPERS:
        if paper in entry.papers:
            raise PaperKept(paper=paper)
    with register.database.write() as connection:
        row = connection.execute(_batches().where(batches.c.number == entry.batch_number)).one_or_none()
        if row is None:
            raise BatchUnknown(number=entry.batch_number)
        allowed = _allowed(row)
        if entry.disposed_on < allowed or entry.disposed_on > local_day(now()):
            raise DisposalTooEarly(
                number=entry.batch_number,
                allowed=allowed.isoformat(),
                disposed_on=entry.disposed_on.isoformat(),
            )
        row_id = take(connection, [COUNTER])[COUNTER][0]
        moment = now()
        values = _values(entry) | {"id": row_id, "recorded_at": stamp(moment)}
        connection.execute(insert(disposals).values(**values))
        detail = {"actor": actor.as_dict(), "document": entry.document, "batch": entry.batch_number}
        event = NewEvent(Kind.DISPOSED, f"disposal:{row_id}", detail, disposal_content(values))
        record(connection, [event], moment)
    return int(row_id)


def disposals_of(register: Register, batch_number: str | None = None) -> tuple[Disposal, ...]:
    """The register of destructions, oldest first."""
    statement = select(disposals).order_by(disposals.c.id)
    if batch_number is not None:
        statement = statement.where(disposals.c.batch_number == batch_number)
    with register.database.read() as connection:
        return tuple(map(_entry, connection.execute(statement)))


def disposable(register: Register) -> tuple[Disposable, ...]:
    """Every batch with the day from which its papers may be destroyed, the earliest first."""
    with register.database.read() as connection:
        rows = connection.execute(_batches()).all()
        done = [row.batch_number for row in connection.execute(select(disposals.c.batch_number))]
    found = [Disposable(row.number, _allowed(row), done.count(row.number)) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.allowed_from, one.batch_number)))


def disposal_content(values: Any) -> str:
    """Canonical text of an entry, bound by its event."""
    return canonical([values[name] for name in ("id", *COLUMNS, "recorded_at")])


def disposal_row(connection: Connection, row_id: int) -> Any:
    """The row of an entry as a mapping; None when it is gone."""
    return connection.execute(select(disposals).where(disposals.c.id == row_id)).mappings().one_or_none()


def _batches() -> Any:
    return select(
        batches.c.number, batches.c.registered_at, batch_terms.c.review_ended_on, batch_terms.c.approved_on
    ).outerjoin(batch_terms, batch_terms.c.batch_number == batches.c.number)


def _allowed(row: Any) -> date:
    """The day after a full year since the evaluation ended and was approved, whichever came last."""
    known = [date.fromisoformat(day) for day in (row.review_ended_on, row.approved_on) if day]
    ended = max(known) if known else local_day(moment_of(row.registered_at))
    return add_years(ended, KEEP_PAPERS_YEARS) + timedelta(days=1)


def _values(entry: Disposal) -> dict[str, Any]:
    values = {name: getattr(entry, name) for name in COLUMNS}
    return values | {"disposed_on": entry.disposed_on.isoformat()}


def _entry(row: Any) -> Disposal:
    values = {name: getattr(row, name) for name in COLUMNS}
    return Disposal(**values | {"disposed_on": date.fromisoformat(row.disposed_on)})
