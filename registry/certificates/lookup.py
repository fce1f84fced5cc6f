"""Looking certificates up: by code in one indexed read, by number, by file, by person.

Public look-ups are the hot path of the whole system, so they go over a kept driver connection per thread with plain
SQL; building a statement object per request costs more than the read itself.
"""

import hashlib
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet, finalize

from sqlalchemy import Table
from sqlalchemy.exc import DBAPIError

from registry.audit.row_macs import COLUMNS, MAC, RowMacs
from registry.database.engine import Database
from registry.database.error_text import database_reason
from registry.database.schema import certificates, copies, renewals
from registry.errors import CertificateUnknown, DatabaseNotReady
from registry.identifiers import normal_code, normal_number
from registry.model import Certificate, Copy, Event, Facts, State
from registry.privacy.field_encryption import Vault, sealed_place


def _names(table: Table, prefix: str = "") -> str:
    """What a MAC covers and the MAC, in the order in which `RowMacs.check` takes them."""
    return ", ".join(f"{prefix}{name}" for name in (*COLUMNS[table.name], MAC))


_CERTIFICATE = f"SELECT {_names(certificates)} FROM certificates WHERE "  # noqa: S608 - constant text
_PERSON = f"""
SELECT {_names(certificates, "c.")} FROM applications a JOIN certificates c ON c.application_id = a.id
WHERE a.identity_index = ? AND a.name = ? ORDER BY c.id
"""  # noqa: S608 - constant text
_COPY = f"SELECT {_names(copies)} FROM copies WHERE "  # noqa: S608 - constant text
_RENEWED = f"SELECT {_names(renewals)} FROM renewals WHERE "  # noqa: S608 - constant text
_EVENTS = "SELECT position, kind, leaf, detail FROM events WHERE certificate_id = ? ORDER BY position"

CACHE_KIB = 64 << 10
"""Of SQLite pages, per reading thread, and only as many as are read: the inner nodes of ten million rows are 55 MB."""

Row = Sequence[Any]


class _Kept:
    """One thread's connection. It ends with its thread and never goes back to the pool, being in autocommit."""

    def __init__(self, record: Any) -> None:
        self.connection = record.driver_connection
        self.close = finalize(self, record.invalidate)


