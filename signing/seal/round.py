"""The round official seal (圆形公章): ring, star, the authority's full name along the arc, all as outlines.

Sizes follow the State Council's rules on official seals (国发〔1999〕25号): 42 mm across for departments and leagues,
five-pointed star in the middle, name in 宋体 from left to right around it.
"""

import math
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from fontTools.pens.qu2cuPen import Qu2CuPen

from signing.errors import SealTextUndrawable
from signing.seal.shapes import Point, Seal, Segment, SegmentPen, Shape, circle, make_seal, star, transformed

DIAMETER_MM: Final = 42.0
SAMPLE_TEXT: Final = "样本"
FONT_FOLDER: Final = Path(__file__).resolve().parents[2] / "templates" / "fonts"
FONT_FILES: Final = ("GWTitle.ttf", "GWSong.ttf")

# All as parts of the diameter.
_RING: Final = 1.2 / 42
_GAP: Final = 1.3 / 42
_LETTER: Final = 5.6 / 42
_STAR: Final = 7.0 / 42
_LINE: Final = 3.6 / 42
_LINE_MIDDLES: Final = (-11.4 / 42, -15.3 / 42)  # of the straight lines, from the centre

_NARROW: Final = 0.72  # width of a letter on the arc : its height
_FILL: Final = 0.98  # how much of its sector's foot a letter may take
_ARC: Final = 250.0  # degrees from the first to the last letter
_ARC_OVER_TEXT: Final = 212.0
_STEP: Final = 27.0  # degrees between letters of short names
_FIRST_WIDE: Final = 0x2E80  # from here on characters are square
_WIDE: Final = 0.95
_SLIM: Final = 0.55
_TOLERANCE: Final = 0.002  # of the em: 0.01 mm on paper


@dataclass(frozen=True)
class _Glyph:
    """An outline in its own box of 1 × 1, origin lower left."""

    segments: tuple[Segment, ...]


def round_seal(
    organisation: str,
    bottom_text: str | None = None,
    diameter_mm: float = DIAMETER_MM,
    sample: bool = False,
) -> Seal:
    """Draw the seal of `organisation`; `bottom_text` stands straight under the star; `sample` adds 样本.

    Raises:
        SealTextUndrawable: a character that no seal font has.
    """
    half = diameter_mm / 2
    ring = (*circle((half, half), half), *circle((half, half), half - _RING * diameter_mm))
    arc = _ARC_OVER_TEXT if bottom_text else _ARC
    outlines = [
        star((half, half), _STAR * diameter_mm),
        _arc_text(organisation.replace(" ", ""), diameter_mm, arc),
        *(
            _straight_text(text, diameter_mm, middle * diameter_mm)
            for text, middle in zip(_lines(bottom_text, sample=sample), _LINE_MIDDLES, strict=False)
        ),
    ]
    shapes = [Shape(ring, even_odd=True), *(Shape(tuple(outline)) for outline in outlines)]
    return make_seal(diameter_mm, diameter_mm, shapes)


def _lines(bottom_text: str | None, *, sample: bool) -> list[str]:
    return [text for text in (bottom_text, SAMPLE_TEXT if sample else None) if text]


def _arc_text(letters: str, diameter: float, arc: float) -> list[Segment]:
    step = min(_STEP, arc / max(len(letters) - 1, 1))
    foot = diameter * (0.5 - _RING - _GAP - _LETTER)
    height = diameter * _LETTER
    width = min(height * _NARROW, math.radians(step) * foot * _FILL)
    found: list[Segment] = []
    for index, letter in enumerate(letters):
        angle = math.radians(90 + step * ((len(letters) - 1) / 2 - index))
        up = (math.cos(angle), math.sin(angle))
        right = (up[1], -up[0])
        x, y = (diameter / 2 + foot * u - width / 2 * r for u, r in zip(up, right, strict=True))
        found += _placed(letter, right, up, width, height, (x, y))
    return found


def _straight_text(text: str, diameter: float, middle: float) -> list[Segment]:
    """One line whose middle lies `middle` mm above the seal's centre (below: negative)."""
    height = diameter * _LINE
    room = 2 * math.sqrt((diameter * (0.5 - _RING - _GAP)) ** 2 - (abs(middle) + height / 2) ** 2)
    shares = [_WIDE if ord(letter) >= _FIRST_WIDE else _SLIM for letter in text]
    unit = min(height, room / sum(shares))
    left = (diameter - unit * sum(shares)) / 2
    found: list[Segment] = []
    for letter, share in zip(text, shares, strict=True):
        origin = (left + unit * share * 0.05, diameter / 2 + middle - height / 2)
        found += _placed(letter, (1, 0), (0, 1), unit * share * 0.9, height, origin)
        left += unit * share
    return found


def _placed(
    letter: str, right: Point, up: Point, width: float, height: float, origin: Point
) -> list[Segment]:
    matrix = (right[0] * width, right[1] * width, up[0] * height, up[1] * height, origin[0], origin[1])
    return transformed(_glyph(letter).segments, matrix)


@cache
def _glyph(letter: str) -> _Glyph:
    """The outline scaled so that its ink fills the box (thin strokes such as 一 keep their place and size)."""
    font = next((font for font in _fonts() if ord(letter) in font.getBestCmap()), None)
    if font is None:
        raise SealTextUndrawable(character=letter, code_point=f"U+{ord(letter):04X}")
    glyphs = font.getGlyphSet()
    em = font["head"].unitsPerEm
    pen = SegmentPen(glyphs)
    # TrueType's many quadratic pieces become few cubic ones, which halves the seal's size in every file.
    glyphs[font.getBestCmap()[ord(letter)]].draw(Qu2CuPen(pen, em * _TOLERANCE, all_cubic=True))
    points = [point for _, found in pen.segments for point in found] or [(0.0, 0.0)]
    left, right = _span([x for x, _ in points], em)
    low, high = _span([y for _, y in points], em)
    matrix = (1 / (right - left), 0, 0, 1 / (high - low), -left / (right - left), -low / (high - low))
    return _Glyph(tuple(transformed(pen.segments, matrix)))


def _span(values: list[float], em: float) -> Point:
    """The extent of the ink, widened around its middle to at least 0.8 em."""
    low, high = min(values), max(values)
    missing = max(0.0, 0.8 * em - (high - low)) / 2
    return low - missing, high + missing


@cache
def _fonts() -> tuple[Any, ...]:
    from fontTools.ttLib import TTFont

    return tuple(TTFont(BytesIO((FONT_FOLDER / name).read_bytes()), lazy=True) for name in FONT_FILES)
