"""`docs/workbook.md`: the workbook described for people, written from the same table that the reader uses."""

from collections.abc import Iterator

from core.message import message
from records.input.input_rules import InputRule
from records.input.notation import read_partial
from records.input.sheets import Column, Kind, Sheet, sheets
from records.input.workbook.guard import DEFAULT_LIMITS

NOTATIONS = (
    "2025-09-01",
    "2025/9/1",
    "2025.9.1",
    "2025年9月1日",
    "20250901",
    "二〇二五年九月一日",
    "25/12/2025",
    "1990.03",
    "1990年3月",
    "199003",
)
MANY = 14  # choices


def workbook_markdown() -> str:
    """The whole document."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    limits = {"file": DEFAULT_LIMITS.file_mb, "unpacked": DEFAULT_LIMITS.unpacked_mb}
    yield f"# {_say('title')}\n"
    yield _say("intro", **limits) + "\n"
    yield f"## {_say('dates_title')}\n"
    yield _say("dates") + "\n"
    yield f"| {_say('notation')} | {_say('read_as')} |\n|---|---|"
    yield from (f"| {text} | {read_partial(text)} |" for text in NOTATIONS)
    yield "\n" + _say("names") + "\n"
    yield f"## {_say('sheets_title')}\n"
    for sheet in sheets():
        yield from _sheet(sheet)
    yield f"## {_say('findings_title')}\n"
    yield _say("findings") + "\n"
    yield f"| {_say('id')} | {_say('severity')} | {_say('finding')} |\n|---|---|---|"
    yield from (f"| {rule.value.id} | {rule.value.severity} | {rule.title} |" for rule in InputRule)


def _say(key: str, **data: object) -> str:
    return message("records", f"manual.{key}", "zh", **data)


def _sheet(sheet: Sheet) -> Iterator[str]:
    extra = _say("extra_sheet") if sheet.extra else ""
    yield f"### {sheet.name}{extra}\n"
    yield sheet.note + "\n"
    yield _say("table_head")
    yield from (_row(column) for column in sheet.columns if not column.extra)
    more = [column for column in sheet.columns if column.extra]
    if more:
        yield f"\n{_say('extra_columns')}\n"
        yield _say("table_head")
        yield from (_row(column) for column in more)
    yield ""


def _row(column: Column) -> str:
    star = (
        _say("required_when_review") if column.required and column.review else "*" if column.required else ""
    )
    notes = [column.note] if column.note else []
    if column.choices and len(column.choices) <= MANY:
        notes.append(" / ".join(column.choices))
    return f"| {column.head} | {star} | {_say(f'kind_{Kind(column.kind).value}')} | {' '.join(notes)} |"
