"""README and the documentation say what the program does."""

import re
import shlex
import sys
from pathlib import Path

import click
import pytest

import zhicheng

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))
PAGES = sorted([ROOT / "README.md", ROOT / "README.zh-CN.md", *(ROOT / "docs").glob("*.md")])
FENCED = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"^(?:\$ |\.venv/bin/)?(zhicheng [a-z][^#|>]*)")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def commands() -> list[tuple[str, str]]:
    """Every `zhicheng …` command line in the pages' code, with its page."""
    found = []
    for page in PAGES:
        text = page.read_text("utf-8")
        lines = [line for block in FENCED.findall(text) for line in block.splitlines()]
        for code in (*lines, *INLINE.findall(FENCED.sub("", text))):
            match = COMMAND.match(code.strip())
            if match:
                found.append((page.name, match.group(1).strip()))
    return sorted(set(found))


@pytest.mark.parametrize(("page", "line"), commands())
def test_a_command_in_the_documentation_exists_with_its_options(page: str, line: str) -> None:
    """A reader can type what the pages show."""
    words = shlex.split(line.split(" → ")[0].replace("[", "").replace("]", "").replace("…", ""))[1:]
    command: click.Command = zhicheng.cli
    context = click.Context(command)
    while isinstance(command, click.Group) and words and re.fullmatch(r"[a-z][a-z-]*", words[0]):
        found = command.get_command(context, words.pop(0))
        assert found is not None, line
        command = found
    known = {
        option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    given = {word.split("=")[0] for word in words if re.fullmatch(r"--?[a-z][a-z-]*(=.*)?", word)}
    assert given <= known | {"--help", "-h"}, line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_link_in_the_documentation_leads_somewhere(page: Path) -> None:
    """No page points to a file that is not there."""
    missing = [
        target for target in LINK.findall(page.read_text("utf-8")) if not (page.parent / target).exists()
    ]
    assert missing == []


def test_the_settings_page_is_current() -> None:
    """docs/settings.md is what the settings classes say."""
    import make_settings

    assert (ROOT / "docs" / "settings.md").read_text("utf-8") == make_settings.page()


def test_make_targets_named_in_the_readme_exist() -> None:
    """`make demo`, `make test` and the others are real."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in set(
        re.findall(r"(?:^|`)make ([a-z]+)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    ):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
