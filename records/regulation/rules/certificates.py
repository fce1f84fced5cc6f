"""证书、用印、起算、认定: who approves and seals, from which day, what must be complete before a certificate."""

import re
from collections.abc import Iterator

from records.batch.complaints import Settlement, holds_back, settlement_of
from records.batch.model import Acquisition, Application, Severity
from records.regulation.authority import effective_date
from records.regulation.rules.core import REGULATION, Group, Hit, Rule, RuleFamily
from records.regulation.rules.facts import NO_TITLE, Case, Facts

BARE_OFFICE = "人力资源和社会保障局"

certificates = RuleFamily(Group.CERTIFICATES)


def plain_office(name: str) -> str:
    """An office's name in one spelling: without blanks, short forms written out, 内蒙古自治区 only before 厅."""
    text = (
        re.sub(r"\s", "", name)
        .replace("人社局", "人力资源和社会保障局")
        .replace("人社厅", "人力资源和社会保障厅")
    )
    text = (
        text.replace("人力资源社会保障", "人力资源和社会保障")
        .replace("内蒙古自治区", "自治区")
        .replace("内蒙古", "自治区")
    )
    return text if text.endswith("厅") else text.removeprefix("自治区")


def same_office(one: str, other: str) -> bool:
    """Whether both names mean one office; 包头市昆都仑区… and 昆都仑区… do, a bare 人力资源和社会保障局 names none."""
    one, other = plain_office(one), plain_office(other)
    shorter, longer = sorted((one, other), key=len)
    return one == other or (len(shorter) > len(BARE_OFFICE) + 1 and longer.endswith(shorter))


def _office_hits(facts: Facts, column: str, stated: str | None) -> Iterator[Hit]:
    if not stated:
        return
    for office, people in facts.census.offices.items():
        if not same_office(office.name, stated):
            yield facts.at(column, expected=office.name, people=people, stated=stated)


@certificates.batch(
    "B-S01",
    "核准（确认）机关",
    "细则第十三条",
    "细则第五十三条",
    "细则第五十四条",
    applies=REGULATION,
    message="{people}名通过人员应由{expected}核准确认，登记的核准机关为{stated}。",
    remedy="更正核准机关；不同机关核准的人员分批报送。",
)
def approving_office(facts: Facts) -> Iterator[Hit]:
    """定向评价、农牧民 → 盟市；高级 → 自治区；自治区直属 → 自治区；其余 → 盟市、旗县按管理权限。"""
    yield from _office_hits(facts, "核准机关", facts.batch.approval.authority)


@certificates.batch(
    "B-S02",
    "证书用印机关",
    "细则第五十四条",
    applies=REGULATION,
    message="{people}名通过人员的证书用印机关应为{expected}，当前为{stated}。",
    remedy="更正用印机关或留空由系统按第五十四条确定。",
)
def sealing_office(facts: Facts) -> Iterator[Hit]:
    """定向评价（含高级）→ 盟市；高级 → 自治区；中初级 → 相应人社部门；农牧民 → 盟市（与核准一致）。"""
    yield from _office_hits(facts, "用印机关", facts.batch.approval.seal_authority)


@certificates.case(
    "B-S03",
    "起算时间",
    "细则第五十五条",
    "包头市2023年通知六（三）7",
    message="{name}的起算时间应为{expected}（{basis}），登记为{stated}。",
    remedy="评审取得的以评委会通过时间起算，认定取得的以认定单位审核通过时间起算，不是核准日或发证日。",
    missing="{name}以{acquisition}方式取得职称，未填认定单位审核通过时间，无法确定起算时间。",
    outside="{name}的表决日期{voted}不在评审会议期间（{starts}至{ends}）内。",
)
def counts_from(case: Case) -> Iterator[Hit]:
    """评审 → 表决会议日（分多日的取本人通过日）；认定 → 认定单位审核通过时间；登记的取得时间 == 该日。"""
    application, batch = case.application, case.facts.batch
    if not application.passed:
        return
    expected = effective_date(application, batch)
    if expected is None and not case.facts.reviewed:
        yield case.at("认定通过日期", "missing", acquisition=batch.review.acquisition)
    if application.obtained_on and expected and application.obtained_on != expected:
        basis = "评委会通过时间" if case.facts.reviewed else "认定单位审核通过时间"
        yield case.at("取得时间", expected=expected, basis=basis, stated=application.obtained_on)
    voted, starts, ends = application.voted_on, batch.review.starts, batch.review.ends
    if voted and starts and ends and not starts <= voted <= ends:
        yield case.at("表决日期", "outside", voted=voted, starts=starts, ends=ends)


