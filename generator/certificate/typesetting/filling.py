"""Filling the variable texts, certificate after certificate: what repeats is remembered, what is simple is cut short.

Neighbouring texts whose values repeat from certificate to certificate (level, series, authority …) are filled and
remembered together. Most others are one line that the slot's first face draws; for those the operators are put
together at once (`_OneLine`). Everything else goes the long way through `typesetting` and `painting`. All ways give
the same operators.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

from generator.certificate.drawing.curves import number
from generator.certificate.face.face import Wording
from generator.certificate.face.placeholders import SENTENCES, Piece, Template, parse
from generator.certificate.pdf.painting import Brush, FontCase, Operators, Own, colour_operator, joined
from generator.certificate.typesetting.fitting import ROUNDING, STEP, Slot, first_baseline, set_pieces
from generator.layout.text.fonts import GlyphTable
from generator.layout.tree import Align

REMEMBERED: Final = 2048  # fillings of one run of texts
UNIQUE: Final = frozenset(
    {"number", "licence_identifier", "code", "code_grouped", "url", "name", "identity"}
)  # never come again
MANIFOLD: Final = frozenset({"employer", "birth"})  # come again, but would spoil what stands beside them


class Filler:
    """Draws a run of neighbouring variable texts; one whose `when` has no value stays empty."""

    def __init__(self, run: Sequence[tuple[Slot, str]], wording: Wording, case: FontCase) -> None:
        self._texts = [_SlotText(slot, opening, case) for slot, opening in run]
        names = sorted(frozenset().union(*(depends(slot, wording) for slot, _ in run)))
        self._repeats = not UNIQUE.intersection(names)
        self._key = itemgetter(*names)
        self._remembered: dict[object, Operators] = {}

    def draw(self, brush: Brush, words: Mapping[str, str], phrases: Mapping[str, Template]) -> None:
        """Draw the texts with these values.

        Raises:
            TextTooLong: one does not fit its box in the smallest size.
            Undrawable: a character has no glyph in any face.
        """
        if self._repeats:
            key = self._key(words)
            brush.text(self._remembered.get(key) or self._remember(key, words, phrases))
        else:
            for text in self._texts:
                brush.text(text.operators(words, phrases))

    def _remember(self, key: object, words: Mapping[str, str], phrases: Mapping[str, Template]) -> Operators:
        if len(self._remembered) >= REMEMBERED:
            self._remembered.clear()
        parts = [part for text in self._texts for part in text.operators(words, phrases)]
        found = self._remembered[key] = joined(parts)
        return found


def fillers(slots: Iterable[tuple[Slot, str]], wording: Wording, case: FontCase) -> list[Filler]:
    """The variable texts with the operators that open them, run by run: repeating neighbours together."""

    def alone(numbered: tuple[int, tuple[Slot, str]]) -> int | None:
        index, (slot, _) = numbered
        return index if depends(slot, wording) & (UNIQUE | MANIFOLD) else None

    runs = groupby(enumerate(slots), key=alone)
    return [Filler([pair for _, pair in run], wording, case) for _, run in runs]


def depends(slot: Slot, wording: Wording) -> frozenset[str]:
    """The placeholders whose values decide what stands in a slot, those inside and behind its sentences too."""
    found = set(slot.template.names)
    if slot.item.when:
        found.add(slot.item.when)
    behind = {
        "statement": ("acquisition", wording.statement.values()),
        "scope_sentence": ("scope", (wording.scope,)),
        "predecessor_sentence": ("predecessor", (wording.predecessor,)),
    }
    for sentence in found.intersection(SENTENCES):
        chosen_by, texts = behind[sentence]
        found.add(chosen_by)
        for text in texts:
            found |= parse(text).names
    return frozenset(found).difference(SENTENCES)


class _SlotText:
    """One text of a run."""

    def __init__(self, slot: Slot, opening: str, case: FontCase) -> None:
        self._slot = slot
        self._opening = opening
        self._case = case
        self._empty = (f"{opening}\nEMC",)
        self._one_line = None if slot.emphasis else _OneLine(slot, opening, case)

    def operators(self, words: Mapping[str, str], phrases: Mapping[str, Template]) -> Operators:
        """The operators of the text with these values."""
        slot = self._slot
        when = slot.item.when
        if when and not words[when]:
            return self._empty
        if self._one_line is None:
            return self._set(slot.template.pieces(words, phrases))
        text = slot.template.text(words, phrases)
        return self._one_line.operators(text) or self._set([Piece(text, None)])

    def _set(self, pieces: Sequence[Piece]) -> Operators:
        return self._case.operators(set_pieces(self._slot, pieces), self._opening)


class _Advances(dict[str, float]):
    """Advances in em of the characters that a table's first face draws; KeyError for others."""

    def __init__(self, table: GlyphTable) -> None:
        super().__init__()
        self._table = table

    def __missing__(self, character: str) -> float:
        glyph = self._table[character]
        if glyph.face is not self._table.chain[0]:
            raise KeyError(character)
        self[character] = glyph.advance
        return glyph.advance


