"""Row MACs are right for inserts of every size, below, at and above the pages in which SQLAlchemy inserts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, insert, select, update

from registry.audit.seal_check import check_seals
from registry.database.service_tables import progress_marks

if TYPE_CHECKING:
    from registry.register import Register

SIZES = (0, 1, 2, 999, 1_000, 1_001, 2_000, 2_364, 5_003)


def _marks(count: int) -> list[dict[str, str]]:
    same = {"batch_number": "B", "stage": "x", "at": "2026-01-01", "origin": "x", "noted_at": "x", "note": ""}
    return [{**same, "application_number": f"S{number}"} for number in range(count)]


@pytest.mark.parametrize("size", SIZES)
def test_an_insert_of_any_size_is_accounted_for(register: Register, size: int) -> None:
    """Every row given is counted, whatever the database hands back; `database check` has nothing to say."""
    with register.database.write() as connection:
        if size:
            connection.execute(insert(progress_marks), _marks(size))
    with register.database.read() as connection:
        assert len(connection.execute(select(progress_marks.c.id)).all()) == size
    assert [str(one) for one in check_seals(register)] == []


@pytest.mark.parametrize("size", [999, 1_001, 2_364])
def test_updates_and_deletes_of_any_size_are_accounted_for(register: Register, size: int) -> None:
    """The same for rows that are changed or removed all at once."""
    with register.database.write() as connection:
        connection.execute(insert(progress_marks), _marks(size))
        connection.execute(update(progress_marks).values(note="y"))
    assert [str(one) for one in check_seals(register)] == []
    with register.database.write() as connection:
        connection.execute(delete(progress_marks).where(progress_marks.c.application_number != "S0"))
    assert [str(one) for one in check_seals(register)] == []
