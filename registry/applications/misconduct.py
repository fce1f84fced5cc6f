"""Integrity archive (诚信档案): who may not apply or be issued to, for how long and why (细则第七十一至七十四条)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, insert, select

from core.message import message
from records.regulation.calendar import add_years
from registry.clock import local_day, now, stamp
from registry.database.schema import applications, integrity
from registry.errors import IntegrityIncomplete
from registry.issuing.numbering import take
from registry.log.events import Actor, Kind, NewEvent, record
from registry.model import Certificate, canonical
from registry.privacy.field_encryption import sealed_place as person_place
from registry.register import Register

YEARS: Final = 3  # 细则第七十二条
COUNTER: Final = "#integrity"
LOOKED_UP_AT_ONCE: Final = 500  # below every database's limit of parameters


class Subject(StrEnum):
    """人员类型."""

    APPLICANT = "applicant"
    EXPERT = "expert"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Dishonesty:
    """One entry: the five fields of 第七十一条 (the period follows from the day of effect) and the person."""

    subject: Subject
    name: str
    identity_number: str
    violation: str
    basis: str
    measure: str
    effective_on: date

    @property
    def until_on(self) -> date:
        """Last day of the period: three years less a day."""
        return date.fromordinal(add_years(self.effective_on, YEARS).toordinal() - 1)


def enter(register: Register, entry: Dishonesty, actor: Actor) -> int:
    """Write an entry into the archive; returns its id.

    Raises:
        IntegrityIncomplete: one of the five fields of 第七十一条, the name or the ID number is empty.
    """
    with register.database.write() as connection:
        moment = now()
        row_id = insert_entry(connection, register, entry, moment)
        record(connection, [_event(row_id, entry, actor)], moment)
        return row_id


def insert_entry(connection: Connection, register: Register, entry: Dishonesty, at: datetime) -> int:
    """The row alone, in the caller's transaction; its event must be recorded with the same moment.

    Raises:
        IntegrityIncomplete: a field is empty.
    """
    wanted = ("name", "identity_number", "violation", "basis", "measure")
    empty = [name for name in wanted if not getattr(entry, name).strip()]
    if empty:
        named = "、".join(message("registry", f"integrity_fields.{name}") for name in empty)
        raise IntegrityIncomplete(missing=named, codes=tuple(empty))
    row_id = take(connection, [COUNTER])[COUNTER][0]
    connection.execute(
        insert(integrity).values(
            id=row_id,
            subject=str(entry.subject),
            name=entry.name,
            identity_sealed=register.vault.seal(entry.identity_number, sealed_place(row_id)),
            identity_index=register.vault.index(entry.identity_number),
            recorded_at=stamp(at),
            until_on=entry.until_on.isoformat(),
            effective_on=entry.effective_on.isoformat(),
            violation=entry.violation,
            basis=entry.basis,
            measure=entry.measure,
        )
    )
    return row_id


def sealed_place(row_id: int) -> str:
    """Where a sealed ID number of the archive belongs."""
    return f"integrity.identity:{row_id}"


def content_of(row_id: int, entry: Dishonesty) -> str:
    """Canonical text of an entry without the ID number."""
    return canonical(
        [
            row_id,
            str(entry.subject),
            entry.name,
            entry.violation,
            entry.basis,
            entry.measure,
            entry.effective_on.isoformat(),
        ]
    )


def entry_of(row: Any, identity_number: str) -> Dishonesty:
    """An entry out of its row."""
    return Dishonesty(
        subject=Subject(row.subject),
        name=row.name,
        identity_number=identity_number,
        violation=row.violation,
        basis=row.basis,
        measure=row.measure,
        effective_on=date.fromisoformat(row.effective_on),
    )


def dishonesty_of(register: Register, certificate: Certificate, violation: str, basis: str) -> Dishonesty:
    """The entry that a revocation for dishonesty makes (细则第七十二条): the title is revoked, from today on.

    Raises:
        SealedValueDamaged: the holder's ID number does not open.
    """
    return Dishonesty(
        subject=Subject.APPLICANT,
        name=certificate.facts.name,
        identity_number=identity_of(register, certificate),
        violation=violation,
        basis=basis,
        measure=message("registry", "integrity.revoked"),
        effective_on=local_day(now()),
    )


def identity_of(register: Register, certificate: Certificate) -> str:
    """The holder's whole ID number, opened from the vault.

    Raises:
        SealedValueDamaged: it does not open.
    """
    with register.database.read() as connection:
        sealed = connection.execute(
            select(applications.c.identity_sealed).where(applications.c.id == certificate.application_id)
        ).scalar()
    return register.vault.unseal(sealed, person_place("identity", certificate.application_id)) or ""


def _event(row_id: int, entry: Dishonesty, actor: Actor) -> NewEvent:
    detail = {"actor": actor.as_dict(), "clause": entry.basis}
    return NewEvent(Kind.DISHONESTY, f"integrity:{row_id}", detail, content_of(row_id, entry))


def barred(register: Register, identity_numbers: Iterable[str | None], today: date) -> set[str]:
    """Those of the ID numbers that stand in the archive as applicants on that day."""
    indexes = {register.vault.index(number): number for number in identity_numbers if number}
    if not indexes:
        return set()
    day = today.isoformat()
    with register.database.read() as connection:
        rows = connection.execute(
            select(integrity.c.identity_index).where(
                integrity.c.identity_index.in_([index for index in indexes if index]),
                integrity.c.subject == str(Subject.APPLICANT),
                integrity.c.effective_on <= day,
                integrity.c.until_on >= day,
            )
        )
        return {indexes[bytes(row.identity_index)] for row in rows}


def records_of(
    register: Register, identity_numbers: Iterable[str | None]
) -> dict[str, tuple[tuple[date, date], ...]]:
    """First and last day of every entry against an applicant, by ID number; people without one are absent."""
    indexes = {register.vault.index(number): number for number in identity_numbers if number}
    wanted = [index for index in indexes if index]
    found: dict[str, tuple[tuple[date, date], ...]] = {}
    with register.database.read() as connection:
        for first in range(0, len(wanted), LOOKED_UP_AT_ONCE):
            rows = connection.execute(
                select(integrity.c.identity_index, integrity.c.effective_on, integrity.c.until_on).where(
                    integrity.c.identity_index.in_(wanted[first : first + LOOKED_UP_AT_ONCE]),
                    integrity.c.subject == str(Subject.APPLICANT),
                )
            )
            for row in rows:
                number = indexes[bytes(row.identity_index)]
                period = date.fromisoformat(row.effective_on), date.fromisoformat(row.until_on)
                found[number] = (*found.get(number, ()), period)
    return found


def entries(register: Register, on: date | None = None) -> tuple[tuple[int, Dishonesty], ...]:
    """Entries with their numbers, oldest first, without ID numbers; with `on` those whose period holds that day."""
    statement = select(integrity).order_by(integrity.c.id)
    if on is not None:
        day = on.isoformat()
        statement = statement.where(integrity.c.effective_on <= day, integrity.c.until_on >= day)
    with register.database.read() as connection:
        return tuple((row.id, entry_of(row, "")) for row in connection.execute(statement))
