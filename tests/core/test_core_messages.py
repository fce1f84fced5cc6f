"""The message catalogues of all rooms."""

import re
from pathlib import Path

import pytest

from core.errors import HouseError
from core.message import catalogue, message, placeholders

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("core", "records", "generator", "signing", "registry", "web")


@pytest.mark.parametrize("room", ROOMS)
def test_an_english_sentence_uses_the_same_placeholders_as_the_chinese_one(room: str) -> None:
    """A translation never asks for a value that the code does not give."""
    chinese, english = catalogue(room, "zh"), catalogue(room, "en")
    assert set(english) <= set(chinese)
    for key, text in english.items():
        assert placeholders(text) <= placeholders(chinese[key]), key


@pytest.mark.parametrize("room", ROOMS)
def test_every_error_has_a_sentence_in_both_languages(room: str) -> None:
    """The `[errors]` tables of the two languages have the same keys."""
    tables = [{key for key in catalogue(room, lang) if key.startswith("errors.")} for lang in ("zh", "en")]
    assert tables[0] == tables[1]


@pytest.mark.parametrize("room", ROOMS)
def test_every_error_key_used_in_the_code_stands_in_the_catalogue(room: str) -> None:
    """`key = "…"` in an error class always finds its text."""
    used = {
        key
        for path in (ROOT / room).rglob("*errors.py")
        for key in re.findall(
            r'^    key(?:: ClassVar\[str\])? = "(\w+)"', path.read_text("utf-8"), re.MULTILINE
        )
    }
    known = {key.removeprefix("errors.") for key in catalogue(room, "zh") if key.startswith("errors.")}
    assert used <= known


def test_an_error_keeps_its_data_and_speaks_both_languages() -> None:
    """The sentence is made from the data, in the language that is asked for."""

    class Broken(HouseError):
        key = "home_not_ready"

    error = Broken(path="/x", reason="disk full")
    assert error.data == {"path": "/x", "reason": "disk full"}
    assert "/x" in error.diagnostics("en")
    assert "工作目录" in str(error)


def test_a_missing_key_is_an_error_and_not_an_empty_sentence() -> None:
    """A typo in a key is found at once."""
    with pytest.raises(KeyError):
        message("core", "errors.no_such_key")
