"""期限, continued: filing before the meeting, files and papers after it, terms of experts, the year's boundary."""

from collections.abc import Iterator
from datetime import date, timedelta

from records.batch.model import Severity
from records.regulation.calendar import add_months, add_years, is_past, last_of_years, postpone
from records.regulation.rules.core import REGULATION, SINCE_REGULATION, Applies, Group, Hit, Rule, RuleFamily
from records.regulation.rules.facts import Facts
from records.regulation.rules.periods import KEEP_PAPERS_YEARS, PLAN_DAYS_BEFORE, TERM_YEARS
from records.regulation.rules.sources import BAOTOU

ARCHIVE_WITHIN_MONTHS = 1  # 内人社办发〔2024〕85号七（二）2
SERVED_YEARS_IN_A_ROW = 3  # 细则第四十四条
BAOTOU_NOTICE_YEAR = 2025  # 包头市2025年通知六（二）1
KEPT_PAPERS = ("评审表", "会议记录")  # 细则第四十八、五十八条：存档、长期保存
_DAY = timedelta(days=1)

terms = RuleFamily(Group.PERIODS)


@terms.batch(
    "B-T09",
    "包头：组建情况和评审方案报备",
    "包头市2025年通知二（一）3、四（二）4",
    applies=Applies(first=2025, last=2025, league="150200", text="包头市2025年"),
    message="应在开评一周前（{deadline}前）将评委会组建情况和评审方案报市人社局备案，实际{reported}。",
    remedy="核对报备日期；委托、联合评审的情况也在开评一周前报备。",
)
def reported_to_the_city(facts: Facts) -> Iterator[Hit]:
    """报备日 ≤ 开评日 − 7日。"""
    starts, reported = facts.batch.review.starts, facts.batch.committee.reported
    if starts is None or reported is None:
        return
    deadline = starts - timedelta(days=PLAN_DAYS_BEFORE)
    if reported > deadline:
        yield facts.at("组建情况报备日期", deadline=deadline, reported=reported)


@terms.batch(
    "B-T10",
    "电子档案上传",
    "内人社办发〔2024〕85号七（二）2",
    severity=Severity.HINT,
    message="已用印的评审表扫描件应在核准备案（{approved}）后1个月内（{deadline}前）上传，实际{archived}。",
    remedy="尽快将已核准用印的评审表扫描上传职称管理系统。",
)
def archived_in_time(facts: Facts) -> Iterator[Hit]:
    """上传日 ≤ 顺延(加月(核准备案日, 1))。2024年为强制，其他年提示。"""
    approved, archived = facts.batch.approval.approved_on, facts.batch.closing.archived
    if approved is None or archived is None:
        return
    plain = add_months(approved, ARCHIVE_WITHIN_MONTHS)
    if is_past(archived, plain):
        deadline = postpone(plain)
        yield facts.at("电子档案上传日期", approved=approved, deadline=deadline, archived=archived)


@terms.batch(
    "B-T11",
    "申报材料销毁",
    "细则第五十八条",
    applies=REGULATION,
    message="申报材料存备查满1年后方可销毁：{allowed}起可销毁，实际{destroyed}。",
    remedy="材料留存评委会办事机构备查满1年；评审表退回存入个人档案，会议记录长期保存。",
    kept="销毁清单含{paper}：评审表存入个人档案，会议记录长期保存，不得销毁。",
)
def papers_kept(facts: Facts) -> Iterator[Hit]:
    """销毁日 > 加年(max(评审结束日, 核准日), 1)；评审表、会议记录不在销毁清单。"""
    closing, approved = facts.batch.closing, facts.batch.approval.approved_on
    known = [day for day in (facts.batch.review.ends, approved) if day]
    if closing.destroyed and known:
        full = add_years(max(known), KEEP_PAPERS_YEARS)
        if closing.destroyed <= full:
            yield facts.at("材料销毁日期", allowed=full + _DAY, destroyed=closing.destroyed)
    for paper in KEPT_PAPERS:
        if paper in (closing.destroyed_papers or ""):
            yield facts.at("销毁材料", "kept", paper=paper)


@terms.batch(
    "B-T13",
    "评审专家任期",
    "细则第十八条",
    applies=REGULATION,
    message="评审专家{name}每届任期不得超过3年：{starts}至{ends}，最迟应到{latest}。",
    remedy="按聘任文件更正任期；期满的重新聘任或移出专家库。",
)
def expert_term(facts: Facts) -> Iterator[Hit]:
    """聘任止 ≤ 加年(聘任起, 3) − 1日。"""
    for expert in facts.batch.committee.experts:
        if expert.term_starts is None or expert.term_ends is None:
            continue
        latest = last_of_years(expert.term_starts, TERM_YEARS)
        if expert.term_ends > latest:
            days = {"starts": expert.term_starts, "ends": expert.term_ends, "latest": latest}
            yield facts.near(expert.place, "聘任结束", name=expert.name, **days)


