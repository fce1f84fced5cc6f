"""The front door (zhicheng.py): a mistyped home is refused, and nothing a command meets becomes a traceback."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from core.failures import in_words
from core.reasons import refusal
from web.wsgi import application
from zhicheng import cli, main

ROOT = Path(__file__).parents[2]
FOUNDERS = {
    "account add",
    "approval prepare",
    "database restore",
    "demo",
    "issue",
    "keys demo",
    "keys import",
    "region publish",
}
"""What may make a home; whoever adds a command here says so in docs/operations.md."""
LOOKING = [
    "verify {file}",
    "verify {file} --json",
    "worker",
    "log head",
    "log verify",
    "database check",
    "database backup {file}.tar",
    "database rotate",
    "certificate show NM20251500105P000012",
    "keys list",
    "keys publish -o {file}.d",
    "keys adobe",
    "account list",
    "job list",
    "region list",
    "region refresh",
    "archive due",
    "progress show X",
    "integrity list",
    "approval show X",
    "signatures check {file}",
    "export -o {file}.d",
    "generate {file} -o {file}.d",
    "check {file}",
    "certificate preview -o {file}.pdf",
    "document list",
]
NEEDS_NONE = ("certificate preview -o {file}.pdf", "document list")


def run(*given: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program as an administrator calls it."""
    return subprocess.run(
        [sys.executable, str(ROOT / "zhicheng.py"), *given],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )


@pytest.mark.parametrize("command", LOOKING)
def test_a_folder_that_is_no_home_stays_as_it_is(
    command: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking never makes a home: not where there is nothing, and not in a folder of something else."""
    file = tmp_path / "file"
    file.write_bytes(b"%PDF-1.7\n")
    other = tmp_path / "other"
    other.mkdir()
    (other / "letter.txt").write_text("x")
    for home in (tmp_path / "none", other):
        monkeypatch.setattr(
            sys, "argv", ["zhicheng", "--home", str(home), *command.format(file=file).split()]
        )
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code in ((0,) if command in NEEDS_NONE else (1, 3))
    assert "Traceback" not in "".join(capfd.readouterr())
    assert not (tmp_path / "none").exists()
    assert [one.name for one in other.iterdir()] == ["letter.txt"]


def test_the_refusal_names_the_folder_and_the_way_out(tmp_path: Path) -> None:
    """Exit code 3, a sentence with the path, the option, the variable and the commands; as JSON on request."""
    done = run("--home", str(tmp_path / "typo"), "database", "check")
    assert done.returncode == 3
    for named in (str(tmp_path / "typo"), "--home", "ZHICHENG_HOME", "keys import", "keys demo"):
        assert named in done.stderr
    done = run("database", "check", "--json", ZHICHENG_HOME=str(tmp_path / "typo"))
    assert done.returncode == 3
    assert json.loads(done.stdout)["error"]["code"] == "home_missing"


def test_no_site_is_served_from_a_folder_that_is_no_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither by the built-in server nor by one that imports the application: it would know no certificate."""
    done = run("--home", str(tmp_path / "typo"), "serve", "--port", "1", ZHICHENG_WEB_PORT="1")
    assert (done.returncode, "不是工作目录" in done.stderr) == (3, True)
    monkeypatch.setenv("ZHICHENG_HOME", str(tmp_path / "typo"))
    with pytest.raises(SystemExit) as ended:
        application()
    assert ended.value.code == 3
    assert "不是工作目录" in capfd.readouterr().err
    assert not (tmp_path / "typo").exists()


def test_only_the_named_commands_make_a_home(tmp_path: Path) -> None:
    """The list above is the whole list, and what makes a home says so."""
    assert {name for name, one in _leaves(cli, "") if _founds(one)} == FOUNDERS - {"demo"}
    done = run("--home", str(tmp_path / "new"), "keys", "demo")
    assert done.returncode == 0
    assert f"新的工作目录：{tmp_path / 'new'}" in done.stderr
    again = run("--home", str(tmp_path / "new"), "keys", "demo")
    assert again.stderr == ""
    assert run("--home", str(tmp_path / "new"), "database", "check").returncode == 0


def test_an_error_nobody_foresaw_is_a_sentence_with_its_details_in_a_private_file(tmp_path: Path) -> None:
    """The trace goes to a file that only its owner reads."""
    try:
        {}["x"]
    except KeyError as error:
        told = in_words(error)
    place = Path(str(told.data["path"]))
    assert "KeyError" in told.diagnostics()
    assert place.stat().st_mode & 0o777 == 0o600
    assert "Traceback" in place.read_text()
    place.unlink()


def test_what_the_system_refuses_is_said_in_the_reader_s_language(tmp_path: Path) -> None:
    """The path, the reason in words, and the system's own words, by which others have written about it."""
    try:
        (tmp_path / "none" / "file").read_bytes()
    except OSError as error:
        told = in_words(error)
    assert told.exit_code == 3
    assert f"{tmp_path / 'none' / 'file'}" in told.diagnostics("zh")
    assert "没有这个文件或目录 [No such file or directory]" in told.diagnostics("zh")
    assert "No such file or folder" in told.diagnostics("en")
    assert refusal(OSError(errno.EXDEV, "Invalid cross-device link")) == "Invalid cross-device link"


def test_the_language_counts_for_every_error(tmp_path: Path) -> None:
    """`--lang en` speaks English to the end."""
    done = run("--lang", "en", "--home", str(tmp_path / "typo"), "verify", __file__)
    assert "is no home folder" in done.stderr


def _leaves(command: click.Command, name: str) -> list[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        return [(name, command)]
    context = click.Context(command)
    inner = [(one, command.get_command(context, one)) for one in command.list_commands(context)]
    return [leaf for one, found in inner if found for leaf in _leaves(found, f"{name} {one}".strip())]


def _founds(command: click.Command) -> bool:
    return bool(getattr(command.callback, "founds", False))
