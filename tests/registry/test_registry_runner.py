"""Workers are refused where there can be none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from house.errors import HomeNotReady
from house.settings import Home
from registry.settings import JobsSettings
from zhicheng import cli

if TYPE_CHECKING:
    from pathlib import Path


def test_sqlite_has_no_workers(tmp_path: Path) -> None:
    """`worker` ends with exit code 3 and says what is needed."""
    result = CliRunner().invoke(cli, ["--home", str(tmp_path / "home"), "worker"])
    assert result.exit_code == 3
    assert "PostgreSQL" in result.output


def test_a_worker_may_not_count_as_dead_between_two_heartbeats(tmp_path: Path) -> None:
    """Refused when the settings are read."""
    home = Home(tmp_path)
    home.config.write_text("[jobs]\nheartbeat_seconds = 10\nstalled_seconds = 12\n", "utf-8")
    with pytest.raises(HomeNotReady, match="stalled_seconds"):
        home.section("jobs", JobsSettings)
