"""The reference's tables: quorum, least votes, deadlines across the holidays of 2023 to 2026."""

from datetime import date, timedelta

import pytest
from rules_examples import base, with_facts

from records.regulation.calendar import add_workdays
from records.regulation.rules import check
from records.regulation.rules.meeting import least_present, least_votes
from records.regulation.rules.periods import publicity_shortfall, report_deadline
from records.sample.plans import Kind

QUORUM = {7: 5, 9: 6, 11: 8, 13: 9, 15: 10, 17: 12, 19: 13, 21: 14, 23: 16, 25: 17, 27: 18}
VOTES = {5: 4, 6: 4, 7: 5, 8: 6, 9: 6, 10: 7, 11: 8, 12: 8, 14: 10, 17: 12, 25: 17}
REVIEWS = {
    "2025-08-22": ("2025-08-29", "2025-09-05", "2025-09-22"),
    "2025-09-26": ("2025-10-10", "2025-10-16", "2025-10-27"),
    "2024-09-27": ("2024-10-10", "2024-10-16", "2024-10-28"),
    "2026-02-13": ("2026-02-27", "2026-03-05", "2026-03-13"),
    "2025-04-30": ("2025-05-12", "2025-05-19", "2025-05-30"),
    "2023-09-28": ("2023-10-11", "2023-10-18", "2023-10-30"),
}
COMPLAINTS = {"2025-09-22": "2025-10-24", "2024-01-25": "2024-02-27", "2026-04-20": "2026-05-20"}
DAY = timedelta(days=1)


@pytest.mark.parametrize(("size", "need"), QUORUM.items())
def test_least_attendance(size: int, need: int):
    """⌈2N/3⌉ (细则第四十四条); one fewer and the meeting is void."""
    assert least_present(size) == need
    for present, good in ((need, True), (need - 1, False)):
        batch = with_facts(base(Kind.GREEN), {"committee.size": size, "committee.present": present})
        assert good is not any(item.rule == "B-M01" for item in check(batch))


@pytest.mark.parametrize(("present", "need"), VOTES.items())
def test_least_votes(present: int, need: int):
    """⌈2a/3⌉ (细则第四十五条)."""
    assert least_votes(present) == need
    assert 3 * need >= 2 * present > 3 * (need - 1)


@pytest.mark.parametrize(("ends", "expected"), REVIEWS.items())
def test_deadlines_after_the_review(ends: str, expected: tuple[str, str, str]):
    """Publish within 5 working days, 5 working days of publicity without the first day, report within a month."""
    publish_by, publicity_ends, report_by = map(date.fromisoformat, expected)
    day = date.fromisoformat(ends)
    assert add_workdays(day, 5) == publish_by
    assert report_deadline(day)[1] == report_by
    assert publicity_shortfall(publish_by, publicity_ends) is None
    shortfall = publicity_shortfall(publish_by, publicity_ends - DAY)
    assert shortfall is not None
    assert shortfall["earliest"] == publicity_ends


@pytest.mark.parametrize(("ends", "expected"), REVIEWS.items())
def test_rules_draw_the_line_at_those_days(ends: str, expected: tuple[str, str, str]):
    """On the last day the rules are silent, a day later they speak."""
    publish_by, _, report_by = map(date.fromisoformat, expected)
    day = date.fromisoformat(ends)
    facts = {"year": day.year, "review.starts": day, "review.ends": day}
    for late in (0, 1):
        published, reported = publish_by + late * DAY, report_by + late * DAY
        days = {"publicity.starts": published, "closing.reported": reported}
        found = {item.rule for item in check(with_facts(base(Kind.GREEN), {**facts, **days}))}
        assert ("B-T03" in found) is bool(late and day >= date(2025, 5, 12))
        severities = {
            f.severity for f in check(with_facts(base(Kind.GREEN), {**facts, **days})) if f.rule == "B-T06"
        }
        assert ("强制" in severities) is bool(late)


@pytest.mark.parametrize(("received", "deadline"), COMPLAINTS.items())
def test_twenty_working_days_for_an_opinion(received: str, deadline: str):
    """20 working days after the day of receipt (细则第五十一条)."""
    assert add_workdays(date.fromisoformat(received), 20) == date.fromisoformat(deadline)


def test_a_week_of_public_notice_with_the_first_day_may_be_released():
    """Monday to Friday is five days only with the first: 原则, to be released with a reason; four days are 强制."""
    week = {"publicity.starts": date(2025, 8, 25), "publicity.ends": date(2025, 8, 29)}
    (found,) = [item for item in check(with_facts(base(Kind.GREEN), week)) if item.rule == "B-T04"]
    assert (found.severity, "不含首日为4个" in found.message) == ("原则", True)
    short = {**week, "publicity.ends": date(2025, 8, 28)}
    (found,) = [item for item in check(with_facts(base(Kind.GREEN), short)) if item.rule == "B-T04"]
    assert found.blocks


def test_a_year_without_a_calendar_is_refused_not_guessed():
    """Working days of 2030 are not published: every rule that needs them says so and blocks."""
    days = {"publicity.starts": date(2030, 8, 26), "publicity.ends": date(2030, 9, 2)}
    found = [item for item in check(with_facts(base(Kind.GREEN), days)) if item.rule == "B-T04"]
    assert [item.blocks for item in found] == [True]
    assert "2030年的放假安排尚未公布" in found[0].message
