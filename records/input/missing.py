"""Required facts that a batch does not state, for batches that come without a workbook (JSON)."""

from collections.abc import Iterator
from operator import attrgetter

from records.batch.model import Acquisition, Batch, Finding
from records.input.input_rules import InputRule
from records.input.sheets import APPLICATIONS, BATCH, Column, Sheet, sheet
from records.input.workbook.reader import CHILDREN, EXPERTS, LISTS, NUMBER


def missing_cells(batch: Batch) -> Iterator[Finding]:
    """One finding per required fact that is None, at the sheet, row and column where the workbook has it."""
    review = batch.review.acquisition in (None, Acquisition.REVIEW)
    for column in _required(sheet(BATCH), review=review):
        if attrgetter(column.field)(batch) is None:
            yield _finding(BATCH, None, column, None)
    yield from _of_records(sheet(APPLICATIONS), batch.applications, review)
    for name, (field, _) in CHILDREN.items():
        for application in batch.applications:
            yield from _of_records(sheet(name), getattr(application, field), review, application.number)
    yield from _of_records(sheet(EXPERTS), batch.committee.experts, review)
    for name, (field, _) in LISTS.items():
        yield from _of_records(sheet(name), getattr(batch, field), review)
    if not batch.applications:
        yield InputRule.NO_APPLICANTS.finding(APPLICATIONS)


def _required(declared: Sheet, *, review: bool) -> list[Column]:
    return [column for column in declared.columns if column.required and (review or not column.review)]


def _of_records(
    declared: Sheet, records: tuple[object, ...], review: bool, number: str | None = None
) -> Iterator[Finding]:
    if not records:
        return
    required = [c for c in _required(declared, review=review) if c.field != NUMBER or number is None]
    getters = [(column, attrgetter(column.field)) for column in required]
    for record in records:
        for column, get in getters:
            if get(record) is None:
                row = record.place.row  # type: ignore[attr-defined]
                yield _finding(declared.name, row, column, number or getattr(record, NUMBER, None))


def _finding(name: str, row: int | None, column: Column, number: str | None) -> Finding:
    return InputRule.CELL_MISSING.finding(name, row, column.head, None, number)
