"""Workers are refused where there can be none; how long a chunk waits before it is tried again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import time_machine
from click.testing import CliRunner

from core.errors import HomeNotReady
from core.settings import Home
from registry.errors import DatabaseNotReady, IssueRefused
from registry.settings import JobsSettings
from zhicheng import cli

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_sqlite_has_no_workers(tmp_path: Path) -> None:
    """`worker` ends with exit code 3 and says what is needed."""
    home = ["--home", str(tmp_path / "home")]
    assert CliRunner().invoke(cli, [*home, "keys", "demo"]).exit_code == 0
    result = CliRunner().invoke(cli, [*home, "worker"])
    assert result.exit_code == 3
    assert "PostgreSQL" in result.output


def test_a_worker_may_not_count_as_dead_between_two_heartbeats(tmp_path: Path) -> None:
    """Refused when the settings are read."""
    home = Home(tmp_path)
    home.config.write_text("[jobs]\nheartbeat_seconds = 10\nstalled_seconds = 12\n", "utf-8")
    with pytest.raises(HomeNotReady, match="stalled_seconds"):
        home.section("jobs", JobsSettings)


def test_a_chunk_waits_twice_as_long_each_time_and_not_for_ever() -> None:
    """2, 4, 8 … and at most 300 seconds; after so many attempts, or when its own input is to blame, no more."""
    procrastinate = pytest.importorskip("procrastinate", reason="needs the postgresql extra")
    from registry.jobs.serving import BACK_OFF_MOST_S, BackOff

    back_off = BackOff(retries=12)
    away = DatabaseNotReady(reason="away")
    waits = []
    for attempts in range(12):
        job = procrastinate.jobs.Job(
            id=1, queue="q", lock=None, queueing_lock=None, task_name="t", attempts=attempts
        )
        with time_machine.travel(NOW, tick=False):
            decision = back_off.get_retry_decision(exception=away, job=job)
        assert decision is not None
        waits.append((decision.retry_at - NOW).total_seconds())
    assert waits[:4] == [2, 4, 8, 16]
    assert waits[-1] == BACK_OFF_MOST_S
    assert back_off.is_last(away, 12)
    assert back_off.is_last(IssueRefused(missing="x", codes=("x",)), 0)
    assert not back_off.is_last(away, 11)
