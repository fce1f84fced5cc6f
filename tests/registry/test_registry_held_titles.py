"""第二十三条 across batches: one title of a level in a year, at `check` and at `issue`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from registry_helpers import GROUNDS, issue_blank, rows

from registry.certificates import lifecycle
from registry.issuing.held_titles import held_title_findings

if TYPE_CHECKING:
    from pathlib import Path

    from records.batch.model import Batch
    from registry.register import Register


def again(batch: Batch, **changes: Any) -> Batch:
    """The same people in another batch."""
    people = tuple(one.model_copy(update={"number": f"N{one.number}"}) for one in batch.applications)
    return batch.model_copy(
        update={"number": f"{batch.number}-2", "applications": people, "complaints": (), **changes}
    )


def test_the_same_people_in_a_second_batch_get_nothing(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """Each is left out with the number of the certificate that he holds; no number is spent."""
    first = issue_blank(register, batch, tmp_path / "out")
    spent = rows(register, "SELECT count(*) FROM numbers")
    other = again(batch)
    report = issue_blank(register, other, tmp_path / "other")
    assert report.issued == 0
    assert len(report.left_out) == first.issued == len(other.passed)
    assert "第二十三条" in report.left_out[0].reasons[0]
    assert rows(register, "SELECT count(*) FROM numbers") == spent
    found = held_title_findings(register, other, other.applications)
    assert {one.application_number for one in found} == {one.number for one in other.passed}
    assert all(one.blocks and one.rule == "B-E04" for one in found)
    assert issue_blank(register, batch, tmp_path / "out").already == first.issued


@pytest.mark.parametrize("changes", [{"year": 2024}, {"year": 2024, "complaints": ()}])
def test_another_year_is_another_matter(
    register: Register, batch: Batch, tmp_path: Path, changes: dict[str, Any]
) -> None:
    """A title of the year before stands in nobody's way here."""
    first = issue_blank(register, batch, tmp_path / "out")
    other = again(batch, **changes)
    assert held_title_findings(register, other, other.applications) == ()
    assert issue_blank(register, other, tmp_path / "other").issued == first.issued


def test_a_revoked_title_does_not_stand_in_the_way(register: Register, batch: Batch, tmp_path: Path) -> None:
    """Who lost the title may obtain it anew."""
    issue_blank(register, batch, tmp_path / "out")
    number = str(rows(register, "SELECT number FROM certificates WHERE id = 1")[0][0])
    lifecycle.revoke(register, number, GROUNDS)
    assert issue_blank(register, again(batch), tmp_path / "other").issued == 1
