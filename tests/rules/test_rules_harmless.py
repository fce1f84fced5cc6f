"""Batches that look odd and are lawful: no rule accuses them, or the one that speaks is as mild as the text is."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from rules_examples import base, with_facts
from rules_examples_batch import BAOTOU_2023, BAOTOU_2025, IN_2024, place
from rules_examples_facts import ACCOUNTANT, GREEN_2024H2, applicant_record

from records.batch.dates import PartialDate
from records.batch.model import Channel, CommitteeLevel, Level, TitleSought
from records.batch.optional import Recusal, Workplace
from records.regulation.rules import check
from records.sample.plans import Kind

GREEN_2023 = {"year": 2023, "review.starts": date(2023, 8, 21), "review.ends": date(2023, 8, 23)}
EXTENDED = {
    "schedule.postponement_requested": date(2024, 9, 10),
    "schedule.postponed_until": date(2024, 11, 29),
}
LATE_2024 = {
    "year": 2024,
    "review.channel": Channel.GENERAL,
    "review.starts": date(2024, 11, 6),
    "review.ends": date(2024, 11, 8),
    "publicity.starts": date(2024, 11, 11),
    "publicity.ends": date(2024, 11, 19),
}
DONE: dict[int, dict[str, Any]] = {
    2023: {"publicity.ends": date(2023, 9, 28), "approval.approved_on": date(2023, 10, 20)},
    2025: {"publicity.ends": date(2025, 8, 29), "approval.approved_on": date(2025, 9, 12)},
}
CITY_2023, CITY_2025 = {**BAOTOU_2023, **DONE[2023]}, {**BAOTOU_2025, **DONE[2025]}
COUNTY_2023 = {**CITY_2023, "review.channel": Channel.GENERAL, "a.*.employer.region_code": "150221"}
WITHDREW = (
    Recusal(
        place=place("回避"),
        expert="张三",
        application_number=base(Kind.GREEN).applications[0].number,
        relation="师生",
        withdrew=True,
    ),
)
NURSE = TitleSought(series="卫生系列", name="副主任护师", level=Level.ASSOCIATE_SENIOR, specialty="护理")
DOCTOR = TitleSought(series="卫生系列", name="副主任医师", level=Level.ASSOCIATE_SENIOR, specialty="内科")
IN_DECEMBER = {
    "year": 2026,
    "review.starts": date(2026, 12, 9),
    "review.ends": date(2026, 12, 11),
    "publicity.starts": date(2026, 12, 14),
}


@dataclass(frozen=True)
class Harmless:
    """What is odd in the batch, the rule that must not speak, or only so mildly."""

    rule: str
    why: str
    facts: dict[str, Any]
    kind: Kind = Kind.GREEN
    mildest: frozenset[str] = field(default=frozenset())


HARMLESS = (
    Harmless(
        "B-M03",
        "one vote fewer because an expert withdrew",
        {
            "recusals": WITHDREW,
            "committee.present": 23,
            "a.0.vote.for_": 18,
            "a.0.vote.against": 3,
            "a.0.vote.abstained": 1,
            "a.0.vote.invalid": 0,
        },
    ),
    Harmless("B-T16", "an extension of 2024 that was applied for in time", {**LATE_2024, **EXTENDED}),
    Harmless(
        "B-T16",
        "a series with an examination first closes by its own notice",
        {
            **IN_2024,
            "publicity.ends": date(2024, 9, 30),
            "review.channel": Channel.GENERAL,
            "committee.series": "会计系列",
            "committee.level": CommitteeLevel.ASSOCIATE_SENIOR,
            "schedule.closes": date(2024, 8, 9),
            "a.*.sought": ACCOUNTANT,
        },
    ),
    Harmless(
        "B-T18",
        "school teachers of a county may close later",
        {
            **COUNTY_2023,
            "committee.series": "中小学教师系列",
            "schedule.closes": date(2023, 6, 20),
            "a.*.sought": TitleSought(series="中小学教师系列", name="高级教师", level=Level.ASSOCIATE_SENIOR),
        },
    ),
    Harmless(
        "B-T18",
        "the tenth of June binds the counties, not the city's own units",
        {**COUNTY_2023, "schedule.closes": date(2023, 6, 20), "a.*.employer.region_code": "150200"},
    ),
    Harmless(
        "B-T18",
        "the tenth of June is for senior titles",
        {
            **CITY_2023,
            "schedule.closes": date(2023, 6, 20),
            "a.*.employer.region_code": "150221",
        },
        Kind.ENGINEERING,
    ),
    Harmless(
        "B-T17",
        "filed online in time and approved later",
        {
            **CITY_2025,
            "committee.filing_submitted": date(2025, 6, 24),
            "committee.filing_approved": date(2025, 7, 10),
        },
    ),
    Harmless(
        "B-T17",
        "approved later, the day of the online submission not stated",
        {**CITY_2025, "committee.filing_approved": date(2025, 7, 10)},
        mildest=frozenset({"提示"}),
    ),
    *(
        Harmless(rule, f"what only the notice of October 2024 asks, in {name}", {**when, **facts}, kind)
        for when, name, kind in (
            ({"year": 2025}, "2025", Kind.GREEN),
            (GREEN_2023, "2023", Kind.GREEN),
            (IN_2024, "the first half of 2024", Kind.GREEN),
            ({}, "a general evaluation", Kind.ENGINEERING),
        )
        for rule, facts in (
            ("B-A05", {"a.0.procedure.recommendation": "公示无异议，同意上报。"}),
            ("B-A06", {"a.0.procedure.signer_role": "分管副主任"}),
            ("B-X09", {"charges.submission_copies": 11, "charges.form_copies": 3}),
            ("B-A11", {"charges.fee": 320}),
            ("B-E18", {"a.0.grounds.meets_general": True, "a.0.grounds.failed_without_new": True}),
        )
    ),
    Harmless(
        "B-E15",
        "a nurse is no doctor",
        {
            "a.0.sought": NURSE,
            "a.0.standing.workplace": Workplace.CITY,
            "a.0.grounds.rural_service_months": 0,
        },
    ),
    Harmless(
        "B-E16",
        "a city's government in short",
        {"a.0.talent_category": "1", "a.0.procedure.referrer": "包头市政府"},
    ),
    Harmless(
        "B-T12",
        "three years from the 29th of February end on the 28th",
        {"committee.filing_approved": date(2024, 2, 29), "committee.filing_valid_until": date(2027, 2, 28)},
    ),
    Harmless(
        "B-T13",
        "a term from the 29th of February",
        {"e.0.term_starts": date(2024, 2, 29), "e.0.term_ends": date(2027, 2, 28)},
    ),
    Harmless(
        "B-H02",
        "a record from the 29th of February",
        {"integrity": applicant_record(effective=date(2020, 2, 29), until=date(2023, 2, 28))},
    ),
    Harmless(
        "B-M09",
        "a place that begins like an expert",
        {"e.0.name": "张家", "a.0.note": "张家口市调入，档案已转"},
    ),
    Harmless("B-M09", "another person's longer name", {"e.0.name": "李明", "a.0.note": "推荐人李明亮。"}),
    Harmless("B-M09", "an expert's name within words", {"e.0.name": "王林", "a.0.note": "国王林场工作十年"}),
    *(
        Harmless(rule, "certain whatever the holidays of 2027 are", {**IN_DECEMBER, **facts})
        for rule, facts in (
            ("B-T04", {"publicity.ends": date(2027, 1, 8)}),
            ("B-T06", {"closing.reported": date(2027, 1, 11)}),
            ("B-T10", {"approval.approved_on": date(2026, 12, 30), "closing.archived": date(2027, 1, 29)}),
            (
                "B-T05",
                {
                    "publicity.ends": date(2026, 12, 31),
                    "complaints.0.received": date(2026, 12, 28),
                    "complaints.0.handled": date(2027, 1, 12),
                },
            ),
        )
    ),
    Harmless(
        "B-T03",
        "certain whatever the holidays of 2027 are",
        {**IN_DECEMBER, "review.ends": date(2026, 12, 30), "publicity.starts": date(2027, 1, 4)},
    ),
    *(
        Harmless(rule, f"a limit of the new regulation in {year}", {"year": year, **facts}, mildest=HINT)
        for HINT in (frozenset({"提示"}),)
        for year in (2023, 2024)
        for rule, facts in (
            ("B-C04", {"e.0.level": Level.INTERMEDIATE}),
            ("B-C02", {"committee.size": 23}),
            ("B-T13", {"e.0.term_starts": date(2021, 5, 1), "e.0.term_ends": date(2025, 4, 30)}),
            ("B-M05", {"a.0.procedure.panel_experts": 2, "review.minutes.panel_size": 2}),
        )
    ),
)


@pytest.mark.parametrize("case", HARMLESS, ids=lambda case: f"{case.rule}-{case.why}"[:70])
def test_what_is_lawful_is_not_accused(case: Harmless):
    """The rule is silent, or speaks as mildly as the text does."""
    found = [item for item in check(with_facts(base(case.kind), case.facts)) if item.rule == case.rule]
    accusing = [item for item in found if item.severity.value not in case.mildest]
    assert not accusing, [item.message for item in accusing]
    assert bool(found) == bool(case.mildest), "the mild finding is there"


def test_one_committee_a_level_is_a_principle_before_2025():
    """内人社办发〔2024〕85号三: 原则上只能向一个评委会提出; from 2025 on it is the regulation's 只能."""
    person = base(Kind.GREEN).applications[0].person
    other = TitleSought(series="工程系列", name="高级工程师", level=Level.ASSOCIATE_SENIOR, specialty="水利")
    twice = {"a.1.person": person, "a.0.sought": ACCOUNTANT, "a.1.sought": other}
    for year, severity in ((2023, "原则"), (2024, "原则"), (2025, "强制")):
        found = [i for i in check(with_facts(base(Kind.GREEN), {**twice, "year": year})) if i.rule == "B-E04"]
        assert {item.severity.value for item in found} == {severity}, year


