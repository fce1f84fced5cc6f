"""审核与材料: how the papers travel, who reviews first, signatures, wording, reception, fees."""

from collections.abc import Iterator

from records.batch.model import Channel, EmployerNature, Severity
from records.batch.optional import ApplicantStatus
from records.codes import find_region
from records.regulation.rules.core import REGULATION, Applies, Group, Hit, Rule, RuleFamily
from records.regulation.rules.facts import PRIVATE, Case, Facts

SERVICE_CENTRE = "内蒙古人事人才公共服务中心"
REGION = "150000"
LEADER_ROLES = ("主要负责人", "法人", "法定代表人", "校长", "院长", "董事长", "总经理")
_NONE = ("无", "无异议", "没有", "")

GREEN_2024H2 = Applies(channel=Channel.GREEN, text="2024年下半年绿色通道")  # 以当年政策文件的开关为准

review = RuleFamily(Group.REVIEW)


def _route(case: Case) -> tuple[str, tuple[str, ...]] | None:
    """The expected way and the words that its forwarding unit's name holds; None where local rules decide."""
    employer = case.application.employer
    if case.facts.batch.region_code != REGION:
        return None
    if employer.region_code == REGION:
        own = employer.name or ""
        return "主管部门汇总或自治区直属单位直接送交评委会办事机构", (own, "厅", "局", "委", "部", "办")
    place = find_region(employer.region_code)
    if place is None:
        return None
    names = tuple(
        name for name in (place.league_name, place.name if place.reports_directly else None) if name
    )
    return f"逐级申报，由{names[0]}人力资源和社会保障局（或职称直报单位）报送{SERVICE_CENTRE}", (
        *names,
        "直报",
    )


ROUTE_MESSAGE = "{name}的报送渠道应为：{route}；登记的报送单位为{forwarded_by}。"
ROUTE_REMEDY = "按人事隶属关系重新报送，或核对“报送渠道”。"


def _route_hits(case: Case) -> Iterator[Hit]:
    by = case.application.procedure.forwarded_by
    expected = _route(case) if by else None
    if by and expected and not any(word and word in by for word in expected[1]):
        yield case.at("报送渠道", route=expected[0], forwarded_by=by)


@review.case(
    "B-A01",
    "申报渠道路由（高级）",
    "细则第三十一条",
    applies=REGULATION,
    message=ROUTE_MESSAGE,
    remedy=ROUTE_REMEDY,
)
def route_of_seniors(case: Case) -> Iterator[Hit]:
    """评委会在自治区：盟市及以下单位 → 盟市人社局或直报单位 → 公共服务中心；自治区本级 → 主管部门；直属 → 本单位。"""
    level = case.application.sought.level
    if level is not None and level.is_senior:
        yield from _route_hits(case)


@review.case(
    "B-A02",
    "申报渠道路由（中初级）",
    "细则第三十二条",
    applies=REGULATION,
    message=ROUTE_MESSAGE,
    remedy=ROUTE_REMEDY,
)
def route_of_others(case: Case) -> Iterator[Hit]:
    """自治区本级 → 主管部门汇总；自治区直属企事业 → 本单位直送；盟市及自评单位按各自规定。"""
    level = case.application.sought.level
    if level is not None and not level.is_senior and case.application.employer.region_code == REGION:
        yield from _route_hits(case)


@review.case(
    "B-A03",
    "初审主体",
    "细则第二十八条",
    applies=REGULATION,
    message="{name}的初审、公示、推荐主体应为{who}，登记为{unit}。",
    remedy="由规定的主体重新履行初审、公示、推荐程序，或核对“初审单位”。",
)
def first_reviewer(case: Case) -> Iterator[Hit]:
    """非公 → 所在工作单位；自由职业者 → 参保地人社部门或其指定单位、人事代理机构；劳务派遣 → 派遣单位会同用人单位。"""
    application = case.application
    unit, employer, standing = (
        application.procedure.reviewing_unit,
        application.employer,
        application.standing,
    )
    if not unit:
        return
    free = employer.nature is EmployerNature.FREELANCE or standing.status is ApplicantStatus.FREELANCE
    if free:
        if not any(word in unit for word in ("人力资源", "人社", "人才", "服务", "代理")):
            who = "纳税或社保参保地人力资源社会保障部门（或其指定单位、人事代理机构）"
            yield case.at("初审单位", who=who, unit=unit)
    elif standing.dispatched:
        if unit == employer.name:
            yield case.at("初审单位", who="劳务派遣单位会同用人单位", unit=unit)
    elif employer.nature in PRIVATE and employer.name and unit != employer.name:
        yield case.at("初审单位", who=f"所在工作单位（{employer.name}）", unit=unit)


@review.case(
    "B-A04",
    "审核签章三要素",
    "细则第三十三条",
    applies=REGULATION,
    message="{name}的推荐材料须签署审核人员姓名、审核意见及审核日期并加盖公章，缺：{missing}。",
    remedy="由审核单位补签；谁审核、谁签字、谁负责。",
    order="{name}的审核日期{reviewed}晚于单位公示开始日{starts}，且推荐日期{recommended}早于公示结束日{ends}。",
)
def review_signed(case: Case) -> Iterator[Hit]:
    """审核人姓名 ∧ 审核意见 ∧ 审核日期 均非空（登记了其一即须齐全）；审核日 ≤ 公示起日 或 公示末日 ≤ 推荐日。"""
    procedure, publicity = case.application.procedure, case.application.employer_publicity
    parts = {
        "审核人": procedure.reviewer,
        "审核意见": procedure.review_opinion,
        "审核日期": procedure.reviewed_on,
    }
    missing = [head for head, value in parts.items() if not value]
    if missing and len(missing) < len(parts):
        yield case.at(missing[0], missing="、".join(missing))
    reviewed, recommended = procedure.reviewed_on, procedure.recommended_on
    if reviewed is None or recommended is None or publicity.starts is None or publicity.ends is None:
        return
    if reviewed > publicity.starts and recommended < publicity.ends:
        days = {"reviewed": reviewed, "recommended": recommended}
        yield case.at("审核日期", "order", starts=publicity.starts, ends=publicity.ends, **days)


