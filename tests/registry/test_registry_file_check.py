"""`database check` also finds what is damaged in the file itself, where every row still reads as it should."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from registry_helpers import issue_blank

from registry.audit.checks import check_register
from registry.register import Register
from registry.settings import DATABASE_FILE
from signing.authority.opening import open_authority
from zhicheng import cli

if TYPE_CHECKING:
    from pathlib import Path

    from core.settings import Home
    from records.batch.model import Batch

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)
LEAF_OF_INDEX = 0x0A  # SQLite file format, 1.6


@pytest.fixture
def issued(home: Home, batch: Batch, tmp_path: Path) -> Home:
    """A home with a batch in it that nobody has open."""
    with Register.open(home) as register:
        issue_blank(register, batch, tmp_path / "out")
    open_authority(home)
    return home


def _root_page(home: Home, kind: str, table: str) -> tuple[Path, int]:
    """The file and where the first page of a table, or of one of its indexes, begins."""
    file = home.root / DATABASE_FILE
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [size] = connection.execute("PRAGMA page_size").fetchone()
        found = "SELECT rootpage FROM sqlite_master WHERE type = ? AND tbl_name = ? ORDER BY name"
        return file, (connection.execute(found, (kind, table)).fetchone()[0] - 1) * size


def _codes(home: Home) -> set[str]:
    with Register.open(home) as register:
        return {one.code for one in check_register(register, open_authority(home).keyset).problems}


def test_an_index_that_lost_a_row_is_found_and_the_remedy_mends_it(issued: Home) -> None:
    """The rows are all there, so nothing else finds it; a look-up over the index would not."""
    file, place = _root_page(issued, "index", "numbers")
    with file.open("r+b") as handle:
        handle.seek(place)
        head = handle.read(5)
        assert head[0] == LEAF_OF_INDEX
        handle.seek(place + 3)
        handle.write((int.from_bytes(head[3:]) - 1).to_bytes(2))
    result = CliRunner().invoke(cli, ["--home", str(issued.root), "database", "check"])
    assert result.exit_code == 1, result.output
    assert "REINDEX" in result.output
    assert _codes(issued) == {"database_torn"}
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("REINDEX")
    assert _codes(issued) == set()


def test_a_table_that_cannot_be_read_is_a_finding_and_not_the_end_of_the_check(issued: Home) -> None:
    """The operator hears what is torn and what to do, not only that a page is malformed."""
    file, place = _root_page(issued, "table", "certificates")
    with file.open("r+b") as handle:
        handle.seek(place)
        handle.write(b"\xff" * 64)
    assert "database_torn" in _codes(issued)
