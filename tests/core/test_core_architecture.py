"""`docs/architecture.md` leads to files that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
ROOMS = (
    "app",
    "cli",
    "core",
    "demo",
    "generator",
    "records",
    "registry",
    "signing",
    "web",
    "templates",
    "tests",
)
PATHS = sorted(
    {
        path
        for path in re.findall(r"`([\w./*-]+/[\w./*-]*)`", PAGE)
        if path.split("/")[0] in ROOMS and "ROOM" not in path
    }
)


@pytest.mark.parametrize("path", PATHS)
def test_a_path_on_the_page_is_there(path: str) -> None:
    """A file, a folder, or at least one file of a pattern."""
    assert list(ROOT.glob(path.rstrip("/"))), path


def test_the_page_names_every_room() -> None:
    """A room that nobody finds on the page is not on the map."""
    assert len(PATHS) > 20
    for room in ROOMS[:9]:
        assert f"`{room}/`" in PAGE, room


def test_modules_of_the_glossary_are_there() -> None:
    """`records.batch.model.Batch` and its like: the module exists and holds the name."""
    for dotted in set(re.findall(r"`((?:records|generator|signing|registry|web)\.[\w.]+)`", PAGE)):
        parts = dotted.split(".")
        for end in range(len(parts), 0, -1):
            found = ROOT.joinpath(*parts[:end])
            if found.is_dir() or found.with_suffix(".py").exists():
                break
        rest = parts[end:]
        assert len(rest) <= 1, dotted
        if rest:
            text = found.with_suffix(".py") if not found.is_dir() else found / "__init__.py"
            assert re.search(rf"^(?:class|def) {rest[0]}\b", text.read_text("utf-8"), re.MULTILINE), dotted
