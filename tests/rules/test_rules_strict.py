"""What once passed without a word: records under another name, claims without conditions, entries that match nothing."""

from datetime import date
from typing import Any

import pytest
from rules_examples import base, with_facts
from rules_examples_facts import ENGINEER, FIRST, GENERAL, UNTITLED, applicant_record, place

from records.batch.dates import PartialDate
from records.batch.model import EmployerNature, Finding, Level, TitleSought
from records.batch.optional import ApplicantStatus, Basis, Post, Workplace
from records.regulation.policy import home_policy
from records.regulation.rules import check
from records.sample.plans import Kind

JUMP = {
    **GENERAL,
    **UNTITLED,
    "a.0.sought": ENGINEER,
    "a.0.employer.nature": EmployerNature.INSTITUTION,
}  # 无职称直接申报副高级


def of(rule: str, facts: dict[str, Any], kind: Kind = Kind.GREEN) -> list[Finding]:
    return [item for item in check(with_facts(base(kind), facts)) if item.rule == rule]


def said(found: list[Finding]) -> list[tuple[str, str]]:
    return [(item.severity.value, item.message) for item in found]


def test_a_record_is_found_by_its_number_under_another_name():
    """细则第七十二条: the record is the person's, whatever name stands in it."""
    record = applicant_record(name="曾用名", identity_number=FIRST.person.identity_number)
    submitted = {"a.0.procedure.submitted": date(2025, 8, 31)}
    found = of("B-E03", {"integrity": record, **submitted})
    assert [item.application_number for item in found] == [FIRST.number]
    assert "曾用名" in found[0].message
    other = applicant_record(identity_number="150102199001011234")
    assert not of("B-E03", {"integrity": other, **submitted}), "same name, another person's number"


@pytest.mark.parametrize(
    ("basis", "facts", "severity", "says"),
    [
        (Basis.GREEN, {}, "强制", "渠道为绿色通道"),
        (Basis.QUALIFICATION, {"a.0.grounds.licence": "无"}, "强制", "有效的职业资格证书"),
        (Basis.QUALIFICATION, {}, "提示", "职业资格"),
        (Basis.SKILLED, {"a.0.standing.status": ApplicantStatus.IN_POST}, "强制", "身份类别为高技能人才"),
        (Basis.SKILLED, {}, "提示", "身份类别"),
        (Basis.SERIES_CONDITIONS, {}, "提示", "评审条件"),
        (Basis.PROGRAM, {}, "强制", "注明培养项目和层次"),
    ],
)
def test_a_policy_that_is_named_excuses_only_under_its_conditions(
    basis: Basis, facts: dict[str, Any], severity: str, says: str
):
    """细则第二十三条: 一般应逐级; what is stated against a claim blocks, what nobody stated is for people to look at."""
    found = of("B-E05", {**JUMP, "a.0.grounds.basis": basis, **facts})
    assert [(item.severity.value, says in item.message) for item in found] == [(severity, True)], said(found)


@pytest.mark.parametrize(
    ("basis", "facts"),
    [
        (Basis.QUALIFICATION, {"a.0.grounds.licence": "注册土木工程师证书"}),
        (Basis.SKILLED, {"a.0.standing.status": ApplicantStatus.SKILLED}),
    ],
)
def test_a_policy_whose_conditions_are_stated_excuses(basis: Basis, facts: dict[str, Any]):
    """The fact stands in its column."""
    assert not of("B-E05", {**JUMP, "a.0.grounds.basis": basis, **facts})


def test_a_failed_claim_of_the_private_sector_says_which_condition_failed():
    """细则第三十八条: named in the sentence that blocks, claimed or not."""
    facts = {
        **JUMP,
        "a.0.employer.nature": EmployerNature.PRIVATE_ENTERPRISE,
        "a.0.education.degree_level": "大学本科",
        "a.0.work_since": PartialDate(2015, 7),
        "a.0.procedure.submitted": date(2025, 6, 20),
    }
    for claimed in ({}, {"a.0.grounds.basis": Basis.PRIVATE_SECTOR}):
        found = of("B-E05", {**facts, **claimed})
        assert [(i.severity.value, "满12年（现9年）" in i.message) for i in found] == [("强制", True)], said(
            found
        )


TOWNSHIP = {
    "a.0.current_title.name": None,
    "a.0.work_since": PartialDate(2022, 1),
    "a.0.education.degree_level": "大学本科",
    "a.0.employer.nature": EmployerNature.INSTITUTION,
    "a.0.grounds.basis": Basis.TOWNSHIP_DIRECT,
    "a.0.standing.workplace": Workplace.TOWNSHIP,
}


