"""`--json` prints one document and nothing else, in every command that knows it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click
import pytest
from click.testing import CliRunner

from app.executors import Here
from app.issuing import IssueBatch, issue_batch
from core.settings import Home
from records.input.workbook import write_batch
from records.sample import sample_batch
from registry.issuing.sources import open_source
from registry.log.events import Actor
from registry.recognition.answer import QueryResult, RecognitionAnswer, Usable
from registry.register import Register
from zhicheng import COMMANDS, cli

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PEOPLE = 3
LASTING = {"serve", "worker", "demo"}


def with_json(
    command: click.Command, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command below that has the option, with the words that call it."""
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from with_json(below, (*path, name))
    elif any(one.name == "as_json" for one in command.params):
        yield path, command


def everything() -> list[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(cli)
    found = []
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        if name not in LASTING:
            found += with_json(command, (name,))
    return found


ALL = everything()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with an issued batch, its workbook and a certificate's file beside it."""
    root = tmp_path_factory.mktemp("json")
    home = Home(root / "home")
    path = root / "batch.xlsx"
    write_batch(sample_batch(PEOPLE, 5), path)
    source = open_source(path, home)
    with Register.open(home) as register:
        issue_batch(
            register, IssueBatch(source=source, path=path, out=root / "out", actor=Actor("测试员")), Here()
        )
    return home


def arguments(command: click.Command, home: Home, out: Path) -> list[str]:
    """Something plausible for every parameter that must be given."""
    said: list[str] = []
    for one in command.params:
        if isinstance(one, click.Option):
            if one.required:
                said += [one.opts[0], value(one, home, out)]
        elif one.required:
            said.append(value(one, home, out))
    return said


def value(one: click.Parameter, home: Home, out: Path) -> str:
    kind: Any = one.type
    if isinstance(kind, click.Choice):
        return str(next(iter(kind.choices)))
    if isinstance(kind, click.types.IntParamType):
        return "1"
    if one.name in ("out", "output", "folder", "target"):
        return str(out)
    if one.name == "batch" or isinstance(kind, click.Path):
        return str(home.root.parent / "batch.xlsx")
    if isinstance(kind, click.DateTime):
        return "2026-05-04"
    return "LT2025000001"


@pytest.mark.parametrize("path", [path for path, _ in ALL], ids=" ".join)
def test_one_document_and_nothing_else(path: tuple[str, ...], home: Home, tmp_path: Path) -> None:
    """In a home with a batch, and where there is no home: one document on stdout, errors with code and message."""
    command = dict(ALL)[path]
    words = [*path, *arguments(command, home, tmp_path / "out"), "--json"]
    for root in (home.root, tmp_path / "nowhere"):
        done = CliRunner().invoke(cli, ["--home", str(root), *words], input="150801198002100005\n")
        assert done.exception is None or isinstance(done.exception, SystemExit), (words, done.exception)
        if done.exit_code == 2:
            assert done.stdout == "", words
            continue
        document = json.loads(done.stdout)
        if isinstance(document, dict) and "error" in document:
            assert document["error"]["code"]
            assert document["error"]["message"]
            assert done.exit_code in (1, 3)


def test_most_commands_are_really_run() -> None:
    """The walk finds them all, and few end in wrong usage."""
    assert len(ALL) >= 40


def test_a_case_that_needs_none_and_letters_to_a_folder(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two that printed a sentence in place of a document."""
    runner, at = CliRunner(), ["--home", str(home.root)]
    done = runner.invoke(cli, [*at, "region", "deliver", "--to", str(tmp_path / "letters"), "--json"])
    assert json.loads(done.stdout)["written"] == 0
    usable = RecognitionAnswer(Usable.IN_REGION, QueryResult.PROVINCE_FOUND)
    monkeypatch.setattr("cli.case._asked", lambda ctx, applicant: usable)
    case = ["region", "case", "open", "--region", "990000", "--number", "ZC1", "--name", "李四"]
    said = ["--id-number", "990101199001010005", "--level", "中级", "--json"]
    done = runner.invoke(cli, [*at, *case, *said])
    document = json.loads(done.stdout)
    assert done.exit_code == 1
    assert document["case"] is None
    assert document["message"]
