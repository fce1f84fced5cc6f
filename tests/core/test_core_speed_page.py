"""The page on speed and the benches belong together."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_on_speed_names_every_bench_script() -> None:
    """docs/speed.md lists exactly the scripts that `make bench` runs."""
    text = (ROOT / "docs" / "speed.md").read_text("utf-8")
    named = set(re.findall(r"^\| `bench/(\w+\.py)` \|", text, re.MULTILINE))
    assert named == {path.name for path in (ROOT / "bench").glob("*.py")}


def test_make_bench_runs_every_script() -> None:
    """A script that misses its goal does not keep the others from running."""
    [line] = re.findall(r"^bench:.*\n\t(.+)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert "bench/*.py" in line
