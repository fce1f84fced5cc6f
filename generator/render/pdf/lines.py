"""Paragraphs → lines: breaking, alignment, justification."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from generator.layout.text.balance import balanced
from generator.layout.text.linebreak import NEWLINE, OBJECT, Span, break_lines, stretches
from generator.layout.tree import Align, Blank, Chart, Inline, LineBreak, PageField, Paragraph, Picture, Run
from generator.render.pdf.ink import EM_ASCENT, Ink, InkPot
from generator.render.pdf.slabs import Fragment, LineSlab, Mark, PageFacts

NORMAL_LEADING: Final = 1.3
MOST_STRETCH: Final = (
    0.095  # em a gap; more looks torn, and copied text would get spaces between its characters
)
LEAST_BLANK: Final = 0.55  # of a blank's width must remain when it gives way to the line's text
FIELD_PLACEHOLDER: Final = "00"
_NOT_PLAIN = re.compile(
    "[!-\u00b6\u00b8-\u1fff—…\ufffc]"
)  # where justification is not simply between all characters


@dataclass(frozen=True, slots=True)
class Grid:
    """Lines that fill the type area (GB/T 9704 5.2.3): a line height near `nominal` becomes `pitch`.

    The characters, `size` points high, stand at the top of their line, so that the first and the last line touch the area's edges.
    """

    nominal: float
    pitch: float
    size: float

    def snap(self, height: float) -> float:
        """The line height on the grid."""
        return self.pitch if abs(height - self.nominal) < 0.02 * self.nominal else height


class Flat:
    """A paragraph's inlines as one string with widths; `pieces` are (start, end, ink, inline)."""

    __slots__ = ("pieces", "text", "widths")

    def __init__(
        self,
        inlines: Sequence[Inline],
        paragraph: Paragraph,
        pot: InkPot,
        room: float,
        facts: PageFacts | None,
    ) -> None:
        self.text = ""
        self.widths: list[float] = []
        self.pieces: list[tuple[int, int, Ink, Inline]] = []
        for inline in inlines:
            self._add(inline, paragraph, pot, room, facts)

    def _add(
        self, inline: Inline, paragraph: Paragraph, pot: InkPot, room: float, facts: PageFacts | None
    ) -> None:
        ink = pot.ink(paragraph.style if isinstance(inline, LineBreak | Picture | Chart) else inline.style)
        match inline:
            case Run(text=text):
                widths = _run_widths(text, ink)
            case LineBreak():
                text, widths = NEWLINE, [0.0]
            case PageField(kind=kind):
                text = facts.text(kind) if facts else FIELD_PLACEHOLDER
                inline, widths = Run(text, inline.style), ink.widths(text)
            case _:
                text, widths = OBJECT, [min(float(inline.width), room)]
        start = len(self.text)
        self.text += text
        self.widths += widths
        self.pieces.append((start, start + len(text), ink, inline))

    def narrow_blanks(self, room: float) -> None:
        """Take from the room for handwriting what a one-line paragraph is too long by, but not too much of it."""
        excess = sum(self.widths) - room
        if excess <= 0 or NEWLINE in self.text:
            return
        places = [start for start, _, _, inline in self.pieces if isinstance(inline, Blank)]
        blanks = sum(self.widths[place] for place in places)
        if excess > blanks * (1 - LEAST_BLANK):
            return
        for place in places:
            self.widths[place] *= 1 - excess / blanks


def _run_widths(text: str, ink: Ink) -> list[float]:
    if NEWLINE not in text:
        return ink.widths(text)
    parts = [ink.widths(part) for part in text.split(NEWLINE)]
    widths = parts[0]
    for part in parts[1:]:
        widths += [0.0, *part]
    return widths


def lines_of(
    paragraph: Paragraph,
    width: float,
    pot: InkPot,
    *,
    grid: Grid | None = None,
    facts: PageFacts | None = None,
) -> list[LineSlab]:
    """The lines of a paragraph in a column `width` points wide.

    Raises:
        Undrawable: a character has no glyph anywhere.
    """
    left, indent = float(paragraph.left), float(paragraph.first_indent)
    room = max(width - left - paragraph.right, 1.0)
    flat = Flat(paragraph.inlines, paragraph, pot, room, facts)
    flat.narrow_blanks(room - indent)
    spans = break_lines(flat.text, flat.widths, room - indent, room)
    if paragraph.align is Align.CENTER and len(spans) > 1 and not indent:
        spans = balanced(flat.text, flat.widths, spans, room)
    setter = _Setter(paragraph, flat, pot, grid)
    slabs = [setter.line(span, left, room, indent if span.start == 0 else 0.0) for span in spans]
    _bind(slabs, paragraph, widows=grid is not None)
    if facts is None and any(isinstance(inline, PageField) for inline in paragraph.inlines):
        for number, slab in enumerate(slabs):
            slab.refresh = partial(_refreshed, paragraph, width, pot, grid, number)
    return slabs


def _refreshed(
    paragraph: Paragraph, width: float, pot: InkPot, grid: Grid | None, number: int, facts: PageFacts
) -> LineSlab:
    lines = lines_of(paragraph, width, pot, grid=grid, facts=facts)
    return lines[min(number, len(lines) - 1)]


def _bind(slabs: list[LineSlab], paragraph: Paragraph, *, widows: bool) -> None:
    """Distances and what must stay together: two lines at least on either side of a page break.

    On the grid of official documents `widows` are allowed, because every page has its 22 lines.
    """
    last = len(slabs) - 1
    slabs[0].before = float(paragraph.before)
    slabs[last].after = float(paragraph.after)
    for number, slab in enumerate(slabs):
        slab.source = paragraph
        slab.keep = number < last and (paragraph.keep_together or (not widows and number in (0, last - 1)))
    slabs[last].keep = paragraph.keep_with_next
    slabs[0].heading = paragraph.heading or 0


