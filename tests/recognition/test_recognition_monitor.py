"""Following another region's log over HTTP: a real site in its own process, whose database is rewritten behind it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from loopback import free_port
from recognition_regions import GROUNDS, Region, fill, new_region

from core.settings import Home
from records.sample import Kind
from registry.certificates import lifecycle
from registry.log.events import LogState, hash_of
from registry.log.monitor import Alarm, Monitor, MonitorStateUnreadable, RegionSilent
from registry.register import Register
from zhicheng import cli


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Region:
    """A region with a few certificates, to be copied."""
    region = new_region(tmp_path_factory.mktemp("filled"), "900001", "甲州")
    fill(region, 3, Kind.GREEN, 5)
    return region


@pytest.fixture
def region(filled: Region, tmp_path: Path) -> Iterator[Region]:
    """That region, served by a process of its own."""
    home = Home(shutil.copytree(filled.home.root, tmp_path / "900001"))
    region = Region(home, filled.code, free_port(), filled.certificates)
    region.start()
    yield region
    region.stop()


def monitor_of(region: Region, folder: Path) -> Monitor:
    home = Home(folder / "watcher")
    home.create()
    return Monitor(home, f"http://127.0.0.1:{region.port}", folder / "state.json")


def suspend(region: Region, place: int) -> None:
    with Register.open(region.home) as register:
        lifecycle.suspend(register, region.certificates[place].number, GROUNDS)


def rewrite(region: Region, *, drop_last: bool = False) -> None:
    """What a dishonest operator does: change the past, rebuild the tree over it, forget the signed heads."""
    with sqlite3.connect(region.home.root / "zhicheng.db") as database:
        leaves = database.execute("SELECT position, leaf FROM events ORDER BY position").fetchall()
        if drop_last:
            database.execute("DELETE FROM events WHERE position = ?", (leaves.pop()[0],))
        state = LogState(0, "[]")
        for position, leaf in leaves:
            text = leaf.replace("T", "t", 1) if position == 1 and not drop_last else leaf
            state.append(hash_of(text))
            values = (text, hash_of(text), position)
            database.execute("UPDATE events SET leaf = ?, leaf_hash = ? WHERE position = ?", values)
        database.execute("UPDATE log_state SET size = ?, frontier = ?", (state.size, state.frontier))
        database.execute("DELETE FROM log_heads")


def test_a_log_that_only_grows_raises_no_alarm(region: Region, tmp_path: Path) -> None:
    """First look, the same head again, and one after more events, over the real proofs."""
    monitor = monitor_of(region, tmp_path)
    first = monitor.look()
    assert (first.alarm, first.before, first.present.code) == (None, None, "900001")
    assert monitor.look().grown == 0
    suspend(region, 0)
    again = monitor.look()
    assert (again.alarm, again.grown) == (None, 1)
    assert json.loads((tmp_path / "state.json").read_text())["size"] == again.present.size


@pytest.mark.parametrize(
    ("drop_last", "more", "alarm"),
    [
        (False, 0, Alarm.FORKED),
        (False, 1, Alarm.NOT_CONTINUED),
        (True, 0, Alarm.SHRUNK),
    ],
)
def test_a_rewritten_database_is_shouted_about(
    region: Region, tmp_path: Path, drop_last: bool, more: int, alarm: Alarm
) -> None:
    """Whether the log kept its length, grew or shrank since; the evidence holds both signed heads."""
    suspend(region, 0)
    monitor = monitor_of(region, tmp_path)
    good = monitor.look().present
    rewrite(region, drop_last=drop_last)
    for place in range(1, 1 + more):
        suspend(region, place)
    look = monitor.look()
    assert look.alarm is alarm
    evidence = json.loads(monitor.evidence_file(alarm).read_text("utf-8"))
    assert evidence["before"]["token"] == good.token
    assert evidence["present"]["token"] != good.token
    assert json.loads((tmp_path / "state.json").read_text())["token"] == good.token
    assert monitor.look().alarm is alarm


def test_another_region_behind_the_same_address_is_noticed(region: Region, tmp_path: Path) -> None:
    """The entry is pinned at the first look."""
    monitor = monitor_of(region, tmp_path)
    monitor.look()
    region.stop()
    other = new_region(tmp_path / "other", "900001", "甲州", port=region.port)
    other.start()
    try:
        assert monitor.look().alarm is Alarm.KEY_CHANGED
    finally:
        other.stop()


def test_the_command_shouts_and_a_silent_region_is_no_alarm(region: Region, tmp_path: Path) -> None:
    """Exit 0 while all is well, 1 with a Chinese alarm, 3 when nobody answers."""
    state = tmp_path / "state.json"
    command = ["--home", str(tmp_path / "w"), "log", "monitor", f"http://127.0.0.1:{region.port}"]
    command += ["--state", str(state)]
    result = CliRunner().invoke(cli, command)
    assert (result.exit_code, "前后一致" in result.output) == (0, True)
    rewrite(region)
    result = CliRunner().invoke(cli, command)
    assert (result.exit_code, "报警" in result.output, "改写" in result.output) == (1, True, True)
    region.stop()
    with pytest.raises(RegionSilent):
        monitor_of(region, tmp_path).look()
    assert CliRunner().invoke(cli, command).exit_code == 3
    state.write_text("{}")
    with pytest.raises(MonitorStateUnreadable):
        monitor_of(region, tmp_path).look()
