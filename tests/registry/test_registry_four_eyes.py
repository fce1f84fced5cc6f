"""Four eyes at the command line, and what a check learns from the register."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from registry_helpers import ACTOR

from records.input.workbook import write_batch
from registry.applications.misconduct import Dishonesty, Subject, enter
from registry.applications.progress import progress_of
from registry.clock import local_day, now
from registry.log.events import Actor, system_user
from registry.workspace.four_eyes import (
    CommandAct,
    FourEyesMissing,
    SameUser,
    command_steps_of,
    file_digest,
    take_command_step,
)
from zhicheng import cli

if TYPE_CHECKING:
    from pathlib import Path

    from core.settings import Home
    from records.batch.model import Batch
    from registry.register import Register

FILE = "ab" * 32
ONE, TWO, THREE = (Actor(name, account=name) for name in ("zhang", "li", "wang"))


def step(register: Register, act: CommandAct, actor: Actor, digest: str = FILE) -> None:
    take_command_step(register, "批次1", digest, act, actor)


def test_three_people_take_the_three_steps_in_order(register: Register) -> None:
    """Nobody jumps ahead, nobody does two steps, a changed file starts over, a repeated step is written once."""
    with pytest.raises(FourEyesMissing):
        step(register, CommandAct.ISSUE, THREE)
    with pytest.raises(FourEyesMissing):
        step(register, CommandAct.APPROVE, TWO)
    step(register, CommandAct.PREPARE, ONE)
    step(register, CommandAct.PREPARE, ONE)
    with pytest.raises(SameUser):
        step(register, CommandAct.APPROVE, replace(ONE, name="化名"))
    step(register, CommandAct.APPROVE, TWO)
    for actor in (ONE, TWO):
        with pytest.raises(SameUser):
            step(register, CommandAct.ISSUE, actor)
    with pytest.raises(FourEyesMissing):
        step(register, CommandAct.ISSUE, THREE, "cd" * 32)
    step(register, CommandAct.ISSUE, THREE)
    step(register, CommandAct.ISSUE, THREE)
    assert [(one.act, one.account) for one in command_steps_of(register, "批次1")] == [
        ("prepare", "zhang"),
        ("approve", "li"),
        ("issue", "wang"),
    ]


def test_the_system_user_is_not_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """LOGNAME and USER can be set by anybody."""
    monkeypatch.setenv("LOGNAME", "somebody-else")
    monkeypatch.setenv("USER", "somebody-else")
    assert system_user() != "somebody-else"
    assert Actor("某人").account == system_user()


def test_issue_asks_for_four_eyes_where_the_settings_do(
    home: Home, register: Register, batch: Batch, tmp_path: Path
) -> None:
    """Refused until two other system users have prepared and approved this very file; off by default."""
    with home.config.open("a", encoding="utf-8") as handle:
        handle.write("four_eyes = true\n" if home.config.stat().st_size else "[registry]\nfour_eyes = true\n")
    path = tmp_path / "batch.xlsx"
    write_batch(batch, path)

    def run(*arguments: object) -> tuple[int, str]:
        result = CliRunner().invoke(cli, ["--home", str(home.root), *map(str, arguments)])
        return result.exit_code, result.output

    code, text = run("issue", path, "-o", tmp_path / "out", "--json")
    assert (code, json.loads(text)["error"]["code"]) == (1, "four_eyes_missing")
    for act, actor in ((CommandAct.PREPARE, ONE), (CommandAct.APPROVE, TWO)):
        take_command_step(register, batch.number, file_digest(path), act, actor)
    code, text = run("approval", "prepare", path, "--json")
    assert code == 0
    code, text = run("issue", path, "-o", tmp_path / "out", "--json")
    assert (code, json.loads(text)["error"]["code"]) == (1, "same_user")
    assert len(json.loads(run("approval", "show", batch.number, "--json")[1])["steps"]) == 3


def test_a_check_looks_the_integrity_archive_up(
    home: Home, register: Register, batch: Batch, tmp_path: Path
) -> None:
    """细则第七十二条: who stands in the register's archive gets B-E03, at the place of his row; progress is noted."""
    path = tmp_path / "batch.xlsx"
    write_batch(batch, path)
    person = batch.passed[0].person
    assert person.identity_number
    day = local_day(now()) - timedelta(days=30)
    entry = Dishonesty(
        Subject.APPLICANT, "某人", person.identity_number, "伪造业绩", "第七十二条", "撤销职称", day
    )
    command = ["--home", str(home.root), "check", str(path), "--json"]
    before = json.loads(CliRunner().invoke(cli, command).output)
    enter(register, entry, ACTOR)
    after = json.loads(CliRunner().invoke(cli, command).output)
    new = [one for one in after["findings"] if one not in before["findings"]]
    assert [(one["rule"], one["application_number"]) for one in new] == [("B-E03", batch.passed[0].number)]
    assert new[0]["cell"].startswith("申报人员!")
    assert progress_of(register, batch.passed[0].number).marks


def test_a_check_makes_no_register(tmp_path: Path, batch: Batch) -> None:
    """Checking a workbook in a new place leaves nothing behind."""
    path = tmp_path / "batch.xlsx"
    write_batch(batch, path)
    CliRunner().invoke(cli, ["--home", str(tmp_path / "none"), "check", str(path)])
    assert not (tmp_path / "none").exists()
