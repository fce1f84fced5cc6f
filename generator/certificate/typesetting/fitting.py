"""Setting texts into their boxes: sizes, lines, baselines; a text that is too long is made smaller, never cut.

Lines end where Chinese typography allows it (`generator.layout.text.linebreak`) and not inside an emphasised value or a short
fixed phrase beside it. Results are in points from the page's lower left corner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

from generator.certificate.errors import TextTooLong
from generator.certificate.face.face import CertificateFace, Text
from generator.certificate.face.placeholders import Piece, Template, parse
from generator.layout.text.fonts import FontBook, GlyphTable
from generator.layout.text.linebreak import may_break
from generator.layout.tree import Align, Role, VAlign

HEAVY: Final = frozenset({Role.TITLE, Role.HEI})
STEP: Final = 0.5
SHORT_PHRASE: Final = 8  # characters: 评审通过，具备 and 职称（资格）。 stay whole
MAX_SPREAD: Final = 0.07  # of the em, between characters of a justified line
MIDDLE: Final = 0.38  # of the em: half of ascent 0.88 minus descent 0.12
ASCENT: Final = 0.88
ROUNDING: Final = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Style:
    """How characters of one kind look: glyphs, size relative to the slot's, colour, whether the face is a heavy one."""

    table: GlyphTable
    scale: float
    colour: str
    heavy: bool


class Span(NamedTuple):
    """Characters of one style in a line."""

    style: Style
    text: str


class Line(NamedTuple):
    """One set line: start of the baseline, extra space after each character, its spans."""

    x: float
    y: float
    tracking: float
    spans: Sequence[Span]


class Setting(NamedTuple):
    """A set text: its size and its lines."""

    size: float
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Slot:
    """A text of the layout, ready to be filled: geometry in points, parsed content, styles."""

    item: Text
    template: Template
    x: float
    top: float
    width: float
    height: float
    style: Style
    emphasis: dict[str, Style]

    @property
    def constant(self) -> bool:
        """Whether it is the same on every certificate."""
        return not self.template.names


def make_slot(item: Text, face: CertificateFace, fonts: FontBook) -> Slot:
    """Prepare a text for setting."""
    style = Style(fonts.table(item.role), 1.0, face.colour(item.colour), item.role in HEAVY)
    emphasis = {
        name: Style(
            fonts.table(part.role or item.role),
            part.scale,
            face.colour(part.colour or item.colour),
            (part.role or item.role) in HEAVY,
        )
        for name, part in item.emphasis.items()
    }
    return Slot(
        item=item,
        template=parse(item.content),
        x=float(item.x),
        top=float(face.page.height - item.y),
        width=float(item.width),
        height=float(item.height),
        style=style,
        emphasis=emphasis,
    )


def set_pieces(slot: Slot, pieces: Sequence[Piece]) -> Setting:
    """Set a text.

    Raises:
        TextTooLong: not even the smallest size fits.
        Undrawable: a character has no glyph in any face.
    """
    if not slot.emphasis:
        return set_plain(slot, "".join([piece.text for piece in pieces]))
    styles = [slot.emphasis.get(piece.name or "", slot.style) for piece in pieces]
    characters = [
        (character, style) for piece, style in zip(pieces, styles, strict=True) for character in piece.text
    ]
    text = "".join([piece.text for piece in pieces])
    ems = [style.table[character].advance * style.scale for character, style in characters]
    size, ends = _fit(slot, text, ems, _held_together(slot, pieces))
    return _placed(slot, [style for _, style in characters], text, ems, size, ends)


def set_plain(slot: Slot, text: str) -> Setting:
    """Set a text without emphasised values.

    Raises:
        TextTooLong: not even the smallest size fits.
        Undrawable: a character has no glyph in any face.
    """
    table, style = slot.style.table, slot.style
    ems = [table[character].advance for character in text]
    size, ends = _fit(slot, text, ems, frozenset())
    return _placed(slot, [style] * len(text), text, ems, size, ends)


