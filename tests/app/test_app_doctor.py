"""`zhicheng doctor`: what is wrong is said with what to do, and looking changes nothing."""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from click.testing import CliRunner

from app.doctor import Health, examine
from app.executors import Here
from app.issuing import IssueBatch, issue_batch
from core.settings import Home
from records.sample import sample_batch
from registry.clock import now
from registry.issuing.sources import Source
from registry.jobs import store as jobs
from registry.log.events import Actor
from registry.register import Register
from signing.keys.listing import list_keys
from zhicheng import cli

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = 3
ACTOR = Actor("测试员", "test", "tester")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home in which a small batch was issued."""
    home = Home(tmp_path / "home")
    batch = sample_batch(PEOPLE, 4)
    source = Source(batch, (), tmp_path, len(batch.passed), lambda: batch.applications)
    with Register.open(home) as register:
        issue_batch(register, IssueBatch(source=source, path=None, out=tmp_path / "out", actor=ACTOR), Here())
    return home


def told(home: Home) -> dict[str, Health]:
    """Sentence → how it is."""
    return {one.key: one.health for one in examine(home)}


def bad(home: Home) -> set[str]:
    return {key for key, health in told(home).items() if health is Health.FAIL}


def test_a_sound_home_has_no_failure(home: Home) -> None:
    """Demo keys are worth a word, nothing is bad, and every sentence and remedy exists in both languages."""
    lines = list(examine(home))
    assert not [one for one in lines if one.health is Health.FAIL]
    assert {
        "program",
        "home",
        "settings",
        "key_demo",
        "database",
        "clock",
        "log",
        "jobs",
        "store",
        "disk",
    } <= {one.key for one in lines}
    for one in lines:
        for lang in ("zh", "en"):
            assert one.message(lang)
            assert one.health is Health.OK or one.remedy(lang)


def test_looking_changes_nothing(home: Home, tmp_path: Path) -> None:
    """No file is added or altered by an examination; a folder that is no home stays away."""
    before = _content(home)
    list(examine(home))
    assert _content(home) == before
    nowhere = Home(tmp_path / "nowhere", founding=False)
    assert "home_missing" in bad(nowhere)
    assert not nowhere.root.exists()


def _content(home: Home) -> dict[Path, bytes]:
    """Every file of the home but SQLite's journal."""
    files = (path for path in home.root.rglob("*") if path.is_file())
    return {path: path.read_bytes() for path in files if not path.name.endswith(("-wal", "-shm"))}


def test_keys_that_end_and_keys_that_others_read(home: Home) -> None:
    """From 90 days before its end a key is named, after it the installation is not ready."""
    service = next(one for one in list_keys(home.keys) if one.use == "service")
    with time_machine.travel(service.until - timedelta(days=30)):
        assert told(home)["key_ends"] is Health.WARN
    with time_machine.travel(service.until + timedelta(days=1)):
        assert "key_ended" in bad(home)
    next(home.keys.glob("*.key.pem")).chmod(0o644)
    assert "key_open" in bad(home)


def test_a_clock_before_the_log_is_wrong(home: Home) -> None:
    """Two hours behind the last entry of the log is a failure; two minutes of drift are none."""
    with time_machine.travel(now() - timedelta(hours=2)):
        assert "clock_behind" in bad(home)
    with time_machine.travel(now() - timedelta(seconds=30)):
        assert "clock_behind" not in told(home)


def test_a_damaged_database_is_said_and_the_rest_is_examined(home: Home) -> None:
    """Pages overwritten behind the program: the database is bad, the disk and the store are still told."""
    file = home.root / "zhicheng.db"
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    data = bytearray(file.read_bytes())
    data[8 * 4096 : 40 * 4096] = b"\x5a" * (32 * 4096)
    file.write_bytes(data)
    found = told(home)
    assert found.get("database_damaged", found.get("broken")) is Health.FAIL
    assert {"store", "disk"} <= set(found)


def test_an_older_schema_is_named_and_not_migrated(home: Home) -> None:
    """The doctor looks; the upgrade is another command's."""
    with sqlite3.connect(home.root / "zhicheng.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0010'")
    connection.close()
    assert told(home)["database_old"] is Health.WARN
    connection = sqlite3.connect(home.root / "zhicheng.db")
    assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0010",)
    connection.close()


def test_jobs_that_stand_still_and_numbers_that_wait(home: Home) -> None:
    """After an hour without a step both are named, with the job's number."""
    with Register.open(home) as register:
        job = jobs.start(register, "issue", "批次", 5)
        with register.database.write() as connection:
            connection.exec_driver_sql("DELETE FROM certificates WHERE id = 1")
    assert "job_stuck" not in told(home)
    with time_machine.travel(now() + timedelta(hours=2)):
        lines = {one.key: one for one in examine(home)}
    assert lines["job_stuck"].data == {"job": job}
    assert lines["waiting"].data == {"count": 1}


def test_a_store_that_cannot_be_written(home: Home) -> None:
    """A file where the folder should be: the store is bad, and every other line is there."""
    home.files.rename(home.root / "elsewhere")
    home.files.write_bytes(b"")
    assert any(one.topic == "store" and one.health is Health.FAIL for one in examine(home))
    assert "database" in told(home)


def run(home: Home, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["--home", str(home.root), *arguments])
    return done.exit_code, done.stdout


def test_the_command_answers_people_and_programs(home: Home) -> None:
    """Exit 0 while nothing is bad and 3 when something is; `--json` prints one document."""
    code, text = run(home, "doctor")
    assert code == 0
    assert "[注意]" in text
    assert "keys import" in text
    next(home.keys.glob("*.key.pem")).chmod(0o644)
    code, text = run(home, "doctor", "--json")
    document: dict[str, Any] = json.loads(text)
    assert (code, document["state"]) == (3, "fail")
    wrong = [one for one in document["lines"] if one["state"] == "fail"]
    assert wrong
    assert all(one["remedy"].startswith("chmod 600") for one in wrong)
