"""Fixtures of the registry tests: the same tests run on SQLite and on a private PostgreSQL server."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from postgresql_server import TEMPLATE, migrated, new_postgres_database

from core.settings import Home
from records.sample import sample_batch
from registry.database.engine import Database, sqlite_address
from registry.database.migrations import migrate
from registry.register import Register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from records.batch.model import Batch


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file to copy."""
    path = tmp_path_factory.mktemp("template") / "zhicheng.db"
    migrated(sqlite_address(path).render_as_string())
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
