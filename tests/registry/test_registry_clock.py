"""A clock that cannot be right signs nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from click.testing import CliRunner
from registry_helpers import ACTOR, issue_blank, of_others, rows

from records.input.workbook import write_batch
from registry.clock import now
from registry.errors import ClockWrong
from registry.issuing.run import issue
from registry.log.clock_guard import require_clock
from registry.log.tree_heads import latest_head, sign_head
from signing.authority.opening import open_authority
from zhicheng import cli

if TYPE_CHECKING:
    from pathlib import Path

    from records.batch.model import Batch
    from registry.register import Register


def test_two_hours_behind_the_log_nothing_is_issued(register: Register, batch: Batch, tmp_path: Path) -> None:
    """Refused with both times; no number is reserved and no head is signed."""
    issue_blank(register, batch, tmp_path / "out")
    spent = rows(register, "SELECT count(*) FROM numbers")
    other = of_others(batch, "other")
    with time_machine.travel(now() - timedelta(hours=2)):
        with pytest.raises(ClockWrong) as caught:
            issue(register, other, tmp_path / "other", actor=ACTOR)
        with pytest.raises(ClockWrong):
            sign_head(register, open_authority(register.home).service)
    assert caught.value.exit_code == 3
    assert "chronyc" in caught.value.diagnostics()
    assert rows(register, "SELECT count(*) FROM numbers") == spent
    assert latest_head(register) is None


def test_a_drift_of_minutes_is_none(register: Register, batch: Batch, tmp_path: Path) -> None:
    """Servers of one installation are seconds apart; the setting says how much is let pass."""
    issue_blank(register, batch, tmp_path / "out")
    with time_machine.travel(now() - timedelta(minutes=10)):
        require_clock(register)
    strict = register.settings.model_copy(update={"clock_minutes": 5})
    object.__setattr__(register, "settings", strict)
    with time_machine.travel(now() - timedelta(minutes=10)), pytest.raises(ClockWrong):
        require_clock(register)


def test_ahead_of_the_database_server(register: Register) -> None:
    """A clock thirty days ahead: seen where a database server has its own, and cannot be known of one file."""
    with time_machine.travel(now() + timedelta(days=30)):
        if register.database.is_sqlite:
            require_clock(register)
        else:
            with pytest.raises(ClockWrong):
                require_clock(register)


def test_the_command_tells_it(register: Register, batch: Batch, tmp_path: Path) -> None:
    """Exit 3, one document, both times in it."""
    issue_blank(register, batch, tmp_path / "out")
    path = tmp_path / "batch.xlsx"
    write_batch(of_others(batch, batch.number), path)
    words = ["--home", str(register.home.root), "issue", str(path), "-o", str(tmp_path / "o"), "--json"]
    with time_machine.travel(now() - timedelta(hours=2)):
        done = CliRunner().invoke(cli, words)
    assert done.exit_code == 3
    assert json.loads(done.stdout)["error"]["code"] == "clock_wrong"