def test_a_doctor_in_a_city_is_still_asked_for_rural_service():
    """内人社办发〔2024〕85号四（五）5 speaks of 医生."""
    facts = {
        "a.0.sought": DOCTOR,
        "a.0.standing.workplace": Workplace.CITY,
        "a.0.grounds.rural_service_months": 0,
    }
    assert any(item.rule == "B-E15" for item in check(with_facts(base(Kind.GREEN), facts)))


@pytest.mark.parametrize(
    "note",
    [
        "张家",
        "由张家推荐",
        "专家张家意见：同意",
        "评委张家、李四签字",
        "与评审专家张家系同学",
        "张家教授指导",
    ],
)
def test_an_expert_who_is_meant_is_found_in_a_note(note: str):
    """细则第四十九条: as a word of its own, after 专家, 评委, 由, 与, before a title or a verb."""
    facts = {"e.0.name": "张家", "a.0.note": note}
    assert any(item.rule == "B-M09" for item in check(with_facts(base(Kind.GREEN), facts)))


def test_years_from_the_29th_of_february_are_full_on_the_28th():
    """民法典第二百零二条: without a corresponding day, the month's last day ends the period."""
    facts = {
        "review.channel": Channel.GENERAL,
        "a.0.grounds.in_post_since": PartialDate(2024, 2, 29),
        "a.0.procedure.submitted": date(2025, 2, 28),
        "a.0.sought": TitleSought(series="工程系列", name="高级工程师", level=Level.ASSOCIATE_SENIOR),
        "a.0.current_title.name": "高级农艺师",
    }
    assert not any(item.rule == "B-E09" for item in check(with_facts(base(Kind.GREEN), facts)))


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"schedule.postponed_until": date(2024, 11, 29)}, "没有书面延期申请"),
        ({**EXTENDED, "schedule.postponement_requested": date(2024, 10, 15)}, "2024-10-15才提交"),
        ({**EXTENDED, "schedule.postponed_until": date(2024, 11, 7)}, "晚于批准的延期日期2024-11-07"),
    ],
)
def test_an_extension_that_was_not_granted_in_time_is_none(facts: dict[str, Any], says: str):
    """内人社办发〔2024〕85号六（二）1: 提前提交书面延期申请，经批准同意后，方可延期评审."""
    found = check(with_facts(base(Kind.GREEN), {**LATE_2024, **facts}))
    said = [item for item in found if item.rule == "B-T15" and says in item.message]
    assert said, [item.message for item in found if item.rule in ("B-T15", "B-T16")]
    assert said[0].severity.value == "强制"


