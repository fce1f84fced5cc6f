"""期限, by year and region: the dates that a year's notice fixes (年度节点), closing days, and the cut-off of evidence."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from records.batch.dates import PartialDate
from records.batch.model import Batch, Channel, Severity
from records.regulation.policy import Node
from records.regulation.rules.committee import SENIOR_COMMITTEES
from records.regulation.rules.core import Applies, Group, Hit, Rule, RuleFamily
from records.regulation.rules.facts import Case, Facts

FILING, CLOSES = "filing", "closes"
BAOTOU, BAOTOU_YEARS = "150200", (2023, 2025)  # 包头市当年有自己的节点
REGION_YEAR = 2024
NOTICE_2024, BAOTOU_2025, BAOTOU_2023 = (
    "内人社办发〔2024〕85号二（一）1",
    "包头市2025年通知二（一）",
    "包头市2023年通知二（一）1",
)
NODE_FACTS: dict[str, tuple[str, Callable[[Batch], date | None]]] = {
    "plan_published": ("计划发布日期", lambda batch: batch.schedule.plan_published),
    "noticed": ("通知日期", lambda batch: batch.schedule.noticed),
    "closes": ("申报截止日期", lambda batch: batch.schedule.closes),
    "filing": ("评委会备案提交日期", lambda batch: batch.committee.filing_submitted),
    "forwarded": ("材料报送日期", lambda batch: batch.schedule.forwarded),
    "published": ("结果公示结束", lambda batch: batch.publicity.ends),
    "approved": ("核准日期", lambda batch: batch.approval.approved_on),
}
REVIEW_NODES = frozenset({"published", "approved"})  # 经同意延期评审的，评审、公示和核准随之推后
NODE_MESSAGE = "超过{place}时间节点：{what}应于{due}前完成，实际{day}。"
NODE_APPROVED = (
    "{what}应于{due}前完成；核准备案日期为{approved}，请核对在线提交日期并填写“评委会备案提交日期”。"
)
NODE_REMEDY = "核对日期；确有困难不能按期的，按当年通知提交书面延期材料。"

nodes = RuleFamily(Group.PERIODS)


def _late(facts: Facts, place: str, clause: str) -> Iterator[Hit]:
    for node in facts.policy.nodes:
        column, fact = NODE_FACTS[node.fact]
        day = fact(facts.batch)
        if day and day > node.due and not _excepted(facts, node):
            hit = facts.at(column, place=place, what=node.what, due=node.due, day=day)
            yield replace(hit, clauses=_clauses(facts, node) or (clause,))
        elif node.fact == FILING and day is None:
            yield from _approved_late(facts, node)


def _clauses(facts: Facts, node: Node) -> tuple[str, ...]:
    """Where the day stands; of a year that only a home folder's notice knows, that document."""
    if node.clause:
        return (node.clause,)
    baotou = facts.league == BAOTOU and facts.year in BAOTOU_YEARS
    return () if facts.year == REGION_YEAR or baotou else facts.policy.documents[-1:]


def _excepted(facts: Facts, node: Node) -> bool:
    """延期评审的 (B-T15 looks at the request), 考评结合 whose closing day the committee sets, and who is not meant."""
    if node.fact in REVIEW_NODES:
        return facts.batch.schedule.postponed_until is not None
    series = {item.name for item in facts.committee_series}
    return (
        (node.fact == CLOSES and facts.examined_committee)
        or (node.senior and facts.batch.committee.level not in SENIOR_COMMITTEES)
        or (node.counties and not facts.census.from_counties)
        or bool(series.intersection(node.later))
    )


def _approved_late(facts: Facts, node: Node) -> Iterator[Hit]:
    """The approval came later than the day for the online submission, which is not stated."""
    approved = facts.batch.committee.filing_approved
    if approved and approved > node.due:
        hit = facts.at("评委会核准备案日期", "approved", what=node.what, due=node.due, approved=approved)
        yield replace(hit, severity=Severity.HINT, clauses=_clauses(facts, node))


@nodes.batch(
    "B-T16",
    "年度节点（自治区2024）",
    NOTICE_2024,
    applies=Applies(text="2024年；其他年度按盟市自己的政策文件"),
    message=NODE_MESSAGE,
    remedy=NODE_REMEDY,
    approved=NODE_APPROVED,
)
def region_2024(facts: Facts) -> Iterator[Hit]:
    """2024年：通知 ≤ 05-25；申报 ≤ 06-29（考评结合按组建单位通知）；评审和公示 ≤ 09-30（延期的见B-T15），下半年绿色通道另有截止日；其他年度按政策文件的节点。"""
    if not (facts.league == BAOTOU and facts.year in BAOTOU_YEARS):
        yield from _late(
            facts, "自治区2024年" if facts.year == REGION_YEAR else f"{facts.year}年", NOTICE_2024
        )


