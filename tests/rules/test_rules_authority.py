"""Who approves and seals, from which day a title counts, where it may be used (细则第五十三—五十五条)."""

from datetime import date
from typing import Any

import pytest
from rules_examples import base, with_facts

from records.batch.model import Acquisition, Batch, Channel, Level
from records.regulation.authority import (
    AuthorityUnknown,
    ScopeKind,
    approving_authority,
    effective_date,
    scope,
    sealing_authority,
)
from records.sample.plans import Kind

REGION = "内蒙古自治区人力资源和社会保障厅"


def sealed_by(facts: dict[str, Any]) -> tuple[str, str]:
    batch = with_facts(base(Kind.ENGINEERING), facts)
    found = sealing_authority(batch.applications[0], batch)
    assert found == approving_authority(batch.applications[0], batch)
    return found.name, found.region_code


@pytest.mark.parametrize(
    ("level", "channel", "region", "employer", "name"),
    [
        (Level.FULL_SENIOR, Channel.GENERAL, "150200", "150203", REGION),
        (Level.ASSOCIATE_SENIOR, Channel.AUTONOMOUS, "150200", "150203", REGION),
        (Level.ASSOCIATE_SENIOR, Channel.TARGETED, "150200", "150203", "包头市人力资源和社会保障局"),
        (Level.ASSOCIATE_SENIOR, Channel.FARMER, "152500", "152530", "锡林郭勒盟人力资源和社会保障局"),
        (Level.INTERMEDIATE, Channel.GENERAL, "150200", "150203", "包头市人力资源和社会保障局"),
        (Level.INTERMEDIATE, Channel.GENERAL, "152530", "152530", "锡林郭勒盟人力资源和社会保障局"),
        (Level.JUNIOR, Channel.GENERAL, "152530", "152530", "正蓝旗人力资源和社会保障局"),
        (Level.JUNIOR, Channel.GENERAL, "150203", "150203", "包头市昆都仑区人力资源和社会保障局"),
        (Level.JUNIOR, Channel.GENERAL, "150200", "150203", "包头市人力资源和社会保障局"),
        (Level.INTERMEDIATE, Channel.GENERAL, "150000", "150000", REGION),
        (Level.JUNIOR, Channel.GENERAL, "150200", "150000", REGION),
        (Level.INTERMEDIATE, Channel.GENERAL, "150000", "150621", "鄂尔多斯市人力资源和社会保障局"),
        (Level.JUNIOR, Channel.GENERAL, "150000", "150621", "达拉特旗人力资源和社会保障局"),
        (Level.INTERMEDIATE, Channel.GENERAL, "150781", "150781", "满洲里市人力资源和社会保障局"),
    ],
)
def test_who_seals(level: Level, channel: Channel, region: str, employer: str, name: str):
    """高级 → 自治区; 定向评价（含高级）、农牧民 → 盟市; 自治区直属 → 自治区; 中级 → 盟市, 初级 → 旗县 by the table."""
    facts = {
        "a.0.sought.level": level,
        "review.channel": channel,
        "region_code": region,
        "a.0.employer.region_code": employer,
    }
    assert sealed_by(facts)[0] == name


@pytest.mark.parametrize(
    "facts", [{"a.0.sought.level": None}, {"region_code": None, "a.0.employer.region_code": None}]
)
def test_nobody_is_named_without_level_or_region(facts: dict[str, Any]):
    """Nothing is guessed: the error names the application."""
    with pytest.raises(AuthorityUnknown) as caught:
        sealed_by(facts)
    assert "GC2025000001" in caught.value.diagnostics()


def first_day(facts: dict[str, Any]) -> date | None:
    batch: Batch = with_facts(base(Kind.GREEN), facts)
    return effective_date(batch.applications[0], batch)


def test_a_title_counts_from_the_committee_s_vote():
    """评审 → the last day of the meeting, or the applicant's own day of voting; not the day of approval."""
    assert first_day({}) == date(2025, 8, 22)
    assert first_day({"a.0.voted_on": date(2025, 8, 21)}) == date(2025, 8, 21)


def test_a_recognised_title_counts_from_the_unit_s_recognition():
    """认定 → 认定单位审核通过时间; not stated, no day."""
    recognised = {"review.acquisition": Acquisition.RECOGNITION}
    assert first_day({**recognised, "a.0.recognized_on": date(2025, 7, 1)}) == date(2025, 7, 1)
    assert first_day(recognised) is None


def test_a_targeted_title_is_good_in_its_league_only():
    """定向评价、定向使用 → 盟市; everything else in the whole region."""
    batch = base(Kind.TARGETED)
    found = scope(batch.applications[0], batch)
    assert (found.kind, found.region_code, found.region_name) == (ScopeKind.TARGETED, "152500", "锡林郭勒盟")
    batch = base(Kind.GREEN)
    found = scope(batch.applications[0], batch)
    assert (found.kind, found.region_code) == (ScopeKind.WHOLE_REGION, None)
