"""The further messages of rules: each is said by some batch, with its numbers and its severity."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from rules_examples import base, with_facts
from rules_examples_batch import BAOTOU_2023, BAOTOU_2025, GREEN_NAMES, IN_2024, correction, recusal
from rules_examples_duties import SAYINGS
from rules_examples_facts import (
    ACCOUNTANT,
    ENGINEER,
    FIRST,
    GENERAL,
    GREEN_2024H2,
    UNTITLED,
    applicant_record,
    post,
)

from records.batch.dates import PartialDate
from records.batch.model import Channel, CommitteeLevel, EmployerNature, Level, Outcome, Place, TitleSought
from records.batch.optional import Basis, Post
from records.input.identity import mod_11_2
from records.input.sheets import sheet
from records.regulation.rules import RULES, check
from records.sample.plans import Kind

MANDATORY, PRINCIPLE, HINT, COMPUTED = "强制", "原则", "提示", "计算"
RENAMED = applicant_record(
    name="曾用名",
    identity_number=FIRST.person.identity_number,
    effective=date(2024, 1, 1),
    until=date(2026, 12, 31),
)
SCHOOL_HEAD = TitleSought(series="中小学教师系列", name="正高级教师", level=Level.FULL_SENIOR)


@dataclass(frozen=True)
class Variant:
    """One further message: what makes the rule say it."""

    rule: str
    says: str
    facts: dict[str, Any]
    severity: str = MANDATORY
    kind: Kind = Kind.GREEN


def with_check(body: str) -> str:
    return body + mod_11_2(body)


VARIANTS = (
    Variant(
        "B-T01",
        "含首日满5个工作日，不含首日为4个",
        {"a.0.employer_publicity.starts": date(2025, 6, 9), "a.0.employer_publicity.ends": date(2025, 6, 13)},
        PRINCIPLE,
    ),
    Variant(
        "B-T02",
        "2025-06-23至2025-06-25共2个（不含首日），还差3个，最早可到2025-06-30",
        {"roster_publicity.starts": date(2025, 6, 23), "roster_publicity.ends": date(2025, 6, 25)},
    ),
    Variant(
        "B-T02",
        "含首日满5个工作日",
        {"roster_publicity.starts": date(2025, 6, 23), "roster_publicity.ends": date(2025, 6, 27)},
        PRINCIPLE,
    ),
    Variant(
        "B-T02",
        "收到异议（1件未处理）",
        {"roster_publicity.objections": "1件未处理", "schedule.forwarded": date(2025, 7, 2)},
    ),
    Variant(
        "B-T05",
        "至2025-10-20仍未处理",
        {"complaints.0.handled": None, "approval.approved_on": date(2025, 10, 20)},
    ),
    Variant(
        "B-T06",
        "一个月的对应日2025-09-20不是工作日，报送日2025-09-22按顺延",
        {"review.ends": date(2025, 8, 20), "closing.reported": date(2025, 9, 22)},
        HINT,
    ),
    Variant("B-T08", "2025-08-21才同意", {"review.minutes.plan_agreed": date(2025, 8, 21)}),
    Variant("B-T11", "销毁清单含会议记录", {"closing.destroyed_papers": "申报材料、会议记录"}),
    Variant("B-T12", "在备案有效期2025-08-21之后", {"committee.filing_valid_until": date(2025, 8, 21)}),
    Variant("B-T15", "延期后的评审日2026-01-10", {"schedule.postponed_until": date(2026, 1, 10)}, HINT),
    *(
        Variant(
            "B-T15",
            says,
            {**BAOTOU_2025, "schedule.postponement_requested": requested, "schedule.postponed_until": until},
        )
        for says, requested, until in (
            ("没有书面延期申请", None, date(2025, 9, 30)),
            ("延期申请2025-09-01才提交，晚于2025-08-29", date(2025, 9, 1), date(2025, 9, 30)),
            ("晚于批准的延期日期2025-08-21", date(2025, 8, 1), date(2025, 8, 21)),
        )
    ),
    *(
        Variant(
            rule,
            "请核对在线提交日期",
            {**facts, "committee.filing_submitted": None, "committee.filing_approved": approved},
            HINT,
        )
        for rule, facts, approved in (
            ("B-T17", BAOTOU_2025, date(2025, 7, 10)),
            ("B-T18", BAOTOU_2023, date(2023, 6, 10)),
        )
    ),
    Variant("B-T21", "未写明补正时限", {"corrections": correction(deadline=None)}),
    Variant(
        "B-T21",
        "2025-07-20再次告知",
        {"corrections": correction() + correction(notified=date(2025, 7, 20), deadline=date(2025, 7, 30))},
        HINT,
    ),
    Variant("B-C04", "应具有高级职称", {"e.0.level": Level.INTERMEDIATE}),
    Variant(
        "B-C04",
        "正高级评委会的评审专家应具有正高级职称",
        {"committee.level": CommitteeLevel.FULL_SENIOR, "e.0.level": Level.ASSOCIATE_SENIOR},
    ),
    Variant("B-C04", "不全是正高级专家（24/25）", {"e.0.level": Level.ASSOCIATE_SENIOR}, HINT),
    Variant("B-C05", "应具有中级以上职称", {"e.0.level": Level.JUNIOR}, kind=Kind.ENGINEERING),
    Variant("B-C13", "不具备评审专家条件", {"e.0.eligible": False}),
    Variant(
        "B-C15",
        "备案范围含初级的",
        {"a.0.sought.level": Level.JUNIOR},
        PRINCIPLE,
        kind=Kind.ENGINEERING,
    ),
    Variant("B-M01", "出席人数26多于评委会人数25，多1人", {"committee.present": 26}),
    Variant(
        "B-M02",
        "同意16票，出席23人，已达2/3（16票），应为通过",
        {"a.0.vote.for_": 16, "a.0.outcome": Outcome.FAILED},
    ),
    Variant("B-M03", "废票票数为-1", {"a.0.vote.invalid": -1}),
    Variant(
        "B-M03",
        "有1名出席专家回避，票数合计23仍等于出席人数",
        {
            "recusals": (recusal(withdrew=True)[0].model_copy(update={"expert": "宝音"}),),
            "e.0.name": "宝音",
            **{f"a.0.vote.{part}": votes for part, votes in (("for_", 18), ("against", 3), ("abstained", 2))},
            "a.0.vote.invalid": None,
        },
        HINT,
    ),
    Variant("B-M05", "只有2名专家提出评议意见", {"a.0.procedure.panel_experts": 2}),
    Variant(
        "B-M06", "未出席会议", {"e.0.present": False, "e.0.name": "主任丙", "review.minutes.host": "主任丙"}
    ),
    Variant("B-M06", "宣布人委员甲不是", {"e.5.name": "委员甲", "review.minutes.announcer": "委员甲"}),
    Variant("B-M07", "登记的签字人委员甲不是", {"e.5.name": "委员甲", "review.minutes.signer": "委员甲"}),
    Variant("B-M07", "须加盖评委会印章", {"review.minutes.sealed": False}),
    Variant("B-M10", "同名同单位，疑为本人", {**GREEN_NAMES, "a.0.person.name": "宝音"}),
    Variant("B-M10", "由出席评审专家宝音审核推荐", {**GREEN_NAMES, "a.0.procedure.reviewer": "宝音"}),
    Variant("B-M11", "晚于会议开始日2025-08-20", {"e.0.pledged_on": date(2025, 8, 21)}),
    *(
        Variant("B-E05", says, {**GENERAL, **UNTITLED, "a.0.sought": ENGINEER, **facts}, severity)
        for says, facts, severity in (
            ("“绿色通道”缺少：渠道为绿色通道", {"a.0.grounds.basis": Basis.GREEN}, MANDATORY),
            ("2026年没有收录当年通知", {"year": 2026, "a.0.grounds.basis": Basis.GRASSROOTS_LONG}, PRINCIPLE),
            ("请核对职业资格证书", {"a.0.grounds.basis": Basis.QUALIFICATION}, HINT),
            ("请核对是否高技能人才", {"a.0.grounds.basis": Basis.SKILLED}, HINT),
            ("请核对本系列评审条件的原文", {"a.0.grounds.basis": Basis.SERIES_CONDITIONS}, HINT),
        )
    ),
    Variant("B-E03", "与诚信记录中的曾用名相同", {"integrity": RENAMED}),
    Variant("B-C09", "“工程类”不在职称系列目录中", {"committee.series": "工程类"}, HINT, Kind.ENGINEERING),
    Variant(
        "B-E24",
        "没有对应的申报人员",
        {"posts": (Post(place=Place("岗位", 2), employer="别的单位", level="中级"),)},
        HINT,
        Kind.ENGINEERING,
    ),
    Variant(
        "B-E05",
        "已高于所申报的副高级",
        {"a.0.sought": ENGINEER, "a.0.current_title.name": "正高级工程师"},
    ),
    Variant(
        "B-E05",
        "与申报职称相同",
        {"a.0.sought": ENGINEER, "a.0.current_title.name": "高级工程师"},
        HINT,
    ),
    Variant(
        "B-E09",
        "转评工程系列并申报高一级，须先转评同级职称",
        {
            "committee.series": "工程系列",
            "a.0.current_title.name": "助理农艺师",
            "a.0.employer.nature": EmployerNature.INSTITUTION,
        },
        kind=Kind.ENGINEERING,
    ),
    Variant(
        "B-E06",
        "有效期至2024-12-31",
        {
            "a.0.sought": TitleSought(series="经济系列", name="高级经济师", level=Level.ASSOCIATE_SENIOR),
            "a.0.grounds.exam_valid_until": date(2024, 12, 31),
        },
    ),
    Variant("B-E16", "人才类别“7”不在2025年政策序号（1—6）", {"a.0.talent_category": "第7类"}),
    Variant("B-E17", "人才类别“9”不在2024年政策序号（1—8）", {**IN_2024, "a.0.talent_category": "9"}),
    Variant(
        "B-E17",
        "海外从事专业技术工作3年以上（现2年）",
        {**GREEN_2024H2, "a.0.talent_category": "5", "a.0.grounds.overseas_years": 2},
    ),
    Variant(
        "B-E17",
        "从事专业技术工作10年以上（现9年）",
        {
            **GREEN_2024H2,
            "a.0.talent_category": "四",
            "a.0.work_since": PartialDate(2015, 1),
            "a.0.procedure.submitted": date(2024, 11, 1),
        },
    ),
    Variant("B-E18", "应推荐参加社会化评审", {**GREEN_2024H2, "a.0.grounds.meets_general": True}),
    Variant("B-E18", "当年不得再次申报", {**GREEN_2024H2, "a.0.grounds.failed_without_new": True}, PRINCIPLE),
    Variant(
        "B-E22",
        "在派驻地连续工作未满1年（2025-03起）",
        {
            "a.0.standing.posted": True,
            "a.0.employer.nature": EmployerNature.PRIVATE_ENTERPRISE,
            "a.0.grounds.in_region_since": PartialDate(2025, 3),
        },
    ),
    Variant(
        "B-E23",
        "担任行政领导的正高级教师通过10名，不得超过5名",
        {**BAOTOU_2023, "a.*.sought": SCHOOL_HEAD, "a.*.standing.leader": True},
    ),
    Variant(
        "B-E23",
        "推荐总数12名的30%（至多3名）",
        {
            **BAOTOU_2023,
            "a.*.sought": SCHOOL_HEAD,
            **{f"a.{index}.standing.leader": True for index in range(4)},
        },
    ),
    Variant(
        "B-E24",
        "加已设岗位20个的5%（至多1人）",
        {
            **BAOTOU_2023,
            "posts": post(vacant=0),
            "a.*.employer": base(Kind.ENGINEERING).applications[0].employer,
            "a.*.employer.nature": EmployerNature.INSTITUTION,
        },
        kind=Kind.ENGINEERING,
    ),
    Variant("B-E25", "只评高级职称", {"a.0.sought.level": Level.INTERMEDIATE}, kind=Kind.TARGETED),
    Variant("B-E25", "定向领域“会计”不在", {"a.0.grounds.targeted_field": "会计"}, kind=Kind.TARGETED),
    Variant(
        "B-E25",
        "工程系列中只有林草、水利专业",
        {"a.0.sought": ENGINEER.model_copy(update={"specialty": "建筑"})},
        HINT,
        kind=Kind.TARGETED,
    ),
    Variant(
        "B-A04",
        "审核日期2025-06-20晚于单位公示开始日",
        {
            "a.0.procedure.reviewer": "李四",
            "a.0.procedure.review_opinion": "同意",
            "a.0.procedure.reviewed_on": date(2025, 6, 20),
            "a.0.procedure.recommended_on": date(2025, 6, 10),
            "a.0.employer_publicity.starts": date(2025, 6, 9),
            "a.0.employer_publicity.ends": date(2025, 6, 16),
        },
    ),
    Variant(
        "B-A05",
        "不能写“公示无异议”",
        {
            "a.0.employer_publicity.objections": "1件，已查否",
            "a.0.procedure.recommendation": "公示无异议，同意推荐。",
        },
    ),
    Variant("B-S03", "不在评审会议期间（2025-08-20至2025-08-22）", {"a.0.voted_on": date(2025, 8, 25)}),
    Variant("B-S04", "早于备案核准日期2025-09-01", {"committee.filing_approved": date(2025, 9, 1)}),
    Variant("B-S07", "公示至2025-09-01，2025-09-01即核准", {"approval.approved_on": date(2025, 9, 1)}),
    Variant("B-S07", "举报JB2025-001尚未办结，核准日期却为", {"complaints.0.handled": None}),
    Variant("B-S07", "举报JB2025-001到2026-09-01才处理", {"complaints.0.handled": date(2026, 9, 1)}),
    Variant("B-S07", "看不出是否属实", {"complaints.0.conclusion": "已回复举报人"}),
    Variant("B-S07", "举报JB2025-001部分属实", {"complaints.0.conclusion": "部分属实"}),
    Variant("B-S07", "举报JB2025-001属实", {"complaints.0.conclusion": "经查实，论文系代写"}),
    Variant("B-S07", "举报JB2025-001属实", {"complaints.0.conclusion": "反映情况属实，取消资格"}),
    Variant("B-X03", "号码位数不对", {"a.0.person.identity_number": "15010119800101"}),
    Variant(
        "B-X03", "校验位错误：末位为0，按前17位应为", {"a.0.person.identity_number": "150101198001010000"}
    ),
    Variant(
        "B-X03",
        "表示出生日期1980-01-01，与登记的出生年月1981-02不一致",
        {
            "a.0.person.identity_number": with_check("15010119800101000"),
            "a.0.person.birth": PartialDate(1981, 2),
        },
    ),
    Variant(
        "B-X03",
        "请与证件原件核对",
        {"a.0.person.identity_number": with_check("15080120010101000")},
        HINT,
    ),
    Variant("B-E01", "单位性质为机关", {"a.0.employer.nature": EmployerNature.GOVERNMENT}, HINT),
    Variant(
        "B-X04",
        "教授级高级工程师为旧称，现为正高级工程师",
        {"a.0.sought": ENGINEER.model_copy(update={"name": "教授级高级工程师"})},
    ),
    Variant(
        "B-X04",
        "高级工程师是工程系列副高级",
        {"a.0.sought": ENGINEER.model_copy(update={"level": Level.FULL_SENIOR})},
    ),
    Variant("B-X04", "职称系列“魔术系列”不在目录中", {"a.0.sought.series": "魔术系列"}),
    Variant("B-X07", "申报总人数13与申报人员名单的12人不一致", {"tally.total": 13}),
)
VARIANTS += tuple(Variant(*said) for said in SAYINGS)


@pytest.mark.parametrize("case", VARIANTS, ids=lambda case: f"{case.rule}-{case.says[:12]}")
def test_the_message_names_its_numbers(case: Variant):
    """The rule says it at a column of the workbook, with the severity that fits."""
    found = [item for item in check(with_facts(base(case.kind), case.facts)) if item.rule == case.rule]
    said = [item for item in found if case.says in item.message]
    assert said, [item.message for item in found]
    assert {item.severity for item in said} == {case.severity}
    assert all(sheet(item.sheet).column(item.column or "") for item in said)


def test_an_unschooled_first_applicant_of_the_private_sector_needs_no_basis():
    """细则第三十八条 holds by itself: 本科 and 12 years in a private enterprise may go for 副高级."""
    facts = {
        **UNTITLED,
        "review.channel": Channel.GENERAL,
        "a.0.sought": ENGINEER,
        "a.0.employer.nature": EmployerNature.PRIVATE_ENTERPRISE,
        "a.0.education.degree_level": "大学本科",
        "a.0.work_since": PartialDate(2010, 7),
    }
    assert not [item for item in check(with_facts(base(Kind.GREEN), facts)) if item.rule == "B-E05"]


def test_objections_that_never_came_do_not_hold_up_the_papers():
    """未收到异议 is no open objection."""
    facts = {"roster_publicity.objections": "未收到异议", "schedule.forwarded": date(2025, 7, 2)}
    assert not [item for item in check(with_facts(base(Kind.GREEN), facts)) if item.rule == "B-T02"]


def test_examined_series_have_a_cutoff_of_their_own():
    """考评结合 goes by the committee's own notice, so the city's 15 July does not bind it."""
    facts = {**BAOTOU_2025, "a.0.publications.0.published": PartialDate(2025, 7, 16)}
    accountant = {**facts, "a.0.sought": ACCOUNTANT}
    for own, found in ((facts, True), (accountant, False)):
        rules = {item.rule for item in check(with_facts(base(Kind.GREEN), own))}
        assert ("B-T20" in rules) is found


def test_templates_of_all_messages_use_simple_placeholders():
    """No message holds an expression; each placeholder is a name."""
    for rule in RULES:
        for text in (rule.message, *rule.variants.values()):
            assert text.count("{") == text.count("}")
            assert "{}" not in text
