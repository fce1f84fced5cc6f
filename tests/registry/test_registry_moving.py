"""`zhicheng database move` as an administrator runs it, and what the program says until it knows the new address."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from postgresql_server import new_postgres_database
from registry_helpers import issue_blank, of_others, rows
from sqlalchemy import URL, make_url

from core.settings import Home
from registry.database.engine import Database
from registry.errors import DatabaseNotReady
from registry.register import Register

if TYPE_CHECKING:
    from records.batch.model import Batch

ROOT = Path(__file__).parents[2]
ADDRESS = "ZHICHENG_REGISTRY_DATABASE"


def run(home: Home, *given: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program itself."""
    return subprocess.run(
        [sys.executable, str(ROOT / "zhicheng.py"), "--home", str(home.root), *given],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )


def plain(address: str) -> str:
    """As an administrator writes it."""
    return address.replace("postgresql+psycopg", "postgresql")


@pytest.fixture
def filled(home: Home, batch: Batch, tmp_path: Path) -> Home:
    """A home with certificates, its register in SQLite or in PostgreSQL."""
    with Register.open(home) as register:
        issue_blank(register, batch, tmp_path / "out")
    return home


def test_the_command_moves_everything_and_puts_the_old_file_aside(
    filled: Home, batch: Batch, tmp_path: Path, postgres_server: Any
) -> None:
    """From either database; a file gets another name, a server's database stays; work goes on at the new address."""
    in_file = (filled.root / "zhicheng.db").exists() and not filled.config.exists()
    address = plain(new_postgres_database(postgres_server))
    done = run(filled, "database", "move", address)
    assert (done.returncode, done.stderr) == (0, "")
    assert address not in done.stdout
    left = sorted(path.name for path in filled.root.glob("zhicheng.db*"))
    if in_file:
        assert left == ["zhicheng.db.moved"]
        assert str(filled.root / "zhicheng.db.moved") in done.stdout
        forgotten = run(filled, "database", "check")
        assert (forgotten.returncode, forgotten.stdout) == (3, "")
        for named in ("zhicheng.db.moved", str(filled.config), ADDRESS):
            assert named in forgotten.stderr
        assert sorted(path.name for path in filled.root.glob("zhicheng.db*")) == ["zhicheng.db.moved"]
    else:
        assert "仍用原来的库" in done.stdout
        assert run(filled, "database", "check").returncode == 0
    assert run(filled, "database", "check", **{ADDRESS: address}).returncode == 0
    filled.config.write_text(f'[registry]\ndatabase = "{address}"\n', "utf-8")
    with Register.open(filled) as moved:
        assert rows(moved, "SELECT count(*) FROM certificates") == [(len(batch.passed),)]
        other = of_others(batch, "NEXT")
        assert issue_blank(moved, other, tmp_path / "next").issued == len(batch.passed)
    assert run(filled, "database", "check").returncode == 0


def test_what_the_environment_says_of_the_source_is_not_the_target(
    filled: Home, postgres_server: Any, tmp_path: Path
) -> None:
    """The register in use is named in the environment, the new place on the command line."""
    first, second = (plain(new_postgres_database(postgres_server)) for _ in range(2))
    assert run(filled, "database", "move", first).returncode == 0
    done = run(filled, "database", "move", second, **{ADDRESS: first})
    assert done.returncode == 0, done.stderr
    again = run(filled, "database", "move", second, **{ADDRESS: first})
    assert again.returncode == 1
    assert "不是空的" in again.stderr
    assert "备份" not in again.stderr


def test_an_archive_of_an_earlier_move_stays(tmp_path: Path, postgres_server: Any) -> None:
    """Whoever has put the file back and moves again keeps both."""
    filled = Home(tmp_path / "file")
    Register.open(filled).close()
    file = filled.root / "zhicheng.db"
    aside = file.with_name("zhicheng.db.moved")
    aside.write_bytes(b"of last year")
    assert run(filled, "database", "move", plain(new_postgres_database(postgres_server))).returncode == 0
    assert aside.read_bytes() == b"of last year"
    assert file.with_name("zhicheng.db.moved.2").exists()


def test_why_a_server_is_not_reached_is_said_in_words(postgres_server: Any) -> None:
    """Nobody listens, no such database, no such user, no such host: in Chinese, PostgreSQL's words in brackets."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        known = make_url(new_postgres_database(postgres_server))
        cases: dict[str | URL, str] = {
            f"postgresql+psycopg://a:secret@127.0.0.1:{port}/x": "没有数据库服务在运行 [",
            known.set(database="none"): "没有这个数据库 [",
            known.set(username="nobody"): "用户名或口令不对 [",
            "postgresql+psycopg://a:secret@no-such-host.invalid/x": "找不到这个主机名 [",
            "postgresql+psycopg://a:secret@host:port/x": "postgresql://用户:口令@主机/库名 [",
        }
        for address, words in cases.items():
            with pytest.raises(DatabaseNotReady) as caught, Database(address, busy_seconds=1).read():
                pytest.fail("nothing is there")
            said = caught.value.diagnostics()
            assert words in said, said
            assert "secret" not in said
            assert "\n" not in said
