"""Charts: shapes that stay in their box, round axes, a way through templates."""

import office_trees as trees
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.layout.charts import Box, Label, Line, as_source, chart_of, draw, from_source, nice_top
from generator.layout.tree import Align, Chart, ChartKind, Series
from generator.layout.units import Mm

COUNTS = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), min_size=1, max_size=12)


@given(COUNTS, st.sampled_from(ChartKind))
def test_every_shape_stays_in_the_box(counts: list[tuple[int, int]], kind: ChartKind) -> None:
    """Bars and lines lie within the chart's width and height, whatever the counts."""
    names = tuple(f"第{index}个系列（专业）" for index in range(len(counts)))
    series = tuple(
        Series(name, tuple(float(pair[n]) for pair in counts)) for n, name in enumerate(("申报", "通过"))
    )
    chart = Chart("人数", names, series, Mm(150), Mm(90), kind)
    boxes = [shape for shape in draw(chart) if isinstance(shape, Box)]
    assert len(boxes) == 2 * len(counts) + 2, "one bar for each value, one key for each series"
    for box in boxes:
        assert 0 <= box.x <= box.x + box.width <= chart.width + 0.01
        assert 0 <= box.y <= box.y + box.height <= chart.height + 0.01


def test_bars_are_as_long_as_their_values_are_large() -> None:
    """Twice the value, twice the bar; every value is also written."""
    chart = Chart("", ("甲", "乙"), (Series("人数", (10, 20)),), Mm(100), Mm(60))
    shapes = draw(chart)
    heights = [shape.height for shape in shapes if isinstance(shape, Box)][1:]
    assert heights[1] == pytest.approx(2 * heights[0])
    assert {"10", "20", "甲", "乙"} <= {shape.text for shape in shapes if isinstance(shape, Label)}
    assert any(isinstance(shape, Line) for shape in shapes)


@given(st.floats(0, 1e9, allow_nan=False))
def test_axis_ends_at_a_round_number_that_holds_everything(largest: float) -> None:
    """The axis is never shorter than the largest value, nor many times longer."""
    top = nice_top(largest)
    assert largest <= top <= max(5.0, 2.5 * largest)


@given(st.integers(1, 100_000))
def test_people_are_counted_in_whole_numbers(largest: int) -> None:
    """No grid line says 1.2 people; the lines are at most five and the last one is the axis's end."""
    chart = Chart("", ("甲",), (Series("人数", (float(largest),)),), Mm(100), Mm(60))
    marks = [shape.text for shape in draw(chart) if isinstance(shape, Label) and shape.align is Align.RIGHT]
    assert all(float(mark).is_integer() for mark in marks)
    assert 2 <= len(marks) <= 5
    assert float(marks[-1]) == pytest.approx(nice_top(largest))


def test_chart_goes_through_a_template_unchanged() -> None:
    """What the `chart` filter writes, the composer reads back."""
    chart = trees.chart(ChartKind.BARS)
    assert from_source(as_source(chart), chart.width, chart.height) == chart


def test_chart_of_table_rows_names_its_series() -> None:
    """Rows of a statistical table become categories and series."""
    rows = [{"label": "正高级", "total": 5, "passed": 3}, {"label": "副高级", "total": 9, "passed": 8}]
    chart = chart_of(rows, "各级人数", {"total": "申报", "passed": "通过"}, width=Mm(100), height=Mm(60))
    assert chart.categories == ("正高级", "副高级")
    assert chart.series[1] == Series("通过", (3.0, 8.0))
    assert chart.description == "各级人数。正高级：申报5，通过3；副高级：申报9，通过8"
