"""期限 (periods): publicity, deadlines of reports and complaints, terms. Working days are those of `records.regulation.calendar`."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from records.batch.model import Severity
from records.regulation.calendar import (
    add_months,
    add_workdays,
    count_workdays,
    is_past,
    last_of_years,
    postpone,
    reaches,
)
from records.regulation.rules.core import SINCE_REGULATION, Group, Hit, Rule, RuleFamily
from records.regulation.rules.facts import Case, Facts

MIN_PUBLICITY_WORKDAYS = 5  # 细则第二十七、三十四、五十一条
PUBLISH_WITHIN_WORKDAYS = 5  # 细则第五十一条
OPINION_WITHIN_WORKDAYS = 20  # 细则第五十一条
REPORT_WITHIN_MONTHS = 1  # 细则第五十三条
PLAN_DAYS_BEFORE = 7  # 细则第四十二条：一周前
FILING_YEARS = 3  # 细则第十三条
TERM_YEARS = 3  # 细则第十八条
KEEP_PAPERS_YEARS = 1  # 细则第五十八条
_DAY = timedelta(days=1)
_UNSETTLED = re.compile(r"(?<!无)[尚]?未(处理|办结|核实|查清|结)|正在(处理|调查|核实)")

periods = RuleFamily(Group.PERIODS)


def publicity_workdays(starts: date, ends: date) -> int:
    """工作日数(公示首日次日 … 公示末日): the first day is not counted (民法典第二百零一条)."""
    return count_workdays(starts + _DAY, ends)


def publicity_shortfall(starts: date | None, ends: date | None) -> dict[str, object] | None:
    """The numbers of a publicity period that is too short; None when it is long enough or not stated.

    `only_first_day` tells that it would suffice if the first day counted.
    """
    if starts is None or ends is None:
        return None
    if reaches(starts + _DAY, ends, MIN_PUBLICITY_WORKDAYS):
        return None
    counted = publicity_workdays(starts, ends)
    return {
        "starts": starts,
        "ends": ends,
        "n": counted,
        "short": MIN_PUBLICITY_WORKDAYS - counted,
        "earliest": add_workdays(starts, MIN_PUBLICITY_WORKDAYS),
        "only_first_day": starts <= ends and count_workdays(starts, ends) >= MIN_PUBLICITY_WORKDAYS,
    }


def _softened(hit: Hit, shortfall: dict[str, object]) -> Hit:
    """Only the first day is missing: the regulation does not say whether it counts, so it may be released."""
    if not shortfall["only_first_day"]:
        return hit
    return replace(hit, variant="first_day", severity=Severity.PRINCIPLE)


FIRST_DAY = (
    "{starts}至{ends}含首日满5个工作日，不含首日为{n}个；按民法典第二百零一条首日不计，"
    "最早可到{earliest}，按含首日掌握的须说明理由。"
)


@periods.case(
    "B-T01",
    "单位内部公示期",
    "细则第二十七条",
    message="{name}的单位公示期不足5个工作日：{starts}至{ends}共{n}个（不含首日），还差{short}个，最早可到{earliest}。",
    remedy="由单位补足公示期并更正起止日期；公示期满且无异议后再推荐上报。",
    first_day="{name}的单位公示：" + FIRST_DAY,
)
def internal_publicity(case: Case) -> Iterator[Hit]:
    """公示工作日数 n = 工作日数(公示首日次日 … 公示末日)；n ≥ 5。只差首日的列为原则。"""
    publicity = case.application.employer_publicity
    if shortfall := publicity_shortfall(publicity.starts, publicity.ends):
        yield _softened(case.at("单位公示结束", **shortfall), shortfall)


@periods.batch(
    "B-T02",
    "花名册门户网站公示期",
    "细则第三十四条",
    "包头市2023年通知五",
    message="花名册网上公示期不足5个工作日：{starts}至{ends}共{n}个（不含首日），还差{short}个，最早可到{earliest}。",
    remedy="在门户网站补足花名册公示期，公示无异议后再上报，并附公示情况。",
    first_day="花名册网上公示：" + FIRST_DAY,
    early="花名册公示至{ends}，{forwarded}即上报；公示结束且无异议后方可上报。",
    open="花名册公示收到异议（{objections}），处理完毕后方可上报。",
)
def roster_publicity(facts: Facts) -> Iterator[Hit]:
    """公示期同单位公示；报送日 > 公示末日；异议已处理。"""
    publicity, forwarded = facts.batch.roster_publicity, facts.batch.schedule.forwarded
    if shortfall := publicity_shortfall(publicity.starts, publicity.ends):
        yield _softened(facts.at("花名册公示结束", **shortfall), shortfall)
    if publicity.ends and forwarded and forwarded <= publicity.ends:
        yield facts.at("材料报送日期", "early", ends=publicity.ends, forwarded=forwarded)
    if forwarded and _UNSETTLED.search(publicity.objections or ""):
        yield facts.at("花名册公示异议", "open", objections=publicity.objections)


@periods.batch(
    "B-T03",
    "评审结果公示的发布时限",
    "细则第五十一条",
    applies=SINCE_REGULATION,
    message="评审结果应在{review_ends}后5个工作日内（{deadline}前）公示，实际{starts}，晚了{late}个工作日。",
    remedy="核对公示开始日期；确已逾期的，在核准报告中说明原因。",
)
def result_published_in_time(facts: Facts) -> Iterator[Hit]:
    """公示首日 ≤ 加工作日(评审结束日, 5)；评审结束日当天不计。"""
    ends, starts = facts.batch.review.ends, facts.batch.publicity.starts
    if ends is None or starts is None:
        return
    if reaches(ends + _DAY, starts - _DAY, PUBLISH_WITHIN_WORKDAYS):
        deadline = add_workdays(ends, PUBLISH_WITHIN_WORKDAYS)
        late = count_workdays(deadline + _DAY, starts)
        yield facts.at("结果公示开始", review_ends=ends, deadline=deadline, starts=starts, late=late)


@periods.batch(
    "B-T04",
    "评审结果公示期",
    "细则第五十一条",
    "部令第40号",
    message="评审结果公示期不足5个工作日：{starts}至{ends}共{n}个（不含首日），还差{short}个，最早可到{earliest}。",
    remedy="延长结果公示至满5个工作日，更正公示结束日期后再报核准。",
    first_day="评审结果公示：" + FIRST_DAY,
)
def result_publicity(facts: Facts) -> Iterator[Hit]:
    """公示工作日数 n = 工作日数(公示首日次日 … 公示末日)；n ≥ 5。只差首日的列为原则。"""
    publicity = facts.batch.publicity
    if shortfall := publicity_shortfall(publicity.starts, publicity.ends):
        yield _softened(facts.at("结果公示结束", **shortfall), shortfall)


def _within(day: date, starts: date | None, ends: date | None) -> bool:
    return (starts is None or starts <= day) and (ends is None or day <= ends)


@periods.batch(
    "B-T05",
    "举报投诉处理意见时限",
    "细则第五十一条",
    applies=SINCE_REGULATION,
    message="举报{number}收到于{received}，应于20个工作日内（{deadline}前）提出处理意见，实际{handled}。",
    remedy="尽快提出处理意见并在核准报告中说明；未结的不得发证，报送核准有困难的提交书面延期申请。",
    open="举报{number}收到于{received}，应于{deadline}前提出处理意见，至{by}仍未处理。",
)
def complaint_opinion(facts: Facts) -> Iterator[Hit]:
    """公示期间收到的：处理意见日 ≤ 加工作日(收到日, 20)；未处理的，以报送或核准日判断是否已逾期。"""
    by = facts.batch.approval.approved_on or facts.batch.closing.reported
    publicity = facts.batch.publicity
    for complaint in facts.batch.complaints:
        if complaint.received is None or not _within(complaint.received, publicity.starts, publicity.ends):
            continue
        judged, number = complaint.handled or by, complaint.application_number
        if judged is None or not _opinion_late(complaint.received, judged):
            continue
        deadline = add_workdays(complaint.received, OPINION_WITHIN_WORKDAYS)
        about = {"number": complaint.number, "received": complaint.received, "deadline": deadline}
        if complaint.handled:
            yield facts.near(complaint.place, "处理日期", number, handled=complaint.handled, **about)
        else:
            yield facts.near(complaint.place, "处理日期", number, "open", by=by, **about)


def _opinion_late(received: date, judged: date) -> bool:
    return reaches(received + _DAY, judged - _DAY, OPINION_WITHIN_WORKDAYS)


@periods.batch(
    "B-T06",
    "核准备案材料报送时限",
    "细则第五十三条",
    "内人社办发〔2024〕85号六（二）4",
    "包头市2025年通知六（二）4",
    "包头市2023年通知六（三）5",
    message="核准备案材料应在评审结束（{review_ends}）一个月内（{deadline}前）报送，实际{reported}。",
    remedy="尽快报送；确有特殊情况的，及时提交延期报送的书面申请（细则第五十三条第二款）。",
    postponed="一个月的对应日{plain}不是工作日，报送日{reported}按顺延至{deadline}计算，在期限内。",
)
def report_in_time(facts: Facts) -> Iterator[Hit]:
    """报送日 ≤ 顺延(加月(评审结束日, 1))；期限内有书面延期申请的不算逾期（2025年起迟交的申请由延期规则判断）；用到顺延的给出提示。"""
    ends, reported = facts.batch.review.ends, facts.batch.closing.reported
    if ends is None or reported is None:
        return
    plain = add_months(ends, REPORT_WITHIN_MONTHS)
    if reported <= plain:
        return
    late = is_past(reported, plain)
    data = {"review_ends": ends, "plain": plain, "deadline": postpone(plain), "reported": reported}
    if not late:
        yield facts.at("核准报送日期", "postponed", **data).rated(Severity.HINT)
    elif not _delay_granted(facts, plain):
        yield facts.at("核准报送日期", **data)


def report_deadline(review_ends: date) -> tuple[date, date]:
    """一个月的对应日 and the same postponed to a working day (民法典第二百零二、二百零三条)."""
    plain = add_months(review_ends, REPORT_WITHIN_MONTHS)
    return plain, postpone(plain)


def _delay_granted(facts: Facts, plain: date) -> bool:
    """A written request covers the delay if it came in time; a late one is what B-T07 speaks of where it applies."""
    requested = facts.batch.closing.delay_requested
    return requested is not None and (SINCE_REGULATION.covers(facts.batch) or not is_past(requested, plain))


@periods.batch(
    "B-T07",
    "核准报告不能按时报送",
    "细则第五十三条第二款",
    applies=SINCE_REGULATION,
    message="核准报告的报送期限为{deadline}，延期申请{requested}才提交；应在期限以前书面申请。",
    remedy="在期限内提交书面申请；已逾期的，向人力资源社会保障部门书面说明情况。",
)
def delay_requested_in_time(facts: Facts) -> Iterator[Hit]:
    """报送日超过期限的，书面申请日 ≤ 期限。"""
    ends, requested = facts.batch.review.ends, facts.batch.closing.delay_requested
    if ends is None or requested is None:
        return
    plain = add_months(ends, REPORT_WITHIN_MONTHS)
    if is_past(requested, plain):
        yield facts.at("延期报送申请日期", deadline=postpone(plain), requested=requested)


@periods.batch(
    "B-T08",
    "评审实施方案提交",
    "细则第四十二条",
    "内人社办发〔2024〕85号六（二）2",
    "包头市2025年通知六（二）2",
    "包头市2023年通知六（三）2",
    message="评审实施方案须在会议召开一周前提交：会议{meeting}，应不晚于{deadline}，实际{filed}。",
    remedy="核对方案报备日期；未满一周的应推迟会议或说明经同意的情况。",
    unagreed="评审实施方案经同意后方可开展评审：会议{meeting}，{agreed}才同意。",
)
def plan_filed(facts: Facts) -> Iterator[Hit]:
    """方案提交日 ≤ 会议日 − 7日（自然日，恰好7日算满足）；同意日 ≤ 会议日。"""
    review = facts.batch.review
    if review.starts is None:
        return
    deadline = review.starts - timedelta(days=PLAN_DAYS_BEFORE)
    if review.plan_filed and review.plan_filed > deadline:
        yield facts.at("方案报备日期", meeting=review.starts, deadline=deadline, filed=review.plan_filed)
    agreed = review.minutes.plan_agreed
    if agreed and agreed > review.starts:
        yield facts.at("方案同意日期", "unagreed", meeting=review.starts, agreed=agreed)


@periods.batch(
    "B-T12",
    "评委会备案有效期",
    "细则第十三条",
    "细则第七十六条",
    message="评委会备案有效期{approved}至{until}超过3年，最迟应到{latest}。",
    remedy="按备案文件更正有效期；已届满的重新核准备案，届满后的评审结果不予认可、不纳入全国查询。",
    expired="评审会议（至{meeting}）在备案有效期{until}之后，评审结果不予认可且不纳入全国查询。",
)
def filing_valid(facts: Facts) -> Iterator[Hit]:
    """到期日 ≤ 加年(核准日, 3) − 1日（2月29日核准的到2月28日）；会议日 ≤ 到期日（正好满3年的对应日已届满）。"""
    committee, meeting = facts.batch.committee, facts.batch.review.ends or facts.batch.review.starts
    until, approved = committee.filing_valid_until, committee.filing_approved
    if until and approved:
        latest = last_of_years(approved, FILING_YEARS)
        if until > latest:
            yield facts.at("备案有效期至", approved=approved, until=until, latest=latest)
    if until and meeting and meeting > until and facts.reviewed:
        yield facts.at("备案有效期至", "expired", meeting=meeting, until=until)


RULES: tuple[Rule, ...] = (
    internal_publicity,
    roster_publicity,
    result_published_in_time,
    result_publicity,
    complaint_opinion,
    report_in_time,
    delay_requested_in_time,
    plan_filed,
    filing_valid,
)
