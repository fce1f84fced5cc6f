"""One way to issue and one to make documents, whoever asks: rules hold for each of them."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.executors import Here
from app.issuing import IssueBatch, issue_batch
from core.settings import Home
from records.input.workbook import write_batch
from records.sample import sample_batch
from registry.applications.progress import progress_of
from registry.issuing.source_archive import from_register
from registry.issuing.sources import open_source
from registry.log.events import Actor, system_actor
from registry.log.tree_heads import latest_head
from registry.register import Register
from registry.workspace.four_eyes import FourEyesMissing

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
ABOVE = ("app", "web", "cli", "demo")
PEOPLE = 4


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A sample workbook."""
    path = tmp_path / "batch.xlsx"
    write_batch(sample_batch(PEOPLE, 3), path)
    return path


def wanted(file: Path, home: Home, out: Path, *, channel: str = "cli", kept: bool = True) -> IssueBatch:
    """A request to issue the workbook."""
    source = open_source(file, home)
    actor = Actor("演示", channel=channel)
    return IssueBatch(source=source, path=file if kept else None, out=out, actor=actor)


def test_issuing_leaves_file_progress_and_a_signed_head(file: Path, tmp_path: Path) -> None:
    """Whoever issues, the batch can be made again from its number, applicants see it, and the log has a head."""
    home = Home(tmp_path / "home")
    with Register.open(home) as register:
        request = wanted(file, home, tmp_path / "out")
        report = issue_batch(register, request, Here(jobs=1, chunk=1))
        assert report.issued == len(request.source.batch.passed)
        number = request.source.batch.passed[0].number
        assert progress_of(register, number).current is not None
        head = latest_head(register)
        assert head is not None
        assert head.size >= report.issued
    found = from_register(home, request.source.batch.number)
    assert found is not None
    assert found.read_bytes() == file.read_bytes()


@pytest.mark.parametrize(("channel", "kept"), [("cli", True), ("demo", True), ("demo", False)])
def test_four_eyes_hold_whoever_asks(file: Path, tmp_path: Path, channel: str, kept: bool) -> None:
    """Where the register asks for four eyes, the demonstration and the second region are refused like the command."""
    home = Home(tmp_path / "home")
    home.create()
    home.config.write_text("[registry]\nfour_eyes = true\n", "utf-8")
    with Register.open(home) as register:
        with pytest.raises(FourEyesMissing):
            issue_batch(register, wanted(file, home, tmp_path / "out", channel=channel, kept=kept), Here())
        assert register.lookup.by_id(1) is None


def test_a_repeated_run_gives_nobody_two(file: Path, tmp_path: Path) -> None:
    """The same request again finds everybody's certificate."""
    home = Home(tmp_path / "home")
    with Register.open(home) as register:
        first = issue_batch(register, wanted(file, home, tmp_path / "out"), Here())
        again = issue_batch(register, wanted(file, home, tmp_path / "out"), Here())
    assert (again.issued, again.already) == (0, first.issued)
    assert system_actor().name


def imported() -> Iterator[tuple[str, str]]:
    """Every `from MODULE import NAME` of the rooms above the register: file, and `MODULE.NAME`."""
    for room in ABOVE:
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ImportFrom):
                    yield from (
                        (path.relative_to(ROOT).as_posix(), f"{node.module}.{one.name}") for one in node.names
                    )


@pytest.mark.parametrize(
    ("function", "only"),
    [
        ("registry.issuing.run.issue", "app/executors.py"),
        ("registry.jobs.issuing.Shared", "app/executors.py"),
        ("registry.jobs.documents.SharedDocuments", "app/executors.py"),
        ("generator.documents.bundle.generate", "app/documents.py"),
        ("registry.issuing.register_findings.looked_up", "app/checking.py"),
    ],
)
def test_the_main_job_is_wired_in_one_place(function: str, only: str) -> None:
    """No page, command or demonstration puts the main job together by itself."""
    assert [file for file, name in imported() if name == function] == [only]
