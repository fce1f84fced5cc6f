"""Reserving (预留): each candidate gets its number, code and list position before anything is pressed.

A reservation is committed on its own. If the program dies afterwards, the next run finds it and goes on with the same
number; so the series has no gap and nobody gets two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from registry.certificates.status_positions import COUNTER as STATUS_COUNTER
from registry.certificates.status_positions import position
from registry.clock import now, stamp
from registry.database.bulk_insert import insert_rows
from registry.database.schema import applications, batches, certificates, numbers
from registry.identifiers import new_code
from registry.issuing.licence_id import LicenceId
from registry.issuing.numbering import LICENCE_SERIAL_DIGITS, take
from registry.issuing.types import Candidate, Slot
from registry.privacy.field_encryption import sealed_place
from registry.register import Register

FIRST_VERSION: Final = 1
APPLICATION_COUNTER: Final = "#application"
NUMBER_COUNTER: Final = "#number"


@dataclass(frozen=True, slots=True)
class Reservation:
    """What came of reserving one chunk, by application number: slots to press, and ids issued earlier."""

    slots: Mapping[str, Slot]
    issued: Mapping[str, int]


def reserve(register: Register, batch_id: int, candidates: Sequence[Candidate]) -> Reservation:
    """Reserve for a chunk of candidates in one transaction; harmless to repeat.

    Raises:
        SeriesExhausted: a series has no serial left.
        DatabaseNotReady: nothing was reserved.
    """
    with register.database.write() as connection:
        lock_batch(connection, batch_id)
        ids = _application_ids(connection, register, batch_id, candidates)
        held = _held(connection, list(ids.values()))
        issued = _issued(connection, list(ids.values()))
        wanted = [
            one
            for one in candidates
            if ids[one.application_number] not in issued
            and not _fits(one, held.get(ids[one.application_number]))
        ]
        fresh = _allocate(connection, register, batch_id, wanted, ids, held)
    slots = {
        one.application_number: fresh.get(one.application_number)
        or _slot_of(held[ids[one.application_number]], batch_id)
        for one in candidates
        if ids[one.application_number] not in issued
    }
    done = {number: issued[row] for number, row in ids.items() if row in issued}
    return Reservation(slots, done)


def lock_batch(connection: Connection, batch_id: int) -> None:
    """Let nobody else reserve or register for this batch until the transaction ends."""
    connection.execute(select(batches.c.id).where(batches.c.id == batch_id).with_for_update()).one()


def _application_ids(
    connection: Connection, register: Register, batch_id: int, candidates: Sequence[Candidate]
) -> dict[str, int]:
    wanted = [one.application_number for one in candidates]
    found = connection.execute(
        select(applications.c.number, applications.c.id).where(
            applications.c.batch_id == batch_id, applications.c.number.in_(wanted)
        )
    )
    ids = {row.number: row.id for row in found}
    missing = [one for one in candidates if one.application_number not in ids]
    if missing:
        taken = take(connection, [APPLICATION_COUNTER] * len(missing))[APPLICATION_COUNTER]
        rows = [
            _application(register, batch_id, row_id, one) for row_id, one in zip(taken, missing, strict=True)
        ]
        insert_rows(connection, applications, rows)
        ids |= {row["number"]: row["id"] for row in rows}
    return ids


def _application(register: Register, batch_id: int, row_id: int, one: Candidate) -> dict[str, Any]:
    vault = register.vault
    return {
        "id": row_id,
        "batch_id": batch_id,
        "number": one.application_number,
        "name": one.facts.name,
        "identity_sealed": vault.seal(one.identity_number, sealed_place("identity", row_id)),
        "identity_index": vault.index(one.identity_number),
        "phone_sealed": vault.seal(one.phone, sealed_place("phone", row_id)),
    }


def _held(connection: Connection, ids: Sequence[int]) -> dict[int, Any]:
    """The newest first-version number of each application, whether pressed yet or not."""
    rows = connection.execute(
        select(numbers)
        .where(numbers.c.application_id.in_(ids), numbers.c.version == FIRST_VERSION)
        .order_by(numbers.c.attempt)
    )
    return {row["application_id"]: row for row in rows.mappings()}


def _issued(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    """Application id → id of its first certificate."""
    rows = connection.execute(
        select(certificates.c.application_id, certificates.c.id).where(
            certificates.c.application_id.in_(ids), certificates.c.version == FIRST_VERSION
        )
    )
    return {row.application_id: row.id for row in rows}


def _fits(one: Candidate, held: Any) -> bool:
    """Whether a held number still says what the facts say; otherwise it is void and another one is taken."""
    return held is not None and held["series"] == one.series.name and held["number"][13] == one.way


def _allocate(
    connection: Connection,
    register: Register,
    batch_id: int,
    wanted: Sequence[Candidate],
    ids: Mapping[str, int],
    held: Mapping[int, Any],
) -> dict[str, Slot]:
    if not wanted:
        return {}
    moment = now()
    licences = licence_series(register, moment.year)
    names = [NUMBER_COUNTER, STATUS_COUNTER, licences] * len(wanted)
    taken = take(connection, names + [one.series.name for one in wanted])
    rows = []
    for one in wanted:
        previous = held.get(ids[one.application_number])
        serial = taken[one.series.name].pop(0)
        list_id, list_position = position(taken[STATUS_COUNTER].pop(0), register.vault.list_key)
        rows.append(
            {
                "id": taken[NUMBER_COUNTER].pop(0),
                "application_id": ids[one.application_number],
                "version": FIRST_VERSION,
                "attempt": previous["attempt"] + 1 if previous else 1,
                "series": one.series.name,
                "serial": serial,
                "number": one.series.number(one.way, serial),
                "code": new_code(),
                "licence_id": licence_id(register, moment.year, taken[licences].pop(0)),
                "list_id": list_id,
                "list_position": list_position,
                "reserved_at": stamp(moment),
            }
        )
    insert_rows(connection, numbers, rows)
    return {one.application_number: _slot_of(row, batch_id) for one, row in zip(wanted, rows, strict=True)}


def licence_series(register: Register, year: int) -> str:
    """Counter of the licence serials of a year."""
    return f"#licence:{register.settings.licence_issuer}:{year}"


def licence_id(register: Register, year: int, serial: int) -> str:
    """The electronic licence identifier of a first version."""
    settings = register.settings
    text = f"{year}{serial:0{LICENCE_SERIAL_DIGITS}d}"
    return str(LicenceId(settings.licence_type, settings.licence_issuer, text, "001"))


def _slot_of(row: Mapping[str, Any], batch_id: int) -> Slot:
    names = ("id", "application_id", "version", "number", "code", "licence_id", "list_id", "list_position")
    return Slot(batch_id=batch_id, **{name: row[name] for name in names})
