"""Issuing by several processes, and by ones that are killed: still exactly one certificate for each."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from multiprocessing import parent_process
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from registry_helpers import ACTOR, assert_sound, in_chunks_of, issue_blank, of_others, rows, run_in_processes

from core.settings import Home
from records.sample import sample_batch
from registry.audit.checks import check_register
from registry.issuing.produce import TOGETHER, BlankMaker, Maker, MakerFactory
from registry.issuing.run import issue
from registry.issuing.types import Order
from registry.register import Register
from signing.authority.opening import open_authority

if TYPE_CHECKING:
    from records.batch.model import Batch

ROOT = Path(__file__).parents[2]


def issue_here(home: Path, batch: Batch, out: Path) -> tuple[int, int]:
    with Register.open(Home(home)) as register:
        report = issue_blank(register, batch, out)
        return report.issued, report.already


def test_eight_processes_issuing_the_same_batch_make_one_certificate_each(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """Together they issue every person once; each of them hands over the registered files."""
    home = register.home.root
    done = run_in_processes(issue_here, [(home, batch, tmp_path / f"out{n}") for n in range(8)])
    assert sum(issued for issued, _ in done) == len(batch.passed)
    assert {issued + already for issued, already in done} == {len(batch.passed)}
    for number in range(8):
        assert_sound(register, batch, tmp_path / f"out{number}")


def test_eight_processes_issuing_eight_batches_share_gapless_series(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """Batches of the same series issued at once get all numbers from 1 on, none twice; the seals fit afterwards."""
    batches = [of_others(batch, f"{batch.number}-{n}", n) for n in range(8)]
    run_in_processes(issue_here, [(register.home.root, one, tmp_path / one.number) for one in batches])
    total = 8 * len(batch.passed)
    assert rows(register, "SELECT count(*), count(DISTINCT number) FROM certificates") == [(total, total)]
    for series, count, last in rows(
        register, "SELECT series, count(*), max(serial) FROM numbers GROUP BY series"
    ):
        assert count == last, series
    assert check_register(register, open_authority(register.home).keyset).problems == ()


def test_several_jobs_give_the_same_as_one(register: Register, batch: Batch, tmp_path: Path) -> None:
    """Worker processes press, this one registers; the list keeps the order of the batch."""
    spread = in_chunks_of(5, register)
    report = issue_blank(spread, batch, tmp_path / "out", jobs_wanted=2)
    assert report.issued == len(batch.passed)
    assert_sound(register, batch, tmp_path / "out")
    listed = (tmp_path / "out" / "distribution.csv").read_text("utf-8-sig").splitlines()[1:]
    assert [line.split(",")[1] for line in listed] == [one.number for one in batch.passed]


class HeldMaker(BlankMaker):
    """Makes so many certificates, then hangs in the middle of a chunk until somebody kills it."""

    def make(self, order: Order, credential: str) -> bytes:
        if order.slot.id > int(os.environ[HELD_AFTER]):
            Path(os.environ[MARK], os.environ[HELD_AFTER]).touch()
            time.sleep(3600)
        return super().make(order, credential)


def held_maker(home: Home) -> Maker:
    del home
    return HeldMaker()


class DyingMaker(BlankMaker):
    """Kills its own process once, in the middle of a chunk, if that is a worker."""

    def __init__(self, flag: Path) -> None:
        self.flag = flag

    def make(self, order: Order, credential: str) -> bytes:
        if parent_process() is not None and not self.flag.exists():
            self.flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().make(order, credential)


def dying_maker(home: Home) -> Maker:
    return DyingMaker(home.root / "died")


class LonelyMaker(DyingMaker):
    """The same for workers that are started afresh instead of forked."""

    forkable = False


def lonely_maker(home: Home) -> Maker:
    return LonelyMaker(home.root / "died")


@pytest.mark.parametrize("factory", [dying_maker, lonely_maker])
def test_a_worker_killed_in_a_chunk_costs_nothing(
    register: Register, batch: Batch, tmp_path: Path, factory: MakerFactory
) -> None:
    """The chunk of a worker that gets SIGKILL is pressed again by a new one, or by the program itself."""
    spread = in_chunks_of(4, register)
    report = issue(spread, batch, tmp_path / "out", actor=ACTOR, factory=factory, jobs_wanted=2)
    assert (register.home.root / "died").exists()
    assert report.issued == len(batch.passed)
    assert rows(register, "SELECT count(*) FROM certificates") == [(len(batch.passed),)]


def test_a_large_first_chunk_is_shared_with_the_workers(register: Register, tmp_path: Path) -> None:
    """Its beginning is made before they start, the rest by whoever is free, even when a worker dies over it."""
    many = sample_batch(3 * TOGETHER, 5)
    spread = in_chunks_of(TOGETHER + 12, register)
    assert len(many.passed) > 2 * (TOGETHER + 12)
    report = issue(spread, many, tmp_path / "out", actor=ACTOR, factory=dying_maker, jobs_wanted=2)
    assert (register.home.root / "died").exists()
    assert report.issued == len(many.passed)
    assert_sound(register, many, tmp_path / "out")
    listed = (tmp_path / "out" / "distribution.csv").read_text("utf-8-sig").splitlines()[1:]
    assert [line.split(",")[1] for line in listed] == [one.number for one in many.passed]


KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_registry_issuing_processes import held_maker
from registry_helpers import ACTOR, in_chunks_of
from core.settings import Home
from records.sample import sample_batch
from registry.issuing.run import issue
from registry.register import Register
with Register.open(Home(Path({home!r}))) as register:
    spread = in_chunks_of(4, register)
    issue(spread, sample_batch(36, 1), Path({out!r}), actor=ACTOR, factory=held_maker, jobs_wanted={jobs})
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_killed_in_the_middle_and_run_again(
    register: Register, batch: Batch, tmp_path: Path, jobs: int
) -> None:
    """SIGKILL twice in the middle of the work, then the same command: everybody has exactly one certificate."""
    script = KILLED.format(
        tests=str(Path(__file__).parent), home=str(register.home.root), out=str(tmp_path / "out"), jobs=jobs
    )
    for held_after, registered in ((6, 4), (15, 12)):
        environment = {**os.environ, MARK: str(tmp_path), HELD_AFTER: str(held_after)}
        process = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=environment)
        while not (tmp_path / str(held_after)).exists() and process.poll() is None:
            time.sleep(0.02)
        process.kill()
        assert process.wait() == -signal.SIGKILL
        assert _count(register) in ((registered,) if jobs == 1 else range(4, held_after, 4))
    assert _still_alive(tmp_path) == []
    report = issue_blank(register, batch, tmp_path / "out")
    assert report.issued + report.already == len(batch.passed)
    for sha256 in set(register.storage) - _registered(register):
        register.storage.discard(sha256)  # files of chunks that were never registered
    assert_sound(register, batch, tmp_path / "out")
    assert list((tmp_path / "out").rglob("*.partial")) == []


MARK = "ZHICHENG_TEST_RUN"
HELD_AFTER = "ZHICHENG_TEST_HELD_AFTER"
PATIENCE = 60.0  # seconds; on a busy machine a worker that was just starting needs some to notice


def _still_alive(run: Path) -> list[str]:
    """Processes that carry the mark of this run; a killed run must leave none behind."""
    wanted = f"{MARK}={run}".encode()
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        alive = [path for path in Path("/proc").glob("[0-9]*/environ") if wanted in _bytes(path)]
        if not alive:
            break
        time.sleep(0.05)
    return [str(path) for path in alive]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _count(register: Register) -> int:
    return int(rows(register, "SELECT count(*) FROM certificates")[0][0])


def _registered(register: Register) -> set[str]:
    return {bytes(s).hex() for (s,) in rows(register, "SELECT sha256 FROM certificates")}
