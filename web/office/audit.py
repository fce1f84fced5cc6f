"""The audit trail (审计): every event of the log with filters, and as CSV."""

import csv
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from flask import Response, render_template, request

from registry.accounts.model import Role
from registry.accounts.store import listed, log_act
from registry.issuing.text_sheet import TextSheet
from registry.log.events import Kind
from registry.workspace.reports import PAGE, AuditFilter, AuditRow, is_day, trail, whole_trail
from web.http.languages import current_language, words, words_of
from web.http.url_converters import asked_number
from web.http.wording import beijing
from web.office.access import account, allow, pages, register

WIDTHS: Final = (8, 20, 16, 30, 14, 12, 60)
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD: Final = ("position", "at", "kind", "subject", "actor", "channel", "what")
CHANNELS: Final = ("office", "command", "site", "region", "demo")
NOBODY: Final = "-"


@pages.get("/audit")
@allow(Role.AUDITOR, Role.ADMIN)
def audit() -> str:
    """The newest events that fit; older ones page by page."""
    asked = _asked()
    rows = trail(register(), asked, before=asked_number("before"), lang=current_language())
    appended = "HX-Request" in request.headers  # below the rows that are there already
    shown = len(rows) + ((asked_number("shown") or 0) if appended else 0)
    more = {**_given(), "before": rows[-1].position, "shown": shown} if len(rows) == PAGE else None
    kinds = {str(kind): kind_name(kind) for kind in Kind}
    return render_template(
        "office/audit.html",
        rows=rows,
        shown=shown,
        asked=asked,
        kinds=kinds,
        more=more,
        given=_given(),
        channels=_channels(),
        people=listed(register()),
    )


@pages.get("/audit.csv")
@allow(Role.AUDITOR, Role.ADMIN)
def audit_csv() -> Response:
    """The same without pages, for a spreadsheet."""
    _note_export()
    lines = _lines(whole_trail(register(), _asked(), current_language()))
    response = Response(lines, content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename="audit.csv")
    return response


@pages.get("/audit.xlsx")
@allow(Role.AUDITOR, Role.ADMIN)
def audit_xlsx() -> Response:
    """The same as a workbook."""
    _note_export()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "audit.xlsx")
        sheet = TextSheet(path, words("office.audit.sheet"), _head(), WIDTHS)
        for row in whole_trail(register(), _asked(), lang=current_language()):
            sheet.add(_cells(row))
        sheet.close()
        response = Response(path.read_bytes(), mimetype=XLSX)
    response.headers.set("Content-Disposition", "attachment", filename="audit.xlsx")
    return response


def _note_export() -> None:
    """Who takes the trail out of the core stands in it."""
    with register().database.write() as connection:
        log_act(connection, account().id, "audit_exported", account().actor)


def kind_name(kind: str) -> str:
    """What kind of event it is."""
    return words_of("registry", f"events.{kind}")


def _channels() -> dict[str, str]:
    return {one: words(f"office.channels.{one}") for one in CHANNELS}


def _given() -> dict[str, str]:
    """What the address asks for; an account by its number, because addresses hold no names."""
    keys = ("kind", "account", "channel", "subject", "first", "last")
    return {key: request.args[key].strip() for key in keys if request.args.get(key, "").strip()}


def _asked() -> AuditFilter:
    given = _given()
    days = {key: given[key] for key in ("first", "last") if is_day(given.get(key, ""))}
    rest = {key: given[key] for key in ("kind", "channel", "subject") if key in given}
    return AuditFilter(**rest, **days, actor=_name_of(given["account"]) if "account" in given else "")


def _name_of(account_id: str) -> str:
    """The account of that number; a name that nobody bears when there is none."""
    return next((one.name for one in listed(register()) if str(one.id) == account_id), NOBODY)


def _lines(rows: Iterator[AuditRow]) -> Iterator[str]:
    yield "\ufeff" + _line(_head())
    for row in rows:
        yield _line(tuple(map(_harmless, _cells(row))))


def _head() -> tuple[str, ...]:
    return tuple(words(f"office.audit.{one}") for one in HEAD)


def _cells(row: AuditRow) -> tuple[str, ...]:
    channel = _channels().get(row.channel, row.channel)
    return (
        str(row.position),
        beijing(row.at),
        kind_name(row.kind),
        row.subject,
        row.actor,
        channel,
        row.what,
    )


def _line(cells: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet program takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
