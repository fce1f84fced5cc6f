"""Dates and scopes as people read them, in the visitor's language."""

from datetime import date, datetime, timedelta, timezone
from typing import Final

from core.message import DEFAULT_LANGUAGE
from web.http.languages import current_language, words

BEIJING: Final = timezone(timedelta(hours=8))
WHOLE_REGION: Final = "全区"
UNITS: Final = ("年", "月", "日")
FORMS: Final = {1: "%Y", 2: "%B %Y", 3: "%-d %B %Y"}


def beijing(stamp: str) -> str:
    """An ISO time in UTC as people in China read it: `2026年5月4日 11:02:01`, `4 May 2026 11:02:01`."""
    moment = datetime.fromisoformat(stamp).astimezone(BEIJING)
    return f"{people_day(moment.date().isoformat())} {moment:%H:%M:%S}"


def people_day(iso: str) -> str:
    """`2025-08-22` as 2025年8月22日 or 22 August 2025; months and years alone likewise."""
    parts = [int(part) for part in iso.split("-")]
    if current_language() == DEFAULT_LANGUAGE:
        return "".join(f"{part}{unit}" for part, unit in zip(parts, UNITS, strict=False))
    year, month, day = [*parts, 1, 1][:3]
    return date(year, month, day).strftime(FORMS[len(parts)])


def scope_name(scope: str) -> str:
    """全区 in the visitor's language; the names of leagues and cities stay."""
    return words("detail.whole_region") if scope == WHOLE_REGION else scope


def listed(values: list[str]) -> str:
    """Several values in one sentence."""
    return words("list_separator").join(values)
