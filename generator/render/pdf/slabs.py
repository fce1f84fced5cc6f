"""Slabs: what flows down a page or a cell, piece by piece; no page break ever goes through one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from generator.layout.tree import Block, Chart, FieldKind, Picture
from generator.render.pdf.chart import draw_chart
from generator.render.pdf.ink import Ink
from generator.render.pdf.pen import Pen

UNDERLINE_DROP: Final = 0.16  # em below the baseline
HAIRLINE: Final = 0.5  # points


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Page number and number of pages, once they are known."""

    page: int
    pages: int

    def text(self, kind: FieldKind) -> str:
        """The number as text."""
        return str(self.page if kind is FieldKind.PAGE else self.pages)


class Slab:
    """A piece of fixed height. `before` and `after` are room around it; `before` vanishes at a page's head.

    `keep`: no page break after it. `trim`: how much of its foot may hang below the type area, being empty.
    `source` is the block it came from and `start` where in that block it begins: a character of a paragraph, a row
    of a table (for continuation pages).
    """

    __slots__ = ("after", "before", "height", "keep", "source", "start", "trim")

    def __init__(self, height: float) -> None:
        self.height = height
        self.before = 0.0
        self.after = 0.0
        self.keep = False
        self.trim = 0.0
        self.source: Block | None = None
        self.start = 0

    @property
    def heads(self) -> Sequence[Slab]:
        """What is repeated before this slab on a new page."""
        return ()

    def divide(self, room: float, *, force: bool) -> tuple[Slab, Slab] | None:
        """The part that fits `room` and the rest; None for a slab that stays whole."""
        del room, force
        return None

    def draw(self, pen: Pen, x: float, y: float) -> None:
        """Draw with the upper left corner at (x, y)."""


class Fragment(NamedTuple):
    """Text at `x` from the line's left; `spacing` follows each character."""

    x: float
    text: str
    ink: Ink
    spacing: float


class Mark(NamedTuple):
    """Something in a line that is no text: a picture, a chart, or a ruled blank (None)."""

    x: float
    width: float
    height: float
    ink: Ink
    thing: Picture | Chart | None


class LineSlab(Slab):
    """One line of text."""

    __slots__ = ("baseline", "fragments", "heading", "marks", "refresh")

    def __init__(self, height: float, baseline: float, fragments: list[Fragment], marks: list[Mark]) -> None:
        super().__init__(height)
        self.baseline = baseline
        self.fragments = fragments
        self.marks = marks
        self.heading = 0  # level, on the first line of a heading
        self.refresh: Callable[[PageFacts], LineSlab] | None = None  # sets the line anew with page numbers

    def draw(self, pen: Pen, x: float, y: float) -> None:
        """Draw text, underlines, blanks and pictures."""
        base = y + self.baseline
        for dx, text, ink, spacing in self.fragments:
            pen.text(x + dx, base, text, ink, spacing)
            if ink.underline:
                width = sum(ink.widths(text)) + (spacing - ink.tracking) * len(text)
                pen.bar(x + dx, base + ink.size * UNDERLINE_DROP, width, HAIRLINE, ink.style.color)
        for dx, width, height, ink, thing in self.marks:
            match thing:
                case None:
                    pen.bar(x + dx, base + ink.size * UNDERLINE_DROP, width, HAIRLINE, ink.style.color)
                case Picture():
                    pen.picture(x + dx, base - height, width, height, thing.data)
                case Chart():
                    draw_chart(pen, thing, x + dx, base, width / float(thing.width), ink)


class SpaceSlab(Slab):
    """Empty room."""

    __slots__ = ()


class RuleSlab(Slab):
    """A horizontal line."""

    __slots__ = ("color", "length", "offset", "width")

    def __init__(self, width: float, color: str, offset: float, length: float) -> None:
        super().__init__(width)
        self.width = width
        self.color = color
        self.offset = offset
        self.length = length

    def draw(self, pen: Pen, x: float, y: float) -> None:
        """Draw the line."""
        pen.bar(x + self.offset, y + self.width / 2, self.length, self.width, self.color)


class BreakSlab(Slab):
    """Ends the page."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(0.0)


def stack_height(slabs: list[Slab]) -> float:
    """Height of slabs one below the other; the first one's `before` counts."""
    return sum([slab.before + slab.height + slab.after for slab in slabs])


def draw_stack(pen: Pen, slabs: list[Slab], x: float, y: float) -> None:
    """Draw slabs one below the other."""
    for slab in slabs:
        y += slab.before
        slab.draw(pen, x, y)
        y += slab.height + slab.after
