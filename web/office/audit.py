"""The audit trail (审计): every event of the log with filters, and as CSV."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from flask import Response, render_template, request

from registry.accounts.model import Role
from registry.events import Kind
from registry.workspace.reports import PAGE, AuditFilter, AuditRow, is_day, trail, whole_trail
from web.languages import current_language, words, words_of
from web.office.guard import allow, pages, register
from web.wording import beijing

HEAD: Final = ("position", "at", "kind", "subject", "actor", "channel", "what")
CHANNELS: Final = ("office", "command", "demo")


@pages.get("/audit")
@allow(Role.AUDITOR, Role.ADMIN)
def audit() -> str:
    """The newest events that fit; older ones page by page."""
    asked = _asked()
    rows = trail(register(), asked, before=request.args.get("before", None, int), lang=current_language())
    more = {**_given(), "before": rows[-1].position} if len(rows) == PAGE else None
    kinds = {str(kind): kind_name(kind) for kind in Kind}
    return render_template(
        "office/audit.html",
        rows=rows,
        asked=asked,
        kinds=kinds,
        more=more,
        given=_given(),
        channels=_channels(),
    )


@pages.get("/audit.csv")
@allow(Role.AUDITOR, Role.ADMIN)
def audit_csv() -> Response:
    """The same without pages, for a spreadsheet."""
    lines = _lines(whole_trail(register(), _asked()))
    response = Response(lines, content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename="audit.csv")
    return response


def kind_name(kind: str) -> str:
    """What kind of event it is."""
    return words_of("registry", f"events.{kind}")


def _channels() -> dict[str, str]:
    return {one: words(f"office.channels.{one}") for one in CHANNELS}


def _given() -> dict[str, str]:
    keys = ("kind", "actor", "subject", "first", "last")
    return {key: request.args[key].strip() for key in keys if request.args.get(key, "").strip()}


def _asked() -> AuditFilter:
    given = _given()
    days = {key: given[key] for key in ("first", "last") if is_day(given.get(key, ""))}
    rest = {key: value for key, value in given.items() if key not in ("first", "last")}
    return AuditFilter(**rest, **days)


def _lines(rows: Iterator[AuditRow]) -> Iterator[str]:
    channels = _channels()
    yield "\ufeff" + _line(tuple(words(f"office.audit.{one}") for one in HEAD))
    for row in rows:
        cells = (
            beijing(row.at),
            kind_name(row.kind),
            row.subject,
            row.actor,
            channels.get(row.channel, row.channel),
        )
        yield _line((str(row.position), *map(_harmless, (*cells, row.what))))


def _line(cells: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet program takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
