"""The document about validation cannot drift from the program."""

from pathlib import Path

import hostile_corpus  # noqa: F401 - registers all attacks
from hostile_base import ATTACKS
from hostile_table import END, START

from signing.settings import SigningSettings
from signing.validate import Code, StepName

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_table_lists_every_file_with_its_verdict() -> None:
    """Name, words and verdict of each attack, in order; regenerate with hostile_table.py docs/validation.md."""
    table = (DOCS / "validation.md").read_text("utf-8").split(START)[1].split(END)[0]
    rows = [
        [cell.strip() for cell in line.split("|")[1:4]]
        for line in table.splitlines()
        if line.startswith("| ")
    ]
    assert rows[1:] == [[one.name, one.what, str(one.verdict)] for one in ATTACKS]


def test_steps_and_codes_are_explained() -> None:
    """Every step has its row; every code that a step can end with is named."""
    text = (DOCS / "validation.md").read_text("utf-8")
    for step in StepName:
        assert f"| {step.number} | {step.value}" in text
    process = {Code.OK, Code.DAMAGED, Code.TIME_EXCEEDED, Code.MEMORY_EXCEEDED, Code.CHECKER_DIED}
    assert not [code for code in set(Code) - process if f"`{code}`" not in text]


def test_every_setting_is_documented() -> None:
    """The table of settings names each one (those of the child processes by their common beginning)."""
    text = (DOCS / "signatures.md").read_text("utf-8")
    names = {
        name if not name.startswith("validation_") else "validation_*"
        for name in SigningSettings.model_fields
    }
    assert not [name for name in names if f"`{name}`" not in text]
