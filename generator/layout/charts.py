"""Charts: counts as columns or bars, drawn as vectors. Few colours that also tell apart when printed in grey."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log10
from typing import Any, Final, TypeAlias

from generator.layout.tree import Align, Chart, ChartKind, Series
from generator.layout.units import Length

PALETTE: Final = ("#1F4E79", "#C58B2A", "#7A8B99", "#8C2F39")
AXIS_COLOR: Final = "#808080"
GRID_COLOR: Final = "#D9D9D9"
TEXT_COLOR: Final = "#000000"
TITLE_SIZE: Final = 11.0
LABEL_SIZE: Final = 8.0
LINE: Final = 1.4  # line height as a multiple of the type size
HAIR: Final = 0.5
SLOT_USED: Final = 0.7  # of a category's room that its bars take; the rest is air
MOST_LINES: Final = 2
TICKS: Final = 5
PREFIX: Final = "chart:"


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; lengths in points from the drawing's lower left corner."""

    x: float
    y: float
    width: float
    height: float
    color: str


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line from (x1, y1) to (x2, y2), in points."""

    x1: float
    y1: float
    x2: float
    y2: float
    color: str
    width: float = HAIR


@dataclass(frozen=True, slots=True)
class Label:
    """A short text with its baseline at (x, y); aligned to x by its left, middle or right."""

    x: float
    y: float
    text: str
    size: float
    align: Align
    bold: bool = False


Shape: TypeAlias = Box | Line | Label


@dataclass(frozen=True, slots=True)
class _Frame:
    """The part of the drawing that holds the values, and the largest value of its axis."""

    left: float
    bottom: float
    width: float
    height: float
    top_value: float


def chart_of(
    rows: Sequence[Mapping[str, Any]],
    title: str,
    names: Mapping[str, str],
    *,
    width: Length,
    height: Length,
    kind: ChartKind = ChartKind.COLUMNS,
    label: str = "label",
) -> Chart:
    """A chart of table rows: `label` is the category's key, `names` maps a row's keys to the series' names."""
    categories = tuple(str(row[label]) for row in rows)
    series = tuple(Series(name, tuple(float(row[key]) for row in rows)) for key, name in names.items())
    return Chart(title, categories, series, width, height, kind)


def as_source(chart: Chart) -> str:
    """The chart as the `src` of an `img` in a template (`{{ chart|chart }}`); its box stands in the element."""
    series = [[series.name, series.values] for series in chart.series]
    facts = [chart.kind.value, chart.title, chart.categories, series]
    return PREFIX + json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


def from_source(source: str, width: Length, height: Length) -> Chart:
    """The chart of such a `src`.

    Raises:
        ValueError: it was not written by `as_source`.
    """
    kind, title, categories, series = json.loads(source.removeprefix(PREFIX))
    named = tuple(Series(str(name), tuple(float(value) for value in values)) for name, values in series)
    return Chart(str(title), tuple(map(str, categories)), named, width, height, ChartKind(kind))


def nice_top(value: float) -> float:
    """The end of the axis: at least `value`, dividable into whole, round steps."""
    step = nice_step(value)
    return float(max(step * ceil(value / step), TICKS if step == 1 else 0))


def nice_step(value: float) -> int:
    """From one line of the grid to the next: whole, since people are counted, and round; at most `TICKS` of them."""
    if value <= TICKS:
        return 1
    raw = value / TICKS
    magnitude = 10 ** int(log10(raw))
    return int(next(m * magnitude for m in (1, 2, 5, 10) if m * magnitude >= raw))


def draw(chart: Chart) -> tuple[Shape, ...]:
    """The chart as shapes within (0, 0) and (width, height) points."""
    return tuple(_columns(chart) if chart.kind is ChartKind.COLUMNS else _bars(chart))


def _columns(chart: Chart) -> Iterator[Shape]:
    frame = _frame(chart, left=_ems(_number(_top(chart))) + 6, bottom=(MOST_LINES * LINE) * LABEL_SIZE + 4)
    yield from _heading(chart)
    yield from _horizontal_grid(frame)
    slot = frame.width / max(len(chart.categories), 1)
    bar = slot * SLOT_USED / max(len(chart.series), 1)
    for index, category in enumerate(chart.categories):
        middle = frame.left + slot * (index + 0.5)
        yield from _category_below(category, middle, slot, frame.bottom)
        for number, series in enumerate(chart.series):
            x = middle - slot * SLOT_USED / 2 + bar * number
            height = frame.height * series.values[index] / frame.top_value
            yield Box(x, frame.bottom, bar * 0.92, height, PALETTE[number % len(PALETTE)])
            yield _value(x + bar * 0.46, frame.bottom + height + 2, series.values[index], Align.CENTER)
    yield Line(frame.left, frame.bottom, frame.left + frame.width, frame.bottom, AXIS_COLOR)