def _held_together(slot: Slot, pieces: Sequence[Piece]) -> frozenset[int]:
    """Places inside emphasised values and short fixed phrases, where no line should end."""
    held: list[int] = []
    at = 0
    for piece in pieces:
        if piece.name in slot.emphasis or (piece.name is None and len(piece.text) <= SHORT_PHRASE):
            held += range(at + 1, at + len(piece.text))
        at += len(piece.text)
    return frozenset(held)


def _fit(slot: Slot, text: str, ems: Sequence[float], held: frozenset[int]) -> tuple[float, list[int]]:
    """The greatest size that fits, and where its lines end."""
    item, size = slot.item, float(slot.item.size)
    tracking, indent = float(item.tracking), item.indent
    whole = sum(ems)
    while True:
        if (whole + indent) * size + tracking * len(ems) <= slot.width + ROUNDING:
            return size, [len(text)]
        room = int((slot.height + ROUNDING) / (size * item.leading))
        if min(room, item.lines) > 1:
            ends = break_lines(text, ems, (slot.width - ROUNDING) / size, indent, held)
            if len(ends) <= min(room, item.lines):
                return size, ends
        if size <= item.least:
            raise TextTooLong(item=item.id, text=text, person="")
        size = max(size - STEP, item.least)


def break_lines(
    text: str,
    ems: Sequence[float],
    width: float,
    indent: float = 0,
    held: frozenset[int] = frozenset(),
) -> list[int]:
    """Where each line ends, for lines of `width` em; not at the `held` places, unless nothing else is left."""
    ends: list[int] = []
    start, used, last_break = 0, indent, 0
    for index, em in enumerate(ems):
        if index > start and index not in held and may_break(text[index - 1], text[index]):
            last_break = index
        if used + em > width and index > start:
            end = last_break if last_break > start else index
            ends.append(end)
            start, used = end, sum(ems[end:index])
        used += em
    return [*ends, len(text)]


def _placed(
    slot: Slot, styles: Sequence[Style], text: str, ems: Sequence[float], size: float, ends: list[int]
) -> Setting:
    item = slot.item
    leading = size * item.leading
    y = first_baseline(slot, size, leading, len(ends))
    lines: list[Line] = []
    start = 0
    for number, end in enumerate(ends):
        count = end - start
        indent = item.indent * size if number == 0 else 0.0
        used = sum(ems[start:end]) * size + float(item.tracking) * max(count - 1, 0)
        slack = slot.width - indent - used
        tracking = float(item.tracking)
        x = slot.x + indent
        if item.align is Align.JUSTIFY:
            if number < len(ends) - 1 and count > 1 and slack <= MAX_SPREAD * size * (count - 1):
                tracking += slack / (count - 1)
        elif item.align is not Align.LEFT:
            x += slack / 2 if item.align is Align.CENTER else slack
        lines.append(Line(x, y, tracking, _spans(text, styles, start, end)))
        y -= leading
        start = end
    return Setting(size, lines)


def first_baseline(slot: Slot, size: float, leading: float, lines: int) -> float:
    """Height in points of the first of so many baselines."""
    block = leading * (lines - 1)
    match slot.item.valign:
        case VAlign.TOP:
            return slot.top - leading / 2 - MIDDLE * size
        case VAlign.MIDDLE:
            return slot.top - slot.height / 2 + block / 2 - MIDDLE * size
        case VAlign.BOTTOM:
            return slot.top - slot.height + block + leading / 2 - MIDDLE * size


def _spans(text: str, styles: Sequence[Style], start: int, end: int) -> list[Span]:
    if start == end:
        return []
    if styles.count(styles[start]) == len(styles):
        return [Span(styles[start], text[start:end])]
    groups = groupby(range(start, end), key=lambda index: id(styles[index]))
    runs = [list(indices) for _, indices in groups]
    return [Span(styles[run[0]], text[run[0] : run[-1] + 1]) for run in runs]
