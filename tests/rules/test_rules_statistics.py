"""Counting a batch: every table adds up to the same people."""

from fractions import Fraction

import pytest
from rules_examples import base, with_facts

from records.batch.model import EmployerNature, Outcome
from records.batch.optional import Staffing
from records.sample import sample_batch
from records.sample.plans import Kind
from records.statistics import UNSTATED, Count, Sector, statistics


@pytest.mark.parametrize("kind", Kind)
def test_every_table_and_matrix_adds_up_to_the_batch(kind: Kind):
    """统计表勾稽: 在编 + 非在编 + 非公 + 其他 = total, and so for every other table."""
    batch = sample_batch(60, 5, kind=kind)
    counted = statistics(batch)
    passed = sum(item.outcome is Outcome.PASSED for item in batch.applications)
    assert counted.total == Count(60, passed, 60 - passed)
    tables = [value for name, value in vars(counted).items() if name.startswith("by_")]
    matrices = [counted.series_level, counted.sector_level, counted.league_level]
    matrices += [counted.specialty_level, counted.region_level]
    assert len(tables) == 11
    assert {table.total for table in tables} | {matrix.total for matrix in matrices} == {counted.total}
    assert sum((counted.series_level.row(row) for row in counted.series_level.rows), Count()) == counted.total
    assert {
        row: counted.series_level.row(row) for row in counted.series_level.rows
    } == counted.by_series.counts
    assert counted.staffed_level.total == counted.by_sector[Sector.STAFFED]
    assert counted.unstaffed_level.total == counted.by_sector[Sector.UNSTAFFED]
    senior = [label for label in counted.by_level.labels if label in ("正高级", "副高级")]
    assert counted.senior_region_level.total == sum((counted.by_level[label] for label in senior), Count())
    assert all(counted.senior_region_level.row(row).applied for row in counted.senior_region_level.rows)


def test_sectors_follow_nature_and_staffing():
    """Staff of an institution count as 在编 unless stated otherwise; enterprises of the state are 其他."""
    natures = {f"a.{index}.employer.nature": EmployerNature.INSTITUTION for index in range(12)}
    facts = {
        **natures,
        "a.0.standing.staffing": Staffing.UNSTAFFED,
        "a.1.employer.nature": EmployerNature.PRIVATE_ENTERPRISE,
        "a.2.employer.nature": EmployerNature.STATE_ENTERPRISE,
    }
    by_sector = statistics(with_facts(base(Kind.GREEN), facts)).by_sector
    assert {label: count.applied for label, count in by_sector} == {
        Sector.STAFFED: 9,
        Sector.UNSTAFFED: 1,
        Sector.PRIVATE: 1,
        Sector.OTHER: 1,
    }


def test_what_is_not_stated_is_counted_last():
    """Nobody disappears: without series, sex or result people stand under 未填写, without a rate."""
    facts = {"a.0.sought.series": None, "a.0.person.sex": None, "a.*.outcome": None}
    counted = statistics(with_facts(base(Kind.ENGINEERING), facts))
    assert counted.by_series.labels[-1] == counted.by_sex.labels[-1] == UNSTATED
    assert counted.total == Count(applied=12)
    assert counted.total.pass_rate is None
    assert counted.total.pass_percent == "无"


def test_pass_rate_is_exact():
    """10 of 12 are five sixths."""
    counted = statistics(base(Kind.GREEN))
    assert counted.total.pass_rate == Fraction(5, 6)
    assert counted.total.pass_percent == "83.3%"


def test_ballots_are_added():
    """The sum of all ballots is attendance times applicants."""
    votes = statistics(base(Kind.GREEN)).votes
    assert votes.for_ + votes.against + votes.abstained + votes.invalid == 12 * 23