def _plain(text: str) -> str:
    return "".join(character for character in text if character not in ' 　\n“”"。，、；,.;')


@review.case(
    "B-A05",
    "推荐用语一致",
    "内人社办发〔2024〕172号三（二）2",
    "细则第二十七条",
    applies=REGULATION,
    message="{name}的单位意见应使用规定用语“{wording}”，当前为“{opinion}”。",
    remedy="按规定用语填写单位意见；公示期间有异议已查否的，写明异议和调查结论并附调查材料。",
    objected="{name}的单位公示有异议（{objections}），单位意见不能写“公示无异议”。",
)
def recommended_in_words(case: Case) -> Iterator[Hit]:
    """2024年下半年绿色通道：单位意见 == 规定句（标点不计）；各年：有异议的不得使用“公示无异议”。"""
    opinion, wording = case.application.procedure.recommendation, case.facts.policy.recommendation
    objections = (case.application.employer_publicity.objections or "").strip()
    if not opinion:
        return
    if objections not in _NONE:
        if "无异议" in opinion:
            yield case.at("推荐意见", "objected", objections=objections)
    elif wording and _plain(opinion) != _plain(wording):
        yield case.at("推荐意见", wording=wording, opinion=opinion)


@review.case(
    "B-A06",
    "主要负责人签名",
    "内人社办发〔2024〕172号三（二）2",
    applies=GREEN_2024H2,
    message="{name}的推荐意见应由单位主要负责人（法人）签名并加盖单位公章，登记的签名人为{role}。",
    remedy="由单位主要负责人（法人）签名并加盖单位公章。",
)
def signed_by_the_head(case: Case) -> Iterator[Hit]:
    """签名人角色 == 单位主要负责人（法人）。"""
    role = case.application.procedure.signer_role
    if case.facts.policy.green.head_signs and role and not any(word in role for word in LEADER_ROLES):
        yield case.at("签名人身份", role=role)


@review.case(
    "B-A07",
    "线上线下一致",
    "包头市2025年通知三（三）",
    applies=Applies(first=2025, last=2025, text="2025年"),
    message="{name}的线上、线下材料不一致，应退回修改后重新提交，逾期不能补报。",
    remedy="退回申报人修改，使线上填报与线下材料逐项一致。",
)
def same_online(case: Case) -> Iterator[Hit]:
    """同名字段逐一相等（登记为“否”的不通过）。"""
    if case.application.procedure.same_online is False:
        yield case.at("线上线下一致")


@review.case(
    "B-A08",
    "不予受理四情形",
    "细则第三十六条",
    applies=REGULATION,
    message="{name}的申报材料不予受理（{reason}），却参加了评审。",
    remedy="不予受理的材料及时退回并说明理由，从本批次中删去此人。",
)
def refused(case: Case) -> Iterator[Hit]:
    """登记了不予受理情形的不得评审。"""
    reason = case.application.procedure.refused
    if reason and reason.strip() not in _NONE:
        yield case.at("不予受理情形", reason=reason)


no_extra_proofs = review.manual(
    "B-A09",
    "不得额外索要证明",
    "细则第二十六条",
    "内人社办发〔2024〕85号四（一）4",
    formula="材料清单以外、可由证照、承诺、核查、核验办理的证明，不得要求提供。",
    remedy="核对材料清单：可通过核验获得的，不得要求申报人额外提供。",
    severity=Severity.HINT,
)

no_restrictive_conditions = review.manual(
    "B-A10",
    "限制性条件",
    "内人社办发〔2024〕85号四（一）3",
    "包头市2023年通知四（二）3",
    formula="评价指标不得含：科研项目、经费数量、获奖、论文期刊层次、头衔、称号 作为限制条件。",
    remedy="核对评价标准和评审办法：不得将上述各项作为限制性要求。",
    severity=Severity.HINT,
    applies=Applies(last=2024, text="2023、2024年"),
)


@review.batch(
    "B-A11",
    "收费",
    "内人社办发〔2024〕172号四（六）",
    "细则第六十九条",
    applies=GREEN_2024H2,
    message="绿色通道职称评审不收取职称评审费，登记收费{fee}元。",
    remedy="退还已收费用；评审费用从人才开发基金办公经费列支。",
)
def fees(facts: Facts) -> Iterator[Hit]:
    """2024年下半年绿色通道：评审费 == 0；其他按内计费字〔2001〕1202号、内人发〔2001〕124号。"""
    fee = facts.batch.charges.fee
    if fee and facts.policy.green.free and facts.batch.review.channel is Channel.GREEN:
        yield facts.at("评审费", fee=fee)


RULES: tuple[Rule, ...] = (
    route_of_seniors,
    route_of_others,
    first_reviewer,
    review_signed,
    recommended_in_words,
    signed_by_the_head,
    same_online,
    refused,
    no_extra_proofs,
    no_restrictive_conditions,
    fees,
)
