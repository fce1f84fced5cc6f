"""What Click itself says (cli/click_words.py): Chinese for Chinese users, complete for the installed Click."""

import ast
import os
import pty
import re
import select
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from cli.click_words import words
from core.message import placeholders

ROOT = Path(__file__).parents[2]
OF_PROGRAMMERS = {
    "Could not determine name for option with declarations {decls!r}",
    (
        "No options defined but a name was passed ({name}). Did you mean to declare an argument instead? Did you mean to "
        "pass '--{name}'?"
    ),
    "Arguments take exactly one parameter declaration, got {length}: {decls}.",
    "Name '{name}' defined twice",
    "Boolean option {decl!r} cannot use the same flag for true/false.",
    "Choice({choices})",
    "Unknown color {colour!r}",
}
"""Sentences about how a command is declared, which no user can meet."""
MODULES = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types", "utils")


def run(*given: str) -> subprocess.CompletedProcess[str]:
    """The program as it is called."""
    return subprocess.run(
        [sys.executable, str(ROOT / "zhicheng.py"), *given],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"},
    )


def asked_of_gettext() -> list[tuple[str, ...]]:
    """The texts, one or one and many, that Click's sources hand to gettext."""
    found = []
    for name in MODULES:
        source = (Path(click.__file__).parent / f"{name}.py").read_text("utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                wanted = {"_": 1, "ngettext": 2}.get(node.func.id, 0)
                texts = [one.value for one in node.args[:wanted] if isinstance(one, ast.Constant)]
                found += [tuple(map(str, texts))] if texts else []
    return found


def test_everything_that_click_says_has_a_chinese_sentence() -> None:
    """A newer Click with another sentence is noticed here; placeholders are those that Click fills."""
    found = asked_of_gettext()
    assert len(found) > 40
    for texts in found:
        if texts[0] in OF_PROGRAMMERS:
            continue
        said = words("zh")[texts[0]]
        assert placeholders(said) <= set().union(*map(placeholders, texts)), texts


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ("verify", "缺少参数 'FILES...'"),
        ("verify --nope", "没有选项 --nope"),
        ("verify no.pdf", "no.pdf"),
        ("nope", "没有命令 nope"),
        ("--lang xx check", "'xx' 不在可选之列"),
        ("serve --port abc", "'abc' 不是整数"),
        ("serve --port 70000", "不在 1<=x<=65535 的范围内"),
        ("issue batch.xlsx", "缺少选项 '-o' / '--out'"),
        ("check a b", "多出了参数 b"),
        ("keys import x --pkcs12", "选项 --pkcs12 后面要写值"),
    ],
)
def test_wrong_usage_is_told_in_chinese(given: str, part: str) -> None:
    """What is wrong, and where to read on; exit code 2; no English word but names of arguments."""
    done = run(*given.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert part in done.stderr
    assert not re.search(
        r"[Uu]sage|[Ee]rror|[Oo]ption|[Aa]rgument|[Ii]nvalid|[Mm]issing|COMMAND", done.stderr
    )


@pytest.mark.parametrize("given", ["--help", "database --help", "certificate revoke --help"])
def test_help_is_chinese_throughout(given: str) -> None:
    """Headings, the line of usage, kinds of values, the options that Click adds."""
    done = run(*given.split())
    assert done.returncode == 0
    for text in ("用法: zhicheng", "[选项]", "选项:", "显示本说明。"):
        assert text in done.stdout
    assert not re.search(r"Usage|Options|Commands|COMMAND|Show|TEXT|INTEGER|PATH\b|required", done.stdout)


def test_english_stays_clicks_own() -> None:
    """With `--lang en` before the command."""
    done = run("--lang", "en", "verify", "--nope")
    assert done.returncode == 2
    assert done.stderr.startswith("Usage: zhicheng verify [OPTIONS] FILES...\nTry 'zhicheng verify --help'")
    assert "Error: No such option '--nope'." in done.stderr
    shown = run("--lang", "en", "database", "--help").stdout
    assert "Show this message and exit." in shown
    assert "Commands:" in shown


ASKING = """
import signal, click, zhicheng
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore it
@click.command()
def ask(): click.prompt('?')
ask()
"""


def test_an_interrupted_question_ends_in_chinese(tmp_path: Path) -> None:
    """Ctrl-C at the question for a pass phrase, on a real terminal."""
    ours, theirs = pty.openpty()
    program = subprocess.Popen(
        [
            sys.executable,
            "-c",
            ASKING,
        ],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    os.close(theirs)
    seen = b""
    try:
        while b"?" not in seen and program.poll() is None:
            if select.select([ours], [], [], 0.2)[0]:
                seen += os.read(ours, 1000)
        program.send_signal(signal.SIGINT)
        while program.poll() is None or "已中止".encode() not in seen:
            if select.select([ours], [], [], 2)[0]:
                seen += os.read(ours, 1000)
            elif program.poll() is None:  # it came just before the reading began; a person presses again
                program.send_signal(signal.SIGINT)
    except OSError:  # the other end is closed
        pass
    finally:
        program.kill()
        program.wait(10)
        os.close(ours)
    assert "已中止。" in seen.decode()
    assert program.returncode == 1
