"""Counts of people by series, level, region: the tables of the statistical forms and the charts of the report."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from generator.context.formats import text
from generator.context.wording import league_name, region_name
from generator.layout import Chart, ChartKind, Series
from generator.units import Mm
from records.codes import series as all_series
from records.model import Application, Batch, Channel, EmployerNature, Level
from records.optional import Staffing

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


def matrix(
    people: Iterable[Application], batch: Batch, key: Callable[[Application], str]
) -> list[StatisticsRow]:
    """One row per value of `key`, levels across, a total row last (H 4: 系列×层级矩阵)."""
    groups: dict[str, list[Application]] = {}
    for one in people:
        groups.setdefault(key(one) or "未填写", []).append(one)
    rows = [
        _counted(str(number), label, group, batch) for number, (label, group) in enumerate(groups.items(), 1)
    ]
    everybody = [one for group in groups.values() for one in group]
    return [*rows, _counted("", TOTAL, everybody, batch)]


def _counted(number: str, label: str, group: list[Application], batch: Batch) -> StatisticsRow:
    channel = batch.review.channel
    levels = {name: sum(one.sought.level is level for one in group) for name, level in _LEVELS.items()}
    return {
        "number": number,
        "label": label,
        **levels,
        "total": len(group),
        "passed": sum(one.passed for one in group),
        "green": len(group) if channel is Channel.GREEN else 0,
        "targeted": len(group) if channel is Channel.TARGETED else 0,
        "beyond": "",
    }


def by_series(people: Iterable[Application], batch: Batch) -> list[StatisticsRow]:
    """By series with specialty."""
    return matrix(people, batch, series_specialty)


def by_region(people: Iterable[Application], batch: Batch) -> list[StatisticsRow]:
    """By the employer's region."""
    return matrix(people, batch, lambda one: region_name(one.employer.region_code))


def by_league(people: Iterable[Application], batch: Batch) -> list[StatisticsRow]:
    """By the employer's 盟市; units of the autonomous region stand under its name."""
    return matrix(people, batch, lambda one: league_name(one.employer.region_code))


def series_only(people: Iterable[Application], batch: Batch) -> list[StatisticsRow]:
    """By series without specialty."""
    return matrix(people, batch, lambda one: text(one.sought.series))


def by_level(people: Iterable[Application]) -> list[StatisticsRow]:
    """Applicants and passes of each level that occurs, high to low."""
    all_people = list(people)
    rows = []
    for level in Level:
        group = [one for one in all_people if one.sought.level is level]
        if group:
            rows.append(
                {"label": str(level), "total": len(group), "passed": sum(one.passed for one in group)}
            )
    return rows


def chart(title: str, rows: list[StatisticsRow]) -> Chart | None:
    """Applicants and passes per row as a chart; lying bars where there are many rows; None without people."""
    counted = [row for row in rows if row["label"] != TOTAL]
    if not counted:
        return None
    many = len(counted) > MANY
    series = (
        Series("申报", tuple(float(row["total"]) for row in counted)),
        Series("通过", tuple(float(row["passed"]) for row in counted)),
    )
    height = Mm(min(18 + ROW_MM * len(counted), TALLEST_MM)) if many else Mm(68)
    kind = ChartKind.BARS if many else ChartKind.COLUMNS
    return Chart(title, tuple(row["label"] for row in counted), series, Mm(156), height, kind)


def staffed(people: Iterable[Application]) -> tuple[Application, ...]:
    """People of public institutions (事业单位) within the staffing; who is not stated otherwise counts here."""
    return tuple(one for one in _institution(people) if one.standing.staffing is not Staffing.UNSTAFFED)


def unstaffed(people: Iterable[Application]) -> tuple[Application, ...]:
    """People of public institutions outside the staffing."""
    return tuple(one for one in _institution(people) if one.standing.staffing is Staffing.UNSTAFFED)


def senior(people: Iterable[Application]) -> tuple[Application, ...]:
    """Who applies for a senior title."""
    return tuple(one for one in people if one.sought.level is not None and one.sought.level.is_senior)


def _institution(people: Iterable[Application]) -> tuple[Application, ...]:
    return tuple(one for one in people if one.employer.nature is EmployerNature.INSTITUTION)


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


def series_specialty(one: Application) -> str:
    """工程系列（水利）."""
    series, specialty = text(one.sought.series), one.sought.specialty
    return f"{series}（{specialty}）" if specialty else series