@certificates.batch(
    "B-S04",
    "不纳入全国查询",
    "细则第十三条",
    "细则第七十六条",
    applies=REGULATION,
    message="评委会未经核准备案（备案文号“{number}”），评审结果不予认可，不得生成证书或推送。",
    remedy="先核准备案再组织评审；未备案评委会的结果不纳入全国查询。",
    before="评审会议{meeting}早于备案核准日期{approved}，评审结果不予认可，不得生成证书或推送。",
)
def filed_committee(facts: Facts) -> Iterator[Hit]:
    """评委会未备案 ∨ 备案前评审 → 不发证、不推送（备案过期、越权见相应规则）。"""
    committee, meeting = facts.batch.committee, facts.batch.review.starts or facts.batch.review.ends
    number = (committee.filing_number or "").strip()
    if not facts.reviewed:
        return
    if number in NO_TITLE or number.startswith("未"):
        yield facts.at("备案文号", number=number)
    if committee.filing_approved and meeting and meeting < committee.filing_approved:
        yield facts.at("评委会核准备案日期", "before", meeting=meeting, approved=committee.filing_approved)


@certificates.case(
    "B-S05",
    "互认决策（第五十七条）",
    "细则第五十七条",
    "包头市2023年通知八",
    message="{name}的原证书可网上查验，可直接使用，不再重新确认换证。",
    remedy="从本批次中删去；原证书在自治区范围内直接使用。",
)
def reconfirmation_needed(case: Case) -> Iterator[Hit]:
    """重新确认：来源为外省、中央单位、军队且不能网上查验；可网上查验的直接使用，不换证。"""
    reconfirmed = case.facts.batch.review.acquisition is Acquisition.RECONFIRMATION
    if reconfirmed and case.application.grounds.verifiable_online:
        yield case.at("证书可网上查验")


qualification = certificates.manual(
    "B-S06",
    "职业资格视同",
    "细则第二十五条",
    "内人社办发〔2024〕85号四（十二）",
    applies=REGULATION,
    formula="目录内职业资格 → 视同具备相应层级职称，可作为申报高一级的条件；不发评审类证书。",
    remedy="核对职业资格与职称对应目录；以职业资格视同的不另发评审证书。",
    severity=Severity.COMPUTED,
)


def _open_complaint(facts: Facts, application: Application) -> str | None:
    reasons = map(holds_back, facts.complaints.get(application.number, ()))
    return next(filter(None, reasons), None)


def _no_complaint_open(case: Case) -> Iterator[Hit]:
    """Nobody gets a certificate while a complaint about him is open or was upheld."""
    missing = _open_complaint(case.facts, case.application) if case.application.passed else None
    if missing:
        yield case.at("评审结果", missing=missing)


@certificates.batch(
    "B-S07",
    "证书前置条件",
    "细则第五十三条",
    "细则第五十四条",
    applies=REGULATION,
    message="{name}的证书生成条件未齐：{missing}。",
    remedy="结果公示满期、举报办结且不影响结果、核准确认以后方可发证；举报属实的改为未通过。",
    people=_no_complaint_open,
    early="结果公示至{ends}，{approved}即核准；公示期满且无异议后方可核准、发证。",
    unsettled="举报{number}尚未办结，核准日期却为{approved}；举报投诉办结以后方可核准。",
    late="举报{number}到{handled}才处理，核准日期却为{approved}；举报投诉办结以后方可核准。",
)
def before_certificate(facts: Facts) -> Iterator[Hit]:
    """表决通过 ∧ 公示满期 ∧ 无未结（或属实）举报 ∧ 核准确认日 > 公示末日 → 才可发证。"""
    ends, approved = facts.batch.publicity.ends, facts.batch.approval.approved_on
    if ends and approved and approved <= ends:
        yield facts.at("核准日期", "early", ends=ends, approved=approved)
    for complaint in facts.batch.complaints if approved else ():
        if complaint.received and approved and complaint.received > approved:
            continue  # it came afterwards
        number, about = complaint.application_number, {"number": complaint.number, "approved": approved}
        if complaint.handled is None or settlement_of(complaint) is Settlement.OPEN:
            yield facts.near(complaint.place, "处理日期", number, "unsettled", **about)
        elif approved and approved < complaint.handled:
            yield facts.near(complaint.place, "处理日期", number, "late", handled=complaint.handled, **about)


@certificates.case(
    "B-S09",
    "认定的层级",
    "细则第四十条",
    message="{name}以认定方式取得{level}职称；认定限于中级及以下，高级职称须经评审。",
    remedy="改按评审方式组织申报和评审；确为评审取得的，更正批次的取得方式。",
)
def recognised_level(case: Case) -> Iterator[Hit]:
    """取得方式为认定 → 申报层级 ∈ {中级, 初级}。"""
    level = case.application.sought.level
    recognised = case.facts.batch.review.acquisition is Acquisition.RECOGNITION
    if recognised and level is not None and level.is_senior:
        yield case.at("申报资格等级", level=level)


same_effect = certificates.manual(
    "B-S08",
    "电子与纸质同效",
    "细则第五十四条",
    applies=REGULATION,
    formula="证书和核验页可注明与纸质职称证书具有同等效力。",
    remedy="系统生成的证书和核验页已注明；自备证书样式时核对此说明。",
    severity=Severity.HINT,
)

RULES: tuple[Rule, ...] = (
    approving_office,
    sealing_office,
    counts_from,
    filed_committee,
    reconfirmation_needed,
    qualification,
    before_certificate,
    same_effect,
    recognised_level,
)
