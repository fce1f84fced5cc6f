"""The conflicts between documents: the later one wins, by year and region; a home folder may override."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from rules_examples import base, with_facts
from rules_examples_batch import BAOTOU_2023, BAOTOU_2025, IN_2024
from rules_examples_facts import GREEN_2024H2

from records.batch.dates import PartialDate
from records.batch.model import EmployerNature
from records.regulation.authority import authority_of
from records.regulation.policy import Policy, PolicyUnreadable, home_policy, policy_of
from records.regulation.rules import check
from records.sample.plans import Kind

IN_2023 = {"year": 2023}
IN_2025 = {"year": 2025}
IN_2026 = {"year": 2026}


def policy(facts: dict[str, Any]) -> Policy:
    return policy_of(with_facts(base(Kind.GREEN), facts))


def rules_on(facts: dict[str, Any], kind: Kind = Kind.GREEN) -> set[tuple[str, str]]:
    return {(item.rule, item.severity.value) for item in check(with_facts(base(kind), facts))}


def test_which_regulation_governs():
    """细则版本: 2023 and 2024 the old one and the year's notice, from 2025 the new one."""
    for facts in (IN_2023, IN_2024):
        assert any("内人社发〔2023〕4号" in text for text in policy(facts).documents)
        assert not any("2025〕16号" in text for text in policy(facts).documents)
    for facts in (IN_2025, IN_2026):
        assert any("内人社发〔2025〕16号" in text for text in policy(facts).documents)
        assert not any("2023〕4号" in text for text in policy(facts).documents)


@pytest.mark.parametrize(
    ("facts", "share"),
    [(IN_2023, None), (IN_2024, Fraction(1, 3)), (IN_2025, Fraction(1, 3)), (IN_2026, None)],
)
def test_share_of_experts_from_outside(facts: dict[str, Any], share: Fraction | None):
    """外单位专家比例: a third in 2024 and 2025 by the year's notice, else a certain number."""
    assert policy(facts).external_share == share


@pytest.mark.parametrize(
    ("facts", "numbers", "elsewhere"),
    [
        (IN_2023, 7, ("6", "7")),
        (IN_2024, 8, ("7", "8")),
        (GREEN_2024H2, 7, ()),
        (IN_2025, 6, ()),
        (IN_2026, 6, ()),
    ],
)
def test_green_channel_numbers_of_the_year(facts: dict[str, Any], numbers: int, elsewhere: tuple[str, ...]):
    """绿色通道类别: the year's own numbers; some go to the ordinary committees."""
    green = policy(facts).green
    assert list(green.categories) == [str(number) for number in range(1, numbers + 1)]
    assert green.elsewhere == elsewhere


def test_what_only_the_second_half_of_2024_asks():
    """英才兴蒙5—6类满一年、证书不能查验走绿色通道: only in the notice of 14 October 2024."""
    assert policy(GREEN_2024H2).green.local_year
    assert "不能网上查验" in policy(GREEN_2024H2).green.categories["7"]
    assert not policy(IN_2024).green.local_year
    assert not policy(IN_2025).green.local_year


def test_year_of_work_in_the_region():
    """非公直报“满1年”: asked from 2025 on."""
    assert [policy(facts).private_needs_local_year for facts in (IN_2023, IN_2024, IN_2025)] == [
        False,
        False,
        True,
    ]


def test_words_of_the_year():
    """核准备案报告 or 核准报告, 花名册 by year, 农牧民称谓, 评审表名称."""
    assert policy(IN_2024).wording["report"] == "核准备案报告"
    assert policy(IN_2025).wording["report"] == "核准报告"
    assert policy(IN_2024).wording["passed_roster"] == "高级专业技术职称评审通过人员花名册"
    assert policy(IN_2023).wording["farmer"] == "新型职业农牧民职称"
    assert policy(IN_2025).wording["farmer"] == "农牧民职称"
    assert policy(IN_2025).wording["review_form"] == "专业技术职称评审表"


def test_five_percent_over_posts_only_in_baotou_2023():
    """包头2023“超岗5%”; experts all from elsewhere."""
    assert policy(BAOTOU_2023).over_post_share == Fraction(5, 100)
    assert policy(BAOTOU_2023).experts_from_outside
    for facts in (IN_2023, BAOTOU_2025, {**IN_2024, "region_code": "150200"}):
        assert policy(facts).over_post_share is None
        assert not policy(facts).experts_from_outside


