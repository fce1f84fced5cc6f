"""From records back to cells: what stands in each column for one record."""

from collections.abc import Callable, Iterable
from datetime import date
from operator import attrgetter
from typing import Any

from records.batch.dates import PartialDate
from records.input.sheets import AFTER, BEFORE, NO, YES, Column, Kind, Sheet

Cell = str | int | date | None


def cell_value(column: Column, value: Any) -> Cell:
    """What a cell of that column shows for a field's value."""
    if value is None:
        return None
    match column.kind:
        case Kind.YES_NO:
            return YES if value else NO
        case Kind.MONTH:
            return partial_text(value)
        case Kind.CHOICE if isinstance(value, bool):
            return BEFORE if value else AFTER
        case Kind.INTEGER | Kind.DAY:
            return value  # type: ignore[no-any-return]
        case _:
            return str(value)


def partial_text(value: PartialDate) -> str:
    """1985.03, as forms write it."""
    return str(value).replace("-", ".")


def getters(columns: Iterable[Column]) -> list[tuple[Column, Callable[[Any], Any]]]:
    """Each column with the function that takes its value from a record."""
    return [(column, attrgetter(column.field)) for column in columns]


def used_columns(declared: Sheet, records: Iterable[Any], *, full: bool = False) -> tuple[Column, ...]:
    """The ordinary columns, and of the extra ones those that any record fills (all of them when `full`)."""
    if full:
        return declared.columns
    extra = getters(column for column in declared.columns if column.extra)
    records = list(records) if extra else ()
    filled = {column.head for column, get in extra if any(get(record) is not None for record in records)}
    return tuple(column for column in declared.columns if not column.extra or column.head in filled)
