"""Figures over the register and its audit trail (统计、审计), the same SQL on both databases."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import JSON, ColumnElement, String, cast, func, select

from core.message import DEFAULT_LANGUAGE, catalogue, message
from registry.clock import LOCAL, moment_of
from registry.database.schema import certificates, events
from registry.log.events import Kind
from registry.register import Register
from registry.workspace.model import Stage
from registry.workspace.store import listed

GROUPS: Final = {
    "year": "obtained_on",
    "series": "series",
    "level": "level",
    "region": "authority_region",
}
YEAR_DIGITS: Final = 4
PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One event for the audit trail; `what` says the act where the kind alone does not."""

    position: int
    at: str
    kind: str
    subject: str
    actor: str
    channel: str
    what: str


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What of the trail is wanted; days are `YYYY-MM-DD` in Beijing time."""

    kind: str = ""
    actor: str = ""
    channel: str = ""
    subject: str = ""
    first: str = ""
    last: str = ""


def counts(register: Register) -> dict[str, int]:
    """Certificates by state."""
    wanted = select(certificates.c.state, func.count()).group_by(certificates.c.state)
    with register.database.read() as connection:
        return {row[0]: row[1] for row in connection.execute(wanted)}


def work_counts(register: Register) -> dict[str, int]:
    """Batches of the workspace by stage."""
    found = listed(register)
    return {str(stage): sum(one.stage is stage for one in found) for stage in Stage}


def distribution(register: Register, group: str) -> list[tuple[str, int]]:
    """How many certificates fall into each year, series, level or region; superseded ones are not counted twice."""
    value = _text(register, certificates.c.facts, GROUPS[group])
    if group == "year":
        value = func.substr(value, 1, YEAR_DIGITS)
    wanted = select(value, func.count()).where(certificates.c.state != "superseded").group_by(value)
    with register.database.read() as connection:
        rows = [(str(row[0] or ""), int(row[1])) for row in connection.execute(wanted)]
    if group == "year":
        return sorted(rows)
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def trail(
    register: Register,
    asked: AuditFilter,
    *,
    before: int | None = None,
    limit: int = PAGE,
    lang: str = DEFAULT_LANGUAGE,
) -> tuple[AuditRow, ...]:
    """Events that fit, the newest first, from before that position on."""
    with register.database.read() as connection:
        rows = connection.execute(_trail(register, asked, before).limit(limit))
        return tuple(_audit_row(row, lang) for row in rows)


def whole_trail(register: Register, asked: AuditFilter, lang: str = DEFAULT_LANGUAGE) -> Iterator[AuditRow]:
    """Every event that fits, the newest first, page by page."""
    before: int | None = None
    while rows := trail(register, asked, before=before, limit=10 * PAGE, lang=lang):
        yield from rows
        before = rows[-1].position


def _trail(register: Register, asked: AuditFilter, before: int | None) -> Any:
    wanted = select(events.c.position, events.c.kind, events.c.leaf, events.c.detail)
    actor = _text(register, events.c.detail, "actor", "name")
    channel = _text(register, events.c.detail, "actor", "channel")
    at = _text(register, events.c.leaf, "at")
    subject = _text(register, events.c.leaf, "subject")
    conditions = (
        (asked.kind, events.c.kind == asked.kind),
        (asked.actor, actor == asked.actor),
        (asked.channel, channel == asked.channel),
        (asked.subject, subject == asked.subject),
        (asked.first, at >= _utc(asked.first, "00:00:00") if asked.first else None),
        (asked.last, at <= _utc(asked.last, "23:59:59") if asked.last else None),
    )
    for wish, condition in conditions:
        if wish and condition is not None:
            wanted = wanted.where(condition)
    if before is not None:
        wanted = wanted.where(events.c.position < before)
    return wanted.order_by(events.c.position.desc())


def _utc(day: str, time: str) -> str:
    """A Beijing day's first or last second as the log writes it."""
    moment = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=LOCAL)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(register: Register, column: Any, *path: str) -> ColumnElement[str]:
    """A text inside a JSON column."""
    if register.database.is_sqlite:
        return func.json_extract(column, "$." + ".".join(path), type_=String)
    return func.json_extract_path_text(cast(column, JSON), *path, type_=String)


def _audit_row(row: Any, lang: str) -> AuditRow:
    leaf, detail = json.loads(row.leaf), json.loads(row.detail)
    actor = detail.get("actor", {})
    if row.kind == Kind.RECOGNITION:
        detail["act"] = message("registry", f"case_steps.{detail['step']}", lang)
    elif "act" in detail:
        detail["act"] = act_name(str(detail["act"]), lang)
    if f"reasons.{detail.get('reason')}" in catalogue(
        "registry", DEFAULT_LANGUAGE
    ):  # else in somebody's words
        detail["reason"] = message("registry", f"reasons.{detail['reason']}", lang)
    said = [detail.get(name) for name in ("act", "batch", "clause", "document", "reason", "note")]
    return AuditRow(
        position=row.position,
        at=leaf["at"],
        kind=row.kind,
        subject=leaf["subject"],
        actor=actor.get("name", ""),
        channel=actor.get("channel", ""),
        what=message("registry", "between", lang).join(str(one) for one in said if one),
    )


def act_name(act: str, lang: str) -> str:
    """What an act of the workspace or on an account is called; its code where the catalogue has no name for it."""
    known = catalogue("registry", DEFAULT_LANGUAGE)
    key = next((key for key in (f"acts.{act}", f"account_acts.{act}") if key in known), None)
    return message("registry", key, lang) if key else act


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar, as the filter takes it."""
    try:
        return len(text) == len("2026-01-01") and bool(moment_of(text))
    except ValueError:
        return False
