"""Notations of dates and numbers."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.batch.dates import PartialDate
from records.input.notation import (
    Ambiguous,
    NotationError,
    Serial,
    TooCoarse,
    Unreadable,
    read_day,
    read_integer,
    read_month,
    read_partial,
)

DAYS = st.dates(date(1901, 1, 1), date(2099, 12, 31))


@given(DAYS)
def test_every_notation_of_a_day_means_that_day(day: date) -> None:
    """Ten ways to write one day."""
    y, m, d = day.year, day.month, day.day
    for text in (
        f"{y}-{m:02d}-{d:02d}",
        f"{y}/{m}/{d}",
        f"{y}.{m}.{d}",
        f"{y}.{m:02d}.{d:02d}",
        f"{y}年{m}月{d}日",
        f" {y} 年 {m} 月 {d} 日 ",
        f"{y}{m:02d}{d:02d}",
        float(f"{y}{m:02d}{d:02d}"),
        datetime(y, m, d, 8, 30),  # noqa: DTZ001 - Excel knows no time zones
        f"{y}-{m:02d}-{d:02d} 00:00:00",
    ):
        assert read_day(text) == day


@given(st.integers(1901, 2099), st.integers(1, 12))
def test_every_notation_of_a_month_means_that_month(year: int, month: int) -> None:
    """Six ways to write one month."""
    for text in (
        f"{year}-{month:02d}",
        f"{year}.{month:02d}",
        f"{year}/{month}",
        f"{year}年{month}月",
        f"{year}{month:02d}",
        float(f"{year}{month:02d}"),
    ):
        assert read_partial(text) == PartialDate(year, month)


@pytest.mark.parametrize("text", ["01/02/25", "3/4/2025", "25.9.1", "25年9月1日", 1990.1])
def test_what_may_mean_several_dates_is_refused(text: object) -> None:
    """Two-digit years, day and month that may be exchanged, 1990.1 as a number."""
    with pytest.raises(Ambiguous):
        read_partial(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [("25/12/2025", date(2025, 12, 25)), ("12/25/2025", date(2025, 12, 25)), ("5/5/2025", date(2025, 5, 5))],
)
def test_day_and_month_that_cannot_be_exchanged_are_accepted(text: str, day: date) -> None:
    """Only one reading is possible."""
    assert read_day(text) == day


@pytest.mark.parametrize(
    "text", ["2025-02-30", "2025-13-01", "1025-01-01", "yesterday", "12", 3.5, 7.0, "2025-9-1-1"]
)
def test_what_is_no_date_is_refused(text: object) -> None:
    """No such day, no such notation."""
    with pytest.raises(Unreadable):
        read_partial(text)


def test_a_bare_excel_number_is_refused_with_the_day_it_would_mean() -> None:
    """45901 is 2025-09-01 where the cell has lost its format."""
    with pytest.raises(Serial) as caught:
        read_day(45901.0)
    assert caught.value.day == date(2025, 9, 1)


def test_a_day_is_not_made_up_from_a_month() -> None:
    """2025年9月 is too coarse where a day is needed."""
    with pytest.raises(TooCoarse):
        read_day("2025年9月")


def test_the_first_of_a_month_from_a_date_cell_is_a_month() -> None:
    """Excel turns 1990年3月 into 1 March; a text that names the day keeps it."""
    assert read_month(date(1990, 3, 1)) == PartialDate(1990, 3)
    assert read_month(date(1990, 3, 7)) == PartialDate(1990, 3, 7)
    assert read_month("1990-03-01") == PartialDate(1990, 3, 1)


def test_dates_in_chinese_numerals() -> None:
    """As GB/T 9704 documents write them."""
    assert read_day("二〇二五年十二月二十五日") == date(2025, 12, 25)
    assert read_day("二〇二五年九月十日") == date(2025, 9, 10)


@given(st.one_of(st.text(max_size=20), st.floats(allow_nan=False, allow_infinity=False), st.integers()))
def test_anything_else_is_refused_in_an_orderly_way(value: object) -> None:
    """A parser gives a date or a NotationError, never anything else."""
    try:
        found = read_partial(value)
    except NotationError:
        return
    assert isinstance(found, PartialDate)


@pytest.mark.parametrize(("value", "number"), [(23.0, 23), ("23", 23), (" ２３ ", 23), (0, 0)])
def test_whole_numbers(value: object, number: int) -> None:
    """Excel gives every number as a float."""
    assert read_integer(value) == number


@pytest.mark.parametrize("value", [-1, 2.5, "23票", "", True, "²"])
def test_what_is_no_whole_number_is_refused(value: object) -> None:
    """Negative, fractional, with a unit."""
    with pytest.raises(Unreadable):
        read_integer(value)
