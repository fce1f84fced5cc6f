"""Figures (统计): how many certificates by year, series, level and region, as charts drawn on the server."""

from dataclasses import dataclass
from typing import Final

from flask import render_template

from records.codes import regions_ever
from registry.accounts.model import Role
from registry.workspace.reports import GROUPS, distribution
from web.http.languages import words
from web.office.access import RECORDS, allow, pages, register

MOST_BARS: Final = 20
BAR_WIDTH: Final = 100.0  # percent of the drawing


@dataclass(frozen=True)
class Bar:
    """One bar of a chart: label, count, width in percent of the widest."""

    label: str
    count: int
    width: float


@dataclass(frozen=True)
class Chart:
    """A bar chart; `rest` counts what the bars leave out."""

    title: str
    bars: tuple[Bar, ...]
    total: int
    rest: int


@pages.get("/figures")
@allow(RECORDS, Role.AUDITOR, Role.ADMIN)
def figures() -> str:
    """Four charts with their numbers."""
    return render_template("office/figures.html", charts=[_chart(group) for group in GROUPS])


def _chart(group: str) -> Chart:
    rows = distribution(register(), group)
    if group == "region":
        rows = [(_region_name(code), count) for code, count in rows]
    shown, widest = rows[:MOST_BARS], max((count for _, count in rows), default=1)
    bars = tuple(
        Bar(label or words("office.figures.unsaid"), count, BAR_WIDTH * count / widest)
        for label, count in shown
    )
    total = sum(count for _, count in rows)
    return Chart(words(f"office.figures.{group}"), bars, total, total - sum(one.count for one in bars))


def _region_name(code: str) -> str:
    return next((one.name for one in regions_ever() if one.code == code), code)