def test_a_year_of_no_calendar_still_stops_what_is_not_certain():
    """Five working days that may or may not have passed in January 2027 are not guessed."""
    facts = {**IN_DECEMBER, "publicity.starts": date(2026, 12, 29), "publicity.ends": date(2027, 1, 5)}
    found = [item for item in check(with_facts(base(Kind.GREEN), facts)) if item.rule == "B-T04"]
    assert ["2027年的放假安排尚未公布" in item.message for item in found] == [True]


@pytest.mark.parametrize(
    ("facts", "own"),
    [
        ({"year": 2023}, "内人社发〔2023〕4号"),
        ({"year": 2024}, "内人社发〔2023〕4号"),
        (BAOTOU_2023, "内人社发〔2023〕4号"),
    ],
)
def test_findings_of_earlier_years_cite_their_own_documents_by_number(facts: dict[str, Any], own: str):
    """No article of the regulation of 2025, no notice of another year or city."""
    year = facts["year"]
    wrong = {
        "publicity.ends": date(2025, 8, 28),
        "committee.size": 24,
        "a.0.vote.for_": 3,
        "e.0.pledged": False,
    }
    found = check(with_facts(base(Kind.GREEN), {**facts, **wrong}))
    assert len({item.rule for item in found} & {"B-C01", "B-M02", "B-M11"}) == 3
    cited = {clause for item in found for clause in item.clauses}
    assert any(own in clause for clause in cited)
    strange = ("细则第", "2025年通知", "内人社办发〔2024〕" if year == 2023 else "2023年通知")
    assert not [
        clause for clause in cited if clause.startswith(strange[0]) or any(s in clause for s in strange[1:])
    ]
    assert all(item.clauses for item in found)


def test_a_late_filing_cites_the_place_that_speaks_of_it():
    """包头市2025年通知六（一）1, not 二."""
    facts = {**BAOTOU_2025, "committee.filing_submitted": date(2025, 6, 26)}
    found = [item for item in check(with_facts(base(Kind.GREEN), facts)) if item.rule == "B-T17"]
    assert [item.clauses for item in found if "2025-06-26" in item.message] == [
        ("包头市2025年通知六（一）1",)
    ]
    assert {item.column for item in found if "2025-06-26" in item.message} == {"评委会备案提交日期"}


def test_what_the_second_half_of_2024_asks_is_asked_there():
    """内人社办发〔2024〕172号: wording, signature, copies, no fee, general evaluation first."""
    facts = {
        **GREEN_2024H2,
        "a.0.procedure.recommendation": "同意上报。",
        "a.0.procedure.signer_role": "人事科长",
        "charges.submission_copies": 11,
        "charges.fee": 300,
        "a.0.grounds.meets_general": True,
    }
    rules = {item.rule for item in check(with_facts(base(Kind.GREEN), facts))}
    assert {"B-A05", "B-A06", "B-X09", "B-A11", "B-E18"} <= rules
