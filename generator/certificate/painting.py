"""Set texts as PDF operators: constant ones through reportlab, variable ones with fonts made for each certificate."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from generator.certificate.curves import number, rgb
from generator.certificate.slices import Slice, SlicedFace
from generator.certificate.tagging import Mark
from generator.certificate.typesetting import Line, Setting, Slot, Style
from generator.text.faces import Face

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas


def face_runs(style: Style, text: str) -> list[tuple[Face, str]]:
    """The text cut into pieces of one face each."""
    table = style.table
    first = table[text[0]].face
    if all([table[character].face is first for character in text]):
        return [(first, text)]
    groups = groupby(text, key=lambda character: table[character].face)
    return [(face, "".join(characters)) for face, characters in groups]


def draw_constant(canvas: Canvas, slot: Slot, setting: Setting, mark: Mark) -> None:
    """Draw a constant text on the batch's page; a widely spaced one is copied without its spaces."""
    spaced = any(line.tracking for line in setting.lines)
    canvas.addLiteral(mark.opening(slot.template.text({}, {}) if spaced else None))
    for line in setting.lines:
        text = canvas.beginText()
        text.setTextOrigin(line.x, line.y)
        text.setCharSpace(line.tracking)
        for span in line.spans:
            canvas_colour = [float(part) for part in rgb(span.style.colour).split()]
            text.setFillColorRGB(*canvas_colour)
            for face, characters in face_runs(span.style, span.text):
                text.setFont(face.reportlab_name, setting.size * span.style.scale)
                text.textOut(characters)
        text.setCharSpace(0)
        canvas.drawText(text)
    canvas.addLiteral("EMC")


class FontUse:
    """One face in one certificate: the characters drawn with it, numbered in the order of first use from 1."""

    __slots__ = ("codes", "face", "resource", "slices")

    def __init__(self, face: SlicedFace, resource: str) -> None:
        self.face = face
        self.resource = resource
        self.codes: dict[str, str] = {}
        self.slices: list[Slice] = []

    def encoded(self, text: str) -> str:
        """The text as hexadecimal two-byte codes."""
        codes = self.codes
        for character in text:
            if character not in codes:
                self.slices.append(self.face.slice_of(character))
                codes[character] = f"{len(self.slices):04X}"
        return "".join([codes[character] for character in text])


class Brush:
    """Draws the variable texts of one certificate and collects the fonts that they need."""

    def __init__(self, kept: dict[str, SlicedFace]) -> None:
        self._kept = kept
        self.fonts: dict[str, FontUse] = {}
        self._parts: list[str] = []

    def use(self, face: Face) -> FontUse:
        """The use of a face in this certificate."""
        found = self.fonts.get(face.name)
        if found is None:
            sliced = self._kept.get(face.name)
            if sliced is None:
                sliced = self._kept[face.name] = SlicedFace(face)
            found = self.fonts[face.name] = FontUse(sliced, f"V{len(self.fonts) + 1}")
        return found

    def literal(self, operators: str) -> None:
        """Add operators as they are."""
        self._parts.append(operators)

    def text(self, setting: Setting, opening: str) -> None:
        """Draw a set text inside its marked content."""
        self._parts.append(opening)
        for line in setting.lines:
            self._line(line, setting.size)
        self._parts.append("EMC")

    def _line(self, line: Line, size: float) -> None:
        parts = self._parts
        parts.append(f"BT {number(line.x)} {number(line.y)} Td")
        if line.tracking:
            parts.append(f"{line.tracking:.3f} Tc")
        for style, text in line.spans:
            parts.append(f"{rgb_cached(style.colour)} rg")
            for face, characters in face_runs(style, text):
                use = self.use(face)
                parts.append(
                    f"/{use.resource} {number(size * style.scale)} Tf <{use.encoded(characters)}> Tj"
                )
        parts.append("0 Tc ET" if line.tracking else "ET")

    def content(self) -> str:
        """Everything drawn so far."""
        return "\n".join(self._parts)


_COLOURS: dict[str, str] = {}


def rgb_cached(colour: str) -> str:
    """`rgb`, remembered."""
    found = _COLOURS.get(colour)
    if found is None:
        found = _COLOURS[colour] = rgb(colour)
    return found


def opened(marks: Sequence[Mark]) -> list[str]:
    """The opening operators of the marks, made once."""
    return [mark.opening() for mark in marks]