class _Shape(NamedTuple):
    """What is the same for all lines of one size: operators behind the position, printed size, frozen font."""

    size: float
    after: str
    printed: str
    font: str


class _OneLine:
    """A slot without emphasis, filled with a text that fits in one line and that its first face draws."""

    def __init__(self, slot: Slot, opening: str, case: FontCase) -> None:
        item, table = slot.item, slot.style.table
        self._slot, self._face = slot, table.chain[0]
        self._frozen = case.frozen.get(self._face.name)
        self._advance = _Advances(table).__getitem__
        self._code = (self._frozen.codes if self._frozen else {}).__getitem__
        self._tracking = float(item.tracking)
        self._share = {Align.CENTER: 0.5, Align.RIGHT: 1.0}.get(item.align, 0.0)
        self._before = f"{opening}\nBT "
        self._end = "0 Tc ET\nEMC" if self._tracking else "ET\nEMC"
        self._full = self._shape(float(item.size))
        self._shapes = {self._full.size: self._full}

    def _shape(self, size: float) -> _Shape:
        style = self._slot.style
        y = number(first_baseline(self._slot, size, size * self._slot.item.leading, 1))
        spaced = f"{self._tracking:.3f} Tc\n" if self._tracking else ""
        printed = number(size * style.scale)
        font = f"\n/{self._frozen.resource} {printed} Tf <" if self._frozen else ""
        return _Shape(size, f" {y} Td\n{spaced}{colour_operator(style.colour)}", printed, font)

    def operators(self, text: str) -> Operators | None:
        """The operators, or None when the text is not of that simple kind."""
        if not text:
            return None
        try:
            ems = sum(map(self._advance, text))
        except KeyError:
            return None
        shape = self._full
        if not self._fits(ems, len(text), shape.size):
            smaller = self._smaller(ems, len(text))
            if smaller is None:
                return None
            shape = smaller
        before = f"{self._before}{number(self._left(ems, len(text), shape.size))}{shape.after}"
        try:
            return (f"{before}{shape.font}{''.join(map(self._code, text))}> Tj\n{self._end}",)
        except KeyError:
            return before, Own(self._face, shape.printed, text), self._end

    def _fits(self, ems: float, count: int, size: float) -> bool:
        slot = self._slot
        return (ems + slot.item.indent) * size + self._tracking * count <= slot.width + ROUNDING

    def _smaller(self, ems: float, count: int) -> _Shape | None:
        """The greatest smaller size that fits; None where two lines may be better, or nothing fits."""
        item, size = self._slot.item, self._full.size
        if item.lines > 1:
            return None
        while size > item.least:
            size = max(size - STEP, item.least)
            if self._fits(ems, count, size):
                if size not in self._shapes:
                    self._shapes[size] = self._shape(size)
                return self._shapes[size]
        return None

    def _left(self, ems: float, count: int, size: float) -> float:
        """Where the line begins."""
        slot = self._slot
        indent = slot.item.indent * size
        if not self._share:
            return slot.x + indent
        used = ems * size + self._tracking * (count - 1)
        return slot.x + indent + (slot.width - indent - used) * self._share
