"""会议与表决, the conduct of the meeting: chair, signature, minutes, secrecy, recusal, pledges, supervision."""

import re
from collections.abc import Iterator

from records.batch.model import ExpertRole, Severity
from records.regulation.rules.committee import names_of
from records.regulation.rules.core import REGULATION, Hit, Rule
from records.regulation.rules.facts import Case, Facts
from records.regulation.rules.meeting import meeting

MINUTES = ("评审时间", "出席评审专家", "评审对象", "评审情况", "评议意见", "投票结果")  # 细则第四十八条
LONG_NAME = 3  # 三字以上的姓名一侧成词即可辨认
_HAN = re.compile("[\u3400-\u9fff]")
_BEFORE_NAME = re.compile(
    "(由|经|请|邀|和|与|同|及|给|是|为|被|向|对|从|见|找|的|即|系|专家|评委|委员|主任|主任委员|组长|教授|老师|导师|博士|院长|校长"
    "|所长|处长|局长|厅长|主席|会长|工程师|研究员|医师|同志|姓名|推荐人|联系人|审核人)$"
)
_AFTER_NAME = re.compile(
    "由|经|请|和|与|同|及|等|是|为|被|向|对|的|在|于|之|曾|已|系|任|担任|参|将|把|说|认为|表示|签|投|打|提|评|审|推荐|建议|意见"
    "|主持|介绍|指导|负责|回避|出席|专家|评委|委员|主任|副主任|组长|教授|副教授|老师|导师|博士|院长|校长|所长|处长|局长|工程师"
    "|高级|正高|研究员|同志|先生|女士|医师|亲属|夫妻|父|母|兄|弟|姐|妹|师生|学生"
)
_LEADERS = frozenset({ExpertRole.CHAIR, ExpertRole.VICE_CHAIR})


def _role(facts: Facts, name: str) -> ExpertRole | None:
    return next((e.role for e in facts.batch.committee.experts if e.name == name), None)


def _knows_roles(facts: Facts) -> bool:
    return any(expert.role in _LEADERS for expert in facts.batch.committee.experts)


@meeting.batch(
    "B-M06",
    "主持与宣布",
    "细则第四十四条",
    "细则第四十七条",
    applies=REGULATION,
    message="评审会议应由主任委员或者副主任委员主持，登记的主持人{host}不是。",
    remedy="核对会议主持人和宣布人，与会议记录一致。",
    absent="登记的主持人{host}未出席会议。",
    announced="表决结果应由主任委员或者主持会议的副主任委员宣布，登记的宣布人{announcer}不是。",
)
def chaired_by_leaders(facts: Facts) -> Iterator[Hit]:
    """主持人 ∈ 主任∪副主任 且出席；宣布人 == 主任 或 == 主持的副主任。"""
    minutes = facts.batch.review.minutes
    if not _knows_roles(facts):
        return
    if minutes.host and _role(facts, minutes.host) not in _LEADERS:
        yield facts.at("主持人", host=minutes.host)
    elif minutes.host and facts.attending and minutes.host not in {e.name for e in facts.attending}:
        yield facts.at("主持人", "absent", host=minutes.host)
    if minutes.announcer and _role(facts, minutes.announcer) is not ExpertRole.CHAIR:
        presided = minutes.announcer == minutes.host or minutes.host is None
        if not presided or _role(facts, minutes.announcer) is not ExpertRole.VICE_CHAIR:
            yield facts.at("宣布人", "announced", announcer=minutes.announcer)


@meeting.batch(
    "B-M07",
    "结果签字",
    "细则第四十七条",
    applies=REGULATION,
    message="评审结果由主任委员、或经授权并主持会议的副主任委员签字，登记的签字人{signer}不是。",
    remedy="补办主任委员签字或书面授权，并加盖评委会印章。",
    unauthorized="副主任委员{signer}签字确认评审结果，须有主任委员授权。",
    unsealed="评审结果须加盖评委会印章。",
)
def signed_and_sealed(facts: Facts) -> Iterator[Hit]:
    """签字人 == 主任；或 签字人 == 主持会议的副主任 且有主任授权；且加盖评委会印章。"""
    minutes = facts.batch.review.minutes
    if minutes.signer and _knows_roles(facts):
        match _role(facts, minutes.signer):
            case ExpertRole.CHAIR:
                pass
            case ExpertRole.VICE_CHAIR if minutes.signer == (minutes.host or minutes.signer):
                if minutes.signer_authorized is False:
                    yield facts.at("签字授权", "unauthorized", signer=minutes.signer)
            case _:
                yield facts.at("签字人", signer=minutes.signer)
    if minutes.sealed is False:
        yield facts.at("加盖评委会印章", "unsealed")


@meeting.batch(
    "B-M08",
    "会议记录要素",
    "细则第四十八条",
    applies=REGULATION,
    message="会议记录缺少：{missing}。",
    remedy="补全会议记录的六项内容，归档长期保存。",
)
def minutes_complete(facts: Facts) -> Iterator[Hit]:
    """六要素非空：评审时间、出席评审专家、评审对象、评审情况、评议意见、投票结果。"""
    recorded = facts.batch.review.minutes.recorded
    missing = [item for item in MINUTES if item not in (recorded or "")]
    if recorded and missing:
        yield facts.at("会议记录要素", missing="、".join(missing))


