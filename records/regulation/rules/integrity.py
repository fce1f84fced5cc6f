"""诚信与监管: records of dishonesty, their contents and term, offences by article and item, the ladder of measures."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from records.batch.model import Severity
from records.batch.optional import Measure, Offender, Supervision
from records.regulation.rules.core import REGULATION, Group, Hit, Rule, RuleFamily
from records.regulation.rules.facts import Facts

ITEMS = {62: 4, 63: 8, 64: 8, 65: 9, 66: 4}  # 细则第六十二—六十六条各有几项
ARTICLES = {Offender.APPLICANT: 62, Offender.EXPERT: 63, Offender.STAFF: 64}
COMMITTEE_ARTICLE = 65
REMINDERS_TO_WITHDRAWAL = 2  # 细则第七十八条：2次提醒或者1次约谈
_CODE = re.compile(r"(?:第)?(\d{2}|六十[二三四五六])(?:条)?[-—（(第]*(\d|[一二三四五六七八九])[）)项]*")
_NUMERALS = {character: place for place, character in enumerate("一二三四五六七八九", start=1)}
_STRENGTH = {Measure.REMINDER: 1, Measure.INTERVIEW: 2, Measure.WITHDRAWAL: 3, Measure.RESUMPTION: 0}

integrity = RuleFamily(Group.INTEGRITY)


def offence(text: str | None) -> tuple[int, int] | None:
    """Article and item of an offence code: 63-4, 六十三条第四项; None when there is no such item."""
    found = _CODE.fullmatch((text or "").strip())
    if not found:
        return None
    first, second = found.groups()
    article = int(first) if first.isdigit() else 60 + _NUMERALS[first[-1]]
    item = int(second) if second.isdigit() else _NUMERALS[second]
    return (article, item) if 1 <= item <= ITEMS.get(article, 0) else None


@integrity.batch(
    "B-H01",
    "诚信档案必填",
    "细则第七十一条",
    applies=REGULATION,
    message="{name}的诚信档案记录缺少：{missing}。",
    remedy="补填违规情形、处理依据、处理措施、生效时间和记录期限。",
)
def record_complete(facts: Facts) -> Iterator[Hit]:
    """违规情形、处理依据、处理措施、生效时间、记录期限 均非空。"""
    for record in facts.batch.integrity:
        parts = {
            "违规情形": record.offence,
            "处理依据": record.basis,
            "处理措施": record.measure,
            "生效时间": record.effective,
            "记录截止": record.until,
        }
        missing = [head for head, value in parts.items() if not value]
        if missing:
            yield facts.near(record.place, missing[0], name=record.name, missing="、".join(missing))


@integrity.batch(
    "B-H02",
    "记录期限",
    "细则第七十二条",
    "细则第七十三条",
    "细则第七十四条",
    applies=REGULATION,
    message="{name}的诚信记录期限应为3年（{starts}至{expected}），登记至{until}。",
    remedy="更正记录期限的截止日。",
)
def record_term(facts: Facts) -> Iterator[Hit]:
    """记录止 = 加年(生效, 3) − 1日。"""
    for record in facts.batch.integrity:
        expected = facts.record_ends(record)
        if expected and record.until and record.until != expected:
            days = {"starts": record.effective, "expected": expected, "until": record.until}
            yield facts.near(record.place, "记录截止", name=record.name, **days)


@integrity.batch(
    "B-H03",
    "撤销职称",
    "细则第七十二条",
    "包头市2025年通知七（二）",
    applies=REGULATION,
    message="{name}：撤销职称由相应人力资源社会保障部门决定，登记的处理机关为{decided_by}。",
    remedy="由核准确认的人力资源社会保障部门作出撤销决定，同时登记诚信档案并注销证书。",
)
def revoked_by_office(facts: Facts) -> Iterator[Hit]:
    """处理措施含撤销职称 → 处理机关为人力资源社会保障部门；同时登记诚信档案并注销证书。"""
    for record in facts.batch.integrity:
        revokes = "撤销" in (record.measure or "") and record.kind in (Offender.APPLICANT, None)
        decided_by = record.decided_by or ""
        if revokes and decided_by and not any(word in decided_by for word in ("人力资源", "人社")):
            yield facts.near(record.place, "处理机关", name=record.name, decided_by=decided_by)


def due_measure(before: list[Supervision], row: Supervision) -> Measure:
    """The measure of 细则第七十七、七十八条 for `row` after the rows of the same filing period before it."""
    codes = Counter(item.offence for item in (*before, row) if item.offence)
    warned = Counter(item.measure for item in before)
    unimproved = row.improved is False and (
        warned[Measure.REMINDER] >= REMINDERS_TO_WITHDRAWAL or warned[Measure.INTERVIEW] >= 1
    )
    if unimproved:
        return Measure.WITHDRAWAL
    return Measure.INTERVIEW if len(codes) > 1 or max(codes.values(), default=0) > 1 else Measure.REMINDER


@integrity.batch(
    "B-H04",
    "评委会监管阶梯",
    "细则第七十七条",
    "细则第七十八条",
    applies=REGULATION,
    message="{day}对评委会应采取“{due}”，登记为“{measure}”。",
    remedy="一项违规提醒并限期整改；两项以上或同一项两次约谈并停评；整改无改善的收回评审权。",
)
def supervision_ladder(facts: Facts) -> Iterator[Hit]:
    """违规 1项 → 提醒；≥2项或同项2次 → 约谈；一个备案周期内提醒 ≥2或约谈 ≥1且无明显改善 → 收回评审权。"""
    committee = facts.batch.committee
    begins, ends = committee.filing_approved or date.min, committee.filing_valid_until or date.max
    rows = [row for row in facts.batch.supervisions if row.on is None or begins <= row.on <= ends]
    rows.sort(key=lambda row: row.on or date.min)
    before: list[Supervision] = []
    for row in rows:
        if row.measure is Measure.RESUMPTION:
            continue
        due = due_measure(before, row)
        if row.measure and _STRENGTH[row.measure] < _STRENGTH[due]:
            yield facts.near(row.place, "措施", day=row.on or "", due=due, measure=row.measure)
        before.append(row)


employers_measures = integrity.manual(
    "B-H05",
    "用人单位处理",
    "细则第七十九条",
    applies=REGULATION,
    formula="第六十六条任一情形 → 批评教育、补救、限期整改；整改不力 → 通报批评。",
    remedy="用人单位有第六十六条情形的，按第七十九条处理并留存记录。",
    severity=Severity.MANDATORY,
)


@integrity.batch(
    "B-H06",
    "违规情形代码",
    "细则第六十二条",
    "细则第六十三条",
    "细则第六十四条",
    "细则第六十五条",
    severity=Severity.COMPUTED,
    applies=REGULATION,
    message="违规情形代码“{code}”不属于{kind}（第{article}条共{items}项）。",
    remedy="按条款项号填写，如 63-4 为应当回避时未及时申请回避。",
)
def offence_codes(facts: Facts) -> Iterator[Hit]:
    """申报人4项、专家8项、工作人员8项、评委会9项、用人单位4项，按 条-项 编码。"""
    for record in facts.batch.integrity:
        article = ARTICLES.get(record.kind) if record.kind else None
        found = offence(record.offence)
        if article and record.offence and (found is None or found[0] != article):
            data = {"code": record.offence, "kind": record.kind, "article": article, "items": ITEMS[article]}
            yield facts.near(record.place, "违规情形", **data)
    for row in facts.batch.supervisions:
        found = offence(row.offence)
        if row.offence and (found is None or found[0] != COMMITTEE_ARTICLE):
            article = COMMITTEE_ARTICLE
            data = {"code": row.offence, "kind": "评委会", "article": article, "items": ITEMS[article]}
            yield facts.near(row.place, "违规事项", **data)


RULES: tuple[Rule, ...] = (
    record_complete,
    record_term,
    revoked_by_office,
    supervision_ladder,
    employers_measures,
    offence_codes,
)
