"""电子档案: the scanned, sealed 评审表 of a person, kept beside the certificate.

It is drawn again as pictures and signed with a time-stamp and the archive key: no verifier takes it for a certificate.

Due one month after approval (内人社办发〔2024〕85号七（二）2). The form is never destroyed (细则第五十八条); a better
scan takes the place of an earlier one, which stays in the store.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pikepdf
from sqlalchemy import Connection, func, select

from core.message import message
from core.settings import Home
from records.input.checking import CALENDAR_FOLDER
from records.regulation.calendar import add_months, home_calendar, postpone
from records.regulation.rules.terms import ARCHIVE_WITHIN_MONTHS
from registry.applications.errors import ScanRefused, ScanUnusable
from registry.clock import local_day, moment_of, now, stamp
from registry.database.schema import batches, certificates
from registry.database.service_tables import batch_terms, scans
from registry.log.events import Actor, Kind, NewEvent, record
from registry.model import Certificate, State, canonical
from registry.register import Register

MOST_BYTES: Final = 64 << 20
MOST_PAGES: Final = 200
Sign = Callable[[bytes, Home], bytes]


@dataclass(frozen=True, slots=True)
class Scan:
    """One kept scan; hashes are hexadecimal, `source_sha256` is that of the file as it was brought."""

    certificate_number: str
    sha256: str
    source_sha256: str
    size: int
    pages: int
    added_at: str


@dataclass(frozen=True, slots=True)
class ArchiveState:
    """One batch: how many hold a certificate, how many of them lack the scan, until when it is due, days left."""

    batch_number: str
    certificates: int
    missing: int
    due_on: date
    days_left: int

    @property
    def overdue(self) -> bool:
        """Whether the month is over and scans are missing."""
        return self.missing > 0 and self.days_left < 0


def attach(register: Register, reference: str, data: bytes, actor: Actor, sign: Sign | None = None) -> Scan:
    """Sign a scanned form with a time-stamp and keep it for the holder of a certificate.

    Attaching the same file again changes nothing. `sign` is by default the home's own signer.

    Raises:
        CertificateUnknown: no such certificate.
        ScanRefused: the certificate is revoked.
        ScanUnusable: not a PDF, locked, signed already, without pages, or too large.
        SigningError: any of its kinds; nothing is kept.
        StoreNotWritable: the store refuses it.
    """
    certificate = register.lookup.find(reference)
    if certificate.state is State.REVOKED:
        state = message("registry", f"states.{certificate.state}")
        raise ScanRefused(number=certificate.number, state=state)
    pages, source = _pages(data), hashlib.sha256(data).hexdigest()
    held = scan_of(register, certificate)
    if held is not None and source in (held.source_sha256, held.sha256):
        return held
    signed = _signed(register, data, sign)
    scan = Scan(
        certificate.number, hashlib.sha256(signed).hexdigest(), source, len(signed), pages, stamp(now())
    )
    register.storage.put(signed, scan.sha256)
    register.storage.settle()
    try:
        _keep(register, certificate, scan, actor)
    except BaseException:
        register.storage.discard(scan.sha256)
        raise
    return scan


def _signed(register: Register, data: bytes, sign: Sign | None) -> bytes:
    from signing.errors import PdfUnsignable
    from signing.pades.brought_papers import sign_scan

    try:
        return (sign or sign_scan)(data, register.home)
    except PdfUnsignable as error:
        raise ScanUnusable(reason=error.data["reason"]) from error


def attach_folder(
    register: Register, folder: Path, actor: Actor
) -> Iterator[tuple[Path, Scan | ScanUnusable | ScanRefused | None]]:
    """Attach every `CERTIFICATE-NUMBER.pdf` of a folder; None where the name is no certificate number."""
    for path in sorted(folder.glob("*.pdf")):
        certificate = register.lookup.by_number(path.stem)
        if certificate is None:
            yield path, None
            continue
        try:
            yield path, attach(register, certificate.number, path.read_bytes(), actor)
        except (ScanUnusable, ScanRefused) as error:
            yield path, error


def scan_of(register: Register, certificate: Certificate) -> Scan | None:
    """The newest scan of the person's application, whichever version of the certificate is asked for."""
    with register.database.read() as connection:
        row = connection.execute(
            select(scans)
            .where(scans.c.application_id == certificate.application_id)
            .order_by(scans.c.id.desc())
            .limit(1)
        ).one_or_none()
    return _scan(row) if row else None


