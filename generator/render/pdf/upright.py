"""Vertical labels (竖排): characters one below the other, columns from right to left, brackets and dashes turned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from generator.layout.text.linebreak import NEWLINE, NO_START
from generator.layout.tree import Block, LineBreak, Paragraph, Run
from generator.render.pdf.ink import EM_ASCENT, Ink, InkPot
from generator.render.pdf.pen import Pen

TURNED: Final = frozenset("（）〔〕［］【】《》〈〉「」『』—…～“”‘’-–()[]")
RAISED: Final = frozenset("，、。")  # stand in the upper right of their place
RAISE: Final = 0.5  # em
PITCH: Final = 1.15  # em from character to character
LEAST_PITCH: Final = 1.0
COLUMN_GAP: Final = 0.25  # em between columns
SIZE_STEP: Final = 0.5
LOOSE_UP_TO: Final = 4  # labels as short as this are spread a little
LOOSE_PITCH: Final = 1.6


class UprightText:
    """The characters of a cell that is set vertically. A paragraph or line break begins a new column."""

    def __init__(self, blocks: Sequence[Block], pot: InkPot, min_size: float) -> None:
        paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
        self._columns = [column for paragraph in paragraphs for column in _columns(paragraph)]
        self._style = paragraphs[0].style if paragraphs else None
        self._pot = pot
        self._least = min_size
        for paragraph in paragraphs:
            pot.ink(paragraph.style).widths("".join(_columns(paragraph)))

    @property
    def empty(self) -> bool:
        """Whether there is nothing to set."""
        return not any(self._columns)

    def needed(self, width: float) -> float:
        """The least height in which the text fits `width`, points."""
        if self.empty or self._style is None:
            return 0.0
        size = min(self._least, float(self._style.size))
        height = size
        while not self._fits(size, width, height):
            height += size
        return height

    def wanted(self, width: float) -> float:
        """The height in which the text fits at its own size and pitch."""
        if self.empty or self._style is None:
            return 0.0
        size = float(self._style.size)
        room = max(int((width + COLUMN_GAP * size) / (size * (1 + COLUMN_GAP))), 1)
        longest = max(map(len, self._columns))
        if len(self._columns) == 1 and room > 1 and longest > 2 * LOOSE_UP_TO:
            longest = -(-longest // room)
        return max(longest * size * PITCH, self.needed(width))

    def _fits(self, size: float, width: float, height: float) -> bool:
        per_column = int(height / (size * LEAST_PITCH) + 0.001)
        if per_column < 1:
            return False
        columns = sum(-(-len(column) // per_column) or 1 for column in self._columns)
        return columns == 1 or columns * size + (columns - 1) * COLUMN_GAP * size <= width + 0.01

    def draw(self, pen: Pen, x: float, y: float, width: float, height: float) -> None:
        """Draw in the middle of a box, at the largest size that fits."""
        if self.empty or self._style is None:
            return
        size = float(self._style.size)
        while size > self._least and not self._fits(size, width, height):
            size -= SIZE_STEP
        from generator.render.pdf.resize import smaller_style

        by = float(self._style.size) - size
        ink = self._pot.ink(smaller_style(self._style, by, self._least) if by > 0 else self._style)
        per_column = max(int(height / (size * LEAST_PITCH) + 0.001), 1)
        columns = [part for column in self._columns for part in _evenly(column, per_column)]
        self._draw_columns(pen, columns, ink, x + width / 2, y, height)

    def _draw_columns(
        self, pen: Pen, columns: list[str], ink: Ink, middle: float, y: float, height: float
    ) -> None:
        step = ink.size * (1 + COLUMN_GAP)
        longest = max(map(len, columns))
        loose = LOOSE_PITCH if len(columns) == 1 and longest <= LOOSE_UP_TO else PITCH
        pitch = min(ink.size * loose, height / longest)
        right = middle + (len(columns) - 1) * step / 2
        for number, column in enumerate(columns):
            top = y + (height - pitch * longest) / 2
            _draw_column(pen, column, ink, right - number * step, top, pitch)


def _columns(paragraph: Paragraph) -> list[str]:
    text = "".join(
        inline.text if isinstance(inline, Run) else NEWLINE
        for inline in paragraph.inlines
        if isinstance(inline, Run | LineBreak)
    )
    return [column.replace(" ", "") for column in text.split(NEWLINE)]


def _evenly(column: str, most: int) -> list[str]:
    """A column cut into as few parts as fit, of nearly equal length; no part begins with closing punctuation."""
    count = max(-(-len(column) // most), 1)
    parts: list[str] = []
    start = 0
    for left in range(count, 0, -1):
        end = start + -(-(len(column) - start) // left)
        if left > 1 and end < len(column) and column[end] in NO_START:
            end += 1 if end - start < most else -1
        parts.append(column[start:end])
        start = end
    return parts


def _draw_column(pen: Pen, column: str, ink: Ink, middle: float, top: float, pitch: float) -> None:
    for place, character in enumerate(column):
        line = top + place * pitch
        if character in TURNED:
            start = line + (pitch - ink.widths(character)[0]) / 2
            pen.turned(middle - (EM_ASCENT - 0.5) * ink.size, start, character, ink)
        else:
            width = ink.widths(character)[0]
            base = line + (pitch - ink.size) / 2 + EM_ASCENT * ink.size
            raised = RAISE * ink.size if character in RAISED else 0.0
            pen.text(middle - width / 2 + raised, base - raised, character, ink, 0.0)