def test_an_excuse_of_the_notices_ends_with_them(tmp_path):
    """苏木乡镇直接参评 stands in the notices of 2023 to 2025; a later year's notice brings it back as a policy file."""
    assert not of("B-E05", TOWNSHIP, Kind.ENGINEERING)
    later = {**TOWNSHIP, "year": 2026}
    found = of("B-E05", later, Kind.ENGINEERING)
    assert [(item.severity.value, "2026年" in item.message) for item in found] == [("原则", True)], said(
        found
    )
    (tmp_path / "2026.toml").write_text(
        'notice_grounds = ["苏木乡镇直接参评"]\n[applies]\nsince = 2026\nuntil = 2026\ndated = 2026-05-01\n',
        "utf-8",
    )
    with home_policy(tmp_path):
        assert not of("B-E05", later, Kind.ENGINEERING)
        young = {**later, "a.0.work_since": PartialDate(2025, 1)}
        assert of("B-E13", young, Kind.ENGINEERING), "the rule of that excuse is on again, too"


@pytest.mark.parametrize("series", ["工程类", "工程系列、量子系列"])
def test_a_series_of_the_committee_that_is_none_is_said(series: str):
    """An unknown 评审系列 would switch off the checks of series and authority."""
    found = of("B-C09", {"committee.series": series}, Kind.ENGINEERING)
    assert [item.severity.value for item in found] == ["提示"], said(found)
    assert series.rsplit("、")[-1] in found[0].message


@pytest.mark.parametrize("kind", list(Kind))
def test_the_series_of_lawful_committees_are_known(kind: Kind):
    """Also the green channel's, which are all of them."""
    assert not of("B-C09", {}, kind)


def test_posts_of_nobody_are_said():
    """A row of 岗位 that matches no applicant's unit checks nothing."""

    def posts(**facts: Any) -> dict[str, Any]:
        return {
            "posts": (Post(place=place("岗位"), **{"established": 5, "vacant": 1, "level": "中级", **facts}),)
        }

    found = of("B-E24", posts(employer="没有这个单位"), Kind.ENGINEERING)
    assert [(i.severity.value, i.sheet, i.row) for i in found] == [("提示", "岗位", 2)], said(found)
    own = base(Kind.ENGINEERING).applications[0].employer.name
    assert not of("B-E24", posts(employer=own, vacant=99), Kind.ENGINEERING)
    assert of("B-E24", posts(employer=own, level="高中级"), Kind.ENGINEERING)


def test_talents_and_programmes_block_where_the_text_forbids():
    """细则第三十七条（二）、包头市2025年通知四（三）: who does not meet the class may not apply directly."""
    full = TitleSought(series="工程系列", name="正高级工程师", level=Level.FULL_SENIOR)
    talent = {
        "a.0.sought": full,
        "a.0.current_title.name": "高级工程师",
        "a.0.current_title.appointed": PartialDate(2024, 3),
        "a.0.grounds.talent_class": 5,
    }
    assert [item.severity.value for item in of("B-E19", talent)] == ["强制"]
    programme = {
        "a.0.grounds.basis": Basis.PROGRAM,
        "a.0.grounds.program": "三层次",
        "a.0.standing.workplace": Workplace.CITY,
    }
    assert [item.severity.value for item in of("B-E21", programme, Kind.ENGINEERING)] == ["强制"]


@pytest.mark.parametrize(("requested", "found"), [(date(2024, 9, 20), False), (date(2024, 10, 8), True)])
def test_a_late_request_does_not_excuse_a_late_report_before_2025(requested: date, found: bool):
    """内人社办发〔2024〕85号六（二）4: within a month; a request after it excuses nothing."""
    facts = {
        "year": 2024,
        "review.starts": date(2024, 8, 20),
        "review.ends": date(2024, 8, 22),
        "closing.reported": date(2024, 10, 10),
        "closing.delay_requested": requested,
    }
    assert bool(of("B-T06", facts)) is found
    days = {"review.starts": date(2025, 8, 20), "review.ends": date(2025, 8, 22)}
    report = {"closing.reported": date(2025, 10, 10), "closing.delay_requested": date(2025, 10, 8)}
    later = {"year": 2025, **days, **report}
    assert (len(of("B-T06", later)), len(of("B-T07", later))) == (0, 1), "one cause, one finding"
