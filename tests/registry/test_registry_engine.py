"""No update is lost, whoever writes at the same time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from registry_helpers import run_in_processes
from sqlalchemy import insert, select, text, update
from sqlalchemy.pool import QueuePool

from registry.audit.row_macs import RowMacs
from registry.certificates.lookup import Lookup
from registry.database.engine import Database
from registry.database.migrations import migrate
from registry.database.schema import counters, metadata
from registry.errors import DatabaseNotReady, DatabaseTooNew
from registry.privacy.field_encryption import Vault

if TYPE_CHECKING:
    from pathlib import Path

WRITERS = 4
ROUNDS = 100


def count_up(database: Database, rounds: int) -> None:
    """Read the counter, then write it one higher: the update that gets lost without a lock."""
    for _ in range(rounds):
        with database.write() as connection:
            value = connection.execute(
                select(counters.c.value).where(counters.c.name == "n").with_for_update()
            ).scalar_one()
            connection.execute(update(counters).where(counters.c.name == "n").values(value=value + 1))


def count_up_in_process(address: str, rounds: int) -> None:
    database = Database(address, busy_seconds=60)
    count_up(database, rounds)
    database.close()


def start_counter(database: Database) -> None:
    with database.write() as connection:
        connection.execute(insert(counters).values(name="n", value=0))


def counter(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(select(counters.c.value)).scalar_one())


def test_four_threads_that_read_then_write_lose_no_update(database: Database) -> None:
    """Four threads of a hundred rounds each end at exactly four hundred."""
    start_counter(database)
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda _: count_up(database, ROUNDS), range(WRITERS)))
    assert counter(database) == WRITERS * ROUNDS


def test_four_processes_that_read_then_write_lose_no_update(database: Database, address: str) -> None:
    """The same holds between processes, which share nothing but the database."""
    start_counter(database)
    run_in_processes(count_up_in_process, [(address, ROUNDS)] * WRITERS)
    assert counter(database) == WRITERS * ROUNDS


def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    """A read transaction sees the last committed state while a writer holds the lock."""
    start_counter(database)
    with database.write() as connection:
        connection.execute(update(counters).values(value=7))
        assert counter(database) == 0
    assert counter(database) == 7


def test_an_error_rolls_everything_back(database: Database) -> None:
    """Nothing of a failed transaction stays."""
    start_counter(database)
    with pytest.raises(ZeroDivisionError):
        _spoil(database)
    assert counter(database) == 0


def _spoil(database: Database) -> None:
    with database.write() as connection:
        connection.execute(update(counters).values(value=9))
        raise ZeroDivisionError


def test_a_writer_that_waits_too_long_says_so(tmp_path: Path) -> None:
    """A locked database is reported as not ready, not as a stack trace."""
    address = f"sqlite:///{tmp_path / 'x.db'}"
    first, second = Database(address, busy_seconds=0.05), Database(address, busy_seconds=0.05)
    with first.write(), pytest.raises(DatabaseNotReady, match="locked"), second.write():
        pass
    first.close()
    second.close()


def _not_of_the_queue(found: object, name: str | None, *_: object) -> bool:
    """Procrastinate's own tables are its own business."""
    table = getattr(found, "table", None)
    names = (name, table.name if table is not None else None)
    return not any(one and one.startswith("procrastinate_") for one in names)


def test_the_migrations_make_exactly_the_declared_tables(empty_address: str) -> None:
    """What the migrations build and what `registry.database.schema` declares are the same schema."""
    database = Database(empty_address, busy_seconds=60)
    migrate(database)
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _not_of_the_queue})
        assert compare_metadata(context, metadata) == []
    database.close()


def test_migrating_twice_changes_nothing(database: Database) -> None:
    """A second migration of a new schema keeps the rows."""
    start_counter(database)
    migrate(database)
    assert counter(database) == 0


def test_a_schema_of_a_newer_release_is_refused(database: Database) -> None:
    """An older program does not touch a database that a newer one has migrated."""
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseTooNew, match="9999"):
        migrate(database)


def test_processes_that_migrate_at_once_make_one_schema(empty_address: str) -> None:
    """Two programs started on an empty database at the same moment do not stumble over one another."""
    run_in_processes(_migrate, [(empty_address,)] * WRITERS)
    database = Database(empty_address, busy_seconds=60)
    start_counter(database)
    database.close()


def _migrate(address: str) -> None:
    database = Database(address, busy_seconds=60)
    migrate(database)
    database.close()


def test_threads_that_end_give_their_look_up_connections_up(database: Database, tmp_path: Path) -> None:
    """A server with a thread per visitor goes on past the size of the pool."""
    lookup = Lookup(database, Vault.open(tmp_path, create=True), RowMacs(None))
    answers: list[bool] = []
    for _ in range(60):
        thread = threading.Thread(target=lambda: answers.append(lookup.ready()))
        thread.start()
        thread.join()
    assert answers == [True] * 60
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    assert pool.checkedout() == 0
    lookup.close()
