"""The working-day calendar (工作日): the State Council's yearly arrangement, days on which work is made up included.

A year comes from an override file (`YEAR.json` in the home folder's `calendar/`, then in `records/data/calendar/`),
else from chinesecalendar. A year that none of them knows is refused, never guessed.
"""

import json
from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar

from records.errors import RecordsError

BUILT_IN = Path(__file__).resolve().parents[1] / "data" / "calendar"
_DAY = timedelta(days=1)
_SATURDAY = 5
_NEW_YEAR = (1, 1)


class CalendarYearUnknown(RecordsError):
    """Raised when the arrangement of a year is not published yet; data: `year`."""

    key = "calendar_year_unknown"


class CalendarFileUnreadable(RecordsError):
    """Raised when an override file is not of the documented form; data: `path`, `reason`."""

    key = "calendar_file_unreadable"


class Calendar:
    """Working days by year; `folders` are searched for override files before chinesecalendar is asked."""

    def __init__(self, *folders: Path) -> None:
        self._folders = folders
        self._years: dict[int, frozenset[date]] = {}
        self._counts: dict[tuple[date, date], int] = {}

    def is_workday(self, day: date) -> bool:
        """Whether people work on `day`.

        Raises:
            CalendarYearUnknown: no arrangement of that year.
            CalendarFileUnreadable: the override file is broken.
        """
        year = self._years.get(day.year)
        if year is None:
            year = self._years[day.year] = self._load(day.year)
        return day in year

    def add_workdays(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; `day` itself is not counted."""
        while count > 0:
            day += _DAY
            count -= self.is_workday(day)
        return day

    def count_workdays(self, first: date, last: date) -> int:
        """Working days in the closed interval; 0 when it is empty."""
        key = (first, last)
        if key not in self._counts:
            days = (last - first).days + 1
            self._counts[key] = sum(self.is_workday(first + timedelta(days=step)) for step in range(days))
        return self._counts[key]

    def reaches(self, first: date, last: date, count: int) -> bool:
        """Whether the closed interval has at least `count` working days.

        A year without an arrangement does not matter where every possible one gives the same answer: each of its days
        may be worked on or not, but for New Year's Day (全国年节及纪念日放假办法第二条).

        Raises:
            CalendarYearUnknown: the answer depends on that arrangement.
        """
        try:
            return self.count_workdays(first, last) >= count
        except CalendarYearUnknown:
            least, most = self._bounds(first, last)
            if least < count <= most:
                raise
            return least >= count

    def _bounds(self, first: date, last: date) -> tuple[int, int]:
        least = most = 0
        for step in range((last - first).days + 1):
            day = first + timedelta(days=step)
            try:
                worked = self.is_workday(day)
            except CalendarYearUnknown:
                most += (day.month, day.day) != _NEW_YEAR
            else:
                least, most = least + worked, most + worked
        return least, most

    def postpone(self, day: date) -> date:
        """`day`, or the next working day when nobody works on it (顺延)."""
        while not self.is_workday(day):
            day += _DAY
        return day

    def _load(self, year: int) -> frozenset[date]:
        for folder in self._folders:
            path = folder / f"{year}.json"
            if path.is_file():
                return _from_file(path, year)
        days = _days_of(year)
        try:
            return frozenset(day for day in days if chinese_calendar.is_workday(day))
        except NotImplementedError as error:
            raise CalendarYearUnknown(year=year) from error


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=step) for step in range((date(year, 12, 31) - first).days + 1)]


def _from_file(path: Path, year: int) -> frozenset[date]:
    try:
        document = json.loads(path.read_text("utf-8"))
        off = {date.fromisoformat(text) for text in document["weekday_off"]}
        work = {date.fromisoformat(text) for text in document["weekend_work"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CalendarFileUnreadable(path=str(path), reason=str(error)) from error
    weekdays = {day for day in _days_of(year) if day.weekday() < _SATURDAY}
    strange = sorted(str(day) for day in (off - weekdays) | (work & weekdays))
    if document.get("year") != year or strange:
        raise CalendarFileUnreadable(
            path=str(path), reason=", ".join(strange) or f"year {document.get('year')}"
        )
    return frozenset((weekdays - off) | work)


_current: ContextVar[Calendar] = ContextVar("calendar", default=Calendar(BUILT_IN))  # noqa: B039 - holds only caches


@contextmanager
def home_calendar(folder: Path) -> Iterator[Calendar]:
    """Within the block the functions below also know the override files of `folder`."""
    token = _current.set(Calendar(folder, BUILT_IN))
    try:
        yield _current.get()
    finally:
        _current.reset(token)


def is_workday(day: date) -> bool:
    """Whether people work on `day`; see `Calendar.is_workday`."""
    return _current.get().is_workday(day)


def add_workdays(day: date, n: int) -> date:
    """The `n`-th working day after `day` (加工作日)."""
    return _current.get().add_workdays(day, n)


def count_workdays(first: date, last: date) -> int:
    """Working days in the closed interval (工作日数)."""
    return _current.get().count_workdays(first, last)


def reaches(first: date, last: date, n: int) -> bool:
    """Whether the closed interval has at least `n` working days; see `Calendar.reaches`."""
    return _current.get().reaches(first, last, n)


def is_past(day: date, plain: date) -> bool:
    """Whether `day` is later than `plain` postponed to a working day (顺延); the years between need not all be known."""
    return day > plain and reaches(plain, day - _DAY, 1)


def postpone(day: date) -> date:
    """`day`, or the next working day (顺延, 民法典第二百零三条)."""
    return _current.get().postpone(day)


def add_months(day: date, m: int) -> date:
    """The corresponding day `m` months later, else the month's last day (加月, 民法典第二百零二条)."""
    months = day.year * 12 + day.month - 1 + m
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_years(day: date, y: int) -> date:
    """The corresponding day `y` years later; 29 February becomes 28 February (加年)."""
    return add_months(day, 12 * y)


def last_of_years(day: date, y: int) -> date:
    """The last day of a term of `y` years that begins on `day`: the one before the corresponding day.

    29 February has none in an ordinary year, so that the month's last day ends the term (民法典第二百零二条).
    """
    corresponding = add_years(day, y)
    return corresponding - _DAY if corresponding.day == day.day else corresponding
