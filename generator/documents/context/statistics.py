"""The tables of the statistical forms and the charts of the report, from the one count of `records.statistics`."""

import weakref
from typing import Any, Final

from generator.layout.tree import Chart, ChartKind, Series
from generator.layout.units import Mm
from records.batch.model import Batch, Channel, Level
from records.codes import series as all_series
from records.statistics import Count, Matrix, Statistics, Table, statistics

TOTAL: Final = "合计"
MANY: Final = 6  # rows from which bars lie
ROW_MM: Final = 9
TALLEST_MM: Final = 190
_LEVELS: Final = {
    "full": Level.FULL_SENIOR,
    "associate": Level.ASSOCIATE_SENIOR,
    "intermediate": Level.INTERMEDIATE,
    "junior": Level.JUNIOR,
}

StatisticsRow = dict[str, Any]

_last: tuple[weakref.ref[Batch], Statistics] | None = None


def counted(batch: Batch) -> Statistics:
    """The statistics of a batch; the last batch's are kept, so that a run counts once for all its documents."""
    global _last
    kept = _last
    if kept is None or kept[0]() is not batch:
        kept = _last = (weakref.ref(batch), statistics(batch))
    return kept[1]


def rows_of(matrix: Matrix, batch: Batch) -> list[StatisticsRow]:
    """One row per label, levels across, a total row last (H 4: 系列×层级矩阵)."""
    rows = [_row(str(number), label, matrix, (label,), batch) for number, label in enumerate(matrix.rows, 1)]
    return [*rows, _row("", TOTAL, matrix, matrix.rows, batch)]


def _row(number: str, label: str, matrix: Matrix, rows: tuple[str, ...], batch: Batch) -> StatisticsRow:
    channel = batch.review.channel
    whole = sum((matrix.row(row) for row in rows), Count())
    levels = {name: sum(matrix.cell(row, level).applied for row in rows) for name, level in _LEVELS.items()}
    return {
        "number": number,
        "label": label,
        **levels,
        "total": whole.applied,
        "passed": whole.passed,
        "green": whole.applied if channel is Channel.GREEN else 0,
        "targeted": whole.applied if channel is Channel.TARGETED else 0,
        "beyond": "",
    }


def labelled(table: Table) -> list[StatisticsRow]:
    """Applicants and passes per label, in the table's order."""
    return [{"label": label, "total": count.applied, "passed": count.passed} for label, count in table]


def in_words(table: Table, *, passed: bool = False) -> str:
    """正高级3人、副高级12人: the levels that occur, from high to low, of all applicants or of those who passed."""
    levels = [(level, table[level].passed if passed else table[level].applied) for level in Level]
    return "、".join(f"{level}{number}人" for level, number in levels if number)


def chart(title: str, table: Table) -> Chart | None:
    """Applicants and passes per label as a chart; lying bars where there are many; None without people."""
    if not table.labels:
        return None
    many = len(table.labels) > MANY
    counts = [count for _, count in table]
    series = (
        Series("申报", tuple(float(count.applied) for count in counts)),
        Series("通过", tuple(float(count.passed) for count in counts)),
    )
    height = Mm(min(18 + ROW_MM * len(counts), TALLEST_MM)) if many else Mm(68)
    kind = ChartKind.BARS if many else ChartKind.COLUMNS
    return Chart(title, table.labels, series, Mm(156), height, kind)


def applicants_chart(title: str, matrix: Matrix) -> Chart | None:
    """Applicants per level of one statistical form as columns; None without people."""
    counts = {level: matrix.column(level).applied for level in _LEVELS.values()}
    labels = tuple(str(level) for level, count in counts.items() if count)
    if not labels:
        return None
    values = tuple(float(count) for count in counts.values() if count)
    return Chart(title, labels, (Series("申报", values),), Mm(156), Mm(68), ChartKind.COLUMNS)


def directory() -> list[StatisticsRow]:
    """Every title series with its titles, high to low, a line per branch."""
    rows = []
    for item in all_series():
        names: dict[str | None, list[str]] = {}
        for title in item.titles:
            names.setdefault(title.branch, []).append(title.name)
        lines = [
            f"{branch}：{'、'.join(found)}" if branch else "、".join(found) for branch, found in names.items()
        ]
        rows.append({"number": item.number, "series": item.name, "titles": "\n".join(lines)})
    return rows
