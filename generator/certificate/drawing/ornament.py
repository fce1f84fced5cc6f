"""Ornament (底纹与花边): guilloche bands, rosette, waves, meander (回纹) and endless knot (盘肠), as path operators.

Each motif is a `Motif`: one small drawing that is repeated over the page, so that a rich pattern stays a small file.
Lines are never thinner than `HAIRLINE`, which office printers still draw in one piece.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from generator.certificate.drawing.curves import (
    Curve,
    Point,
    curve_path,
    mix,
    polyline,
    stroke,
)

HAIRLINE: Final = 0.25
OVERLAP: Final = 0.15


@dataclass(frozen=True, slots=True)
class Motif:
    """A drawing in the box (0, 0)–(width, height), in points."""

    name: str
    width: float
    height: float
    operators: str
    bleed: float = 2.0


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a face, as `#RRGGBB`."""

    paper: str
    red: str
    gold: str
    ink: str
    label: str

    def tint(self, colour: str, share: float) -> str:
        """`share` of `colour` on the paper."""
        return mix(colour, self.paper, share)


def _wave(period: float, middle: float, height: float, phase: float, turns: int = 1) -> Curve:
    def curve(x: float) -> Point:
        return x, middle + height * math.sin(2 * math.pi * turns * x / period + phase)

    return curve


def _breathing(period: float, middle: float, height: float, phase: float, depth: float) -> Curve:
    """A wave whose height swells and sinks once a period."""

    def curve(x: float) -> Point:
        angle = 2 * math.pi * x / period
        swell = 1 - depth * (0.5 + 0.5 * math.cos(angle))
        return x, middle + height * swell * math.sin(angle + phase)

    return curve


def band(period: float, height: float, palette: Palette) -> Motif:
    """One period of the guilloche band of the border (扭索花边), `height` points high."""
    middle, ends = height / 2, (-OVERLAP, period + OVERLAP)
    pieces = 10

    def strand(curve: Curve) -> str:
        return curve_path(curve, *ends, pieces)

    veil = [strand(_wave(period, middle, height * 0.46, 2 * math.pi * k / 8 + math.pi / 8)) for k in range(8)]
    cord = [strand(_breathing(period, middle, height * 0.44, 2 * math.pi * k / 12, 0.55)) for k in range(12)]
    core = [strand(_wave(period, middle, height * 0.14, math.pi * k + math.pi / 2, 2)) for k in range(2)]
    return Motif(
        "band",
        period,
        height,
        stroke(veil, palette.tint(palette.gold, 0.75), 0.3)
        + stroke(cord, palette.tint(palette.red, 0.85), 0.3)
        + stroke(core, palette.tint(palette.gold, 1), 0.5),
    )


def rosette(radius: float, petals: int, palette: Palette, strength: float) -> Motif:
    """One petal of the rosette behind the text; turned `petals` times about the origin it closes."""
    sector = 2 * math.pi / petals

    def ring(inner: float, outer: float, phase: float, turns: int) -> Curve:
        centre, swing = (inner + outer) / 2 * radius, (outer - inner) / 2 * radius

        def curve(angle: float) -> Point:
            swell = 0.78 + 0.22 * math.cos(petals * angle)
            r = centre + swing * swell * math.cos(turns * petals * angle + phase)
            return r * math.cos(angle), r * math.sin(angle)

        return curve

    def family(inner: float, outer: float, strands: int, turns: int = 1) -> list[str]:
        phases = (2 * math.pi * k / strands for k in range(strands))
        return [curve_path(ring(inner, outer, phase, turns), 0, sector, 10 * turns) for phase in phases]

    gold, red = palette.tint(palette.gold, strength), palette.tint(palette.red, strength * 0.72)
    return Motif(
        "rosette",
        2 * radius,
        2 * radius,
        stroke(family(0.60, 1.0, 12), gold, HAIRLINE)
        + stroke(family(0.36, 0.74, 10), red, HAIRLINE)
        + stroke(family(0.17, 0.46, 8), gold, HAIRLINE)
        + stroke(family(0.03, 0.24, 6), red, HAIRLINE),
    )


def waves(period: float, spacing: float, lines: int, palette: Palette, strength: float) -> Motif:
    """One period of the security ground: fine wave lines whose phase runs from line to line."""
    paths = [
        curve_path(
            _wave(period, spacing * (row + 0.5), spacing * 1.15, 2 * math.pi * row / lines),
            -OVERLAP,
            period + OVERLAP,
            6,
        )
        for row in range(lines)
    ]
    return Motif(
        "waves",
        period,
        spacing * lines,
        stroke(paths, palette.tint(palette.gold, strength), HAIRLINE),
        bleed=spacing * 2,
    )


def meander(side: float, colour: str, width: float) -> Motif:
    """One unit of the meander (回纹): a square spiral that hands the line on to its neighbour."""
    u = side / 8
    points = [(0, 0.6), (7.2, 0.6), (7.2, 7.4), (1.6, 7.4), (1.6, 2.5), (5.3, 2.5), (5.3, 5.2), (3.3, 5.2)]
    spiral = polyline([(x * u, y * u) for x, y in points])
    link = polyline([(7.2 * u, 0.6 * u), (8 * u + OVERLAP, 0.6 * u)])
    return Motif("meander", side, side, stroke([spiral, link], colour, width, cap=0, join=0))


def knot(side: float, palette: Palette) -> Motif:
    """The endless knot (盘肠) of the corners: one closed cord, woven over and under, standing on its point."""
    unit, centre, turn = side / 12.4, side / 2, math.sqrt(0.5)
    cord, gap, core = 1.05 * unit, 1.6 * unit, 0.22 * unit

    def place(point: Point) -> Point:
        x, y = point
        return centre + (x + y) * turn * unit, centre + (y - x) * turn * unit

    def drawn(path: str, cap: int = 0) -> str:
        return (
            stroke([path], palette.paper, gap, cap=cap)
            + stroke([path], palette.red, cord, cap=cap)
            + stroke([path], palette.tint(palette.gold, 0.9), core, cap=cap)
        )

    whole = polyline([place(point) for point in _KNOT_CORD], closed=True)
    over = "".join(drawn(polyline([place(point) for point in piece])) for piece in _overpasses())
    return Motif("knot", side, side, drawn(whole) + over)


_REACH: Final = 3.7
_KNOT_CORD: Final[tuple[Point, ...]] = (
    (-2, _REACH), (-2, -_REACH), (0, -_REACH), (0, _REACH), (2, _REACH), (2, -_REACH),
    (_REACH, -_REACH), (_REACH, -2), (-_REACH, -2), (-_REACH, 0), (_REACH, 0), (_REACH, 2),
    (-_REACH, 2), (-_REACH, _REACH),
)  # fmt: skip


def _overpasses() -> list[tuple[Point, Point]]:
    """The short pieces drawn again on top, so that over and under alternate along the cord."""
    half, strands = 0.82, (-2, 0, 2)
    pieces: list[tuple[Point, Point]] = []
    for column, x in enumerate(strands):
        for row, y in enumerate(strands):
            upright = (column + row) % 2 == 0
            pieces.append(((x, y - half), (x, y + half)) if upright else ((x - half, y), (x + half, y)))
    return pieces
