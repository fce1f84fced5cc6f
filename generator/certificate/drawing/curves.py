"""Parametric curves as PDF path operators: smooth Bézier pieces, two decimals, points (1/72 inch)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
Curve: TypeAlias = Callable[[float], Point]

_STEP = 1e-4


def number(value: float) -> str:
    """A coordinate with at most two decimals and no superfluous zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def numbers(*values: float) -> str:
    """Coordinates with spaces between them."""
    return " ".join(number(value) for value in values)


def curve_path(curve: Curve, start: float, end: float, pieces: int, *, closed: bool = False) -> str:
    """The curve from `start` to `end` as that many cubic Bézier pieces with the curve's own tangents."""
    span = (end - start) / pieces
    points = [curve(start + span * index) for index in range(pieces + 1)]
    slopes = [_slope(curve, start + span * index) for index in range(pieces + 1)]
    parts = [f"{numbers(*points[0])} m"]
    for (p, q), (a, b) in zip(pairwise(points), pairwise(slopes), strict=True):
        third = span / 3
        control = (p[0] + a[0] * third, p[1] + a[1] * third, q[0] - b[0] * third, q[1] - b[1] * third)
        parts.append(f"{numbers(*control, *q)} c")
    return "\n".join([*parts, *(["h"] if closed else [])])


def _slope(curve: Curve, at: float) -> Point:
    before, after = curve(at - _STEP), curve(at + _STEP)
    return (after[0] - before[0]) / (2 * _STEP), (after[1] - before[1]) / (2 * _STEP)


def polyline(points: Sequence[Point], *, closed: bool = False) -> str:
    """Straight lines through the points."""
    first, *rest = points
    parts = [f"{numbers(*first)} m", *(f"{numbers(*point)} l" for point in rest)]
    return "\n".join([*parts, *(["h"] if closed else [])])


def stroke(paths: Iterable[str], colour: str, width: float, *, cap: int = 0, join: int = 1) -> str:
    """Draw the paths as lines of `width` points; `colour` is `#RRGGBB`."""
    body = "\n".join(paths)
    return f"q {rgb(colour)} RG {number(width)} w {cap} J {join} j\n{body}\nS Q\n"


def fill(paths: Iterable[str], colour: str) -> str:
    """Fill the paths; `colour` is `#RRGGBB`."""
    body = "\n".join(paths)
    return f"q {rgb(colour)} rg\n{body}\nf Q\n"


def rectangle(x: float, y: float, width: float, height: float) -> str:
    """A rectangle as a path."""
    return f"{numbers(x, y, width, height)} re"


def circle(x: float, y: float, radius: float) -> str:
    """A circle as a closed path."""
    return curve_path(
        lambda t: (x + radius * math.cos(t), y + radius * math.sin(t)), 0, 2 * math.pi, 8, closed=True
    )


def rgb(colour: str) -> str:
    """`#RRGGBB` as three numbers of a PDF colour."""
    parts = (int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5))
    return " ".join(f"{part:.3f}".rstrip("0").rstrip(".") or "0" for part in parts)


def mix(colour: str, paper: str, share: float) -> str:
    """`share` of `colour` on `paper`, as an opaque `#RRGGBB` (nothing on the face is transparent)."""
    channels = zip(_channels(colour), _channels(paper), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02X}" for a, b in channels)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def placed(x: float, y: float, *, scale: tuple[float, float] = (1, 1), turn: int = 0) -> str:
    """A `cm` operator: move to (x, y), turn by quarter turns, scale."""
    cos, sin = ((1, 0), (0, 1), (-1, 0), (0, -1))[turn % 4]
    a, b, c, d = cos * scale[0], sin * scale[0], -sin * scale[1], cos * scale[1]
    return f"{numbers(a, b, c, d, x, y)} cm"
