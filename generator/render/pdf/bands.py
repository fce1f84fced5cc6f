"""Bands: the rows of a table that hang together by their spans; one band is one piece of the flow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from generator.layout.tree import Align, Border, Fit, Row, Table
from generator.render.pdf.cells import SLACK, CellBox
from generator.render.pdf.pen import Pen
from generator.render.pdf.slabs import Slab

FILL_LEAST: Final = 36.0  # points; least height of a filling row whose cells continue elsewhere
LEAST_SPLIT: Final = 24.0  # points; a row is not split for less than this


@dataclass(slots=True)
class Placed:
    """A cell at its place: first row within the band, rows spanned, left edge and width in points."""

    box: CellBox
    row: int
    rows: int
    x: float

    @property
    def end(self) -> int:
        """The row after the last one covered."""
        return self.row + self.rows


@dataclass(frozen=True, slots=True)
class Overflow:
    """What a continuing cell could not hold."""

    box: CellBox
    slabs: list[Slab]


class Band(Slab):
    """Rows `rows` with heights and their cells. `head`: the table's head bands, repeated after page breaks."""

    __slots__ = ("head", "heights", "offset", "placed", "rows", "table", "whole")

    def __init__(
        self, table: Table, rows: Sequence[Row], heights: list[float], placed: list[Placed], offset: float
    ) -> None:
        super().__init__(sum(heights))
        self.table = table
        self.rows = list(rows)
        self.heights = heights
        self.placed = placed
        self.offset = offset
        self.head: list[Band] = []
        self.whole = True  # no page break went through it

    # ── heights ─────────────────────────────────────────────────────────────────────────────────────────────────────
    @property
    def fills(self) -> int:
        """Number of rows that take what is left of the page."""
        return sum(row.fill for row in self.rows)

    def stretch(self, extra: float) -> None:
        """Give each filling row `extra` points more."""
        if extra > 0 and self.fills:
            heights = zip(self.heights, self.rows, strict=True)
            self.heights = [height + extra if row.fill else height for height, row in heights]
            self.height = sum(self.heights)

    def _tops(self) -> list[float]:
        return [0.0, *accumulate(self.heights)]

    # ── drawing ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def draw(self, pen: Pen, x: float, y: float) -> None:
        """Draw contents and borders."""
        tops = self._tops()
        for placed in self.placed:
            left, top = x + self.offset + placed.x, y + tops[placed.row]
            height = tops[placed.end] - tops[placed.row]
            placed.box.draw(pen, left, top, height)
            _draw_borders(pen, placed.box, left, top, height)

    # ── what does not fit ───────────────────────────────────────────────────────────────────────────────────────────
    def settle(self) -> Iterator[Overflow]:
        """Fit continuing cells to their final height: a little smaller if that is enough, else cut and carried over."""
        tops = self._tops()
        for placed in self.placed:
            height = tops[placed.end] - tops[placed.row]
            box = placed.box
            if box.cell.fit is not Fit.CONTINUE or box.fits(height):
                continue
            smaller = box.maker.slightly_smaller(box, height)
            if smaller:
                placed.box = smaller
                continue
            placed.box, slabs = box.cut(height)
            yield Overflow(box, slabs)

    @property
    def heads(self) -> Sequence[Slab]:
        """The table's head bands."""
        return self.head

    def divide(self, room: float, *, force: bool) -> tuple[Slab, Slab] | None:
        """As `split`."""
        return self.split(room, force=force)

    def split(self, room: float, *, force: bool) -> tuple[Band, Band] | None:
        """The part that fits into `room` and the rest; None when no page break is allowed there.

        `force` allows to break rows that do not ask for it (they are longer than a page).
        """
        tops = self._tops()
        row = next((n for n in range(len(self.rows)) if tops[n + 1] > room + SLACK), None)
        if row is None:
            return None
        within = room - tops[row]
        if (self.rows[row].splits or (force and row == 0)) and within >= LEAST_SPLIT:
            parts = self._split_in(row, room, tops)
            if parts:
                return parts
        if row:
            return self._split_before(row, tops)
        return self._lowered(room) if force else None

    def _lowered(self, room: float) -> tuple[Band, Band] | None:
        """A first row higher than the page, though its content is not, is made as high as the page."""
        need = max((one.box.least for one in self.placed if one.row == 0 and one.rows == 1), default=0.0)
        self.heights[0] = min(self.heights[0], max(room, need))
        self.height = sum(self.heights)
        return self._split_before(1, self._tops()) if len(self.rows) > 1 else None

    def _split_in(self, row: int, room: float, tops: list[float]) -> tuple[Band, Band] | None:
        first: list[Placed] = []
        second: list[Placed] = []
        moved = False
        for placed in self.placed:
            if placed.end <= row:
                first.append(placed)
            elif placed.row > row:
                second.append(Placed(placed.box, placed.row - row, placed.rows, placed.x))
            else:
                upper, lower = placed.box.split(room - tops[placed.row])
                moved = moved or bool(upper.slabs and not upper.upright)
                first.append(Placed(upper, placed.row, row + 1 - placed.row, placed.x))
                second.append(Placed(lower, 0, placed.end - row, placed.x))
        if not moved:
            return None
        rest = max((p.box.natural for p in second if p.row == 0 and p.rows == 1), default=0.0)
        heights = [max(rest, LEAST_SPLIT), *self.heights[row + 1 :]]
        return self._parts(row + 1, row, [*self.heights[:row], room - tops[row]], first, heights, second)

    def _split_before(self, row: int, tops: list[float]) -> tuple[Band, Band]:
        first: list[Placed] = []
        second: list[Placed] = []
        for placed in self.placed:
            if placed.end <= row:
                first.append(placed)
            elif placed.row >= row:
                second.append(Placed(placed.box, placed.row - row, placed.rows, placed.x))
            else:
                upper, lower = placed.box.split(tops[row] - tops[placed.row])
                first.append(Placed(upper, placed.row, row - placed.row, placed.x))
                second.append(Placed(lower, 0, placed.end - row, placed.x))
        return self._parts(row, row, self.heights[:row], first, self.heights[row:], second)

    def _parts(
        self,
        upto: int,
        since: int,
        upper: list[float],
        first: list[Placed],
        lower: list[float],
        second: list[Placed],
    ) -> tuple[Band, Band]:
        make_room(lower, second, self.rows[since:])
        above = Band(self.table, self.rows[:upto], upper, first, self.offset)
        below = Band(self.table, self.rows[since:], lower, second, self.offset)
        above.head = below.head = self.head
        above.whole = below.whole = False
        above.source = below.source = self.source
        above.start, below.start = self.start, self.start + since
        below.after, below.keep = self.after, self.keep
        above.before = self.before
        return above, below