@terms.batch(
    "B-T14",
    "连续三年任评委",
    "细则第四十四条",
    "内人社办发〔2024〕85号六（一）2",
    "包头市2025年通知六（一）2",
    "包头市2023年通知六（三）3",
    severity=Severity.PRINCIPLE,
    message="{name}截至上一年度已连续{years}年担任评委，原则上不再聘任为本年度评委。",
    remedy="从专家库另行抽取；确须聘任的，在“放行”表写明理由和放行人。",
)
def three_years_running(facts: Facts) -> Iterator[Hit]:
    """已连续任职年数（截至上一年度，任一评委会，同年多次算一次）≥ 3 → 原则上不入选。"""
    for expert in facts.batch.committee.experts:
        years = expert.consecutive_years
        if years is not None and years >= SERVED_YEARS_IN_A_ROW:
            yield facts.near(expert.place, "连续任职年数", name=expert.name, years=years)


@terms.batch(
    "B-T15",
    "不得跨年度评审",
    "内人社办发〔2024〕85号六（二）1",
    "包头市2023年通知二（一）1",
    "包头市2023年通知六（三）1",
    "包头市2025年通知六（二）1",
    severity=Severity.HINT,
    message="职称评审不得跨年度进行：申报年度{year}，评审日{day}。",
    remedy="核对年度和评审日期；确实跨年度的须重新报请同意。",
    postponed="延期后的评审日{day}不在申报年度{year}内，职称评审不得跨年度进行。",
    unrequested="登记延期至{until}，没有书面延期申请；要提前提交书面延期申请，经批准同意后方可延期评审。",
    late_request="延期申请{requested}才提交，晚于{due}；要提前提交书面延期申请，经批准同意后方可延期评审。",
    beyond="评审结束日{ends}晚于批准的延期日期{until}。",
)
def within_the_year(facts: Facts) -> Iterator[Hit]:
    """year(评审会议日) == 申报年度，延期后日期同此；延期须提前书面申请，评审不晚于延期日期。2023、2024年为强制，其他年提示。"""
    batch = facts.batch
    if batch.year is None:
        return
    days = {"评审开始日期": batch.review.starts, "评审结束日期": batch.review.ends}
    for column, day in days.items():
        if day and day.year != batch.year:
            yield facts.at(column, year=batch.year, day=day)
    postponed = batch.schedule.postponed_until
    if postponed and postponed.year != batch.year:
        yield facts.at("延期至", "postponed", year=batch.year, day=postponed)
    if postponed:
        yield from _extension(facts, postponed)


def _extension(facts: Facts, until: date) -> Iterator[Hit]:
    """确有困难不能按期评审的，提前书面申请、经同意（包头市2025年为报备）后方可延期。"""
    review, requested = facts.batch.review, facts.batch.schedule.postponement_requested
    due = min((node.due for node in facts.policy.nodes if node.fact == "published"), default=review.starts)
    hits = []
    if requested is None:
        hits.append(facts.at("延期申请日期", "unrequested", until=until))
    elif due and requested > due:
        hits.append(facts.at("延期申请日期", "late_request", requested=requested, due=due))
    if review.ends and review.ends > until:
        hits.append(facts.at("评审结束日期", "beyond", ends=review.ends, until=until))
    own = facts.year == BAOTOU_NOTICE_YEAR and facts.league == BAOTOU
    yield from (hit.rated(Severity.MANDATORY) if own else hit for hit in hits)


@terms.batch(
    "B-T21",
    "补正时限",
    "细则第三十五条",
    applies=SINCE_REGULATION,
    message="{number}补正告知未写明{missing}，应一次性书面告知全部需补充更正的材料及时限。",
    remedy="重新出具一次列全、写明时限的补正告知书；逾期未补正的视为放弃申报。",
    late="{number}应于{deadline}前补充更正，{corrected}才补正，视为放弃申报。",
    again="{number}已告知过补正（{first}），{second}再次告知；补正事项应当一次性告知。",
)
def correction_notice(facts: Facts) -> Iterator[Hit]:
    """告知书含全部事项(≥1)和时限日；补正日 ≤ 时限；一人只告知一次（再次告知为提示）。"""
    told: dict[str, date] = {}
    for row in facts.batch.corrections:
        number = row.application_number or ""
        absent = [head for head, value in (("补正事项", row.items), ("补正时限", row.deadline)) if not value]
        if absent:
            yield facts.near(
                row.place, absent[0], row.application_number, number=number, missing="、".join(absent)
            )
        if row.deadline and row.corrected and row.corrected > row.deadline:
            days = {"deadline": row.deadline, "corrected": row.corrected}
            yield facts.near(row.place, "补正日期", row.application_number, "late", number=number, **days)
        if number in told and row.notified:
            days = {"first": min(told[number], row.notified), "second": max(told[number], row.notified)}
            hit = facts.near(row.place, "告知日期", row.application_number, "again", number=number, **days)
            yield hit.rated(Severity.HINT)
        elif row.notified:
            told[number] = row.notified


RULES: tuple[Rule, ...] = (
    reported_to_the_city,
    archived_in_time,
    papers_kept,
    expert_term,
    three_years_running,
    within_the_year,
    correction_notice,
)