class _Setter:
    """Sets the lines of one paragraph."""

    def __init__(self, paragraph: Paragraph, flat: Flat, pot: InkPot, grid: Grid | None) -> None:
        self._align = paragraph.align
        self._flat = flat
        self._grid = grid
        self._fixed = float(paragraph.line_height) if paragraph.line_height is not None else None
        self._ink = pot.ink(paragraph.style)

    def line(self, span: Span, left: float, room: float, indent: float) -> LineSlab:
        """One line."""
        pieces = self._pieces(span)
        x, extra = self._aligned(span, room - indent)
        fragments: list[Fragment] = []
        marks: list[Mark] = []
        x += left + indent
        for start, end, ink, inline in pieces:
            if isinstance(inline, Run):
                x = self._text(start, end, ink, x, extra, fragments)
            else:
                x = self._object(start, ink, inline, x, extra, marks)
        slab = self._boxed(pieces, fragments, marks)
        slab.start = span.start
        return slab

    def _pieces(self, span: Span) -> list[tuple[int, int, Ink, Inline]]:
        start, end = span.start, span.end
        return [
            (max(first, start), min(last, end), ink, inline)
            for first, last, ink, inline in self._flat.pieces
            if first < end and last > start
        ]

    def _aligned(self, span: Span, room: float) -> tuple[float, float]:
        """Where the line starts and what is added to each gap."""
        slack = room - span.width
        match self._align:
            case Align.CENTER:
                return max(slack / 2, 0.0), 0.0
            case Align.RIGHT:
                return max(slack, 0.0), 0.0
            case Align.LEFT:
                return 0.0, 0.0
            case Align.JUSTIFY:
                return 0.0, 0.0 if span.last or slack <= 0 else self._stretch(span, slack)

    def _stretch(self, span: Span, slack: float) -> float:
        text = self._flat.text
        if _NOT_PLAIN.search(text, span.start, span.end) is None:
            gaps = span.end - span.start - 1
        else:
            gaps = sum(stretches(text[i], text[i + 1]) for i in range(span.start, span.end - 1))
        extra = slack / gaps if gaps else 0.0
        return extra if extra <= MOST_STRETCH * self._ink.size else 0.0

    def _text(
        self, start: int, end: int, ink: Ink, x: float, extra: float, fragments: list[Fragment]
    ) -> float:
        text, widths = self._flat.text, self._flat.widths
        if not extra:
            fragments.append(Fragment(x, text[start:end], ink, ink.tracking))
            return x + sum(widths[start:end])
        if _NOT_PLAIN.search(text, start, end) is None:
            fragments.append(Fragment(x, text[start:end], ink, ink.tracking + extra))
            return x + sum(widths[start:end]) + extra * (end - start)
        begin, wide = start, self._wide(start)
        for place in range(start + 1, end + 1):
            following = place < end and self._wide(place)
            if place == end or following != wide:
                spacing = extra if wide else 0.0
                fragments.append(Fragment(x, text[begin:place], ink, ink.tracking + spacing))
                x += sum(widths[begin:place]) + spacing * (place - begin)
                begin, wide = place, following
        return x

    def _wide(self, place: int) -> bool:
        text = self._flat.text
        return place + 1 < len(text) and stretches(text[place], text[place + 1])

    def _object(
        self, start: int, ink: Ink, inline: Inline, x: float, extra: float, marks: list[Mark]
    ) -> float:
        width = self._flat.widths[start]
        if isinstance(inline, Picture | Chart):
            height = float(inline.height) * width / max(float(inline.width), 0.1)
            marks.append(Mark(x, width, height, ink, inline))
        elif isinstance(inline, Blank) and inline.rule:
            marks.append(Mark(x, width, 0.0, ink, None))
        return x + width + extra

    def _boxed(
        self, pieces: list[tuple[int, int, Ink, Inline]], fragments: list[Fragment], marks: list[Mark]
    ) -> LineSlab:
        size = max((ink.size for _, _, ink, _ in pieces), default=self._ink.size)
        if self._fixed is None:
            height = NORMAL_LEADING * size
        else:
            height = self._grid.snap(self._fixed) if self._grid else self._fixed
        on_grid = self._grid is not None and self._fixed is not None
        lead = 0.0 if on_grid else (height - size) / 2
        baseline = lead + EM_ASCENT * size
        tallest = max((mark.height for mark in marks), default=0.0)
        if tallest > baseline:
            height += tallest - baseline
            baseline = tallest
        slab = LineSlab(height, baseline, fragments, marks)
        slab.trim = max(height - baseline - (1 - EM_ASCENT) * size, 0.0) if on_grid else 0.0
        return slab


def remainder(paragraph: Paragraph, start: int) -> tuple[Inline, ...]:
    """The inlines of a paragraph from character `start` on."""
    kept: list[Inline] = []
    place = 0
    for inline in paragraph.inlines:
        length = len(inline.text) if isinstance(inline, Run) else _object_length(inline)
        if place >= start:
            kept.append(inline)
        elif place + length > start and isinstance(inline, Run):
            kept.append(Run(inline.text[start - place :], inline.style))
        place += length
    return tuple(kept)


def _object_length(inline: Inline) -> int:
    return len(FIELD_PLACEHOLDER) if isinstance(inline, PageField) else 1
