"""Notations of dates and numbers that offices use; accepted where they can mean only one thing."""

import re
from datetime import date, datetime
from functools import lru_cache

from records.batch.dates import PartialDate

FIRST_YEAR, LAST_YEAR = 1900, 2100
FIRST_SERIAL, LAST_SERIAL = 10_000, 80_000  # Excel day numbers from 1927 to 2119
_NARROW = str.maketrans("０１２３４５６７８９．／－（）", "0123456789./-()")
_CHINESE = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_SEPARATED = re.compile(r"(\d{4})\s*[-/.年‐–—]\s*(\d{1,2})(?:\s*[-/.月‐–—]\s*(\d{1,2}))?\s*[日号月]?")
_SOLID = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_YEAR = re.compile(r"(\d{4})年?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_SHORT_YEAR = re.compile(r"\d{1,2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?")
_TIME = re.compile(r"[T\s]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_TENS = re.compile(r"([一二三]?)十([一二三四五六七八九]?)")


class NotationError(ValueError):
    """Root of what can be wrong with a date's or number's notation; the argument is what stood there."""


class Ambiguous(NotationError):
    """It can mean several dates: two-digit year, or day and month that may be exchanged."""


class Unreadable(NotationError):
    """It is no date (or number) in any known notation, or no such day exists."""


class TooCoarse(NotationError):
    """A full day is needed, only a month or year stands there."""


class Serial(NotationError):
    """A bare Excel day number whose cell is not formatted as a date; `day` is what it would mean."""

    def __init__(self, value: object, day: date) -> None:
        super().__init__(value)
        self.day = day


def read_partial(value: object) -> PartialDate:
    """A date of any precision from a cell value.

    Raises:
        Ambiguous: it can mean several dates.
        Unreadable: it is no date.
        Serial: it is an unformatted Excel day number.
    """
    if isinstance(value, datetime):
        return PartialDate.of(value.date())
    if isinstance(value, date):
        return PartialDate.of(value)
    if isinstance(value, int | float):
        return _from_number(float(value))
    return _from_text(str(value))


def read_month(value: object) -> PartialDate:
    """Like `read_partial`; the first of a month from a date cell is what Excel makes of a mere month."""
    found = read_partial(value)
    if isinstance(value, date) and found.day == 1:
        return PartialDate(found.year, found.month)
    return found


def read_day(value: object) -> date:
    """A full day.

    Raises:
        TooCoarse: only a month or year stands there.
        NotationError: as `read_partial`.
    """
    found = read_partial(value)
    if found.month is None or found.day is None:
        raise TooCoarse(value)
    return date(found.year, found.month, found.day)


def read_integer(value: object) -> int:
    """A whole number of zero or more.

    Raises:
        Unreadable: anything else.
    """
    if isinstance(value, bool):
        raise Unreadable(value)
    if isinstance(value, int | float):
        if value < 0 or value != int(value):
            raise Unreadable(value)
        return int(value)
    text = str(value).strip().translate(_NARROW)
    if not (text.isascii() and text.isdigit()):
        raise Unreadable(value)
    return int(text)


def _from_number(value: float) -> PartialDate:
    if value == int(value):
        text = str(int(value))
        if len(text) in (6, 8) and FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
            return _from_text(text)
        if FIRST_YEAR <= value <= LAST_YEAR:
            return PartialDate(int(value))
        if FIRST_SERIAL <= value <= LAST_SERIAL:
            raise Serial(value, date.fromordinal(date(1899, 12, 30).toordinal() + int(value)))
        raise Unreadable(value)
    digits = f"{value:.10g}"
    if re.fullmatch(r"\d{4}\.1", digits):
        raise Ambiguous(digits)  # 1990.1 as a number: January, or October without its last zero
    if re.fullmatch(r"\d{4}\.\d{1,2}", digits):
        return _from_text(digits)
    raise Unreadable(value)


@lru_cache(maxsize=65536)
def _from_text(text: str) -> PartialDate:
    plain = _TIME.sub("", _chinese_digits(text.strip().translate(_NARROW)))
    match = _SEPARATED.fullmatch(plain) or _SOLID.fullmatch(plain) or _YEAR.fullmatch(plain)
    if match is not None:
        return _partial(text, *(int(part) for part in match.groups() if part))
    if (swapped := _DAY_FIRST.fullmatch(plain)) is not None:
        first, second, year = (int(part) for part in swapped.groups())
        if first > 12 >= second:
            return _partial(text, year, second, first)
        if second > 12 >= first or first == second:
            return _partial(text, year, first, second)
        raise Ambiguous(text)
    if _SHORT_YEAR.fullmatch(plain):
        raise Ambiguous(text)
    raise Unreadable(text)


def _partial(text: str, year: int, month: int | None = None, day: int | None = None) -> PartialDate:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unreadable(text)
    try:
        return PartialDate(year, month, day)
    except ValueError as error:
        raise Unreadable(text) from error


def _chinese_digits(text: str) -> str:
    if not any(character in text for character in "一二三四五六七八九十"):
        return text
    tens = _TENS.sub(lambda match: f"{match[1] or '一'}{match[2] or '〇'}", text)
    return tens.translate(_CHINESE)
