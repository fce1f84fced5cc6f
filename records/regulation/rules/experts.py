"""评委会组成, the single expert: retired, from outside, from enterprises and the grass roots, fit; and the scope of review."""

from collections.abc import Iterator
from datetime import date

from records.batch.model import Channel, CommitteeLevel, Expert, Level, Severity
from records.batch.optional import IntegrityRecord, Offender
from records.regulation.policy import league_code
from records.regulation.rules.committee import committee_rules, names_of
from records.regulation.rules.core import REGULATION, Applies, Hit, Rule
from records.regulation.rules.facts import Case, Facts

LEAST_FROM_OUTSIDE = 1  # “一定数量”未定量
_LEVELS = {
    CommitteeLevel.FULL_SENIOR: frozenset({Level.FULL_SENIOR}),
    CommitteeLevel.ASSOCIATE_SENIOR: frozenset({Level.ASSOCIATE_SENIOR}),
    CommitteeLevel.SENIOR: frozenset({Level.FULL_SENIOR, Level.ASSOCIATE_SENIOR}),
    CommitteeLevel.INTERMEDIATE: frozenset({Level.INTERMEDIATE}),
    CommitteeLevel.JUNIOR: frozenset({Level.JUNIOR}),
}


@committee_rules.batch(
    "B-C08",
    "退休专家",
    "细则第十九条",
    severity=Severity.PRINCIPLE,
    applies=REGULATION,
    message="{name}已退休，除本行业领域紧缺人才外原则上不再作为专家库人选。",
    remedy="更换专家；属于本行业领域紧缺人才的在“紧缺人才”列填“是”。",
)
def retired_expert(facts: Facts) -> Iterator[Hit]:
    """退休 → 原则上不入库，除非是本行业领域紧缺人才。"""
    for expert in facts.batch.committee.experts:
        if expert.retired and not expert.scarce:
            yield facts.near(expert.place, "退休", name=expert.name)


