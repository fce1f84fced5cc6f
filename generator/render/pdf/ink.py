"""Text styles made ready for drawing: glyph table, size, colour operators; kept per style."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from generator.layout.text.fonts import FontBook, GlyphTable
from generator.layout.tree import Role, TextStyle

BOLD_STROKE: Final = 0.022  # em; thickens a face that has no bold brother
EM_ASCENT: Final = 0.88  # of the em square above the baseline, in every CJK face here
BLACK: Final = "#000000"


class Ink:
    """A text style with all that drawing needs. One object per style and font book: compare by identity."""

    __slots__ = ("color", "pot", "role", "size", "stroke", "style", "table", "tracking", "underline")

    def __init__(self, style: TextStyle, table: GlyphTable, role: Role, pot: InkPot, *, stroke: bool) -> None:
        self.pot = pot
        self.style = style
        self.table = table
        self.role = role
        self.size = float(style.size)
        self.tracking = float(style.tracking)
        self.stroke = stroke
        self.color = color_operands(style.color)
        self.underline = style.underline

    def widths(self, text: str) -> list[float]:
        """Advance of each character with tracking, points.

        Raises:
            Undrawable: a character has no glyph anywhere.
        """
        table, size, tracking = self.table, self.size, self.tracking
        return [table[character][2] * size + tracking for character in text]


class InkPot:
    """Inks of one font book. 宋体 in bold is 小标宋 (the same design, bold); other faces are thickened."""

    def __init__(self, book: FontBook) -> None:
        self.book = book
        self._inks: dict[TextStyle, Ink] = {}

    def ink(self, style: TextStyle) -> Ink:
        """The ink of a style."""
        found = self._inks.get(style)
        if found is None:
            heavy = style.bold and style.role is Role.SONG
            role = Role.TITLE if heavy else style.role
            stroke = style.bold and not heavy and style.role is not Role.TITLE
            found = self._inks[style] = Ink(style, self.book.table(role), role, self, stroke=stroke)
        return found


@lru_cache(64)
def color_operands(color: str) -> str:
    """`#rrggbb` as three numbers of DeviceRGB, or one of DeviceGray for greys."""
    red, green, blue = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    if red == green == blue:
        return f"{red:.3g}"
    return f"{red:.3g} {green:.3g} {blue:.3g}"
