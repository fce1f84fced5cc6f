"""`zhicheng database check`: nothing was rewritten behind the register's back, nothing is lost.

Every certificate row must give the digest that its `issued` event binds, every state must follow from the events,
every event from the log, and the log from the signed heads. Memory stays flat: rows are read in pages.
"""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, Table, func, select

from registry.applications.archive import scan_content
from registry.applications.disposals import disposal_content, disposal_row
from registry.applications.misconduct import content_of as entry_content
from registry.applications.misconduct import entry_of
from registry.applications.misconduct import sealed_place as entry_place
from registry.audit.file_check import check_file
from registry.audit.log_binding import content_digest, lives_of, pages, renewal_bound, state_of
from registry.audit.problems import Problem
from registry.audit.row_checks import (
    check_rows,
    epoch_agrees,
    erased_applications,
    identity_agrees,
    ledger_agrees,
)
from registry.audit.row_macs import CARRYING
from registry.audit.seal_check import check_seals
from registry.certificates.annotated_copies import copy_content
from registry.certificates.renewal import renewal_content
from registry.database.schema import (
    applications,
    batches,
    certificates,
    copies,
    counters,
    events,
    integrity,
    numbers,
    renewals,
)
from registry.database.service_tables import scans
from registry.errors import DatabaseNotReady, SealedValueDamaged, StoredFileMissing
from registry.issuing.source_archive import damaged
from registry.log.events import Kind, digest
from registry.log.tree_heads import leaves
from registry.log.verify import check_log
from registry.model import Facts
from registry.privacy.field_encryption import sealed_place
from registry.register import Register

if TYPE_CHECKING:
    from signing.keys.service_key import KeySet

PAGE: Final = 500
OF_CERTIFICATES: Final = frozenset(
    {
        Kind.ISSUED,
        Kind.SUSPENDED,
        Kind.RESUMED,
        Kind.REVOKED,
        Kind.SUPERSEDED,
        Kind.ANNOTATED,
        Kind.COPY_REVOKED,
        Kind.EXTENDED,
        Kind.PICKUP_RENEWED,
        Kind.SCANNED,
        Kind.EXCHANGED,
    }
)
"""Kinds whose subject is a certificate number."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was looked at and what does not fit."""

    certificates: int
    events: int
    problems: tuple[Problem, ...]


def check_register(
    register: Register, keyset: "KeySet", *, files: bool = True, kept: Sequence[str] = ()
) -> CheckReport:
    """Check the database's file, log, rows, sealed values, number series and, with `files`, every stored file.

    Raises:
        DatabaseNotReady: the database cannot be read, although its own check finds nothing.
    """
    torn = tuple(check_file(register.database))
    try:
        report = _content(register, keyset, kept, files=files)
    except DatabaseNotReady:
        if not torn:
            raise
        return CheckReport(0, 0, torn)  # what is torn cannot be counted either
    return CheckReport(report.certificates, report.events, torn + report.problems)


def _content(register: Register, keyset: "KeySet", kept: Sequence[str], *, files: bool) -> CheckReport:
    log = check_log(register, keyset, kept)
    problems = list(log.problems)
    with register.database.read() as connection:
        problems += _certificates(connection, register)
        problems += _named_by_events(connection)
        problems += _renewals(connection)
        problems += _macs(connection, register)
        problems += _series(connection)
        problems += _archive(connection, register)
        problems += check_rows(connection)
        problems += _certificates_of_events(connection)
        total = connection.execute(select(func.count()).select_from(certificates)).scalar_one()
    problems += check_seals(register)
    if files:
        problems += _files(register)
    return CheckReport(total, log.size, tuple(problems))


def _certificates(connection: Connection, register: Register) -> Iterator[Problem]:
    erased = erased_applications(connection)
    for page in pages(connection, certificates):
        lives = lives_of(connection, [row.id for row in page])
        held = _rows(connection, applications, [row.application_id for row in page])
        reserved = _rows(connection, numbers, [row.id for row in page])
        for row in page:
            yield from _certificate(row, lives[row.id], held.get(row.application_id), reserved.get(row.id))
            yield from _identity(register, row, held.get(row.application_id), erased)
        for application in held.values():
            yield from _application(register, application)


def _rows(connection: Connection, table: Table, ids: Sequence[int]) -> dict[int, Any]:
    return {row.id: row for row in connection.execute(select(table).where(table.c.id.in_(set(ids))))}