def names_person(text: str, name: str) -> bool:
    """Whether a text names that person, rather than holding the characters within another word or longer name."""
    for found in re.finditer(re.escape(name), text):
        before, after = text[: found.start()], text[found.end() :]
        starts = not _HAN.match(before[-1:]) or _BEFORE_NAME.search(before) is not None
        ends = not _HAN.match(after[:1]) or _AFTER_NAME.match(after) is not None
        if (starts and ends) or (len(name) >= LONG_NAME and (starts or ends)):
            return True
    return False


def _note_names_no_expert(case: Case) -> Iterator[Hit]:
    """备注 goes into rosters; the applicant's own name is no expert's."""
    note, own = case.application.note, case.application.person.name or ""
    for name in case.facts.expert_names if note else ():
        if name in (note or "") and name not in own and names_person(note or "", name):
            yield case.at("备注", column="备注", expert=name)


@meeting.batch(
    "B-M09",
    "封闭与保密",
    "细则第四十九条",
    applies=REGULATION,
    message="评审专家名单不对外公布，“{column}”中出现专家{expert}的姓名。",
    remedy="删去专家信息；公示、公告、证书和推送数据中不得出现评审专家。",
    people=_note_names_no_expert,
)
def experts_unnamed(facts: Facts) -> Iterator[Hit]:
    """对外文书所用的栏目（公示受理部门、公示异议、备注）不含专家姓名。"""
    names = facts.expert_names
    if not names:
        return
    batch = facts.batch
    for column, text in (("公示受理部门", batch.publicity.receiver), ("公示网址", batch.publicity.url)):
        for name in names if text else ():
            if name in (text or "") and names_person(text or "", name):
                yield facts.at(column, column=column, expert=name)


@meeting.case(
    "B-M10",
    "回避",
    "细则第五十条",
    applies=REGULATION,
    message="评审专家{expert}与{name}存在“{relation}”关系，应当回避而未回避。",
    remedy="专家不参加该申报人的评议和投票，补填回避记录；已参加的重新表决。",
    oneself="出席评审专家{expert}与申报人{name}同名同单位，疑为本人，应当回避。",
    reviewer="{name}的申报材料由出席评审专家{expert}审核推荐，应当回避。",
)
def recusal(case: Case) -> Iterator[Hit]:
    """有利害关系（本人、近亲属、同单位推荐审核人等）→ 不参与该对象评议投票，有回避记录。"""
    facts, application = case.facts, case.application
    withdrew = set()
    for row in facts.recusals.get(application.number, ()):
        if row.withdrew:
            withdrew.add(row.expert)
        elif row.withdrew is False:
            data = {"name": case.name, "expert": row.expert, "relation": row.relation or "利害"}
            yield facts.near(row.place, "已回避", application.number, **data)
    for name, variant in ((application.person.name, "oneself"), (application.procedure.reviewer, "reviewer")):
        for expert in facts.attending_by_name.get(name or "", ()):
            if expert.name not in withdrew and expert.employer == application.employer.name:
                yield case.at("姓名" if variant == "oneself" else "审核人", variant, expert=expert.name)


@meeting.batch(
    "B-M11",
    "专家承诺书",
    "细则第四十四条",
    "包头市2025年通知六（一）3",
    applies=REGULATION,
    message="出席专家{names}未签订专家个人承诺书。",
    remedy="参加评审会议的专家须在会前签订个人承诺书；补签并更正“承诺书”列。",
    late="{name}的专家承诺书签于{day}，晚于会议开始日{meeting}。",
)
def pledges(facts: Facts) -> Iterator[Hit]:
    """∀ 出席专家有承诺书，且签署日 ≤ 会议日。"""
    starts = facts.batch.review.starts
    for expert in facts.attending:
        if expert.pledged is False:
            yield facts.near(expert.place, "承诺书", names=expert.name)
        elif expert.pledged_on and starts and expert.pledged_on > starts:
            days = {"day": expert.pledged_on, "meeting": starts}
            yield facts.near(expert.place, "承诺书签署日期", None, "late", name=expert.name, **days)


@meeting.batch(
    "B-M12",
    "专家名单一致",
    "细则第四十二条",
    applies=REGULATION,
    message="出席专家{names}不在备案同意的评委名单内。",
    remedy="替换评委须补充备案；未补充备案的不得参加评审。",
)
def experts_listed(facts: Facts) -> Iterator[Hit]:
    """出席专家 ⊆ 备案同意的评委推荐名单。"""
    strange = [expert for expert in facts.attending if expert.listed is False]
    if strange:
        yield facts.near(strange[0].place, "在备案名单内", names=names_of(strange))


@meeting.batch(
    "B-M13",
    "纪检监督",
    "细则第四十四条",
    "内人社办发〔2024〕85号六（二）1",
    "包头市2025年通知六（二）1",
    "包头市2023年通知六（三）3",
    severity=Severity.HINT,
    message="应邀请纪检监察部门对职称评审工作进行监督，未登记监督单位。",
    remedy="填写监督单位，会议记录载明监督人员并附邀请函。",
)
def supervised(facts: Facts) -> Iterator[Hit]:
    """监督单位非空。"""
    if facts.reviewed and not facts.batch.review.supervisor:
        yield facts.at("监督单位")


RULES: tuple[Rule, ...] = (
    chaired_by_leaders,
    signed_and_sealed,
    minutes_complete,
    experts_unnamed,
    recusal,
    pledges,
    experts_listed,
    supervised,
)
