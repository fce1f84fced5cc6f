"""Filled outlines in millimetres, written as PDF path operators and as SVG."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from fontTools.pens.basePen import BasePen

Point: TypeAlias = tuple[float, float]
Segment: TypeAlias = tuple[str, tuple[Point, ...]]  # m, l, c (cubic), h (close)
Colour: TypeAlias = tuple[float, float, float]  # 0–1 each

SEAL_RED: Final[Colour] = (0.86, 0.06, 0.09)
PT_PER_MM: Final = 72 / 25.4
STEPS_PER_MM: Final = 50  # written coordinates are integers of 0.02 mm: small, and finer than 1200 dpi
_KAPPA: Final = 4 / 3 * (math.sqrt(2) - 1)


@dataclass(frozen=True)
class Shape:
    """One filled outline; `even_odd` makes inner contours holes whatever their direction."""

    segments: tuple[Segment, ...]
    colour: Colour = SEAL_RED
    even_odd: bool = False


@dataclass(frozen=True)
class Seal:
    """A drawn seal: fits the press's `SealAppearance`. `content` has its origin lower left, unit point."""

    width_mm: float
    height_mm: float
    content: bytes
    drawing: str

    def svg(self) -> str:
        """A complete SVG document of the same drawing, for pages."""
        width, height = _number(self.width_mm), _number(self.height_mm)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
            f'viewBox="0 0 {width} {height}">{self.drawing}</svg>'
        )


class SegmentPen(BasePen):  # type: ignore[misc]  # fontTools is untyped
    """Collects what a glyph or an SVG path draws; quadratic curves arrive as cubics from the base class."""

    def __init__(self, glyphs: object = None) -> None:
        super().__init__(glyphs)
        self.segments: list[Segment] = []

    def _moveTo(self, point: Point) -> None:  # noqa: N802 - fontTools' name
        self.segments.append(("m", (point,)))

    def _lineTo(self, point: Point) -> None:  # noqa: N802
        self.segments.append(("l", (point,)))

    def _curveToOne(self, first: Point, second: Point, end: Point) -> None:  # noqa: N802
        self.segments.append(("c", (first, second, end)))

    def _closePath(self) -> None:  # noqa: N802
        self.segments.append(("h", ()))

    def _endPath(self) -> None:  # noqa: N802
        self.segments.append(("h", ()))


def circle(centre: Point, radius: float) -> list[Segment]:
    """A circle as four curves."""
    x, y = centre
    k = radius * _KAPPA
    turns: tuple[tuple[Point, Point, Point], ...] = (
        ((x + radius, y + k), (x + k, y + radius), (x, y + radius)),
        ((x - k, y + radius), (x - radius, y + k), (x - radius, y)),
        ((x - radius, y - k), (x - k, y - radius), (x, y - radius)),
        ((x + k, y - radius), (x + radius, y - k), (x + radius, y)),
    )
    return [("m", ((x + radius, y),)), *(("c", turn) for turn in turns), ("h", ())]


def star(centre: Point, radius: float) -> list[Segment]:
    """An upright five-pointed star (五角星) whose points lie on the circle of `radius`."""
    inner = radius * math.sin(math.radians(18)) / math.sin(math.radians(54))
    points = []
    for index in range(10):
        angle = math.radians(90 + 36 * index)
        reach = radius if index % 2 == 0 else inner
        points.append((centre[0] + reach * math.cos(angle), centre[1] + reach * math.sin(angle)))
    return [("m", (points[0],)), *(("l", (point,)) for point in points[1:]), ("h", ())]


def transformed(segments: Iterable[Segment], matrix: Sequence[float]) -> list[Segment]:
    """The segments under the affine matrix (a b c d e f) of PDF and SVG."""
    a, b, c, d, e, f = matrix
    return [
        (kind, tuple((a * x + c * y + e, b * x + d * y + f) for x, y in points)) for kind, points in segments
    ]


def make_seal(width_mm: float, height_mm: float, shapes: Sequence[Shape]) -> Seal:
    """A seal from shapes in millimetres, origin lower left."""
    return Seal(width_mm, height_mm, _as_pdf(shapes), _as_svg(shapes, height_mm))


def _as_pdf(shapes: Sequence[Shape]) -> bytes:
    scale = PT_PER_MM / STEPS_PER_MM
    parts = [f"q {scale:.6f} 0 0 {scale:.6f} 0 0 cm"]
    colour: Colour | None = None
    for shape in shapes:
        if shape.colour != colour:
            colour = shape.colour
            parts.append(" ".join(_number(part) for part in colour) + " rg")
        parts += [_pdf_segment(kind, points) for kind, points in shape.segments]
        parts.append("f*" if shape.even_odd else "f")
    return "\n".join([*parts, "Q"]).encode("ascii")


def _pdf_segment(kind: str, points: tuple[Point, ...]) -> str:
    return " ".join([*(f"{_step(x)} {_step(y)}" for x, y in points), kind])


def _step(value: float) -> int:
    return round(value * STEPS_PER_MM)


def _as_svg(shapes: Sequence[Shape], height: float) -> str:
    return "".join(_svg_path(shape, height) for shape in shapes)


def _svg_path(shape: Shape, height: float) -> str:
    letters = {"m": "M", "l": "L", "c": "C", "h": "Z"}
    data = "".join(
        letters[kind] + " ".join(f"{_number(x)} {_number(height - y)}" for x, y in points)
        for kind, points in shape.segments
    )
    red, green, blue = (round(part * 255) for part in shape.colour)
    rule = ' fill-rule="evenodd"' if shape.even_odd else ""
    return f'<path fill="#{red:02x}{green:02x}{blue:02x}"{rule} d="{data}"/>'


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
