"""Native charts of a sheet, fed by cells: change a number and the bar moves."""

from typing import Any, Final

from generator.layout.charts import PALETTE
from generator.layout.tree import Chart, ChartKind
from generator.render.xlsx.sheet import RosterSheet

DATA_SHEET: Final = "图表数据"
ROWS_PER_CHART: Final = 18
PIXELS_PER_MM: Final = 96 / 25.4
_TYPES: Final = {ChartKind.COLUMNS: "column", ChartKind.BARS: "bar"}


def add_charts(book: Any, page: Any, sheet: RosterSheet, row: int) -> None:
    """Put the sheet's charts below `row`; their values stand in a hidden sheet of their own."""
    for number, chart in enumerate(sheet.charts):
        data = book.get_worksheet_by_name(DATA_SHEET) or book.add_worksheet(DATA_SHEET)
        data.hide()  # never printed with the form
        top = (data.dim_rowmax + 2) if data.dim_rowmax is not None else 0
        _write_values(data, chart, top)
        page.insert_chart(row + number * ROWS_PER_CHART, 0, _native(book, chart, top))


def _write_values(data: Any, chart: Chart, top: int) -> None:
    data.write_string(top, 0, chart.title)
    for index, series in enumerate(chart.series, 1):
        data.write_string(top, index, series.name)
        for number, value in enumerate(series.values, 1):
            data.write_number(top + number, index, value)
    for number, category in enumerate(chart.categories, 1):
        data.write_string(top + number, 0, category)


def _native(book: Any, chart: Chart, top: int) -> Any:
    made = book.add_chart({"type": _TYPES[chart.kind]})
    first, last = top + 1, top + len(chart.categories)
    for index in range(1, len(chart.series) + 1):
        made.add_series(
            {
                "name": [DATA_SHEET, top, index],
                "categories": [DATA_SHEET, first, 0, last, 0],
                "values": [DATA_SHEET, first, index, last, index],
                "fill": {"color": PALETTE[(index - 1) % len(PALETTE)]},
                "data_labels": {"value": True},
                "gap": 60,
            }
        )
    made.set_title({"name": chart.title, "name_font": {"size": 11, "bold": True}})
    made.show_hidden_data()
    made.set_legend({"position": "bottom"})
    if chart.kind is ChartKind.BARS:
        made.set_y_axis({"reverse": True})
    size = {"width": round(chart.width.mm * PIXELS_PER_MM), "height": round(chart.height.mm * PIXELS_PER_MM)}
    made.set_size(size)
    return made
