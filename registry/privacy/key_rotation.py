"""Changing the encryption key of personal data: a new key, every value sealed anew, the old key forgotten."""

from typing import Any, Final

from sqlalchemy import Table, bindparam, update

from registry.accounts.store import totp_place
from registry.applications.misconduct import sealed_place as archive_place
from registry.audit.log_binding import pages
from registry.clock import now
from registry.database.account_tables import accounts
from registry.database.case_tables import recognition_cases
from registry.database.schema import applications, batch_sources, integrity, jobs
from registry.issuing.source_archive import sealed_place as kept_place
from registry.jobs.chunks import sealed_place as job_place
from registry.log.events import Actor, Kind, NewEvent, record
from registry.privacy.field_encryption import Vault, add_cipher, drop_ciphers_before, sealed_place
from registry.recognition.cases.store import sealed_place as case_place
from registry.register import Register

COLUMNS: Final[dict[str, tuple[Table, tuple[str, ...]]]] = {
    "applications": (applications, ("identity_sealed", "phone_sealed")),
    "integrity": (integrity, ("identity_sealed",)),
    "accounts": (accounts, ("totp_sealed",)),
    "batch_sources": (batch_sources, ("key_sealed",)),
    "jobs": (jobs, ("key_sealed",)),
    "recognition_cases": (recognition_cases, ("person_sealed", "identity_sealed", "experts_sealed")),
}


def rotate(register: Register, actor: Actor) -> int:
    """Seal every value with a new key; returns the number of rows. Repeating it after an interruption is harmless.

    Other running programs must be restarted before and after: they read the key file once.

    Raises:
        SealedValueDamaged: a value does not open; nothing is lost, both keys stay.
    """
    number = add_cipher(register.home.keys)
    vault = Vault.open(register.home.keys, create=False)
    done = sum(_reseal(register, vault, table, columns) for table, columns in COLUMNS.values())
    with register.database.write() as connection:
        detail = {"actor": actor.as_dict(), "cipher": number}
        record(connection, [NewEvent(Kind.REKEYED, f"cipher:{number}", detail)], now())
    drop_ciphers_before(register.home.keys, number)
    return done


def _reseal(register: Register, vault: Vault, table: Table, columns: tuple[str, ...]) -> int:
    statement = update(table).where(table.c.id == bindparam("row_id"))
    statement = statement.values({column: bindparam(f"new_{column}") for column in columns})
    done = 0
    with register.database.write() as connection:
        for page in pages(connection, table):
            held = [row for row in page if any(getattr(row, one) is not None for one in columns)]
            if held:
                connection.execute(statement, [_changes(vault, table, row, columns) for row in held])
            done += len(held)
    return done


def _changes(vault: Vault, table: Table, row: Any, columns: tuple[str, ...]) -> dict[str, Any]:
    changes: dict[str, Any] = {"row_id": row.id}
    for column in columns:
        place = _place(table, column, row.id)
        changes[f"new_{column}"] = vault.seal(vault.unseal(getattr(row, column), place), place)
    return changes


def _place(table: Table, column: str, row_id: int) -> str:
    if table is integrity:
        return archive_place(row_id)
    if table is accounts:
        return totp_place(row_id)
    if table is batch_sources:
        return kept_place(row_id)
    if table is jobs:
        return job_place(row_id)
    if table is recognition_cases:
        return case_place(column.removesuffix("_sealed"), row_id)
    return sealed_place(column.removesuffix("_sealed"), row_id)
