"""评委会组成、会议与表决, duties that follow from several facts: experts counted twice, titles that are none of the level, terms, leaders."""

import re
from collections.abc import Iterator

from records.batch.model import Channel, Expert, ExpertRole, Level, Severity
from records.codes import former_title, titles_named
from records.regulation.rules.committee import committee_rules, names_of
from records.regulation.rules.core import REGULATION, Hit, Rule
from records.regulation.rules.facts import Case, Facts
from records.regulation.rules.meeting import meeting

_LEADERS = frozenset({ExpertRole.CHAIR, ExpertRole.VICE_CHAIR})
_BETWEEN = re.compile(r"[、，,；;/／\s]+")


@committee_rules.batch(
    "B-C16",
    "评审专家不得重复",
    "细则第十七条",
    applies=REGULATION,
    message="评审专家{name}（{employer}）在评委名单中列了两次，第{first}行已列；一人只能计一名评委、投一票。",
    remedy="删去重复的一行并更正评委会人数、出席人数；确为另一人的核对姓名和工作单位。",
    namesake="评审专家{name}在评委名单中出现两次（第{first}行、本行），工作单位不同或未填，请核对是否同一人。",
)
def experts_listed_once(facts: Facts) -> Iterator[Hit]:
    """评委名单中姓名和工作单位相同的只有一行；姓名相同而单位不同或未填的给出提示。"""
    seen: dict[str, list[Expert]] = {}
    for expert in facts.batch.committee.experts:
        earlier = seen.setdefault(expert.name, [])
        same = next((one for one in earlier if expert.employer and one.employer == expert.employer), None)
        if same:
            data = {"name": expert.name, "employer": expert.employer, "first": same.place.row or ""}
            yield facts.near(expert.place, "姓名", **data)
        elif earlier:
            data = {"name": expert.name, "first": earlier[0].place.row or ""}
            yield facts.near(expert.place, "姓名", None, "namesake", **data).rated(Severity.HINT)
        earlier.append(expert)


def levels_of(title: str | None) -> frozenset[Level]:
    """The levels that a title may be of (it may name several titles, or an old one); empty where one is unknown."""
    levels: set[Level] = set()
    for name in _BETWEEN.split((title or "").strip()):
        found = titles_named(former_title(name) or name)
        if not found:
            return frozenset()
        levels |= {one.level for one in found}
    return frozenset(levels)


@committee_rules.batch(
    "B-C17",
    "评审专家职称与层级一致",
    "细则第十七条",
    "细则第十八条",
    applies=REGULATION,
    message="评审专家{name}的职称{title}是{own}职称，层级登记为{stated}；评委会组成按职称的实际层级计算。",
    remedy="与专家的职称证书核对，更正“职称”或“层级”；层级不够的更换专家。",
)
def title_fits_level(facts: Facts) -> Iterator[Hit]:
    """评委的职称在职称目录中：登记的层级 ∈ 该职称的层级（目录中没有的职称不判断）。"""
    for expert in facts.batch.committee.experts:
        own = levels_of(expert.title)
        if own and expert.level and expert.level not in own:
            levels = "、".join(level for level in Level if level in own)
            data = {"name": expert.name, "title": expert.title, "own": levels, "stated": expert.level}
            yield facts.near(expert.place, "层级", **data)


@committee_rules.batch(
    "B-C18",
    "评审专家在任期内",
    "细则第十八条",
    applies=REGULATION,
    message="评审专家{name}的任期已于{until}届满，评审会议{meeting}；届满未续聘的不得参加评审。",
    remedy="核对聘任文件；任期届满的重新聘任后参加，或更换专家。",
    early="评审专家{name}自{since}起聘任，评审会议{meeting}时尚未聘任。",
)
def term_covers_meeting(facts: Facts) -> Iterator[Hit]:
    """聘任起 ≤ 评审开始日 ∧ 评审结束日 ≤ 聘任止（末日当天仍在任期内）；未出席的不判断。"""
    review = facts.batch.review
    starts, ends = review.starts or review.ends, review.ends or review.starts
    if not facts.reviewed or starts is None or ends is None:
        return
    for expert in facts.batch.committee.experts:
        if expert.present is False:
            continue
        if expert.term_ends and expert.term_ends < ends:
            data = {"name": expert.name, "until": expert.term_ends, "meeting": ends}
            yield facts.near(expert.place, "聘任结束", **data)
        if expert.term_starts and expert.term_starts > starts:
            data = {"name": expert.name, "since": expert.term_starts, "meeting": starts}
            yield facts.near(expert.place, "聘任开始", None, "early", **data)


@meeting.batch(
    "B-M14",
    "主任委员或副主任委员到会",
    "细则第四十四条",
    applies=REGULATION,
    message="主任委员、副主任委员（{names}）均未出席；评审会议应由主任委员或者副主任委员主持。",
    remedy="核对“职务”和“出席”两列；确实均未出席的，会议须重新召开并重新表决。",
)
def a_leader_attends(facts: Facts) -> Iterator[Hit]:
    """登记了主任、副主任的：其中至少一人出席（有一人未登记出席与否的不判断）。"""
    leaders = [expert for expert in facts.batch.committee.experts if expert.role in _LEADERS]
    if facts.reviewed and leaders and all(expert.present is False for expert in leaders):
        yield facts.near(leaders[0].place, "出席", names=names_of(leaders))


@meeting.case(
    "B-M15",
    "同单位专家回避",
    "细则第五十条",
    severity=Severity.HINT,
    applies=REGULATION,
    message="{name}与出席评审专家{experts}同在{employer}，没有回避记录；请核对是否有利害关系或其他可能影响公正的关系。",
    remedy="在“回避”表登记该专家与申报人的关系和是否已回避；应当回避而未回避的重新表决。",
)
def colleague_recusal(case: Case) -> Iterator[Hit]:
    """出席专家的工作单位 == 申报人的工作单位 → 有该专家对该申报人的回避记录；自主评审的评委本在本单位，不判断。"""
    facts, application = case.facts, case.application
    employer = application.employer.name
    if not facts.reviewed or not employer or facts.batch.review.channel is Channel.AUTONOMOUS:
        return
    known = {row.expert for row in facts.recusals.get(application.number, ())}
    known |= {application.person.name or "", application.procedure.reviewer or ""}  # 由回避规则判断
    colleagues = [one for one in facts.attending_by_employer.get(employer, ()) if one.name not in known]
    if colleagues:
        yield case.at("工作单位", experts=names_of(colleagues), employer=employer)


RULES: tuple[Rule, ...] = (
    experts_listed_once,
    title_fits_level,
    term_covers_meeting,
    a_leader_attends,
    colleague_recusal,
)
