"""Comparing every sealed table with its seal: rows that were changed, added or removed by hand (`registry.audit.seals`)."""

from collections.abc import Iterator

from sqlalchemy import Connection

from registry.audit.log_binding import fill_macs
from registry.audit.problems import Problem
from registry.audit.row_macs import RowMacs
from registry.audit.seals import PASSING_SEAL, REGISTER_SEAL, Seals, Sums, sealed_tables
from registry.clock import now
from registry.database.schema import row_seals
from registry.database.transfer import snapshot
from registry.errors import SealedValueDamaged
from registry.log.events import Actor, Kind, NewEvent, record
from registry.privacy.field_encryption import Vault, add_row_key
from registry.register import Register

NOT_SEALED = "rows_not_sealed"


def check_seals(register: Register) -> Iterator[Problem]:
    """Every table whose rows do not add up; one finding for a register that has not been sealed yet."""
    if register.vault.row_key is None:
        yield Problem(NOT_SEALED, row_seals.name)
        return
    seals = Seals(register.vault.row_key)
    with register.database.read() as connection:
        snapshot(connection, register.database)
        expected: Sums = {}
        for part in (REGISTER_SEAL, PASSING_SEAL):
            try:
                expected |= seals.expected(connection, part)
            except SealedValueDamaged as error:
                yield Problem("row_seal", str(error.data["place"]))
        yield from _other_seals(connection)
        for table in sealed_tables():
            wanted, found = expected.get(table.name, (0, 0)), seals.sum_of(connection, table)
            if wanted != found:
                yield Problem("table_rows", f"{table.name} {found[0]} / {wanted[0]}")


def _other_seals(connection: Connection) -> Iterator[Problem]:
    parts = set(connection.execute(row_seals.select().with_only_columns(row_seals.c.id)).scalars())
    for part in parts ^ {REGISTER_SEAL, PASSING_SEAL}:
        yield Problem("row_seal", f"{row_seals.name} {part}")


def seal_anew(register: Register, actor: Actor, reason: str) -> int:
    """Vouch for all rows as they are now; returns their number. Logged, because it ends what a check could find.

    Nothing else may write meanwhile: programs that read the key file before there was a key of this kind do not seal.

    Raises:
        KeyFileDamaged: the key file cannot be read.
    """
    add_row_key(register.home.keys)
    key = Vault.open(register.home.keys, create=False).row_key
    if key is None:
        raise AssertionError(register.home.keys)
    with register.database.write(watched=False) as connection:
        detail = {"actor": actor.as_dict(), "reason": reason}
        record(connection, [NewEvent(Kind.SEALED, "rows", detail)], now())
        fill_macs(connection, RowMacs(key))
        return sum(Seals(key).reset(connection).values())
