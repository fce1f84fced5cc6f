"""A heading in Mongolian script: shaped with HarfBuzz, drawn as outlines, read aloud through its alternative text.

The joined forms of Mongolian need OpenType shaping, which PDF text operators do not do. The heading is fixed and
proof-read, so its glyphs are drawn as paths once per batch. Upright columns are the shaped line turned clockwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import uharfbuzz as hb
from fontTools.pens.basePen import BasePen

from generator.certificate.drawing.curves import number, numbers, rgb
from generator.certificate.drawing.tagging import Mark
from generator.certificate.face.face import CertificateFace, Direction, Mongolian
from generator.layout.text.fonts import FontBook

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas


BASE: Final = 0.35  # of the type size: from the middle of a line down to its baseline


class _PathPen(BasePen):  # type: ignore[misc]
    """Collects outlines as path operators, moved and scaled."""

    def __init__(self, scale: float) -> None:
        super().__init__(None)
        self.parts: list[str] = []
        self.scale = scale
        self.offset = (0.0, 0.0)

    def _point(self, point: tuple[float, float]) -> str:
        return numbers(
            self.offset[0] + point[0] * self.scale,
            self.offset[1] + point[1] * self.scale,
        )

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 - fontTools' name
        self.parts.append(f"{self._point(pt)} m")

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self.parts.append(f"{self._point(pt)} l")

    def _curveToOne(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self.parts.append(f"{' '.join(self._point(point) for point in points)} c")

    def _closePath(self) -> None:  # noqa: N802
        self.parts.append("h")


def shaped_lines(text: str, fonts: FontBook) -> list[tuple[Any, Any]]:
    """Every line of the text shaped: HarfBuzz glyph infos and positions."""
    font = hb.Font(fonts.mongolian.hb_face)
    lines = []
    for line in text.splitlines():
        buffer = hb.Buffer()
        buffer.add_str(line)
        buffer.guess_segment_properties()
        buffer.direction = "ltr"
        hb.shape(font, buffer)
        lines.append((buffer.glyph_infos, buffer.glyph_positions))
    return lines


def draw_mongolian(
    canvas: Canvas, face: CertificateFace, spec: Mongolian, fonts: FontBook, mark: Mark
) -> None:
    """Draw the heading in its box, shrunk when it is too long; columns run from left to right."""
    lines = shaped_lines(spec.text, fonts)
    units = fonts.mongolian.units
    longest = max(_em_width(line) for line in lines) / units
    vertical = spec.direction is Direction.VERTICAL
    along, across = (spec.height, spec.width) if vertical else (spec.width, spec.height)
    size = min(float(spec.size), float(along) / longest, float(across) / (1.2 * len(lines)))
    paths = _outlines(lines, fonts, size)
    top = float(face.page.height - spec.y)
    if vertical:
        matrix = f"0 -1 1 0 {number(float(spec.x))} {number(top)} cm"
        first, step = size * 0.6, size * 1.2
    else:
        matrix = f"1 0 0 1 {number(float(spec.x))} {number(top - float(across))} cm"
        first, step = float(across) - size * 0.6, -size * 1.2
    body = "\n".join(
        f"q 1 0 0 1 {numbers((float(along) - _em_width(line) * size / units) / 2, first + index * step - size * BASE)}"
        f" cm\n{path}\nf Q"
        for index, (line, path) in enumerate(zip(lines, paths, strict=True))
    )
    canvas.addLiteral(f"{mark.opening()}\nq {rgb(face.colour(spec.colour))} rg {matrix}\n{body}\nQ\nEMC")


def _em_width(line: tuple[Any, Any]) -> float:
    """Width of a shaped line in font units."""
    return float(sum(position.x_advance for position in line[1]))


def _outlines(lines: list[tuple[Any, Any]], fonts: FontBook, size: float) -> list[str]:
    font = hb.Font(fonts.mongolian.hb_face)
    scale = size / fonts.mongolian.units
    found = []
    for infos, positions in lines:
        pen, x = _PathPen(scale), 0.0
        for info, position in zip(infos, positions, strict=True):
            pen.offset = (x + position.x_offset * scale, position.y_offset * scale)
            font.draw_glyph_with_pen(info.codepoint, pen)
            x += position.x_advance * scale
        found.append("\n".join(pen.parts))
    return found