def scan_file(register: Register, scan: Scan) -> bytes:
    """The signed PDF.

    Raises:
        StoredFileMissing: the store has lost it.
    """
    return register.storage.get(scan.sha256)


def archive_states(register: Register, today: date | None = None) -> tuple[ArchiveState, ...]:
    """Every batch with certificates, the most urgent first: the reminder of the one-month period."""
    day = today or local_day(now())
    with register.database.read() as connection, home_calendar(register.home.root / CALENDAR_FOLDER):
        states = [_state(row, day) for row in _counted(connection)]
    return tuple(sorted(states, key=lambda one: (one.missing == 0, one.due_on, one.batch_number)))


def missing_scans(register: Register, batch_number: str) -> tuple[str, ...]:
    """Numbers of the certificates of a batch whose scan is still missing; superseded and revoked ones not."""
    with register.database.read() as connection:
        rows = connection.execute(
            select(certificates.c.number)
            .join(batches, batches.c.id == certificates.c.batch_id)
            .where(batches.c.number == batch_number, *_without_scan())
            .order_by(certificates.c.number)
        )
        return tuple(row.number for row in rows)


def scan_content(values: Any) -> str:
    """Canonical text of a scan's row, bound by its event."""
    names = ("application_id", "certificate_number", "sha256", "source_sha256", "size", "pages", "added_at")
    return canonical([values[name] for name in names])


def _keep(register: Register, certificate: Certificate, scan: Scan, actor: Actor) -> None:
    values = {
        "application_id": certificate.application_id,
        "certificate_number": scan.certificate_number,
        "sha256": scan.sha256,
        "source_sha256": scan.source_sha256,
        "size": scan.size,
        "pages": scan.pages,
        "added_at": scan.added_at,
    }
    row = values | {
        "sha256": bytes.fromhex(scan.sha256),
        "source_sha256": bytes.fromhex(scan.source_sha256),
    }
    with register.database.write() as connection:
        connection.execute(scans.insert().values(**row))
        detail = {"actor": actor.as_dict(), "scan": scan.sha256}
        event = NewEvent(Kind.SCANNED, certificate.number, detail, scan_content(values), certificate.id)
        record(connection, [event], moment_of(scan.added_at))


def _pages(data: bytes) -> int:
    """Number of pages of a usable scan."""
    if len(data) > MOST_BYTES:
        raise ScanUnusable(reason=message("registry", "scan.too_large", most=MOST_BYTES >> 20))
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            pages, locked = len(pdf.pages), pdf.is_encrypted
    except pikepdf.PdfError as error:
        raise ScanUnusable(reason=message("registry", "scan.no_pdf")) from error
    if locked or not 0 < pages <= MOST_PAGES:
        raise ScanUnusable(
            reason=message("registry", "scan.locked" if locked else "scan.pages", most=MOST_PAGES)
        )
    return pages


def _scan(row: Any) -> Scan:
    return Scan(
        row.certificate_number,
        bytes(row.sha256).hex(),
        bytes(row.source_sha256).hex(),
        row.size,
        row.pages,
        row.added_at,
    )


def _without_scan() -> tuple[Any, ...]:
    held = select(scans.c.id).where(scans.c.application_id == certificates.c.application_id)
    live = certificates.c.state.in_((str(State.VALID), str(State.SUSPENDED)))
    return (live, ~held.exists())


def _counted(connection: Connection) -> list[Any]:
    missing = select(func.count()).where(certificates.c.batch_id == batches.c.id, *_without_scan())
    total = select(func.count()).where(
        certificates.c.batch_id == batches.c.id, certificates.c.state != str(State.SUPERSEDED)
    )
    statement = select(
        batches.c.number,
        batches.c.registered_at,
        batch_terms.c.approved_on,
        missing.correlate(batches).scalar_subquery().label("missing"),
        total.correlate(batches).scalar_subquery().label("total"),
    ).outerjoin(batch_terms, batch_terms.c.batch_number == batches.c.number)
    return [row for row in connection.execute(statement) if row.total]


def _state(row: Any, today: date) -> ArchiveState:
    approved = date.fromisoformat(row.approved_on) if row.approved_on else None
    begins = approved or local_day(moment_of(row.registered_at))
    due = postpone(add_months(begins, ARCHIVE_WITHIN_MONTHS))
    return ArchiveState(row.number, row.total, row.missing, due, (due - today).days)