@nodes.batch(
    "B-T17",
    "年度节点（包头2025）",
    BAOTOU_2025,
    "包头市2025年通知六（一）1",
    applies=Applies(first=2025, last=2025, league=BAOTOU, text="包头市2025年"),
    message=NODE_MESSAGE,
    remedy=NODE_REMEDY,
    approved=NODE_APPROVED,
)
def baotou_2025(facts: Facts) -> Iterator[Hit]:
    """计划 ≤ 06-10；通知 ≤ 06-12；线上申报、在线提交评委会备案材料 ≤ 06-25；报送 ≤ 07-04；评审公示 ≤ 08-29；核准 ≤ 09-12。"""
    yield from _late(facts, "包头市2025年", BAOTOU_2025)


@nodes.batch(
    "B-T18",
    "年度节点（包头2023）",
    BAOTOU_2023,
    "包头市2023年通知六（一）1",
    applies=Applies(first=2023, last=2023, league=BAOTOU, text="包头市2023年"),
    message=NODE_MESSAGE,
    remedy=NODE_REMEDY,
    approved=NODE_APPROVED,
)
def baotou_2023(facts: Facts) -> Iterator[Hit]:
    """在线提交评委会备案材料 ≤ 05-30；旗县高级申报 ≤ 06-10（中小学教师可推后）；评审公示 ≤ 09-30；核准备案 ≤ 10-30。"""
    yield from _late(facts, "包头市2023年", BAOTOU_2023)


@nodes.case(
    "B-T19",
    "绿色通道2024下半年截止",
    "内人社办发〔2024〕172号二",
    applies=Applies(first=2024, last=2024, channel=Channel.GREEN, text="2024年下半年绿色通道"),
    message="{name}的材料提交于{submitted}，下半年绿色通道职称评审材料申报截止时间为{closes}。",
    remedy="核对材料提交日期；逾期申报的不予受理。",
)
def green_2024_closes(case: Case) -> Iterator[Hit]:
    """提交日 ≤ 2024-11-08。"""
    closes, submitted = case.facts.policy.green.closes, case.application.procedure.submitted
    if closes and submitted and submitted > closes:
        yield case.at("材料提交日期", submitted=submitted, closes=closes)


@nodes.case(
    "B-T20",
    "业绩材料时点",
    "内人社办发〔2024〕85号二（二）",
    "包头市2025年通知二（二）",
    "包头市2023年通知二（二）",
    message="{name}的“{item}”取得日期{day}晚于申报材料截止时间{cutoff}，不能作为本年度申报依据。",
    remedy="删去截止时间以后取得的材料，或核对日期。",
)
def evidence_before_cutoff(case: Case) -> Iterator[Hit]:
    """每项学历、资历、论文、奖励的日期 ≤ 截止日（等于截止日有效）；考评结合系列按另行通知。"""
    cutoff = case.facts.cutoff
    if cutoff is None or case.examined_first:
        return
    application = case.application
    own = (
        ("毕业时间", "学历", application.education.graduated),
        ("现职称取得时间", "现职称", application.current_title.obtained),
        ("现职称聘任时间", "现职称聘任", application.current_title.appointed),
    )
    for column, item, day in own:
        if _after(day, cutoff):
            yield case.at(column, item=item, day=day, cutoff=cutoff)
    for publication in application.publications:
        if _after(publication.published, cutoff):
            data = {"item": publication.title, "day": publication.published, "cutoff": cutoff}
            yield case.facts.near(publication.place, "日期", application.number, name=case.name, **data)
    for award in application.awards:
        if _after(award.awarded, cutoff):
            data = {"item": award.name, "day": award.awarded, "cutoff": cutoff}
            yield case.facts.near(award.place, "日期", application.number, name=case.name, **data)


def _after(day: PartialDate | None, cutoff: date) -> bool:
    return day is not None and day.earliest > cutoff


RULES: tuple[Rule, ...] = (
    region_2024,
    baotou_2025,
    baotou_2023,
    green_2024_closes,
    evidence_before_cutoff,
)
