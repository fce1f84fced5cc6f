"""A table as Word sees it: every row names a cell for every grid column, spans become merges, feet become rows.

Word has no cell with text at its top and a signature line at its bottom. Such a cell is written as two cells without
a line between them; its neighbours are merged over both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from generator.layout.tree import Block, Border, Borders, Cell, Row, Table, VAlign
from generator.layout.units import Length, Pt

NO_BORDER: Final = Border(Pt(0))
NO_BORDERS: Final = Borders(NO_BORDER, NO_BORDER, NO_BORDER, NO_BORDER)
FILLER: Final = Cell(borders=NO_BORDERS, padding=Pt(0))


class Merge(StrEnum):
    """Part of a slot in a vertical merge."""

    NONE = ""
    START = "restart"
    CONTINUE = "continue"


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell of one physical row; a continued slot shows nothing of its own."""

    cell: Cell
    column: int
    merge: Merge = Merge.NONE

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What is written into it."""
        return () if self.merge is Merge.CONTINUE else self.cell.blocks


@dataclass(frozen=True, slots=True)
class GridRow:
    """A physical row. `foot` marks the lower half of a row that was split for its cells' feet."""

    slots: tuple[Slot, ...]
    row: Row
    header: bool = False
    foot: bool = False


def grid_rows(table: Table) -> list[GridRow]:
    """All physical rows of a table, in order."""
    rows: list[GridRow] = []
    for index, (row, slots) in enumerate(_placed(table)):
        header = index < table.header_rows
        rows += _split_feet(row, slots, header) if _has_foot(slots) else [GridRow(_plain(slots), row, header)]
    return rows


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell at its column in one logical row: whether it starts and ends there."""

    cell: Cell
    column: int
    starts: bool
    ends: bool


def _placed(table: Table) -> Iterator[tuple[Row, list[_Placed]]]:
    """Each logical row with all cells that touch it, from left to right without gaps."""
    open_cells: dict[int, tuple[Cell, int]] = {}
    width = len(table.columns)
    for row in table.rows:
        waiting = iter(row.cells)
        slots: list[_Placed] = []
        column = 0
        while column < width:
            slot = _next_slot(open_cells, waiting, column, width)
            slots.append(slot)
            column += slot.cell.colspan
        yield row, slots


def _next_slot(
    open_cells: dict[int, tuple[Cell, int]], waiting: Iterator[Cell], column: int, width: int
) -> _Placed:
    if column in open_cells:
        cell, left = open_cells.pop(column)
        starts = False
    else:
        free = min((c for c in open_cells if c > column), default=width) - column
        cell = next(waiting, None) or replace(FILLER, colspan=free)
        if cell.colspan > free:
            cell = replace(cell, colspan=free)
        left, starts = cell.rowspan, True
    if left > 1:
        open_cells[column] = cell, left - 1
    return _Placed(cell, column, starts, left == 1)


def _has_foot(slots: Iterable[_Placed]) -> bool:
    return any(slot.cell.foot and slot.ends for slot in slots)


def _plain(slots: Iterable[_Placed]) -> tuple[Slot, ...]:
    return tuple(Slot(slot.cell, slot.column, _merge(slot)) for slot in slots)


def _merge(slot: _Placed) -> Merge:
    if slot.starts:
        return Merge.NONE if slot.ends else Merge.START
    return Merge.CONTINUE


def _split_feet(row: Row, slots: list[_Placed], header: bool) -> list[GridRow]:
    """Two physical rows: bodies above, feet below; cells without a foot are merged over both."""
    upper = tuple(_upper(slot) for slot in slots)
    lower = tuple(_lower(slot) for slot in slots)
    return [
        GridRow(upper, row, header),
        GridRow(lower, replace(row, height=None, exact=False, splits=False, fill=False), header, foot=True),
    ]


def _ends_with_foot(slot: _Placed) -> bool:
    return bool(slot.cell.foot) and slot.ends


def _upper(slot: _Placed) -> Slot:
    if _ends_with_foot(slot):
        cell = replace(slot.cell, borders=replace(slot.cell.borders, bottom=NO_BORDER))
        return Slot(cell, slot.column, _merge(slot))
    return Slot(slot.cell, slot.column, Merge.START if slot.starts else Merge.CONTINUE)


def _lower(slot: _Placed) -> Slot:
    if _ends_with_foot(slot):
        borders = replace(slot.cell.borders, top=NO_BORDER)
        cell = replace(slot.cell, blocks=slot.cell.foot, foot=(), borders=borders, valign=VAlign.BOTTOM)
        return Slot(cell, slot.column)
    return Slot(slot.cell, slot.column, Merge.CONTINUE)


def column_edges(table: Table) -> list[int]:
    """Left edges of the grid columns and the right edge of the last, in twips: rounding never adds up."""
    edges, position = [0], 0.0
    for column in table.columns:
        position += column
        edges.append(Length(position).twip)
    return edges
