"""Blocks → slabs: everything measured for one column width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import accumulate
from typing import Final

from generator.layout.tree import Block, Cell, Fit, PageBreak, Paragraph, Pinned, Row, Rule, Space, Table
from generator.render.pdf.bands import Band, Placed, make_room, table_offset
from generator.render.pdf.cells import CellMaker
from generator.render.pdf.ink import InkPot
from generator.render.pdf.lines import Grid, lines_of
from generator.render.pdf.slabs import BreakSlab, LineSlab, PageFacts, RuleSlab, Slab, SpaceSlab

MOST_KEPT: Final = 4096  # paragraphs


class Measurer:
    """Measures blocks with the fonts of one ink pot."""

    def __init__(self, pot: InkPot) -> None:
        self.pot = pot
        self._makers: dict[Grid | None, CellMaker] = {}
        self._known: dict[tuple[Paragraph, float, Grid | None], list[LineSlab]] = {}

    def stack(
        self, blocks: Sequence[Block], width: float, grid: Grid | None = None, *, nested: bool = False
    ) -> list[Slab]:
        """The slabs of blocks in a column `width` points wide; pinned blocks are left out.

        `nested` blocks stand in a cell: their tables' cells grow where they would continue on another page.

        Raises:
            Undrawable: a character has no glyph anywhere.
        """
        slabs: list[Slab] = []
        for block in blocks:
            match block:
                case Paragraph():
                    slabs += self._lines(block, width, grid)
                case Table():
                    slabs += self.bands(block, width, grid, nested=nested)
                case Rule():
                    slabs.append(_rule(block, width))
                case Space():
                    slabs.append(_space(block))
                case PageBreak() if not nested:
                    slabs.append(BreakSlab())
                case PageBreak() | Pinned():
                    pass
        return slabs

    def _lines(self, paragraph: Paragraph, width: float, grid: Grid | None) -> list[LineSlab]:
        """Lines kept from earlier documents: labels are the same on every form of a batch."""
        key = (paragraph, width, grid)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            found = self._known[key] = lines_of(paragraph, width, self.pot, grid=grid)
        return found

    def lines(self, paragraph: Paragraph, width: float, facts: PageFacts | None = None) -> list[Slab]:
        """The lines of one paragraph, with page numbers if they are known."""
        return [*lines_of(paragraph, width, self.pot, facts=facts)]

    def bands(
        self, table: Table, width: float, grid: Grid | None = None, *, nested: bool = False
    ) -> list[Band]:
        """The bands of a table; head bands first."""
        edges = [0.0, *accumulate(map(float, table.columns))]
        offset = table_offset(table, width)
        if nested:
            table = _growing(table)
        bands = [self._band(table, rows, edges, offset, self._maker(grid)) for rows in _groups(table)]
        covered = 0
        head: list[Band] = []
        for band in bands:
            band.source, band.start = table, covered
            covered += len(band.rows)
            if covered <= table.header_rows:
                band.keep = True
                head.append(band)
            else:
                band.head = head
        bands[-1].keep = bands[-1].keep or _keeps(table.rows[-1])
        if grid and not nested and _ruled_below(bands[-1]):
            bands[-1].after = grid.pitch - grid.size  # lines on the grid begin at their very top
        return bands

    def _maker(self, grid: Grid | None) -> CellMaker:
        if grid not in self._makers:
            self._makers[grid] = CellMaker(partial(self.stack, grid=grid, nested=True), self.pot)
        return self._makers[grid]

    def _band(
        self, table: Table, rows: Sequence[Row], edges: list[float], offset: float, maker: CellMaker
    ) -> Band:
        heights = [float(row.height or 0) for row in rows]
        placed: list[Placed] = []
        for number, column, cell in _places(rows, len(edges) - 1):
            x = edges[column]
            end = number + cell.rowspan
            fixed = all(row.height and not row.fill for row in rows[number:end])
            available = sum(heights[number:end]) if fixed else None
            box = maker.measure(cell, edges[column + cell.colspan] - x, available)
            placed.append(Placed(box, number, cell.rowspan, x))
        make_room(heights, placed, rows)
        return Band(table, rows, heights, placed, offset)


def _keeps(row: Row) -> bool:
    """Whether a row stays with what follows the table: as in Word, when its paragraphs say so."""
    return any(
        isinstance(block, Paragraph) and block.keep_with_next for cell in row.cells for block in cell.blocks
    )


def _ruled_below(band: Band) -> bool:
    last = len(band.rows)
    return any(one.box.cell.borders.bottom.width for one in band.placed if one.end == last)


def _growing(table: Table) -> Table:
    """The table with cells that grow instead of continuing elsewhere."""
    cells = [cell for row in table.rows for cell in row.cells]
    if not any(cell.fit is Fit.CONTINUE for cell in cells):
        return table
    rows = (
        replace(
            row,
            cells=tuple(
                replace(cell, fit=Fit.GROW) if cell.fit is Fit.CONTINUE else cell for cell in row.cells
            ),
        )
        for row in table.rows
    )
    return replace(table, rows=tuple(rows))


def _rule(rule: Rule, width: float) -> RuleSlab:
    length = float(rule.length) if rule.length is not None else width
    slab = RuleSlab(float(rule.width), rule.color, (width - length) / 2, length)
    slab.before, slab.after = float(rule.before), float(rule.after)
    slab.source = rule
    return slab


def _space(space: Space) -> SpaceSlab:
    slab = SpaceSlab(float(space.height))
    slab.source = space
    return slab


def _places(rows: Sequence[Row], columns: int) -> Iterator[tuple[int, int, Cell]]:
    """Row, column and cell of each cell."""
    covered = [0] * columns
    for number, row in enumerate(rows):
        column = 0
        for cell in row.cells:
            while covered[column] > number:
                column += 1
            yield number, column, cell
            covered[column : column + cell.colspan] = [number + cell.rowspan] * cell.colspan
            column += cell.colspan


def _groups(table: Table) -> Iterator[list[Row]]:
    """Rows that hang together by spans."""
    start, reach = 0, 0
    for number, row in enumerate(table.rows):
        if number and number >= reach:
            yield list(table.rows[start:number])
            start = number
        reach = max(reach, number + 1, *(number + cell.rowspan for cell in row.cells))
    yield list(table.rows[start:])
