"""Size: a look-up reads one row by an index however many there are; issuing needs no more memory for more people."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from registry_helpers import issue_blank
from sqlalchemy import text

from registry.certificates import lookup

if TYPE_CHECKING:
    from records.batch.model import Batch
    from registry.register import Register

ROOT = Path(__file__).parents[2]
MORE_MEMORY = 1.15
"""Many people against few, as the goal of 1.3 is over the whole command with a hundred times as many."""


@pytest.mark.parametrize("column", ["code", "number", "licence_id", "sha256", "id"])
def test_a_look_up_reads_one_row_by_an_index(
    register: Register, batch: Batch, tmp_path: Path, column: str
) -> None:
    """The plan of the very statement that is run: an index over that column alone, unique, and no scan."""
    issue_blank(register, batch, tmp_path / "out")
    statement = f"{lookup._CERTIFICATE}{column} = :value"
    with register.database.read() as connection:
        if register.database.is_sqlite:
            rows = connection.execute(text(f"EXPLAIN QUERY PLAN {statement}"), {"value": "x"})
            [plan] = [row.detail for row in rows]
            assert plan.startswith("SEARCH certificates USING ")
            assert plan.endswith(f"({'rowid' if column == 'id' else column}=?)")
            return
        connection.execute(text("SET LOCAL enable_seqscan = off"))  # 36 rows are read faster without an index
        value: object = {"id": 1, "sha256": b"x"}.get(column, "x")
        rows = connection.execute(text(f"EXPLAIN {statement}"), {"value": value})
        plan = "\n".join(row[0] for row in rows)
    assert "Index Scan using" in plan
    assert f"Index Cond: ({column} = " in plan or f"Index Cond: (({column})::text = " in plan
    assert "rows=1 " in plan


ISSUING = """
import json, resource, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from core.settings import Home
from records.sample import sample_batch
from registry.log.events import Actor
from registry.issuing.run import issue
from registry.issuing.produce import blank_maker
from registry.register import Register

batch = sample_batch(12, 1)
one = batch.passed[0]
people = (one.model_copy(update={{"number": f"A{{place}}"}}) for place in range({people}))
with Register.open(Home(Path({home!r}))) as register:
    report = issue(register, batch, Path({out!r}), actor=Actor("t", "t", "t"), applications=people, factory=blank_maker)
print(json.dumps([report.issued, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
"""


def test_issuing_to_many_needs_no_more_memory_than_to_few(tmp_path: Path) -> None:
    """Ten times as many people, streamed, in a process of their own: the peak stays where it was."""
    peaks = []
    for people in (600, 6_000):
        folder = tmp_path / str(people)
        folder.mkdir()
        code = ISSUING.format(
            root=str(ROOT), people=people, home=str(folder / "home"), out=str(folder / "out")
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        issued, peak = json.loads(done.stdout)
        assert issued == people
        peaks.append(peak)
    assert peaks[1] <= MORE_MEMORY * peaks[0]