def _certificate(row: Any, life: Sequence[Any], application: Any, number: Any) -> Iterator[Problem]:
    place = f"certificates {row.number}"
    issued = [event for event in life if event.kind == Kind.ISSUED]
    if len(issued) != 1:
        yield Problem("certificate_without_event", place)
        return
    if json.loads(issued[0].leaf).get("content") != content_digest(row):
        yield Problem("certificate_content", place)
    if (row.state, row.state_at, row.successor) != state_of(life):
        yield Problem("certificate_state", place)
    if not epoch_agrees(row, life):
        yield Problem("certificate_state", place)
    if not ledger_agrees(row, number):
        yield Problem("certificate_number", place)
    detail = json.loads(issued[0].detail)
    said = (detail.get("application"), Facts.from_json(row.facts).name)
    said_now = said if row.successor is None else (said[0], application.name if application else None)
    if application is None or said_now != (application.number, application.name):
        yield Problem("certificate_person", place)


def _identity(register: Register, row: Any, application: Any, erased: Collection[int]) -> Iterator[Problem]:
    if application is None:
        return
    with suppress(SealedValueDamaged):  # which is a finding of its own
        place = sealed_place("identity", application.id)
        if not identity_agrees(row, register.vault.unseal(application.identity_sealed, place), erased):
            yield Problem("certificate_person", f"certificates {row.number}")


def _application(register: Register, row: Any) -> Iterator[Problem]:
    vault = register.vault
    try:
        identity = vault.unseal(row.identity_sealed, sealed_place("identity", row.id))
        vault.unseal(row.phone_sealed, sealed_place("phone", row.id))
    except SealedValueDamaged as error:
        yield Problem("sealed_value", str(error.data["place"]))
        return
    if identity is not None and vault.index(identity) != bytes(row.identity_index or b""):
        yield Problem("blind_index", f"applications {row.id}")


def _certificates_of_events(connection: Connection) -> Iterator[Problem]:
    """The column by which events are found names the certificate that the leaf names."""
    numbered = select(
        events.c.position, events.c.kind, events.c.certificate_id, events.c.leaf, certificates.c.number
    )
    joined = numbered.outerjoin_from(events, certificates, certificates.c.id == events.c.certificate_id)
    for row in connection.execute(joined, execution_options={"yield_per": PAGE}):
        subject = json.loads(row.leaf).get("subject") if row.kind in OF_CERTIFICATES else None
        if row.number != subject or (row.certificate_id is None) != (subject is None):
            yield Problem("event_kind", f"events {row.position}")


def _named_by_events(connection: Connection) -> Iterator[Problem]:
    """Rows that events vouch for: they exist, and batches and copies have the content that was recorded."""
    looks: dict[str, Callable[[Connection, Any, dict[str, Any]], Problem | None]] = {
        Kind.ISSUED: _issued_row,
        Kind.REGISTERED: _batch_row,
        Kind.ANNOTATED: _copy_row,
        Kind.EXTENDED: _renewal_row,
        Kind.DISHONESTY: _archive_row,
        Kind.SCANNED: _scan_row,
        Kind.DISPOSED: _disposal_row,
    }
    for row in leaves(connection):
        look = looks.get(row.kind)
        problem = look(connection, row, json.loads(row.leaf)) if look else None
        if problem:
            yield problem


def _issued_row(connection: Connection, event: Any, leaf: dict[str, Any]) -> Problem | None:
    found = connection.execute(select(certificates.c.number).where(certificates.c.id == event.certificate_id))
    return None if found.scalar() == leaf["subject"] else Problem("certificate_missing", leaf["subject"])


def _batch_row(connection: Connection, event: Any, leaf: dict[str, Any]) -> Problem | None:
    del event
    head = connection.execute(select(batches.c.head).where(batches.c.number == leaf["subject"])).scalar()
    good = head is not None and digest(head) == leaf["content"]
    return None if good else Problem("batch_content", f"batches {leaf['subject']}")


def _copy_row(connection: Connection, event: Any, leaf: dict[str, Any]) -> Problem | None:
    code = json.loads(event.detail).get("copy")
    row = connection.execute(select(copies).where(copies.c.code == code)).mappings().one_or_none()
    values = {**row, "sha256": bytes(row["sha256"]).hex()} if row else {}
    good = bool(values) and digest(copy_content(values)) == leaf["content"]
    return None if good else Problem("copy_content", f"copies {leaf['subject']}")


