"""How much fits into a box of fixed size on the one-sheet form: type size, row heights, what has to stay out.

An estimate on the safe side (a Chinese character is one em, half-width ones 0.56 em); the renderer still shrinks a
line that the estimate misjudged. What does not fit at the least size is counted, so that the sheet can say so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from generator.layout.units import PT_PER_MM

SIZES: Final = (10.5, 10.0, 9.5, 9.0, 8.5, 8.0)
LEAST: Final = SIZES[-1]
LEADING: Final = 1.3
HALF_WIDTH: Final = 0.56
WIDE_FROM: Final = 0x2E80
CELL_PADDING: Final = 2.4
ROW_PADDING: Final = 1.7


@dataclass(frozen=True)
class Fitted:
    """Rows that fit: type size in points, row heights in millimetres, what is left below, how many stay out."""

    size: float
    rows: tuple[Mapping[str, str], ...]
    heights: tuple[float, ...]
    rest: float
    omitted: int


def em_width(text: str) -> float:
    """Width of a text in ems."""
    return sum(
        1.0 if ord(character) >= WIDE_FROM or character in "—“”…·" else HALF_WIDTH for character in text
    )


def line_count(text: str, width_mm: float, size: float) -> int:
    """Lines that a text needs in a column; a line loses up to one character to the rules of line breaking."""
    per_line = max(width_mm * PT_PER_MM / size - 1, 1)
    lines = text.split("\n") if text else [""]
    return sum(max(1, ceil(em_width(line) / per_line)) for line in lines)


def line_height_mm(size: float) -> float:
    """Height of one line."""
    return size * LEADING / PT_PER_MM


def fit_rows(
    rows: Sequence[Mapping[str, str]], keys: Sequence[str], widths: Sequence[float], height: float
) -> Fitted:
    """The largest type size at which all rows fit into `height` mm; at the least size, as many as fit."""
    for size in SIZES:
        heights = tuple(_row_height(row, keys, widths, size) for row in rows)
        if sum(heights) <= height or size == LEAST:
            break
    kept = 0
    while kept < len(rows) and sum(heights[: kept + 1]) <= height:
        kept += 1
    omitted = len(rows) - kept
    if omitted and kept and sum(heights[:kept]) + line_height_mm(size) + ROW_PADDING > height:
        kept, omitted = kept - 1, omitted + 1
    used = heights[:kept]
    return Fitted(size, tuple(rows[:kept]), used, round(height - sum(used), 3), omitted)


def _row_height(row: Mapping[str, str], keys: Sequence[str], widths: Sequence[float], size: float) -> float:
    counts = (
        line_count(row[key], width - CELL_PADDING, size) for key, width in zip(keys, widths, strict=True)
    )
    return round(max(counts) * line_height_mm(size) + ROW_PADDING, 2)


def fit_lines(lines: Sequence[str], width: float, height: float) -> Fitted:
    """Lines of text, the latest last; what does not fit stays out from the front."""
    newest_first = [{"text": line} for line in reversed(lines)]
    fitted = _tight(newest_first, width, height)
    return Fitted(fitted.size, tuple(reversed(fitted.rows)), fitted.heights, fitted.rest, fitted.omitted)


def _tight(rows: Sequence[Mapping[str, str]], width: float, height: float) -> Fitted:
    inner = height - CELL_PADDING
    for size in SIZES:
        heights = tuple(
            line_count(row["text"], width - CELL_PADDING, size) * line_height_mm(size) for row in rows
        )
        if sum(heights) <= inner or size == LEAST:
            break
    kept = 0
    while kept < len(rows) and sum(heights[: kept + 1]) <= inner:
        kept += 1
    omitted = len(rows) - kept
    if omitted and kept and sum(heights[:kept]) + line_height_mm(size) > inner:
        kept, omitted = kept - 1, omitted + 1
    return Fitted(size, tuple(rows[:kept]), heights[:kept], inner - sum(heights[:kept]), omitted)
