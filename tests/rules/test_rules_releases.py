"""放行: only 原则 findings, by a named person with a reason; anything else on the sheet is pointed out."""

from rules_examples import base, with_facts

from records.batch.model import Batch, Place, Release
from records.regulation.rules import apply_releases, check
from records.sample.plans import Kind

SMALL = {"committee.size": 23}


def release(rule: str, number: str | None = None) -> Release:
    return Release(
        place=Place(sheet="放行", row=2),
        rule=rule,
        application_number=number,
        reason="核准备案部门同意调整",
        released_by="苏日娜",
    )


def with_release(rule: str, facts: dict[str, object], number: str | None = None) -> Batch:
    return with_facts(base(Kind.GREEN), {**facts, "releases": (release(rule, number),)})


def test_a_principle_finding_is_released_with_name_and_reason():
    """The finding stays, marked with who and why, for the report's annex."""
    (found,) = [item for item in check(with_release("B-C02", SMALL)) if item.rule == "B-C02"]
    assert (found.released_by, found.released_reason) == ("苏日娜", "核准备案部门同意调整")


def test_a_mandatory_finding_cannot_be_released():
    """It still blocks, and the row of 放行 says why nothing happened."""
    found = check(with_release("B-C01", {"committee.size": 24}))
    assert [item.released_by for item in found if item.rule == "B-C01"] == [None]
    assert any(item.rule == "放行" and "不能放行" in item.message and item.row == 2 for item in found)


def test_a_release_for_one_applicant_leaves_the_others():
    """Only the finding of that application is released."""
    facts = {"a.0.grounds.green_before": True, "a.1.grounds.green_before": True}
    number = base(Kind.GREEN).applications[1].number
    found = [item for item in check(with_release("B-E18", facts, number)) if item.rule == "B-E18"]
    assert {item.application_number: item.released_by for item in found} == {
        base(Kind.GREEN).applications[0].number: None,
        number: "苏日娜",
    }


def test_a_finding_about_an_expert_is_released_by_name():
    """Two experts serve a fourth year; the one who is named is released, the other is not."""
    facts = {f"e.{index}.consecutive_years": 3 for index in (0, 1)} | {
        "e.0.name": "巴特尔",
        "e.1.name": "宝音",
    }
    found = [item for item in check(with_release("B-T14", facts, "宝音")) if item.rule == "B-T14"]
    assert [item.released_by for item in found] == [None, "苏日娜"]


def test_a_release_that_fits_nothing_is_pointed_out():
    """An unknown rule, or a rule without a finding."""
    assert any("没有编号为B-Z99" in item.message for item in check(with_release("B-Z99", {})))
    assert any("没有与此放行相符的问题" in item.message for item in check(with_release("B-C02", {})))


def test_applying_twice_changes_nothing():
    """The checking module may apply releases again over all findings."""
    batch = with_release("B-C02", SMALL)
    once = check(batch)
    assert apply_releases(once, batch) == once
