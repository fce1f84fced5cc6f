"""The pen: draws text, lines and pictures of one page as PDF operators, few of them.

Places are in points from the page's upper left corner; the pen turns them over. Ruled lines are collected and joined
before they are written, so that the borders of a table become long strokes.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any, Final, NamedTuple

from generator.layout.text.embedding import CodeTable, composite
from generator.layout.text.faces import Face
from generator.render.pdf.ink import BOLD_STROKE, Ink, color_operands

JOIN: Final = 0.05  # points; gaps smaller than this are no gaps


class FontUse(NamedTuple):
    """A face in one document: its resource name and its codes."""

    resource: str
    codes: CodeTable


class DocumentFonts:
    """Faces used in one reportlab document."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._uses: dict[Face, FontUse] = {}

    def use(self, face: Face) -> FontUse:
        """The face's resource name and code table."""
        found = self._uses.get(face)
        if found is None:
            font = composite(face)
            resource = font.getSubsetInternalName(0, self._document)
            found = self._uses[face] = FontUse(resource, font.codes(self._document))
        return found


class Pen:
    """Collects the operators of one page."""

    def __init__(self, fonts: DocumentFonts, height: float) -> None:
        self._fonts = fonts
        self._height = height
        self._text: list[str] = []
        self._under: list[str] = []
        self._bars: list[str] = []
        self._strokes: dict[tuple[bool, float, float, str], list[tuple[float, float]]] = {}
        self._font: tuple[str, float] | None = None
        self._spacing = 0.0
        self._color = "0"
        self._stroke = 0.0
        self.pictures: list[tuple[float, float, float, float, bytes]] = []

    # ── text ────────────────────────────────────────────────────────────────────────────────────────────────────────
    def text(self, x: float, y: float, text: str, ink: Ink, spacing: float) -> None:
        """Draw text whose baseline starts at (x, y); `spacing` points follow each character."""
        self._place(f"1 0 0 1 {x:.2f} {self._height - y:.2f} Tm", ink, spacing)
        self._show(text, ink)

    def turned(self, x: float, y: float, text: str, ink: Ink) -> None:
        """Draw text that runs downwards, turned by 90° clockwise, from (x, y)."""
        self._place(f"0 -1 1 0 {x:.2f} {self._height - y:.2f} Tm", ink, 0.0)
        self._show(text, ink)

    def _place(self, matrix: str, ink: Ink, spacing: float) -> None:
        code = self._text
        if ink.color != self._color:
            self._color = ink.color
            code.append(fill_operator(ink.color))
        stroke = ink.size * BOLD_STROKE if ink.stroke else 0.0
        if stroke != self._stroke:
            self._stroke = stroke
            code.append(f"2 Tr {stroke:.2f} w {fill_operator(ink.color, stroke=True)}" if stroke else "0 Tr")
        if spacing != self._spacing:
            self._spacing = spacing
            code.append(f"{spacing:.3f} Tc")
        code.append(matrix)

    def _show(self, text: str, ink: Ink) -> None:
        table = ink.table
        if table.own.issuperset(text):
            self._string(text, table.chain[0], ink.size)
            return
        for face, characters in groupby(text, key=lambda character: table[character][0]):
            self._string("".join(characters), face, ink.size)

    def _string(self, text: str, face: Face, size: float) -> None:
        resource, codes = self._fonts.use(face)
        if self._font != (resource, size):
            self._font = (resource, size)
            self._text.append(f"{resource} {size:g} Tf")
        self._text.append(f"<{''.join(map(codes.__getitem__, text))}> Tj")

    # ── lines and pictures ──────────────────────────────────────────────────────────────────────────────────────────
    def across(self, x: float, y: float, length: float, width: float, color: str) -> None:
        """A horizontal line."""
        self._strokes.setdefault((False, round(y, 2), width, color), []).append((x, x + length))

    def down(self, x: float, y: float, length: float, width: float, color: str) -> None:
        """A vertical line."""
        self._strokes.setdefault((True, round(x, 2), width, color), []).append((y, y + length))

    def box(self, x: float, y: float, width: float, height: float, color: str) -> None:
        """A filled rectangle with its upper left corner at (x, y)."""
        operator = fill_operator(color_operands(color))
        self._bars.append(f"{operator} {x:.2f} {self._height - y - height:.2f} {width:.2f} {height:.2f} re f")

    def segment(self, x1: float, y1: float, x2: float, y2: float, width: float, color: str) -> None:
        """A straight line in any direction."""
        operator = fill_operator(color_operands(color), stroke=True)
        ends = f"{x1:.2f} {self._height - y1:.2f} m {x2:.2f} {self._height - y2:.2f} l S"
        self._bars.append(f"{operator} {width:g} w {ends}")

    def bar(self, x: float, y: float, length: float, width: float, color: str) -> None:
        """A horizontal line of exactly this length, its middle at y."""
        self.box(x, y - width / 2, length, width, color)

    def picture(self, x: float, y: float, width: float, height: float, data: bytes) -> None:
        """A picture whose upper left corner is at (x, y)."""
        self.pictures.append((x, self._height - y - height, width, height, data))

    def underlay(self, operators: str) -> None:
        """Operators below everything else (watermark)."""
        self._under.append(operators)

    def finish(self) -> str:
        """All operators of the page."""
        parts = [*self._under, *self._lines(), *self._bars]
        if self._text:
            parts += ["0 g BT", *self._text, "ET"]
        return "\n".join(parts)

    def _lines(self) -> list[str]:
        code: list[str] = ["2 J"] if self._strokes else []
        pen: tuple[float, str] | None = None
        for (vertical, place, width, color), pieces in sorted(
            self._strokes.items(), key=lambda item: (item[0][2], item[0][3])
        ):
            if pen != (width, color):
                pen = (width, color)
                code.append(f"{width:g} w {fill_operator(color_operands(color), stroke=True)}")
            for start, end in joined(pieces):
                if vertical:
                    top, bottom = self._height - start, self._height - end
                    code.append(f"{place:.2f} {top:.2f} m {place:.2f} {bottom:.2f} l S")
                else:
                    y = self._height - place
                    code.append(f"{start:.2f} {y:.2f} m {end:.2f} {y:.2f} l S")
        return code


def joined(pieces: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Pieces on one line, overlapping and touching ones made one."""
    pieces.sort()
    made: list[tuple[float, float]] = [pieces[0]]
    for start, end in pieces[1:]:
        last_start, last_end = made[-1]
        if start <= last_end + JOIN:
            made[-1] = (last_start, max(last_end, end))
        else:
            made.append((start, end))
    return made


def fill_operator(operands: str, *, stroke: bool = False) -> str:
    """The operator that sets a colour of these operands."""
    grey = " " not in operands
    name = ("G" if grey else "RG") if stroke else ("g" if grey else "rg")
    return f"{operands} {name}"
