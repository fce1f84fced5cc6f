"""Reading the data files of `records/data`: plain JSON, loaded once."""

import json
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "data"


@cache
def load(name: str) -> dict[str, Any]:
    """The whole data file `name` (without suffix)."""
    document: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    return document


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of a table as dictionaries by column."""
    table = load(name)
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
