"""What happens when the ground shakes: a database that restarts, a disk that fills, a store that forgets."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from registry_helpers import ACTOR, in_chunks_of, issue_blank, of_others, rows

from registry.audit.checks import check_register
from registry.errors import DatabaseNotReady, StoredFileMissing
from registry.issuing.produce import BlankMaker
from registry.issuing.run import issue
from registry.jobs.store import JobState, listed, request
from registry.register import Register
from signing.authority.opening import open_authority

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.settings import Home
    from records.batch.model import Batch
    from registry.issuing.types import Order

ROOT = Path(__file__).parents[2]


class Shaken(BlankMaker):
    """Calls a function once, in the middle of the work."""

    def __init__(self, after: int, shake: Callable[[], None]) -> None:
        self.left = after
        self.shake = shake

    def make(self, order: Order, credential: str) -> bytes:
        self.left -= 1
        if self.left == 0:
            self.shake()
        return super().make(order, credential)


def shaken(after: int, shake: Callable[[], None]) -> Callable[[Home], Shaken]:
    return lambda home: Shaken(after, shake)


def cut_connections(address: str) -> None:
    """What a restart of the server does to its clients."""
    plain = address.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.mark.parametrize("address", ["postgresql"], indirect=True)
def test_a_database_that_drops_its_clients_costs_at_most_a_second_run(
    register: Register, batch: Batch, tmp_path: Path, address: str
) -> None:
    """Connections cut in the middle of issuing: the run ends with a clear error or goes on; nobody gets two."""
    spread = in_chunks_of(4, register)
    try:
        issue(
            spread, batch, tmp_path / "out", actor=ACTOR, factory=shaken(10, lambda: cut_connections(address))
        )
    except DatabaseNotReady:
        assert rows(register, "SELECT count(*) FROM certificates")[0][0] < len(batch.passed)
    issue_blank(register, batch, tmp_path / "out")
    found = rows(register, "SELECT count(*), count(DISTINCT application_id) FROM certificates")
    assert found == [(len(batch.passed), len(batch.passed))]
    assert check_register(register, open_authority(register.home).keyset).problems == ()


@pytest.mark.parametrize("address", ["postgresql"], indirect=True)
def test_look_ups_go_on_after_the_database_dropped_them(
    register: Register, batch: Batch, tmp_path: Path, address: str
) -> None:
    """A kept connection that died is replaced without the visitor noticing."""
    issue_blank(register, batch, tmp_path / "out")
    first = register.lookup.by_id(1)
    assert first
    cut_connections(address)
    assert register.lookup.by_code(first.code) == first


def test_look_ups_from_many_threads_while_certificates_are_issued(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """Readers see whole certificates only, and are never refused, while writers work."""
    issue_blank(register, batch, tmp_path / "first")
    first = register.lookup.by_id(1)
    assert first
    stop, wrong = threading.Event(), []

    def look() -> None:
        while not stop.is_set():
            if register.lookup.by_code(first.code) != first:
                wrong.append("changed")

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    other = of_others(batch, "second")
    report = issue_blank(in_chunks_of(4, register), other, tmp_path / "second")
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert report.issued == len(batch.passed)


FULL = """
import resource, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_registry_faults import big_maker
from registry_helpers import ACTOR
from core.settings import Home
from records.sample import sample_batch
from registry.errors import StoreNotWritable
from registry.issuing.run import issue
from registry.register import Register
batch = sample_batch(36, 1)
with Register.open(Home(Path({home!r}))) as register:
    resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, 4 << 20))
    try:
        issue(register, batch, Path({out!r}), actor=ACTOR, factory=big_maker)
    except StoreNotWritable as error:
        print(error.diagnostics())
"""


class BigMaker(BlankMaker):
    """Makes files of more bytes than the system grants."""

    def make(self, order: Order, credential: str) -> bytes:
        return super().make(order, credential) + bytes(8 << 20)


def big_maker(home: Home) -> BigMaker:
    del home
    return BigMaker()


def test_a_file_that_the_system_will_not_write_whole_is_not_kept(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """The write stops half-way, as on a full disk: reported, no half file stays, the next run issues everybody."""
    tests = str(Path(__file__).parent)
    script = FULL.format(tests=tests, home=str(register.home.root), out=str(tmp_path / "out"))
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "文件库无法写入" in done.stdout, done.stderr
    assert list((register.home.files / "incoming").iterdir()) == []
    assert list(register.storage) == []
    assert issue_blank(register, batch, tmp_path / "out").issued == len(batch.passed)


def test_a_paused_job_stops_after_its_chunk_and_goes_on_when_run_again(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """The operator pauses from elsewhere; what is done stays, the same command finishes the rest."""
    from registry.errors import JobCancelled

    def pause() -> None:
        with Register.open(register.home) as elsewhere:
            assert request(elsewhere, listed(elsewhere)[0].id, JobState.PAUSING)

    with pytest.raises(JobCancelled, match="paused"):
        issue(in_chunks_of(4, register), batch, tmp_path / "out", actor=ACTOR, factory=shaken(6, pause))
    job = listed(register)[0]
    assert (job.state, job.done) == (JobState.PAUSED, 8)
    assert not request(register, job.id, JobState.CANCELLING)
    report = issue_blank(register, batch, tmp_path / "out")
    assert (report.already, report.issued) == (8, len(batch.passed) - 8)


def test_a_file_changed_in_the_store_is_never_handed_out_as_a_copy(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """Reading checks the bytes against the name."""
    issue_blank(register, batch, tmp_path / "out")
    first = register.lookup.by_id(1)
    assert first
    path = register.storage.path(first.sha256)
    path.chmod(0o644)
    path.write_bytes(b"forged")
    with pytest.raises(StoredFileMissing):
        register.storage.get(first.sha256)


def test_stored_files_are_read_only(register: Register, batch: Batch, tmp_path: Path) -> None:
    """What is handed out may be a link into the store; nobody edits it in place by accident."""
    issue_blank(register, batch, tmp_path / "out")
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "out" / "certificates").iterdir()}
    assert modes == {0o444}


def test_a_writer_waits_for_another_one(register: Register, batch: Batch, tmp_path: Path) -> None:
    """A long write elsewhere delays issuing, it does not fail it."""
    started = threading.Event()

    def hold() -> None:
        with register.database.write() as connection:
            _touch(connection)
            started.set()
            time.sleep(0.5)

    thread = threading.Thread(target=hold)
    thread.start()
    started.wait()
    report = issue_blank(register, batch, tmp_path / "out")
    thread.join()
    assert report.issued == len(batch.passed)


def _touch(connection: Any) -> None:
    from sqlalchemy import text

    connection.execute(text("UPDATE log_state SET size = size"))
