"""What counts as done under the present title (任现职以来), and what is newest: by date, never by the order of rows.

Only what the dates prove is counted: a paper of an unknown day, or of no more than the year in which the title was
obtained, is not said to be from after it.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Final, TypeVar

from generator.documents.context.formats import text
from records.batch.dates import PartialDate
from records.batch.model import Achievement, Application, Award, Publication

Item = TypeVar("Item")

IN_TITLE: Final = "任现职以来"
IN_WORK: Final = "参加工作以来"
_MONTH: Final = re.compile(r"((?:19|20)\d{2})(?:\s*[.．/年-]\s*(\d{1,2}))?")
_OPEN: Final = re.compile(r"至今|—\s*$|今$")


def since_words(one: Application) -> str:
    """任现职以来, or 参加工作以来 of somebody without a title."""
    return IN_TITLE if one.current_title.name else IN_WORK


def _day(day: PartialDate | None) -> date | None:
    return day.earliest if day else None


def _obtained(one: Application) -> date | None:
    return _day(one.current_title.obtained)


def _under(one: Application, day: date | None) -> bool:
    if not one.current_title.name:
        return True
    obtained = _obtained(one)
    return day is not None and obtained is not None and day >= obtained


def publications_under(one: Application) -> tuple[Publication, ...]:
    """Papers from since the title was obtained, newest first."""
    return tuple(item for item in newest_publications(one) if _under(one, _day(item.published)))


def awards_under(one: Application) -> tuple[Award, ...]:
    """Awards, patents … from since the title was obtained, newest first."""
    return tuple(item for item in newest_awards(one) if _under(one, _day(item.awarded)))


def is_under(one: Application, item: Achievement) -> bool:
    """Whether work was done under the present title: as stated, unless it ended before the title was obtained."""
    if item.before_current_title:
        return not one.current_title.name
    ended = period_end(item)
    obtained = _obtained(one)
    return not (one.current_title.name and ended and obtained and ended < obtained)


def achievements_under(one: Application) -> tuple[Achievement, ...]:
    """Work done under the present title, in the order of the record."""
    return tuple(item for item in one.achievements if is_under(one, item))


def period_end(item: Achievement) -> date | None:
    """The last day that a period like 2016.03—2018.11 can mean the beginning of; far ahead while it goes on."""
    period = text(item.period)
    if _OPEN.search(period):
        return date.max
    found = _MONTH.findall(period)
    if not found:
        return None
    year, month = found[-1]
    return date(int(year), min(max(int(month or 12), 1), 12), 1)


def newest_publications(one: Application) -> tuple[Publication, ...]:
    """All papers, newest first; those without a date last."""
    return _newest(one.publications, lambda item: _day(item.published))


def newest_awards(one: Application) -> tuple[Award, ...]:
    """All awards, newest first; those without a date last."""
    return _newest(one.awards, lambda item: _day(item.awarded))


def newest_achievements(items: Iterable[Achievement]) -> tuple[Achievement, ...]:
    """Work by the end of its period, newest first; that without a period last."""
    return _newest(items, period_end)


def _newest(items: Iterable[Item], day_of: Callable[[Item], date | None]) -> tuple[Item, ...]:
    return tuple(sorted(items, key=lambda item: day_of(item) or date.min, reverse=True))