def test_quotas_of_full_senior_teachers():
    """2024全区200，包头2025=28，包头2023=17."""
    found = [
        policy(facts).quota.full_senior_teachers for facts in (IN_2024, BAOTOU_2025, BAOTOU_2023, IN_2025)
    ]
    assert found == [200, 28, 17, None]


def test_severity_by_year():
    """跨年度: 强制 in 2023 and 2024, 提示 later; 电子档案: 强制 in 2024 only."""
    late = {"closing.archived": date(2025, 10, 16)}
    assert ("B-T10", "提示") in rules_on({**late, **IN_2025})
    assert ("B-T10", "强制") in rules_on({**late, "year": 2024})
    assert ("B-T15", "强制") in rules_on({"year": 2024})
    assert ("B-T15", "提示") in rules_on({"year": 2026})


def test_result_must_be_published_within_five_days_only_since_the_new_regulation():
    """第五十一条 of 2025-05-12 is not applied to earlier reviews."""
    late = {"publicity.starts": date(2025, 9, 1)}
    assert ("B-T03", "强制") in rules_on({**late, **IN_2025})
    earlier = {"review.starts": date(2025, 5, 7), "review.ends": date(2025, 5, 9)}
    assert "B-T03" not in {rule for rule, _ in rules_on({**earlier, "publicity.starts": date(2025, 5, 26)})}


def test_woods_and_grass_are_one_field():
    """定向评价领域“林业/林草”: both names are good."""
    for name in ("林业", "林草"):
        assert "B-E25" not in {r for r, _ in rules_on({"a.0.grounds.targeted_field": name}, Kind.TARGETED)}


def test_freelancers_are_reviewed_where_they_pay_or_by_their_agency():
    """自由职业者初审: taxes or insurance first (2025), an agency that keeps the file may do it too."""
    freelance = {"a.0.employer.nature": EmployerNature.FREELANCE}
    for unit, good in (("东胜区人力资源和社会保障局", True), ("北疆人才服务公司", True), ("某协会", False)):
        found = {r for r, _ in rules_on({**freelance, "a.0.procedure.reviewing_unit": unit})}
        assert ("B-A03" not in found) is good


def test_a_home_folder_overrides_by_league(tmp_path: Path):
    """A 盟市 writes the same kind of file into its home: later date wins there, nothing changes elsewhere."""
    folder = tmp_path / "policy"
    folder.mkdir()
    (folder / "150600-2025.toml").write_text(
        'cutoff = 2025-03-31\nnodes = [{ fact = "approved", what = "核准", due = 2025-09-01 }]\n[applies]\nsince = 2025\nregion = "150600"\ndated = 2025-06-05\n'
        '[severity]\n"B-M13" = "强制"\n',
        "utf-8",
    )
    (folder / "regions.toml").write_text('[region."150600"]\noffice = "鄂尔多斯市人社局（试点）"\n', "utf-8")
    facts = {"a.0.publications.0.published": PartialDate(2025, 4), "review.supervisor": None}
    with home_policy(folder):
        found = rules_on(facts, Kind.ENGINEERING)
        assert {("B-T20", "强制"), ("B-M13", "强制"), ("B-T16", "强制")} <= found
        assert authority_of("150600").name == "鄂尔多斯市人社局（试点）"
        assert authority_of("150621").name == "达拉特旗人力资源和社会保障局"
        assert "B-T20" not in {rule for rule, _ in rules_on(facts, Kind.GREEN)}
    assert rules_on(facts, Kind.ENGINEERING) == {("B-M13", "提示")}


@pytest.mark.parametrize(
    "text", ["[applies", "cutoff = 2025-01-01\n", "[applies]\ndated = 2025-01-01\nstray = 1\n"]
)
def test_a_broken_policy_file_is_named(tmp_path: Path, text: str):
    """Not TOML, without [applies], or with an unknown key: refused with the file's path."""
    (tmp_path / "own.toml").write_text(text, "utf-8")
    with pytest.raises(PolicyUnreadable) as caught, home_policy(tmp_path):
        pass
    assert "own.toml" in caught.value.diagnostics()
