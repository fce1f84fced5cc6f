"""A certificate bears one moment: its face, the register and the credential agree even at Beijing midnight."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest
from registry_helpers import issue_blank

from registry.certificates import annotated_copies
from registry.clock import local_day, moment_of
from registry.issuing import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from records.batch.model import Batch
    from registry.register import Register

MIDNIGHT = datetime(2026, 3, 1, 16, tzinfo=UTC)  # in Beijing the second of March begins
SECOND_BEFORE = MIDNIGHT - timedelta(seconds=1)


@pytest.fixture
def striking(monkeypatch: pytest.MonkeyPatch) -> Callable[[object, int], None]:
    """Let a module's clock strike midnight at its n-th look."""

    def strike(module: object, look: int) -> None:
        looks = count(1)
        monkeypatch.setattr(module, "now", lambda: SECOND_BEFORE if next(looks) < look else MIDNIGHT)

    return strike


@pytest.mark.parametrize("look", range(1, 8))
def test_a_chunk_issued_around_midnight_bears_one_moment(
    register: Register, batch: Batch, tmp_path: Path, striking: Callable[[object, int], None], look: int
) -> None:
    """Wherever between two looks the day changes, `issued_at` and `issued_on` are of the same day."""
    striking(run, look)
    issue_blank(register, batch, tmp_path / "out")
    found = register.lookup.by_ids(range(1, 100))
    assert found
    for one in found.values():
        assert one.facts.issued_on == local_day(moment_of(one.issued_at)).isoformat()
    assert len({one.issued_at for one in found.values()}) == 1


@pytest.mark.parametrize("look", range(1, 5))
def test_a_copy_made_around_midnight_bears_one_moment(
    register: Register, batch: Batch, tmp_path: Path, striking: Callable[[object, int], None], look: int
) -> None:
    """The day on a copy's face is that of the moment in its row."""
    issue_blank(register, batch, tmp_path / "out")
    first = register.lookup.by_id(1)
    assert first
    striking(annotated_copies, look)
    order = annotated_copies._order(register, first)
    assert order.facts.issued_on == local_day(moment_of(order.issued_at)).isoformat()