class Lookup:
    """The reading side of the register. Every answer is one committed state; safe between threads."""

    def __init__(self, database: Database, vault: Vault, macs: RowMacs) -> None:
        self._database = database
        self._vault = vault
        self._macs = macs
        self._local = threading.local()
        self._kept: WeakSet[_Kept] = WeakSet()
        self._lock = threading.Lock()
        self._paramstyle = "?" if database.is_sqlite else "%s"

    def by_code(self, code: str) -> Certificate | None:
        """The certificate of a verification code (any case; typed 0, 1 and 8 are read as O, I and B)."""
        return self._one("code = ?", normal_code(code))

    def by_number(self, number: str) -> Certificate | None:
        """The certificate of a certificate number."""
        return self._one("number = ?", normal_number(number))

    def by_licence(self, licence_id: str) -> Certificate | None:
        """The certificate of an electronic licence identifier (电子证照标识)."""
        return self._one("licence_id = ?", licence_id.strip().upper())

    def by_file(self, data: bytes) -> Certificate | None:
        """The certificate whose registered file is exactly these bytes."""
        return self.by_sha256(hashlib.sha256(data).hexdigest())

    def by_sha256(self, sha256: str) -> Certificate | None:
        """The certificate whose registered file, as issued or as renewed since, has this hexadecimal hash."""
        digest = bytes.fromhex(sha256)
        found = self._one("sha256 = ?", digest)
        if found is not None:
            return found
        renewed = self._renewed("sha256 = ?", digest)
        return self.by_id(renewed[0][1]) if renewed else None

    def registered_at(self, certificate: Certificate, sha256: str) -> str:
        """When the register took in a file of this certificate: as issued, or as renewed."""
        rows = self._all("SELECT made_at FROM renewals WHERE sha256 = ?", bytes.fromhex(sha256))
        return str(rows[0][0]) if rows and sha256 != certificate.sha256 else certificate.issued_at

    def file_hash(self, certificate: Certificate) -> str:
        """The hash of the file that is handed out now: the last renewed one, else the issued one."""
        return self.file_hashes([certificate.id]).get(certificate.id, certificate.sha256)

    def file_hashes(self, ids: Sequence[int]) -> dict[int, str]:
        """Internal id → hash of the newest file, only of certificates that were ever renewed."""
        if not ids:
            return {}
        rows = self._renewed(f"certificate_id IN ({', '.join('?' * len(ids))}) ORDER BY id", *ids)
        return {row[1]: bytes(row[3]).hex() for row in rows}

    def by_id(self, certificate_id: int) -> Certificate | None:
        """The certificate of an internal id."""
        return self._one("id = ?", certificate_id)

    def by_ids(self, ids: Sequence[int]) -> dict[int, Certificate]:
        """Several certificates at once, by internal id."""
        if not ids:
            return {}
        marks = ", ".join("?" * len(ids))
        rows = self._all(f"{_CERTIFICATE}id IN ({marks})", *ids)
        return {row[0]: self._certificate(row) for row in rows}

    def by_person(self, name: str, identity_number: str) -> tuple[Certificate, ...]:
        """Every certificate of a person, oldest first; name and ID number must both agree exactly."""
        rows = self._all(_PERSON, self._vault.index(identity_number), name.strip())
        return tuple(map(self._certificate, rows))

    def of_application(self, application_id: int) -> tuple[Certificate, ...]:
        """Every version of one application's certificate, oldest first."""
        rows = self._all(f"{_CERTIFICATE}application_id = ? ORDER BY id", application_id)
        return tuple(map(self._certificate, rows))

    def last_four(self, certificate: Certificate) -> str | None:
        """The last four characters of the holder's ID number; None where there is none, or it was erased.

        Raises:
            SealedValueDamaged: the value does not open.
        """
        rows = self._all("SELECT identity_sealed FROM applications WHERE id = ?", certificate.application_id)
        sealed = rows[0][0] if rows else None
        if sealed is None:
            return None
        number = self._vault.unseal(bytes(sealed), sealed_place("identity", certificate.application_id))
        return number[-4:].upper() if number else None

    def query(self, name: str, identity_number: str, number: str | None = None) -> tuple[Certificate, ...]:
        """The manual look-up of the site: `by_person`, narrowed to one certificate number where given."""
        found = self.by_person(name, identity_number)
        wanted = normal_number(number) if number else None
        return tuple(one for one in found if wanted is None or one.number == wanted)

    def find(self, reference: str) -> Certificate:
        """By number, code or licence identifier, whatever the operator has in hand.

        Raises:
            CertificateUnknown: nothing is registered under it.
        """
        found = self.by_number(reference) or self.by_code(reference) or self.by_licence(reference)
        if found is None:
            raise CertificateUnknown(reference=reference)
        return found

    def copy_by_code(self, code: str) -> Copy | None:
        """An annotated copy by its own verification code."""
        return self._copy("code = ?", normal_code(code))

    def copy_by_sha256(self, sha256: str) -> Copy | None:
        """An annotated copy by the hash of its file."""
        return self._copy("sha256 = ?", bytes.fromhex(sha256))

    def copies_of(self, certificate: Certificate) -> tuple[Copy, ...]:
        """Every annotated copy of a certificate, oldest first."""
        rows = self._all(f"{_COPY}certificate_id = ? ORDER BY id", certificate.id)
        return tuple(self._copy_of(row, certificate) for row in rows)

    def events_of(self, certificate: Certificate) -> tuple[Event, ...]:
        """The life of a certificate, oldest event first."""
        return tuple(map(_event, self._all(_EVENTS, certificate.id)))

    def pickup_matches(self, certificate: Certificate, given: str) -> bool:
        """Whether a holder's 领取码 opens this certificate."""
        return self._vault.pickup_matches(given, certificate.code, certificate.pickup_epoch)

    def rows(self, statement: str, *values: object) -> list[Row]:
        """What a constant statement with `?` marks reads, over the kept connection."""
        return self._all(statement, *values)

    def ready(self) -> bool:
        """Whether a certificate can be looked up, the one thing that the public site cannot do without.

        Raises:
            DatabaseNotReady: the database or its table does not answer.
        """
        self._one("code = ?", "")
        return True

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            everyone, self._kept = list(self._kept), WeakSet()
        self._local = threading.local()
        for kept in everyone:
            kept.close()

    def _one(self, condition: str, value: object) -> Certificate | None:
        rows = self._all(_CERTIFICATE + condition, value)
        return self._certificate(rows[0]) if rows else None

    def _copy(self, condition: str, value: object) -> Copy | None:
        rows = self._all(_COPY + condition, value)
        certificate = self.by_id(rows[0][1]) if rows else None
        return self._copy_of(rows[0], certificate) if certificate else None

    def _certificate(self, row: Row) -> Certificate:
        self._macs.check(certificates, row)
        return _certificate(row)

    def _copy_of(self, row: Row, certificate: Certificate) -> Copy:
        self._macs.check(copies, row)
        return Copy(row[2], row[3], row[4], row[5], bytes(row[6]).hex(), row[8], certificate)

    def _renewed(self, condition: str, *values: object) -> list[Row]:
        rows = self._all(_RENEWED + condition, *values)
        for row in rows:
            self._macs.check(renewals, row)
        return rows

    def _all(self, sql: str, *values: object) -> list[Row]:
        """Run one statement; a connection that has died is replaced once."""
        statement = sql if self._paramstyle == "?" else sql.replace("?", "%s")
        try:
            return self._run(statement, values)
        except self._driver_error():
            self._drop()
        try:
            return self._run(statement, values)
        except self._driver_error() as error:
            self._drop()
            raise DatabaseNotReady(reason=database_reason(error)) from error

    def _run(self, statement: str, values: tuple[object, ...]) -> list[Row]:
        cursor = self._connection().execute(statement, values)
        rows: list[Row] = cursor.fetchall()
        return rows

    def _connection(self) -> Any:
        kept: _Kept | None = getattr(self._local, "kept", None)
        if kept is None:
            with _as_not_ready():
                kept = _Kept(self._database.engine.raw_connection())
            if self._database.is_sqlite:
                kept.connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
            else:
                kept.connection.autocommit = True
            self._local.kept = kept
            with self._lock:
                self._kept.add(kept)
        return kept.connection

    def _drop(self) -> None:
        kept: _Kept | None = getattr(self._local, "kept", None)
        self._local.kept = None
        if kept is not None:
            kept.close()

    def _driver_error(self) -> type[Exception]:
        error: type[Exception] = self._database.engine.dialect.loaded_dbapi.Error
        return error


@contextmanager
def _as_not_ready() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise DatabaseNotReady(reason=database_reason(error.orig)) from error


def _certificate(row: Row) -> Certificate:
    return Certificate(
        id=row[0],
        application_id=row[1],
        batch_id=row[2],
        code=row[3],
        number=row[4],
        licence_id=row[5],
        version=row[6],
        list_id=row[7],
        list_position=row[8],
        issued_at=row[9],
        facts=Facts.from_json(row[10]),
        credential=row[11],
        sha256=bytes(row[12]).hex(),
        size=row[13],
        predecessor=row[14],
        state=State(row[15]),
        state_at=row[16],
        successor=row[17],
        pickup_epoch=row[18],
    )


def _event(row: Row) -> Event:
    leaf = json.loads(row[2])
    return Event(row[0], row[1], leaf["at"], leaf, json.loads(row[3]))
