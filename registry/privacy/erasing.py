"""Erasing a person (清除个人信息): what the register need not keep goes, what it must keep is named with its reason.

Titles are public acts: what stands on a certificate stays as long as the log that vouches for it. The ID number goes
once nobody can be harmed by its loss: no certificate in force, no entry of the integrity archive running.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from registry.applications.errors import PersonUnknown
from registry.clock import local_day, now
from registry.database.schema import applications, batch_sources, batches, certificates, integrity
from registry.database.service_tables import inquiries, progress_marks, progress_people, scans
from registry.log.events import Actor, Kind, NewEvent, record
from registry.model import State
from registry.register import Register


class Kept(StrEnum):
    """What stays, and why."""

    CERTIFICATES = "certificates"
    IDENTITY_IN_FORCE = "identity_in_force"
    IDENTITY_IN_ARCHIVE = "identity_in_archive"
    SCANS = "scans"
    INTEGRITY = "integrity"
    WORKBOOKS = "workbooks"
    BACKUPS = "backups"


class Removed(StrEnum):
    """What goes."""

    PHONES = "phones"
    IDENTITIES = "identities"
    NAMES = "names"
    INQUIRIES = "inquiries"
    PROGRESS = "progress"


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was (or, as a plan, would be) removed and what stays, each with a count."""

    applications: int
    removed: dict[Removed, int]
    kept: dict[Kept, int]


@dataclass(frozen=True, slots=True)
class _Person:
    index: bytes
    rows: tuple[Any, ...]
    certified: frozenset[int]
    in_force: bool
    archived: int
    archive_runs: bool

    @property
    def ids(self) -> list[int]:
        return [row.id for row in self.rows]

    @property
    def may_go(self) -> bool:
        """Whether the ID number may go."""
        return not self.in_force and not self.archive_runs


def erase_person(
    register: Register, identity_number: str, actor: Actor, document: str = "", *, plan: bool = False
) -> Erasure:
    """Remove what need not be kept of the person with that ID number; with `plan` only say what would happen.

    Repeating it is harmless. Each application gets an `erased` event without any personal data.

    Raises:
        PersonUnknown: the register knows nobody with that number.
    """
    index = register.vault.index(identity_number)
    if index is None or not identity_number.strip():
        raise PersonUnknown
    with register.database.write() as connection:
        person = _person(connection, index)
        kept = _kept(connection, person)
        removed = _removable(connection, person)
        if not plan:
            _remove(connection, person)
            detail = {
                "actor": actor.as_dict(),
                "document": document,
                "removed": sorted(name for name, count in removed.items() if count),
            }
            news = [NewEvent(Kind.ERASED, f"application:{row_id}", detail) for row_id in person.ids]
            record(connection, news, now())
    return Erasure(len(person.rows), removed, kept)


def _person(connection: Connection, index: bytes) -> _Person:
    rows = connection.execute(select(applications).where(applications.c.identity_index == index)).all()
    waiting = connection.execute(
        select(progress_people.c.id).where(progress_people.c.identity_index == index)
    ).first()
    entries = connection.execute(
        select(integrity.c.until_on).where(integrity.c.identity_index == index)
    ).all()
    if not rows and waiting is None and not entries:
        raise PersonUnknown
    issued = connection.execute(
        select(certificates.c.application_id, certificates.c.state).where(
            certificates.c.application_id.in_([row.id for row in rows])
        )
    ).all()
    today = local_day(now()).isoformat()
    return _Person(
        index=index,
        rows=tuple(rows),
        certified=frozenset(row.application_id for row in issued),
        in_force=any(row.state in (State.VALID, State.SUSPENDED) for row in issued),
        archived=len(entries),
        archive_runs=any(row.until_on >= today for row in entries),
    )


def _kept(connection: Connection, person: _Person) -> dict[Kept, int]:
    numbers = [row.batch_id for row in person.rows]
    workbooks = connection.execute(
        select(func.count())
        .select_from(batch_sources)
        .join(batches, batches.c.number == batch_sources.c.number)
        .where(batches.c.id.in_(numbers))
    ).scalar_one()
    forms = connection.execute(
        select(func.count()).select_from(scans).where(scans.c.application_id.in_(person.ids))
    ).scalar_one()
    counts = {
        Kept.CERTIFICATES: len(person.certified),
        Kept.IDENTITY_IN_FORCE: int(person.in_force),
        Kept.IDENTITY_IN_ARCHIVE: int(person.archive_runs),
        Kept.SCANS: forms,
        Kept.INTEGRITY: person.archived,
        Kept.WORKBOOKS: workbooks,
        Kept.BACKUPS: 1,
    }
    return {name: count for name, count in counts.items() if count}


def _removable(connection: Connection, person: _Person) -> dict[Removed, int]:
    asked = connection.execute(_of_certificates(select(func.count()).select_from(inquiries), person))
    followed = connection.execute(
        select(func.count())
        .select_from(progress_people)
        .where(progress_people.c.identity_index == person.index)
    )
    uncertified = [row for row in person.rows if row.id not in person.certified and row.name]
    counts = {
        Removed.PHONES: sum(row.phone_sealed is not None for row in person.rows),
        Removed.IDENTITIES: len(person.rows) if person.may_go else 0,
        Removed.NAMES: len(uncertified) if person.may_go else 0,
        Removed.INQUIRIES: asked.scalar_one(),
        Removed.PROGRESS: followed.scalar_one(),
    }
    return {name: count for name, count in counts.items() if count}


def _remove(connection: Connection, person: _Person) -> None:
    own = applications.c.id.in_(person.ids)
    connection.execute(update(applications).where(own).values(phone_sealed=None))
    connection.execute(_of_certificates(delete(inquiries), person))
    followed = connection.execute(
        select(progress_people).where(progress_people.c.identity_index == person.index)
    ).all()
    for row in followed:
        connection.execute(
            delete(progress_marks).where(
                progress_marks.c.application_number == row.application_number,
                progress_marks.c.batch_number.in_(("", row.batch_number)),
            )
        )
    connection.execute(delete(progress_people).where(progress_people.c.identity_index == person.index))
    if person.may_go:
        connection.execute(update(applications).where(own).values(identity_sealed=None, identity_index=None))
        bare = own & applications.c.id.not_in(person.certified)
        connection.execute(update(applications).where(bare).values(name=""))


def _of_certificates(statement: Any, person: _Person) -> Any:
    held = select(certificates.c.id).where(certificates.c.application_id.in_(person.ids))
    return statement.where(inquiries.c.certificate_id.in_(held))
