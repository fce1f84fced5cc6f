"""Rows that no digest binds as a whole must still follow from those that one does, and from the events.

The ledger of numbers from the certificates, revoked copies and renewed pick-up codes from their events, accounts from
theirs, days of registration from the log, counters from what was counted, and whole ID numbers from the masked ones.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Table, func, select

from generator.certificate.face.facts import mask_identity
from registry.applications.misconduct import COUNTER as ARCHIVE_COUNTER
from registry.audit.problems import Problem
from registry.database.account_tables import accounts
from registry.database.schema import applications, batches, copies, counters, events, integrity, numbers
from registry.issuing.numbering import PREFIX, SERIAL_DIGITS, is_number
from registry.issuing.reservation import APPLICATION_COUNTER, NUMBER_COUNTER
from registry.log.events import Kind
from registry.model import Facts

LEDGER: Final = (
    "application_id",
    "version",
    "number",
    "code",
    "licence_id",
    "list_id",
    "list_position",
)
COUNTED: Final[Mapping[str, Table]] = {
    APPLICATION_COUNTER: applications,
    NUMBER_COUNTER: numbers,
    ARCHIVE_COUNTER: integrity,
}


def ledger_agrees(certificate: Any, number: Any) -> bool:
    """Whether the ledger's row is that of the certificate, and its number that of its series and serial."""
    if number is None or not is_number(number.number):
        return False
    text = number.number.removeprefix(PREFIX)
    said = (text[: len(number.series)], int(text[-1 - SERIAL_DIGITS : -1]))
    same = all(getattr(number, name) == getattr(certificate, name) for name in LEDGER)
    fits = said == (number.series, number.serial) and number.reserved_at <= certificate.issued_at
    return bool(same and fits)


def identity_agrees(certificate: Any, identity: str | None, erased: Collection[int]) -> bool:
    """Whether the whole ID number is the one that the certificate shows in part, or went by an event.

    `erased` are the ids of applications that events name as erased.
    """
    if certificate.successor is not None:
        return True  # a correction may have corrected it
    shown = Facts.from_json(certificate.facts).identity_masked
    if identity is None:
        return not shown or certificate.application_id in erased
    return mask_identity(identity) == shown


def check_rows(connection: Connection) -> Iterator[Problem]:
    """Everything that does not follow from the log, table by table."""
    yield from _registered_when(connection)
    yield from _archived_when(connection)
    yield from _copies(connection)
    yield from _accounts(connection)
    yield from _counters(connection)


def erased_applications(connection: Connection) -> frozenset[int]:
    """Ids of the applications that were erased by an event."""
    subjects = (leaf["subject"] for leaf, _ in _of_kind(connection, Kind.ERASED))
    return frozenset(int(one.rpartition(":")[2]) for one in subjects)


def epoch_agrees(certificate: Any, life: Sequence[Any]) -> bool:
    """Whether the pick-up code has been renewed as often as the events say."""
    renewed = sum(event.kind == Kind.PICKUP_RENEWED for event in life)
    return bool(certificate.pickup_epoch == 1 + renewed)


def _of_kind(connection: Connection, kind: Kind) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    statement = select(events.c.leaf, events.c.detail).where(events.c.kind == str(kind))
    for row in connection.execute(statement.order_by(events.c.position)):
        yield json.loads(row.leaf), json.loads(row.detail)


def _registered_when(connection: Connection) -> Iterator[Problem]:
    when = {leaf["subject"]: leaf["at"] for leaf, _ in _of_kind(connection, Kind.REGISTERED)}
    for row in connection.execute(select(batches.c.number, batches.c.registered_at)):
        if when.get(row.number) != row.registered_at:
            yield Problem("batch_content", f"batches {row.number}")


def _archived_when(connection: Connection) -> Iterator[Problem]:
    when = {leaf["subject"]: leaf["at"] for leaf, _ in _of_kind(connection, Kind.DISHONESTY)}
    for row in connection.execute(select(integrity.c.id, integrity.c.recorded_at)):
        if when.get(f"integrity:{row.id}") != row.recorded_at:
            yield Problem("archive_content", f"integrity {row.id}")


def _copies(connection: Connection) -> Iterator[Problem]:
    when = {detail["copy"]: leaf["at"] for leaf, detail in _of_kind(connection, Kind.COPY_REVOKED)}
    for row in connection.execute(select(copies.c.code, copies.c.revoked_at)):
        if when.get(row.code) != row.revoked_at:
            yield Problem("copy_content", f"copies {row.code}")


def _accounts(connection: Connection) -> Iterator[Problem]:
    """Role, and whether an account is disabled, as they were last set."""
    roles, disabled = dict[str, str](), dict[str, bool]()
    for leaf, detail in _of_kind(connection, Kind.ACCOUNT):
        subject = leaf["subject"]
        roles[subject] = detail.get("role", roles.get(subject, ""))
        if detail["act"] in ("added", "reset", "disabled"):
            disabled[subject] = detail["act"] == "disabled"
    for row in connection.execute(select(accounts.c.id, accounts.c.role, accounts.c.disabled_at)):
        subject = f"account:{row.id}"
        if (roles.get(subject), disabled.get(subject)) != (row.role, row.disabled_at is not None):
            yield Problem("account_content", f"accounts {row.id}")


def _counters(connection: Connection) -> Iterator[Problem]:
    """No counter stands behind what it has counted: it would give the same value again."""
    values = {row.name: row.value for row in connection.execute(select(counters))}
    for name, table in COUNTED.items():
        last = connection.execute(select(func.max(table.c.id))).scalar()
        if last is not None and values.get(name, 0) < last:
            yield Problem("counter_behind", f"counters {name}")