def _renewal_row(connection: Connection, event: Any, leaf: dict[str, Any]) -> Problem | None:
    sha256 = bytes.fromhex(json.loads(event.detail).get("sha256", ""))
    row = connection.execute(select(renewals).where(renewals.c.sha256 == sha256)).mappings().one_or_none()
    good = (
        row is not None
        and digest(
            renewal_content({**row, **{name: bytes(row[name]).hex() for name in ("previous", "sha256")}})
        )
        == leaf["content"]
    )
    return None if good else Problem("renewal_content", f"renewals {leaf['subject']}")


def _renewals(connection: Connection) -> Iterator[Problem]:
    """No renewed file without its event: its hash would make any file known."""
    for page in pages(connection, renewals):
        lives = lives_of(connection, [row.certificate_id for row in page])
        for row in page:
            if not renewal_bound(row, lives[row.certificate_id]):
                yield Problem("renewal_content", f"renewals {row.id}")


def _macs(connection: Connection, register: Register) -> Iterator[Problem]:
    """Rows that public answers refuse, because their MAC does not fit."""
    for table in CARRYING:
        for page in pages(connection, table):
            for row in page:
                if not register.macs.fits(table, row._asdict()):
                    yield Problem("row_mac", f"{table.name} {row.id}")


def _archive_row(connection: Connection, event: Any, leaf: dict[str, Any]) -> Problem | None:
    del event
    row_id = int(leaf["subject"].rpartition(":")[2])
    row = connection.execute(select(integrity).where(integrity.c.id == row_id)).one_or_none()
    good = row is not None and digest(entry_content(row_id, entry_of(row, ""))) == leaf["content"]
    return None if good else Problem("archive_content", f"integrity {row_id}")


def _scan_row(connection: Connection, event: Any, leaf: dict[str, Any]) -> Problem | None:
    sha256 = json.loads(event.detail).get("scan", "")
    row = connection.execute(select(scans).where(scans.c.sha256 == bytes.fromhex(sha256))).mappings().first()
    hashes = {name: bytes(row[name]).hex() for name in ("sha256", "source_sha256")} if row else {}
    good = row is not None and digest(scan_content({**row, **hashes})) == leaf["content"]
    return None if good else Problem("scan_content", f"scans {leaf['subject']}")


def _disposal_row(connection: Connection, event: Any, leaf: dict[str, Any]) -> Problem | None:
    del event
    row = disposal_row(connection, int(leaf["subject"].rpartition(":")[2]))
    good = row is not None and digest(disposal_content(row)) == leaf["content"]
    return None if good else Problem("disposal_content", leaf["subject"])


def _archive(connection: Connection, register: Register) -> Iterator[Problem]:
    for page in pages(connection, integrity):
        for row in page:
            place = entry_place(row.id)
            try:
                identity = register.vault.unseal(row.identity_sealed, place)
            except SealedValueDamaged:
                yield Problem("sealed_value", place)
                continue
            until = entry_of(row, identity or "").until_on.isoformat()
            if register.vault.index(identity) != bytes(row.identity_index) or row.until_on != until:
                yield Problem("archive_content", f"integrity {row.id}")


def _series(connection: Connection) -> Iterator[Problem]:
    """Each series runs from 1 to its counter without a gap."""
    statement = select(numbers.c.series, func.count(), func.max(numbers.c.serial)).group_by(numbers.c.series)
    last = {row.name: row.value for row in connection.execute(select(counters))}
    for series, amount, greatest in connection.execute(statement):
        if not amount == greatest == last.get(series):
            yield Problem("series_gap", series)


def _name_of(row: Any) -> Any:
    """What a row with a file is called in a message."""
    named = row._asdict()
    return named.get("code") or named.get("certificate_number") or named["id"]


def _files(register: Register) -> Iterator[Problem]:
    """Every registered file lies in the store with the bytes that were registered."""
    with register.database.read() as connection:
        for table in (certificates, copies, renewals, scans):
            for page in pages(connection, table):
                for row in page:
                    try:
                        register.storage.get(bytes(row.sha256).hex())
                    except StoredFileMissing:
                        yield Problem("file_missing", f"{table.name} {_name_of(row)}")
    for number in damaged(register):
        yield Problem("workbook_damaged", f"batch_sources {number}")