def _bars(chart: Chart) -> Iterator[Shape]:
    longest = max((_ems(category) for category in chart.categories), default=0.0)
    frame = _frame(chart, left=min(longest, chart.width * 0.4) + 6, bottom=6)
    yield from _heading(chart)
    slot = frame.height / max(len(chart.categories), 1)
    bar = slot * SLOT_USED / max(len(chart.series), 1)
    for index, category in enumerate(chart.categories):
        middle = frame.bottom + frame.height - slot * (index + 0.5)
        yield from _category_beside(category, frame.left - 4, middle)
        for number, series in enumerate(chart.series):
            y = middle + slot * SLOT_USED / 2 - bar * (number + 1)
            length = frame.width * series.values[index] / frame.top_value
            yield Box(frame.left, y, length, bar * 0.92, PALETTE[number % len(PALETTE)])
            baseline = y + bar * 0.46 - LABEL_SIZE * 0.35
            yield _value(frame.left + length + 3, baseline, series.values[index], Align.LEFT)
    yield Line(frame.left, frame.bottom, frame.left, frame.bottom + frame.height, AXIS_COLOR)


def _top(chart: Chart) -> float:
    return nice_top(largest(chart))


def largest(chart: Chart) -> float:
    """The largest value of all series."""
    return max((value for series in chart.series for value in series.values), default=0.0)


def _frame(chart: Chart, left: float, bottom: float) -> _Frame:
    head = (TITLE_SIZE + LABEL_SIZE) * LINE + LABEL_SIZE
    right = _ems(_number(_top(chart))) + 6
    return _Frame(left, bottom, chart.width - left - right, chart.height - bottom - head, _top(chart))


def _heading(chart: Chart) -> Iterator[Shape]:
    """Title, and below it the legend in the middle."""
    baseline = chart.height - TITLE_SIZE
    yield Label(chart.width / 2, baseline, chart.title, TITLE_SIZE, Align.CENTER, bold=True)
    total = sum(_ems(series.name) + 3 * LABEL_SIZE for series in chart.series)
    x, y = (chart.width - total) / 2, baseline - LABEL_SIZE * LINE - 2
    for number, series in enumerate(chart.series):
        yield Box(x, y, LABEL_SIZE * 0.8, LABEL_SIZE * 0.8, PALETTE[number % len(PALETTE)])
        yield Label(x + LABEL_SIZE * 1.2, y, series.name, LABEL_SIZE, Align.LEFT)
        x += _ems(series.name) + 3 * LABEL_SIZE


def _horizontal_grid(frame: _Frame) -> Iterator[Shape]:
    step = nice_step(frame.top_value)
    for value in range(step, int(frame.top_value) + 1, step):
        y = frame.bottom + frame.height * value / frame.top_value
        yield Line(frame.left, y, frame.left + frame.width, y, GRID_COLOR)
        yield Label(frame.left - 3, y - LABEL_SIZE * 0.35, _number(value), LABEL_SIZE, Align.RIGHT)


def _category_below(text: str, middle: float, slot: float, bottom: float) -> Iterator[Shape]:
    per_line = max(int(slot / LABEL_SIZE), 2)
    for number, line in enumerate(_folded(text, per_line)):
        y = bottom - LABEL_SIZE * (1.2 + LINE * number)
        yield Label(middle, y, line, LABEL_SIZE, Align.CENTER)


def _category_beside(text: str, right: float, middle: float) -> Iterator[Shape]:
    lines = _folded(text, max(int((right + 2) / LABEL_SIZE), 2))
    top = middle + (len(lines) / 2 - 0.85) * LABEL_SIZE * LINE
    for number, line in enumerate(lines):
        yield Label(right, top - number * LABEL_SIZE * LINE, line, LABEL_SIZE, Align.RIGHT)


def _folded(text: str, per_line: int) -> list[str]:
    """The text in at most two lines; what is longer ends in an ellipsis (the table beside the chart has it all)."""
    lines = [text[start : start + per_line] for start in range(0, len(text), per_line)]
    if len(lines) <= MOST_LINES:
        return lines
    return [lines[0], lines[1][:-1] + "…"]


def _value(x: float, y: float, value: float, align: Align) -> Label:
    return Label(x, y, _number(value), LABEL_SIZE, align)


def _number(value: float) -> str:
    return f"{value:g}"


def _ems(text: str) -> float:
    """Approximate width in points at label size."""
    return sum(1.0 if ord(c) > 0x2E7F else 0.55 for c in text) * LABEL_SIZE
