"""Folders of tests can be run together: no module of one hides a module of another."""

from collections import Counter
from pathlib import Path

TESTS = Path(__file__).parents[1]


def test_no_two_test_modules_share_a_name() -> None:
    """Only `conftest.py` may, which pytest tells apart by its folder, so nothing imports from one of that name."""
    modules = [path for path in TESTS.rglob("*.py") if path.name != "conftest.py"]
    assert [name for name, count in Counter(path.name for path in modules).items() if count > 1] == []
    bold = [
        path.name
        for path in modules
        if "from conftest import" in path.read_text("utf-8") and path != Path(__file__)
    ]
    assert bold == []