@committee_rules.batch(
    "B-C10",
    "自主评审单位外单位专家",
    "细则第四十四条",
    "内人社办发〔2024〕85号六（一）2",
    "包头市2025年通知六（一）2",
    applies=REGULATION,
    message="自主评审须保证{rule}的非本单位同行专家参加：{who}{size}人中外单位{outside}人，至少{least}人。",
    remedy="增加外单位同行专家，或核对评委名单的“外单位”列。",
)
def experts_from_outside(facts: Facts) -> Iterator[Hit]:
    """2024、2025年：3×外单位 ≥ N，出席专家同样校验；其他年：外单位 ≥ 1。"""
    if facts.batch.review.channel is not Channel.AUTONOMOUS:
        return
    for who, experts in (("评委会", facts.batch.committee.experts), ("出席", facts.attending)):
        if not any(expert.external is not None for expert in experts):
            continue
        outside = sum(expert.external is True for expert in experts)
        share = facts.policy.external_share
        least = -(-len(experts) * share.numerator // share.denominator) if share else LEAST_FROM_OUTSIDE
        if outside < least:
            rule = "三分之一以上" if share else "一定数量"
            data = {"rule": rule, "who": who, "outside": outside, "size": len(experts)}
            yield Hit(experts[0].place.sheet, None, "外单位", None, {**data, "least": least})


@committee_rules.batch(
    "B-C11",
    "民营企业专家",
    "内人社办发〔2024〕85号六（一）1",
    "包头市2025年通知六（一）1",
    severity=Severity.HINT,
    applies=Applies(first=2024, last=2025, text="2024、2025年"),
    message="本批次有企业申报人员{people}名，评委会没有民营企业专家；与企业相关的评委会要吸纳一定比例的民营企业专家。",
    remedy="从专家库补充民营企业专家，或核对“民营企业”列。",
)
def experts_of_enterprises(facts: Facts) -> Iterator[Hit]:
    """与企业相关的评委会：民企专家 ≥ 1（“一定比例”未定量）。"""
    experts = facts.batch.committee.experts
    stated = [expert.private for expert in experts if expert.private is not None]
    if not stated or any(stated):
        return
    people = facts.census.of_enterprises
    if people:
        yield Hit(experts[0].place.sheet, None, "民营企业", None, {"people": people})


@committee_rules.batch(
    "B-C12",
    "基层和本系统外专家",
    "细则第四十四条",
    severity=Severity.HINT,
    applies=REGULATION,
    message="出席专家应包括一定比例的{kind}专家，当前没有。",
    remedy="补充相应专家，或核对评委名单的“{column}”列。",
)
def experts_of_the_grassroots(facts: Facts) -> Iterator[Hit]:
    """出席专家中 基层 ≥ 1 且 系统外 ≥ 1（“一定比例”未定量）。"""
    attending = facts.attending
    sides = {
        ("基层", "基层"): [expert.grassroots for expert in attending if expert.grassroots is not None],
        ("系统外", "本系统以外"): [e.outside_system for e in attending if e.outside_system is not None],
    }
    for (column, kind), stated in sides.items():
        if stated and not any(stated):
            yield Hit(attending[0].place.sheet, None, column, None, {"kind": kind, "column": column})


def record_against(facts: Facts, name: str, kind: Offender, day: date | None) -> IntegrityRecord | None:
    """The integrity record of that person in force on `day` (its last day included); None without one."""
    for record in facts.integrity.get(name, ()):
        if record.kind in (kind, None) and record.effective and day and record.effective <= day:
            until = facts.record_ends(record)
            if until is None or day <= until:
                return record
    return None


@committee_rules.batch(
    "B-C13",
    "评审专家条件",
    "细则第十八条",
    "细则第七十三条",
    applies=REGULATION,
    message="{name}不具备评审专家条件（守法、品德、相应层级职称、从事本领域、能履职）。",
    remedy="移出专家库并更换专家。",
    recorded="{name}在职称评审诚信档案记录期限内（至{until}），不得担任评审专家。",
)
def fit_experts(facts: Facts) -> Iterator[Hit]:
    """五项条件均为真；诚信档案中无在录的专家失信。"""
    day = facts.batch.review.starts or facts.batch.review.ends
    for expert in facts.batch.committee.experts:
        if expert.eligible is False:
            yield facts.near(expert.place, "符合专家条件", name=expert.name)
        record = record_against(facts, expert.name, Offender.EXPERT, day)
        if record:
            until = facts.record_ends(record)
            yield facts.near(expert.place, "姓名", None, "recorded", name=expert.name, until=until)


@committee_rules.batch(
    "B-C14",
    "包头2023高级评委全部异地",
    "包头市2023年通知七",
    applies=Applies(first=2023, last=2023, league="150200", text="包头市2023年"),
    message="为避免圈子评审，高级评委全部异地邀请：{names}在本市。",
    remedy="更换为异地专家，或核对“所在地区代码”列。",
)
def experts_from_elsewhere(facts: Facts) -> Iterator[Hit]:
    """∀ 评委.所在地 ≠ 包头（仅包头2023自评高级）。"""
    committee = facts.batch.committee
    senior = committee.level and committee.level.value.endswith("高级")
    if not (senior and facts.policy.experts_from_outside):
        return
    local: list[Expert] = [e for e in committee.experts if league_code(e.region_code) == facts.league]
    if local:
        yield Hit(local[0].place.sheet, None, "所在地区代码", None, {"names": names_of(local)})


@committee_rules.case(
    "B-C15",
    "评审权限",
    "细则第十五条",
    "细则第三十六条（一）",
    "细则第七十六条",
    applies=REGULATION,
    message="{name}申报{series}{level}，不属于本评委会备案的评审范围（{committee}），不予受理。",
    remedy="退回申报材料并说明理由，改报有权限的评委会；或核对系列、等级是否误填。",
    lower="{name}申报{level}，本评委会为{committee}；备案范围含{level}的，在“放行”表写明备案文件。",
)
def within_authority(case: Case) -> Iterator[Hit]:
    """申报(系列, 层级) ∈ 评委会备案范围；绿色通道评委会评审各系列；中级评委会评审初级须备案范围含初级（原则）。"""
    committee, sought = case.facts.batch.committee, case.application.sought
    allowed = _LEVELS[committee.level] if committee.level else None
    data = {"series": sought.series or "", "level": sought.level or ""}
    if sought.level and allowed and sought.level not in allowed:
        filed = f"{committee.level}评委会"
        if (committee.level, sought.level) == (CommitteeLevel.INTERMEDIATE, Level.JUNIOR):
            yield case.at("申报资格等级", "lower", committee=filed, **data).rated(Severity.PRINCIPLE)
        else:
            yield case.at("申报资格等级", committee=filed, **data)
    series = case.facts.committee_series
    if case.green or not series or case.series is None:
        return
    if all(case.series.name != item.name for item in series):
        yield case.at("职称系列", committee="、".join(item.name for item in series), **data)


RULES: tuple[Rule, ...] = (
    retired_expert,
    experts_from_outside,
    experts_of_enterprises,
    experts_of_the_grassroots,
    fit_experts,
    experts_from_elsewhere,
    within_authority,
)
