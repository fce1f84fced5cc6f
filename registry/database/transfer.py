"""Every row of the register as lines of JSON: for backup, restore, and the move from SQLite to PostgreSQL.

All tables are read in one transaction that sees one state, so it works while others write. Bytes are written as
`{"hex": …}`.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Table, func, insert, select, text

from core.settings import Home
from registry.audit.seals import PASSING, PASSING_SEAL
from registry.database.engine import Database
from registry.database.schema import metadata, row_seals
from registry.errors import BackupUnusable, DatabaseNotEmpty
from registry.settings import DATABASE_FILE, MOVED_FILE, RegistrySettings

CHUNK: Final = 1000
TABLES: Final[Sequence[Table]] = tuple(one for one in metadata.sorted_tables if one.name not in PASSING)
_OPERATIONAL: Final = {"log_state", "row_seals"}  # hold rows from the beginning


def snapshot(connection: Connection, database: Database) -> None:
    """Make the read transaction see one state from now on; the first statement of it."""
    if not database.is_sqlite:
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


def dump(connection: Connection, table: Table) -> Iterator[str]:
    """The rows of a table in the order of their key, one JSON object per line."""
    statement = select(table).order_by(*table.primary_key)
    if table is row_seals:  # that of tables which stay behind begins anew
        statement = statement.where(row_seals.c.id != PASSING_SEAL)
    for row in connection.execution_options(yield_per=CHUNK).execute(statement).mappings():
        yield json.dumps({name: _plain(value) for name, value in row.items()}, ensure_ascii=False) + "\n"


def load(connection: Connection, table: Table, lines: Iterable[str | bytes]) -> int:
    """Insert dumped rows; returns their number.

    Raises:
        BackupUnusable: a line is no row of this table.
    """
    if table is row_seals:
        connection.execute(table.delete().where(row_seals.c.id != PASSING_SEAL))
    elif table.name in _OPERATIONAL:
        connection.execute(table.delete())
    total, source = 0, iter(lines)
    while part := list(islice(source, CHUNK)):
        try:
            rows = [{name: _rich(value) for name, value in json.loads(line).items()} for line in part]
        except (ValueError, AttributeError) as error:
            raise BackupUnusable(reason=table.name) from error
        if any(set(row) - set(table.c.keys()) for row in rows):
            raise BackupUnusable(reason=table.name)
        connection.execute(insert(table), rows)
        total += len(rows)
    return total


def copy_all(source: Database, target: Database) -> dict[str, int]:
    """Copy every row from one database into another, empty one; all or nothing.

    Raises:
        DatabaseNotEmpty: the target holds rows already.
    """
    with source.read() as reading, target.write(watched=False) as writing:
        snapshot(reading, source)
        refuse_filled(writing)
        counts = {table.name: load(writing, table, dump(reading, table)) for table in TABLES}
        go_on_counting(writing, target)
        return counts


def put_aside(home: Home) -> Path | None:
    """Rename the SQLite file that was moved from: without the new address nobody goes on in it by mistake."""
    file = home.root / DATABASE_FILE
    if home.section("registry", RegistrySettings).database or not file.exists():
        return None
    aside = file.with_name(MOVED_FILE)
    number = 1
    while aside.exists():  # moved before, and restored since
        number += 1
        aside = file.with_name(f"{MOVED_FILE}.{number}")
    for end in ("-wal", "-shm", ""):
        part = file.with_name(file.name + end)
        if part.exists():
            part.rename(aside.with_name(aside.name + end))
    return aside


def refuse_filled(connection: Connection) -> None:
    """Raise unless every table is empty.

    Raises:
        DatabaseNotEmpty: one is not.
    """
    for table in TABLES:
        if table.name in _OPERATIONAL:
            continue
        if connection.execute(select(func.count()).select_from(table)).scalar_one():
            raise DatabaseNotEmpty(table=table.name)


def go_on_counting(connection: Connection, database: Database) -> None:
    """PostgreSQL's own sequences must continue behind rows that were inserted with their ids."""
    if database.is_sqlite:
        return
    for name in (table.name for table in TABLES if "id" in table.c):
        sequence = connection.execute(text(f"SELECT pg_get_serial_sequence('{name}', 'id')")).scalar()
        if sequence is not None:
            after = f"(SELECT coalesce(max(id), 0) + 1 FROM {name})"  # noqa: S608
            connection.execute(text(f"SELECT setval('{sequence}', {after}, false)"))


def _plain(value: Any) -> Any:
    return {"hex": bytes(value).hex()} if isinstance(value, bytes | memoryview) else value


def _rich(value: Any) -> Any:
    return bytes.fromhex(value["hex"]) if isinstance(value, dict) else value
