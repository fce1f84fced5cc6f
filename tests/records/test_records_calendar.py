"""The working-day calendar."""

import json
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.regulation import calendar
from records.regulation.calendar import CalendarFileUnreadable, CalendarYearUnknown

DAYS = st.dates(date(2023, 1, 1), date(2026, 10, 31))


@pytest.mark.parametrize(("year", "count"), [(2023, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_each_year_agrees_day_by_day_with_chinesecalendar(year: int, count: int) -> None:
    """Our files and the package say the same, and the totals are the published ones."""
    days = [date(year, 1, 1) + timedelta(days=step) for step in range(365 + (year % 4 == 0))]
    assert [calendar.is_workday(day) for day in days] == [chinese_calendar.is_workday(day) for day in days]
    assert calendar.count_workdays(days[0], days[-1]) == count


@pytest.mark.parametrize(
    ("ends", "deadline", "month"),
    [
        (date(2025, 8, 22), date(2025, 8, 29), date(2025, 9, 22)),
        (date(2025, 9, 26), date(2025, 10, 10), date(2025, 10, 27)),
        (date(2024, 9, 27), date(2024, 10, 10), date(2024, 10, 28)),
        (date(2026, 2, 13), date(2026, 2, 27), date(2026, 3, 13)),
        (date(2025, 4, 30), date(2025, 5, 12), date(2025, 5, 30)),
        (date(2023, 9, 28), date(2023, 10, 11), date(2023, 10, 30)),
    ],
)
def test_deadlines_across_holidays(ends: date, deadline: date, month: date) -> None:
    """Five working days, and one month postponed to a working day (民法典第二百零二、二百零三条)."""
    assert calendar.add_workdays(ends, 5) == deadline
    assert calendar.postpone(calendar.add_months(ends, 1)) == month


@pytest.mark.parametrize(
    ("received", "deadline"),
    [
        (date(2025, 9, 22), date(2025, 10, 24)),
        (date(2024, 1, 25), date(2024, 2, 27)),
        (date(2026, 4, 20), date(2026, 5, 20)),
    ],
)
def test_twenty_working_days_for_a_complaint(received: date, deadline: date) -> None:
    """细则第五十一条."""
    assert calendar.add_workdays(received, 20) == deadline


def test_months_and_years_end_where_there_is_no_such_day() -> None:
    """31 August and a month is 30 September; 29 February and a year is 28 February."""
    assert calendar.add_months(date(2025, 8, 31), 1) == date(2025, 9, 30)
    assert calendar.add_months(date(2025, 3, 31), -1) == date(2025, 2, 28)
    assert calendar.add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)


def test_an_unpublished_year_is_refused_with_the_remedy() -> None:
    """2027 is never guessed."""
    with pytest.raises(CalendarYearUnknown, match=r"2027\.json"):
        calendar.is_workday(date(2027, 1, 4))


def test_a_file_in_the_home_folder_adds_a_year(tmp_path: Path) -> None:
    """Once the arrangement is published, the operator adds it himself."""
    text = json.dumps({"year": 2027, "weekday_off": ["2027-01-01"], "weekend_work": ["2027-01-03"]})
    (tmp_path / "2027.json").write_text(text, "utf-8")
    with calendar.home_calendar(tmp_path):
        assert not calendar.is_workday(date(2027, 1, 1))
        assert calendar.is_workday(date(2027, 1, 3))
        assert calendar.is_workday(date(2025, 9, 28))
    with pytest.raises(CalendarYearUnknown):
        calendar.is_workday(date(2027, 1, 4))


@pytest.mark.parametrize(
    "content",
    [
        "not json",
        '{"year": 2027}',
        '{"year": 2026, "weekday_off": [], "weekend_work": []}',
        '{"year": 2027, "weekday_off": ["2027-01-02"], "weekend_work": []}',
        '{"year": 2027, "weekday_off": [], "weekend_work": ["2027-01-04"]}',
    ],
)
def test_a_broken_override_file_is_named(tmp_path: Path, content: str) -> None:
    """A Saturday off or a Monday worked on in addition is a mistake in the file."""
    (tmp_path / "2027.json").write_text(content, "utf-8")
    with calendar.home_calendar(tmp_path), pytest.raises(CalendarFileUnreadable, match=r"2027\.json"):
        calendar.is_workday(date(2027, 1, 4))


@given(DAYS, st.integers(1, 25))
def test_adding_and_counting_agree(day: date, count: int) -> None:
    """From the next day to the n-th working day there are n working days."""
    end = calendar.add_workdays(day, count)
    assert calendar.is_workday(end)
    assert calendar.count_workdays(day + timedelta(days=1), end) == count


@given(DAYS)
def test_an_empty_interval_has_no_working_days(day: date) -> None:
    """The last day before the first."""
    assert calendar.count_workdays(day, day - timedelta(days=3)) == 0


def test_the_file_that_the_page_shows_is_accepted(tmp_path: Path) -> None:
    """docs/policy.md: what is shown there can be copied and adds the year."""
    page = (Path(__file__).parents[2] / "docs" / "policy.md").read_text("utf-8")
    (tmp_path / "2027.json").write_text(page.split("```json")[1].split("```")[0], "utf-8")
    with calendar.home_calendar(tmp_path):
        assert not calendar.is_workday(date(2027, 1, 1))
        assert calendar.is_workday(date(2027, 2, 20))


@given(DAYS, st.integers(0, 60), st.integers(1, 25))
def test_reaching_a_number_of_working_days_is_counting_them(day: date, length: int, count: int) -> None:
    """In years that are known, the short way and the long way agree."""
    last = day + timedelta(days=length)
    assert calendar.reaches(day, last, count) is (calendar.count_workdays(day, last) >= count)


@given(
    st.dates(date(2026, 12, 10), date(2027, 1, 10)),
    st.integers(0, 40),
    st.integers(1, 25),
    st.sets(st.dates(date(2027, 1, 1), date(2027, 2, 28)), max_size=40),
)
def test_what_is_certain_without_a_calendar_holds_under_every_arrangement(
    tmp_path_factory: pytest.TempPathFactory, day: date, length: int, count: int, changed: set[date]
) -> None:
    """Whatever the State Council arranges for 2027 (New Year's Day off), the answer given before does not change."""
    last = day + timedelta(days=length)
    try:
        said = calendar.reaches(day, last, count)
    except CalendarYearUnknown:
        return
    weekday_off = {one for one in changed if one.weekday() < 5} | {date(2027, 1, 1)}
    work = {one for one in changed if one.weekday() >= 5}
    folder = tmp_path_factory.mktemp("calendar")
    text = {
        "year": 2027,
        "weekday_off": sorted(map(str, weekday_off)),
        "weekend_work": sorted(map(str, work)),
    }
    (folder / "2027.json").write_text(json.dumps(text), "utf-8")
    with calendar.home_calendar(folder):
        assert (calendar.count_workdays(day, last) >= count) is said


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (date(2024, 3, 15), date(2027, 3, 14)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2025, 3, 1), date(2028, 2, 29)),
        (date(2025, 2, 28), date(2028, 2, 27)),
    ],
)
def test_a_term_of_years_ends_before_its_corresponding_day(starts: date, ends: date) -> None:
    """Where there is no corresponding day, with the month (民法典第二百零二条)."""
    assert calendar.last_of_years(starts, 3) == ends
