"""Fields of the batch: committee, meeting, publicity, approval, people in rows, counts."""

from collections.abc import Callable
from typing import Any, Final

from generator.documents.catalogue import Audience
from generator.documents.context import formats as f
from generator.documents.context import statistics as st
from generator.documents.context import wording as w
from generator.documents.context.roles import approval_authority, department_counterpart, reporter
from generator.documents.fields.field import Field, Scope
from records.batch.model import Batch, Channel
from records.codes import engineering_specialties
from records.errors import RecordsError
from records.regulation.authority import scope
from records.regulation.calendar import add_years
from records.regulation.rules import RULES

WHOLE: Final = "评委会"


def _batch(
    name: str,
    label: str,
    sample: Any,
    get: Callable[[Batch], Any],
    sensitivity: Audience = Audience.PUBLIC,
) -> Field:
    return Field(name, label, sample, lambda subject: get(subject.batch), Scope.BATCH, sensitivity)


def two_thirds(number: int | None) -> str:
    """The least number that is two thirds of `number` (细则第四十四、四十五条)."""
    return "" if number is None else str(-(-2 * number // 3))


def destroy_after(batch: Batch) -> str:
    """备查满1年之日 (细则第五十八条): a year after the approval or the meeting, whichever is later."""
    days = [day for day in (batch.approval.approved_on, batch.review.ends) if day]
    return f.cn_day(add_years(max(days), 1)) if days else ""


def use_scope(batch: Batch) -> str:
    """Where a 定向评价 title may be used (细则第五十四条); empty for titles of the whole region."""
    if batch.review.channel is not Channel.TARGETED or not batch.applications:
        return ""
    try:
        return scope(batch.applications[0], batch).text
    except RecordsError:
        return ""


def _releases(batch: Batch) -> list[list[str]]:
    """Rule, whom it concerns, reason, who released it; an expert is not named (细则第四十九条)."""
    people = {one.number: f"{one.number} {f.text(one.person.name)}" for one in batch.applications}
    return [
        [_rule_name(one.rule), people.get(one.application_number or "", WHOLE), one.reason, one.released_by]
        for one in batch.releases
    ]


def _rule_name(identifier: str) -> str:
    """Id and title; a mistyped id as it stands, which the check has reported."""
    found = next((one for one in RULES if one.id == identifier), None)
    return f"{identifier} {found.title}" if found else identifier


COMMITTEE: Final = (
    _batch("batch_number", "批次编号", "PC-2025-0001", lambda b: b.number),
    _batch("year", "年度", "2025", lambda b: f.text(b.year)),
    _batch("region", "地区", "包头市", lambda b: w.region_name(b.region_code)),
    _batch(
        "labour_department",
        "本地区人社部门",
        "包头市人力资源和社会保障局",
        lambda b: w.labour_department(b.region_code),
    ),
    _batch(
        "committee",
        "评委会名称",
        "内蒙古自治区水利专业高级职称评审委员会",
        lambda b: f.text(b.committee.name),
    ),
    _batch("committee_series", "评审系列", "工程系列", lambda b: f.text(b.committee.series)),
    _batch("committee_specialty", "评审专业", "水利", lambda b: f.text(b.committee.specialty)),
    _batch(
        "committee_scope",
        "评审系列（专业）",
        "工程系列（水利）",
        lambda b: f.bracketed(f.text(b.committee.series), b.committee.specialty),
    ),
    _batch("committee_level", "评委会级别", "高级", lambda b: f.text(b.committee.level)),
    _batch("formation", "组建方式", "专业", lambda b: f.text(b.committee.formation)),
    _batch("size", "评委会人数", "25", lambda b: f.text(b.committee.size)),
    _batch("present", "出席人数", "21", lambda b: f.text(b.committee.present), Audience.INTERNAL),
    _batch("quorum", "最低出席人数", "17", lambda b: two_thirds(b.committee.size)),
    _batch(
        "votes_needed", "通过最低同意票数", "14", lambda b: two_thirds(b.committee.present), Audience.INTERNAL
    ),
    _batch(
        "filing_number", "备案文号", "内人社职评备〔2024〕8号", lambda b: f.text(b.committee.filing_number)
    ),
    _batch(
        "filing_valid_until",
        "备案有效期至",
        "2027年6月30日",
        lambda b: f.cn_day(b.committee.filing_valid_until),
    ),
    _batch("organizer", "组建单位", "内蒙古自治区水利厅", lambda b: f.text(b.committee.organizer)),
    _batch("office", "办事机构", "内蒙古自治区水利厅人事处", lambda b: f.text(b.committee.office)),
    _batch(
        "reporter",
        "上报单位（对核准机关）",
        "内蒙古自治区水利厅",
        reporter,
    ),
    _batch(
        "department_reporter", "上报单位（对本地区人社部门）", "内蒙古自治区水利厅", department_counterpart
    ),
    _batch("contact", "联系人", "乌云", lambda b: f.text(b.committee.contact)),
    _batch("phone", "联系电话", "0471-0000000", lambda b: f.text(b.committee.phone)),
)

MEETING: Final = (
    _batch("acquisition", "取得方式", "评审", lambda b: f.text(b.review.acquisition)),
    _batch("channel", "渠道", "社会化", lambda b: f.text(b.review.channel)),
    _batch(
        "channel_word",
        "评审通过职称前的渠道（定向评价）",
        "定向评价",
        lambda b: f.text(b.review.channel) if b.review.channel is Channel.TARGETED else "",
    ),
    _batch("use_scope", "定向评价职称的使用范围", "", use_scope),
    _batch(
        "presiding",
        "主持评审会议的人",
        "乌日图",
        lambda b: f.text(b.review.minutes.host),
        Audience.CONFIDENTIAL,
    ),
    _batch("review_starts", "评审开始日期", "2025年8月20日", lambda b: f.cn_day(b.review.starts)),
    _batch("review_ends", "评审结束日期", "2025年8月22日", lambda b: f.cn_day(b.review.ends)),
    _batch("review_days", "评审起止日期", "2025年8月20日至22日", w.review_days),
    _batch("venue", "评审地点", "呼和浩特市", lambda b: f.text(b.review.venue), Audience.INTERNAL),
    _batch("supervisor", "监督单位", "驻厅纪检监察组", lambda b: f.text(b.review.supervisor)),
    _batch("plan_filed", "方案报备日期", "2025年8月8日", lambda b: f.cn_day(b.review.plan_filed)),
    _batch("publicity_starts", "结果公示开始", "2025年8月25日", lambda b: f.cn_day(b.publicity.starts)),
    _batch("publicity_ends", "结果公示结束", "2025年9月1日", lambda b: f.cn_day(b.publicity.ends)),
    _batch(
        "publicity_span",
        "结果公示起止",
        "2025年8月25日至9月1日",
        lambda b: f.cn_span(b.publicity.starts, b.publicity.ends),
    ),
    _batch(
        "publicity_workdays",
        "结果公示工作日数（不含首日）",
        "5",
        lambda b: w.workdays(b.publicity.starts, b.publicity.ends),
    ),
    _batch("publicity_url", "公示网址", "https://slt.example.cn", lambda b: f.text(b.publicity.url)),
    _batch(
        "publicity_receiver", "公示受理部门", "自治区水利厅机关纪委", lambda b: f.text(b.publicity.receiver)
    ),
    _batch("publicity_phone", "公示电话", "0471-0000001", lambda b: f.text(b.publicity.phone)),
)

APPROVAL: Final = (
    _batch("approval_authority", "核准机关", "内蒙古自治区人力资源和社会保障厅", approval_authority),
    _batch("approval_number", "核准文号", "内人社职评核〔2025〕31号", lambda b: f.text(b.approval.number)),
    _batch("approved_on", "核准日期", "2025年9月18日", lambda b: f.cn_day(b.approval.approved_on)),
    _batch(
        "seal_authority",
        "用印机关",
        "内蒙古自治区人力资源和社会保障厅",
        lambda b: f.text(b.approval.seal_authority),
    ),
    _batch(
        "dispatch_number", "发文字号", "内水职评〔2025〕12号", lambda b: f.text(b.approval.dispatch_number)
    ),
)

COUNTS: Final = (
    _batch("applicants_count", "申报人数", "36", lambda b: str(st.counted(b).total.applied)),
    _batch("passed_count", "通过人数", "31", lambda b: str(st.counted(b).total.passed)),
    _batch("failed_count", "未通过人数", "5", lambda b: str(st.counted(b).total.failed), Audience.INTERNAL),
    _batch(
        "applicants_levels",
        "申报人数（按等级）",
        "正高级6人、副高级30人",
        lambda b: st.in_words(st.counted(b).by_level),
    ),
    _batch(
        "passed_levels",
        "通过人数（按等级）",
        "正高级4人、副高级27人",
        lambda b: st.in_words(st.counted(b).by_level, passed=True),
    ),
    _batch("by_series", "按系列（专业）统计", [], lambda b: st.rows_of(st.counted(b).specialty_level, b)),
    _batch("by_region", "按地区统计", [], lambda b: st.rows_of(st.counted(b).region_level, b)),
    _batch("by_level", "按等级统计", [], lambda b: st.labelled(st.counted(b).by_level)),
    _batch("complaints_count", "公示期间举报件数", "1", lambda b: str(len(b.complaints)), Audience.INTERNAL),
)

STATISTICS: Final = (
    _batch(
        "staffed_by_series",
        "事业单位在编人员统计",
        [],
        lambda b: st.rows_of(st.counted(b).staffed_level, b),
    ),
    _batch(
        "unstaffed_by_series",
        "事业单位非在编人员统计",
        [],
        lambda b: st.rows_of(st.counted(b).unstaffed_level, b),
    ),
    _batch(
        "senior_by_region",
        "高级职称按地区统计",
        [],
        lambda b: st.rows_of(st.counted(b).senior_region_level, b),
    ),
    _batch(
        "chart_levels",
        "申报和通过人数图（按等级）",
        "",
        lambda b: st.chart("按资格等级", st.counted(b).by_level),
    ),
    _batch(
        "chart_series",
        "申报和通过人数图（按系列）",
        "",
        lambda b: st.chart("按职称系列", st.counted(b).by_series),
    ),
    _batch(
        "chart_regions",
        "申报和通过人数图（按地区）",
        "",
        lambda b: st.chart("按单位所在盟市", st.counted(b).by_league),
    ),
    _batch(
        "chart_staffed",
        "事业单位在编申报人数图（按等级）",
        "",
        lambda b: st.applicants_chart("按资格等级", st.counted(b).staffed_level),
    ),
    _batch(
        "directory",
        "职称系列和各层级名称",
        [{"number": "01", "series": "高等学校教师系列", "titles": "教授"}],
        lambda _: st.directory(),
    ),
    _batch("specialties", "工程系列评审专业", "电子、纺织", lambda _: "、".join(engineering_specialties())),
)

FOLLOWING: Final = (
    _batch(
        "roster_span",
        "花名册公示起止",
        "2025年6月16日至23日",
        lambda b: f.cn_span(b.roster_publicity.starts, b.roster_publicity.ends),
    ),
    _batch("roster_starts", "花名册公示开始", "2025年6月16日", lambda b: f.cn_day(b.roster_publicity.starts)),
    _batch(
        "roster_url", "花名册公示网址", "https://rsj.example.cn", lambda b: f.text(b.roster_publicity.url)
    ),
    _batch(
        "roster_objections",
        "花名册公示异议",
        "",
        lambda b: f.text(b.roster_publicity.objections),
        Audience.INTERNAL,
    ),
    _batch("roster_receiver", "花名册公示受理部门", "", lambda b: f.text(b.roster_publicity.receiver)),
    _batch("roster_phone", "花名册公示受理电话", "", lambda b: f.text(b.roster_publicity.phone)),
    _batch("destroy_after", "备查期满日期", "2026年9月18日", destroy_after),
    _batch(
        "complaint_results",
        "举报处理结果",
        [["JB-01", "2025年8月27日", "经核查，署名属实", "不影响评审结果"]],
        lambda b: [
            [c.number, f.cn_day(c.received), f.text(c.opinion), f.text(c.conclusion)] for c in b.complaints
        ],
        Audience.INTERNAL,
    ),
    _batch(
        "released_rules",
        "放行事项",
        [["B-C02 最低人数", "评委会", "经核准备案部门同意调整为23人", "王主任"]],
        _releases,
        Audience.INTERNAL,
    ),
)

BATCH_FIELDS: Final = COMMITTEE + MEETING + APPROVAL + COUNTS + STATISTICS + FOLLOWING
