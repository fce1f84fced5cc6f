"""Set texts as PDF operators, with fonts of two kinds.

Frozen fonts belong to the plan: they hold the characters of the constant texts and of what repeats from certificate
to certificate (digits, dates, the committee's name). A text that they cover costs nothing but its operators, which
are remembered. Any other text is drawn with the certificate's own fonts, which hold just the glyphs it needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Final, NamedTuple, TypeAlias

from generator.certificate.drawing.curves import number, rgb
from generator.certificate.pdf.slices import Slice, SlicedFace
from generator.certificate.typesetting.fitting import Setting, Style
from generator.layout.text.faces import Face

STROKE: Final = 0.018  # of the em


@cache
def colour_operator(colour: str) -> str:
    """The operator that sets the colour of texts."""
    return f"{rgb(colour)} rg"


@cache
def _code(glyph: int) -> str:
    return f"{glyph:04X}"


class FontUse(dict[str, str]):
    """One face in one file: character → code (four hexadecimal digits), numbered from 1 in the order of first use."""

    def __init__(self, sliced: SlicedFace, resource: str) -> None:
        super().__init__()
        self.sliced = sliced
        self.resource = resource
        self.slices: list[Slice] = []

    def encoded(self, text: str) -> str:
        """The text as hexadecimal codes; new characters are taken in."""
        slices, cut, known, codes = self.slices, self.sliced, self.get, []
        for character in text:
            code = known(character)
            if code is None:
                slices.append(cut[character])
                code = self[character] = _code(len(slices))
            codes.append(code)
        return "".join(codes)


@dataclass(frozen=True, slots=True)
class FrozenFont:
    """A font of the plan: its resource name and the codes of its characters."""

    resource: str
    codes: Mapping[str, str]


class Own(NamedTuple):
    """Characters to be drawn with the certificate's own font of a face."""

    face: Face
    size: str
    text: str


Operators: TypeAlias = tuple[str | Own, ...]


class FontCase:
    """The fonts that certificates of one press may use (字盘): slices of every face, and the plan's frozen fonts."""

    def __init__(self, frozen: Mapping[str, FrozenFont]) -> None:
        self.frozen = frozen
        self._sliced: dict[str, SlicedFace] = {}

    def sliced(self, face: Face) -> SlicedFace:
        """The slices of a face, cut as they are needed and kept."""
        found = self._sliced.get(face.name)
        if found is None:
            found = self._sliced[face.name] = SlicedFace(face)
        return found

    def operators(self, setting: Setting, opening: str) -> Operators:
        """The operators of a set text in its marked content; what no frozen font covers stays open."""
        parts: list[str | Own] = [opening]
        for line in setting.lines:
            parts.append(f"BT {number(line.x)} {number(line.y)} Td")
            if line.tracking:
                parts.append(f"{line.tracking:.3f} Tc")
            for style, text in line.spans:
                parts.append(colour_operator(style.colour))
                size = number(setting.size * style.scale)
                for face, characters in face_runs(style, text):
                    run = self._run(face, size, characters)
                    lighter = style.heavy and face is not style.table.chain[0]
                    parts += _emboldened(run, style, setting.size) if lighter else [run]
            parts.append("0 Tc ET" if line.tracking else "ET")
        return joined([*parts, "EMC"])

    def _run(self, face: Face, size: str, text: str) -> str | Own:
        font = self.frozen.get(face.name)
        if font is None or not font.codes.keys() >= set(text):
            return Own(face, size, text)
        codes = "".join([font.codes[character] for character in text])
        return f"/{font.resource} {size} Tf <{codes}> Tj"


class Brush:
    """Draws one content stream and collects the fonts of its own that it needs."""

    def __init__(self, case: FontCase, letter: str = "V") -> None:
        self._case = case
        self._letter = letter
        self._parts: list[str] = []
        self.fonts: dict[str, FontUse] = {}

    def use(self, face: Face) -> FontUse:
        """The own font of a face."""
        found = self.fonts.get(face.name)
        if found is None:
            resource = f"{self._letter}{len(self.fonts) + 1}"
            found = self.fonts[face.name] = FontUse(self._case.sliced(face), resource)
        return found

    def literal(self, operators: str) -> None:
        """Add operators as they are."""
        self._parts.append(operators)

    def text(self, operators: Operators) -> None:
        """Draw a set text."""
        for part in operators:
            if isinstance(part, str):
                self._parts.append(part)
            else:
                use = self.use(part.face)
                self._parts.append(f"/{use.resource} {part.size} Tf <{use.encoded(part.text)}> Tj")

    def content(self) -> bytes:
        """Everything drawn so far."""
        return "\n".join(self._parts).encode("ascii")


def face_runs(style: Style, text: str) -> list[tuple[Face, str]]:
    """The text cut into pieces of one face each."""
    table = style.table
    faces = [table[character].face for character in text]
    if faces.count(faces[0]) == len(faces):
        return [(faces[0], text)]
    groups = groupby(text, key=lambda character: table[character].face)
    return [(face, "".join(characters)) for face, characters in groups]


def _emboldened(run: str | Own, style: Style, size: float) -> list[str | Own]:
    """A fallback face among heavy characters gets an outline, so that a rare character looks as dark as the rest."""
    width = number(size * style.scale * STROKE)
    return [f"2 Tr {width} w {rgb(style.colour)} RG", run, "0 Tr"]


def joined(parts: Iterable[str | Own]) -> Operators:
    """The same operators, neighbouring strings as one."""
    found: list[str | Own] = []
    for is_text, group in groupby(parts, key=lambda part: isinstance(part, str)):
        members = list(group)
        found += ["\n".join(map(str, members))] if is_text else members
    return tuple(found)
