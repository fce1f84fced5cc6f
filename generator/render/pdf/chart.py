"""Charts drawn with the pen, as vectors."""

from __future__ import annotations

from dataclasses import replace

from generator.layout.charts import Box, Label, Line, draw
from generator.layout.tree import Align, Chart, Role
from generator.layout.units import Length
from generator.render.pdf.ink import Ink
from generator.render.pdf.pen import Pen


def draw_chart(pen: Pen, chart: Chart, x: float, base: float, scale: float, ink: Ink) -> None:
    """Draw a chart whose lower left corner is at (x, base)."""
    for shape in draw(chart):
        match shape:
            case Box():
                top = base - (shape.y + shape.height) * scale
                pen.box(x + shape.x * scale, top, shape.width * scale, shape.height * scale, shape.color)
            case Line():
                pen.segment(
                    x + shape.x1 * scale,
                    base - shape.y1 * scale,
                    x + shape.x2 * scale,
                    base - shape.y2 * scale,
                    shape.width,
                    shape.color,
                )
            case Label():
                _label(pen, shape, x, base, scale, ink)


def _label(pen: Pen, label: Label, x: float, base: float, scale: float, ink: Ink) -> None:
    style = replace(
        ink.style,
        role=Role.HEI if label.bold else Role.SONG,
        size=Length(label.size * scale),
        tracking=Length(0),
        bold=False,
        underline=False,
        color="#000000",
    )
    own = ink.pot.ink(style)
    width = sum(own.widths(label.text))
    shift = {Align.CENTER: width / 2, Align.RIGHT: width}.get(label.align, 0.0)
    pen.text(x + label.x * scale - shift, base - label.y * scale, label.text, own, 0.0)
