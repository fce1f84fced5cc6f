"""Fields of the one-sheet form (送审表): rows cut to the boxes of the A3 sheet, whose sizes stand here once."""

from collections.abc import Callable
from typing import Any, Final

from generator.documents.catalogue import Audience
from generator.documents.context import formats as f
from generator.documents.context.fitting import Fitted, fit_lines, fit_rows
from generator.documents.context.since import (
    achievements_under,
    newest_achievements,
    newest_awards,
    newest_publications,
)
from generator.documents.context.subjects import Subject
from generator.documents.fields.field import Field, Scope
from records.batch.model import Application

STATEMENT_LIMIT: Final = 300
_HEAD_MM: Final = 7.0
_SIDE: Final = (71.5, 53.625, 21.45, 32.175)
_BOXES: Final = {
    "sheet_achievements": (
        105 - _HEAD_MM,
        (26.8125, 62.5625, 26.8125, 62.5625),
        ("period", "name", "role", "result"),
    ),
    "sheet_papers": (60 - _HEAD_MM, _SIDE, ("title", "venue", "date", "authorship")),
    "sheet_awards": (50 - _HEAD_MM, _SIDE, ("name", "authority", "date", "rank")),
}
_LINES_WIDTH: Final = 178.75


def _sheet(name: str, label: str, get: Callable[[Application], Any]) -> Field:
    def of_subject(subject: Subject) -> Any:
        return get(subject.application) if subject.application else _empty(name)

    return Field(name, label, "", of_subject, Scope.PERSON, Audience.INTERNAL)


def _empty(name: str) -> Any:
    if name in _BOXES:
        return fit_rows([], *_order(name))
    return "" if name == "statement" else fit_lines([], _LINES_WIDTH, 26)


def _order(name: str) -> tuple[tuple[str, ...], tuple[float, ...], float]:
    height, widths, keys = _BOXES[name]
    return keys, widths, height


def _achievements(one: Application) -> Fitted:
    rows = [
        {key: f.text(getattr(item, key)) for key in ("period", "name", "role", "result")}
        for item in newest_achievements(achievements_under(one))
    ]
    return fit_rows(rows, *_order("sheet_achievements"))


def _papers(one: Application) -> Fitted:
    rows = [
        {
            "title": f.text(item.title),
            "venue": f.text(item.venue),
            "date": f.dotted(item.published),
            "authorship": f.text(item.authorship),
        }
        for item in newest_publications(one)
    ]
    return fit_rows(rows, *_order("sheet_papers"))


def _awards(one: Application) -> Fitted:
    rows = [
        {
            "name": f.text(item.name),
            "authority": f.text(item.authority),
            "date": f.dotted(item.awarded),
            "rank": f.text(item.rank),
        }
        for item in newest_awards(one)
    ]
    return fit_rows(rows, *_order("sheet_awards"))


def _studies(one: Application) -> Fitted:
    lines = [f.joined(item.period, item.school, item.subject, between="　") for item in one.studies]
    return fit_lines(lines, _LINES_WIDTH, 26)


def _jobs(one: Application) -> Fitted:
    lines = [f.joined(item.period, item.employer, item.work, item.post, between="　") for item in one.jobs]
    return fit_lines(lines, _LINES_WIDTH, 38)


def statement(one: Application) -> str:
    """代表性成果自述 (300字内), from the newest work under the present title that fits whole."""
    said = ""
    for item in newest_achievements(achievements_under(one)):
        role = f"（{item.role}）" if item.role else ""
        sentence = f.joined(f"{f.text(item.name)}{role}", item.result, between="：").rstrip("。") + "。"
        if len(said) + len(sentence) > STATEMENT_LIMIT:
            break
        said += sentence
    return said


SHEET_FIELDS: Final = (
    _sheet("sheet_achievements", "送审表：主要专业技术工作业绩", _achievements),
    _sheet("sheet_papers", "送审表：代表性论文、论著、技术报告", _papers),
    _sheet("sheet_awards", "送审表：获奖、专利、成果转化、标准等", _awards),
    _sheet("sheet_studies", "送审表：主要学习培训经历", _studies),
    _sheet("sheet_jobs", "送审表：主要工作经历", _jobs),
    _sheet("statement", "代表性成果自述", statement),
)
