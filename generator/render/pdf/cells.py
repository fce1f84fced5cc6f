"""Cells: their content measured, fitted to a height, split over pages, drawn. Nothing ever leaves its cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

from core.message import message
from generator.layout.tree import Align, Block, Cell, Fit, Paragraph, Run, TextStyle, VAlign
from generator.render.pdf.ink import InkPot
from generator.render.pdf.pen import Pen
from generator.render.pdf.resize import largest_size, smaller
from generator.render.pdf.slabs import Slab, draw_stack, stack_height
from generator.render.pdf.upright import UprightText

SIZE_STEP: Final = 0.5  # points; cells shrink by half-point steps
LEAST_PADDING: Final = 0.7  # points above and below content in a row too low for its padding
MOST_SHRINK: Final = 1.5  # points; before a cell goes on elsewhere it may become this much smaller
LEAST_SIZE: Final = 9.0  # points; but not smaller than this
SLACK: Final = 0.01  # points; sums of floats

Stack = Callable[[Sequence[Block], float], list[Slab]]


class CellBox:
    """A measured cell `width` points wide. `slabs` is its content, `foot` what stands at its bottom edge."""

    def __init__(
        self, cell: Cell, width: float, slabs: list[Slab], foot: list[Slab], maker: CellMaker
    ) -> None:
        self.cell = cell
        self.maker = maker
        self.width = width
        self.slabs = slabs
        self.foot = foot
        self.upright: UprightText | None = None
        self.whole = True  # not a part of a cell that a page break went through
        self._content = stack_height(slabs)
        self._foot = stack_height(foot)

    @property
    def inner_width(self) -> float:
        """Width between the paddings."""
        return max(self.width - 2 * self.cell.padding, 1.0)

    @property
    def least(self) -> float:
        """The height below which the content does not fit."""
        if self.upright:
            return self.upright.needed(self.inner_width) + 2 * LEAST_PADDING
        return self._content + self._foot + 2 * LEAST_PADDING if self.slabs or self.foot else 0.0

    @property
    def natural(self) -> float:
        """The height with full padding."""
        if self.upright:
            return self.upright.wanted(self.inner_width) + 2 * LEAST_PADDING
        return self._content + self._foot + 2 * float(self.cell.padding)

    def fits(self, height: float) -> bool:
        """Whether the content fits a cell of that height."""
        return self.least <= height + SLACK

    def draw(self, pen: Pen, x: float, y: float, height: float) -> None:
        """Draw the content in a box of that height."""
        left = x + float(self.cell.padding)
        if self.upright:
            inner = height - 2 * LEAST_PADDING
            self.upright.draw(pen, left, y + LEAST_PADDING, self.inner_width, inner)
            return
        spare = max(height - self._content - self._foot, 0.0)
        edge = min(float(self.cell.padding), spare / 2)
        if self.slabs:
            draw_stack(pen, self.slabs, left, y + self._top(spare, edge))
        if self.foot:
            draw_stack(pen, self.foot, left, y + height - edge - self._foot)

    def _top(self, spare: float, edge: float) -> float:
        match self.cell.valign:
            case VAlign.TOP:
                return edge
            case VAlign.MIDDLE:
                return spare / 2
            case VAlign.BOTTOM:
                return spare - edge

    def split(self, height: float) -> tuple[CellBox, CellBox]:
        """What fits into `height`, and the rest; the foot goes with the rest. Vertical labels stand on both."""
        if self.upright:
            return self, self
        room = height - float(self.cell.padding) - LEAST_PADDING
        count = _fitting(self.slabs, room)
        if count == len(self.slabs) and self.foot and self.least <= height:
            return self, CellBox(self.cell, self.width, [], [], self.maker)
        upper, lower = self.slabs[:count], self.slabs[count:]
        if lower:
            upper, lower = _with_heads(upper, lower, room)
        first = CellBox(self.cell, self.width, upper, [], self.maker)
        rest = CellBox(self.cell, self.width, lower, self.foot, self.maker)
        first.whole = rest.whole = False
        return first, rest

    @cached_property
    def note(self) -> list[Slab]:
        """What stands at the foot when the cell goes on elsewhere."""
        return self.maker.note(self)

    @property
    def least_cut(self) -> float:
        """The height below which not even the note and the foot fit."""
        return stack_height(self.note) + self._foot + 2 * LEAST_PADDING

    def cut(self, height: float) -> tuple[CellBox, list[Slab]]:
        """What fits into `height`, followed by the note; and the slabs that do not."""
        room = height - self.least_cut
        count = _fitting(self.slabs, room)
        kept = CellBox(self.cell, self.width, [*self.slabs[:count], *self.note], self.foot, self.maker)
        return kept, self.slabs[count:]


def _with_heads(upper: list[Slab], lower: list[Slab], room: float) -> tuple[list[Slab], list[Slab]]:
    """A nested table that is torn apart: a row longer than the room is split, the head stands on both parts."""
    first = lower[0]
    head: list[Slab] = [*first.heads]
    left = room - stack_height(upper)
    parts = first.divide(left, force=all(slab in head for slab in upper))
    if parts and parts[0].height <= left + SLACK:
        upper, lower = [*upper, parts[0]], [parts[1], *lower[1:]]
    torn = head and any(slab.source is first.source and slab not in head for slab in upper)
    return upper, [*head, *lower] if torn else lower


def _fitting(slabs: list[Slab], room: float) -> int:
    """How many slabs fit, counting back over those that must stay with the next (unless all must)."""
    count = 0
    used = 0.0
    for slab in slabs:
        used += slab.before + slab.height
        if used > room + SLACK:
            break
        used += slab.after
        count += 1
    if count == len(slabs):
        return count
    kept = count
    while kept and slabs[kept - 1].keep:
        kept -= 1
    return kept or count


class CellMaker:
    """Measures cells: `stack` measures blocks for a width."""

    def __init__(self, stack: Stack, pot: InkPot) -> None:
        self._stack = stack
        self._pot = pot

    def measure(self, cell: Cell, width: float, available: float | None) -> CellBox:
        """The cell measured; with `available` points of height, a shrinking cell is set smaller until it fits."""
        box = self._box(cell, cell.blocks, cell.foot, width)
        if available is None or cell.fit is not Fit.SHRINK or box.upright or box.fits(available):
            return box
        return self._shrunk(box, available, float(cell.min_size))

    def _shrunk(self, box: CellBox, height: float, least: float) -> CellBox:
        cell = box.cell
        largest = max(map(largest_size, (*cell.blocks, *cell.foot)), default=0.0)
        by = SIZE_STEP
        while not box.fits(height) and largest - by >= least - SLACK:
            blocks, foot = (
                tuple(smaller(block, by, least) for block in part) for part in (cell.blocks, cell.foot)
            )
            box = self._box(cell, blocks, foot, box.width)
            by += SIZE_STEP
        return box

    def slightly_smaller(self, box: CellBox, height: float) -> CellBox | None:
        """The cell in type a little smaller that fits; a few lines too many call for no page of their own."""
        if not box.whole:
            return None
        size = max(map(largest_size, box.cell.blocks), default=0.0)
        least = max(size - MOST_SHRINK, LEAST_SIZE, float(box.cell.min_size))
        tried = self._shrunk(box, height, least)
        return tried if tried.fits(height) else None

    def note(self, box: CellBox) -> list[Slab]:
        """The line at the foot of a cell that goes on elsewhere: （下接附页）."""
        first = next((block for block in box.cell.blocks if isinstance(block, Paragraph)), None)
        style = replace(first.style, bold=False, underline=False) if first else TextStyle()
        text = message("generator", "layout.continued_note")
        line = Paragraph((Run(text, style),), style, align=Align.RIGHT, keep_together=True)
        return self._stack((line,), box.inner_width)

    def _box(self, cell: Cell, blocks: Sequence[Block], foot: Sequence[Block], width: float) -> CellBox:
        if cell.vertical:
            box = CellBox(cell, width, [], [], self)
            box.upright = UprightText(blocks, self._pot, float(cell.min_size))
            return box
        inner = max(width - 2 * cell.padding, 1.0)
        return CellBox(
            cell, width, self._stack(blocks, inner), self._stack(foot, inner) if foot else [], self
        )
