"""申报资格、审核, duties about the applicant's standing: sanctions without an end, retirement, objections nobody looked into."""

import re
from collections.abc import Iterator
from datetime import date

from records.batch.complaints import Settlement, settlement_of
from records.batch.dates import LAST_MONTH, PartialDate
from records.batch.model import Channel, Complaint, EmployerNature, IdentityKind, Level, Severity, Sex
from records.batch.optional import ApplicantStatus, Sanction
from records.regulation.calendar import add_months
from records.regulation.rules.core import REGULATION, Hit, Rule
from records.regulation.rules.facts import LEVEL_RANKS, Case
from records.regulation.rules.grounds import eligibility
from records.regulation.rules.review import review

SANCTION_MONTHS = {
    Sanction.DEMERIT: 12,
    Sanction.DEMOTION: 24,
    Sanction.DISMISSAL_FROM_POST: 24,
}  # 事业单位工作人员处分规定第五条（撤职按2012年暂行规定）
AGE, AGE_OF_WOMEN = 60, 55  # 具有或申报高级职称的女性专家按60周岁
DELAY_FROM, DELAY_EVERY, DELAY_MOST = 2025 * LAST_MONTH, 4, 36  # 2025年1月起每4个月延迟1个月，至多36个月
_PUBLIC = frozenset({EmployerNature.GOVERNMENT, EmployerNature.INSTITUTION, EmployerNature.STATE_ENTERPRISE})
_NEVER_RETIRE = frozenset({EmployerNature.FREELANCE, EmployerNature.FARMER})
_FOREIGN = frozenset({IdentityKind.FOREIGN_PERMANENT, IdentityKind.PASSPORT})
_NO_OBJECTION = re.compile(
    r"[/\-—无否]?|没有|(无|没有|未收到|未接到|未有|0件|零)(任何)?(单位|个人|群众|人)?(提出)?(异议|反映|意见|举报|投诉|、|和|或)*"
)
_WITHOUT = re.compile(r"(无|没有|未收到|未接到)(任何)?(异议|反映|举报|投诉)")
_WITH = re.compile(r"[1-9一二三两几]\s*[件起条人]|有异议|异议[:：]|反映申报")
_LOOKED_INTO = re.compile(r"查否|查[实清无]|核[实查]|调查|属实|不成立|已处理|办结|了结|澄清|撤回|不影响")


@eligibility.case(
    "B-E28",
    "处分期届满",
    "细则第二十一条",
    "事业单位工作人员处分规定第五条",
    applies=REGULATION,
    message="{name}受{sanction}处分，未登记处分结束日期，不能认为处分期已满；申报日{day}，在受处分期间不得申报。",
    remedy="按处分决定书填写“处分开始”和“处分结束”；处分期未满的退回申报材料。",
)
def sanction_has_an_end(case: Case) -> Iterator[Hit]:
    """事业单位 ∧ 处分为记过以上 ∧ 处分止未登记 → 处分起 + 法定期间（记过12个月、降级撤职24个月）≤ 申报日；开除的给出提示。"""
    standing, day = case.application.standing, case.applied_on
    nature = case.application.employer.nature
    if standing.sanction in (None, Sanction.WARNING) or standing.sanctioned_until is not None or day is None:
        return
    if nature not in (EmployerNature.INSTITUTION, None):
        return
    starts, months = standing.sanctioned_from, SANCTION_MONTHS.get(standing.sanction)
    if starts and (starts > day or (months and add_months(starts, months) <= day)):
        return
    hit = case.at("处分结束", sanction=standing.sanction, day=day)
    yield hit if months else hit.rated(Severity.HINT)


def retires(birth: PartialDate, age: int) -> tuple[int, int]:
    """Year and month of the statutory retirement, delayed step by step from 2025 on; a month not stated counts as the last."""
    month = birth.year * LAST_MONTH + (birth.month or LAST_MONTH) - 1 + age * LAST_MONTH
    if month >= DELAY_FROM:
        month += min((month - DELAY_FROM) // DELAY_EVERY + 1, DELAY_MOST)
    return month // LAST_MONTH, month % LAST_MONTH + 1


@eligibility.case(
    "B-E29",
    "退休年龄",
    "细则第二十一条",
    "全国人大常委会关于实施渐进式延迟法定退休年龄的决定",
    severity=Severity.PRINCIPLE,
    applies=REGULATION,
    message="{name}（{sex}，{birth}出生）{month}已达法定退休年龄，申报日{day}；申报人员应为在职人员，离退休人员不得申报。",
    remedy="核对“出生年月”和“身份类别”：已退休的退回申报材料；经批准延长退休年龄、仍在职的据实填写身份类别并留存批件。",
)
def retirement_age(case: Case) -> Iterator[Hit]:
    """申报日所在月 ≤ 法定退休月：男60、女55（高级60），2025年起渐进延迟；登记为在职或在非公单位的提示；自由职业者、农牧民、外籍人员不判断。"""
    application = case.application
    person, status, nature = application.person, application.standing.status, application.employer.nature
    day = case.applied_on
    if person.birth is None or person.sex is None or day is None or person.identity_kind in _FOREIGN:
        return
    if status not in (None, ApplicantStatus.IN_POST) or nature in _NEVER_RETIRE:
        return
    if case.facts.batch.review.channel is Channel.FARMER:
        return
    senior = max(case.rank or 0, case.held_rank or 0) >= LEVEL_RANKS[Level.ASSOCIATE_SENIOR]
    age = AGE if person.sex is Sex.MALE or senior else AGE_OF_WOMEN
    year, month = retires(person.birth, age)
    if (day.year, day.month) <= (year, month):
        return
    data = {"sex": person.sex, "birth": person.birth, "month": date(year, month, 1).strftime("%Y-%m")}
    hit = case.at("出生年月", day=day, **data)
    yield hit if status is None and nature in _PUBLIC else hit.rated(Severity.HINT)


def objection(text: str | None) -> str | None:
    """An objection that a publicity drew, in its own words; None where there was none."""
    words = (text or "").strip().rstrip("。；;，,.")
    plain = re.sub(r"\s|经?公示(期间|期内|期)?[，,]?", "", words)
    if _NO_OBJECTION.fullmatch(plain) or (_WITHOUT.search(words) and not _WITH.search(words)):
        return None
    return words


@review.case(
    "B-A12",
    "单位公示异议的调查",
    "细则第二十七条",
    "细则第六十六条（二）",
    applies=REGULATION,
    message="{name}的单位公示收到异议（{objection}），没有调查核实的结论；经公示无异议的方可逐级上报。",
    remedy="由单位调查核实，在“单位公示异议”写明异议和调查结论；未查清的不得上报，属实的退回申报材料。",
    upheld="{name}的单位公示异议经查属实（{objection}），不得推荐上报。",
)
def objections_looked_into(case: Case) -> Iterator[Hit]:
    """单位公示有异议 → 写明调查结论，且结论不是属实；未登记的不判断。"""
    found = objection(case.application.employer_publicity.objections)
    if found is None:
        return
    settled = settlement_of(Complaint(place=case.application.place, number="", conclusion=found))
    if settled is Settlement.UPHELD:
        yield case.at("单位公示异议", "upheld", objection=found)
    elif settled is Settlement.OPEN or not _LOOKED_INTO.search(found):
        yield case.at("单位公示异议", objection=found)


RULES: tuple[Rule, ...] = (sanction_has_an_end, retirement_age, objections_looked_into)