def make_room(heights: list[float], placed: Sequence[Placed], rows: Sequence[Row]) -> None:
    """Make rows high enough for what they hold: first cells of one row, then spanning ones."""
    for cell in placed:
        if cell.rows == 1:
            heights[cell.row] = max(heights[cell.row], needed(cell.box, heights[cell.row], rows[cell.row]))
    for cell in placed:
        if cell.rows > 1:
            present = sum(heights[cell.row : cell.end])
            lack = needed(cell.box, present, rows[cell.row]) - present
            if lack > 0:
                loose = [n for n in range(cell.row, cell.end) if not rows[n].exact] or [cell.end - 1]
                heights[loose[-1]] += lack


def needed(box: CellBox, present: float, row: Row) -> float:
    """The height a cell asks for where `present` is there already."""
    if box.fits(present) and present > 0:
        return present
    if box.cell.fit is Fit.CONTINUE and (present > 0 or row.fill):
        return max(present, FILL_LEAST if row.fill else 0.0, box.least_cut)
    return box.natural


def _draw_borders(pen: Pen, box: CellBox, x: float, y: float, height: float) -> None:
    sides = box.cell.borders
    if sides.top.width:
        _stroke(pen.across, x, y, box.width, sides.top)
    if sides.bottom.width:
        _stroke(pen.across, x, y + height, box.width, sides.bottom)
    if sides.left.width:
        _stroke(pen.down, x, y, height, sides.left)
    if sides.right.width:
        _stroke(pen.down, x + box.width, y, height, sides.right)


def _stroke(
    draw: Callable[[float, float, float, float, str], None], x: float, y: float, length: float, border: Border
) -> None:
    draw(x, y, length, float(border.width), border.color)


def table_offset(table: Table, width: float) -> float:
    """How far the table stands from the left edge of its column."""
    spare = width - table.width
    match table.align:
        case Align.LEFT | Align.JUSTIFY:
            return 0.0
        case Align.RIGHT:
            return spare
        case Align.CENTER:
            return spare / 2
