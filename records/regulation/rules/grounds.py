"""申报资格, the exceptions to climbing level by level (直接申报): each tells what is missing to its conditions."""

from collections.abc import Callable, Iterator

from records.batch.model import EmployerNature, Level, Severity
from records.batch.optional import Basis, Workplace
from records.codes import education
from records.regulation.rules.claims import beyond_notices, green_claim, qualification, skilled
from records.regulation.rules.core import (
    NOTICES_2023_TO_2025,
    OF_NOTICES,
    REGULATION,
    Applies,
    Group,
    Hit,
    Rule,
    RuleFamily,
)
from records.regulation.rules.facts import LEVEL_RANKS, Case, years_between

COLLEGE, BACHELOR, MASTER, DOCTOR = 2, 3, 4, 5  # ranks of records.codes.education
PRIVATE_YEARS = {(Level.INTERMEDIATE, BACHELOR): 5, (Level.INTERMEDIATE, COLLEGE): 8}  # 细则第三十八条
PRIVATE_ASSOCIATE_YEARS = 12  # 细则第三十八条：本科满12年→副高级
TOWNSHIP_YEARS = {BACHELOR: 2, COLLEGE: 4}  # 内人社办发〔2024〕85号四（五）4
COUNTY_LONG_YEARS, TOWNSHIP_LONG_YEARS = 30, 20  # 内人社办发〔2024〕85号四（五）2
DOCTORS_TITLE = "医师"  # 主任医师、副主任医师
RURAL_SERVICE_MONTHS = 12  # 内人社办发〔2024〕85号四（五）5
APPOINTED_YEARS = 2  # 细则第三十七条（二）：聘任副高级满2年
TALENT_FULL, TALENT_CLASSES = 4, 6  # 一至四类→正高，五至六类→副高

eligibility = RuleFamily(Group.ELIGIBILITY)


def schooling(case: Case) -> int:
    """Rank of the education: 5 博士 4 硕士 3 本科 2 专科; 0 unknown. A degree counts like its education."""
    record = case.application.education
    found = education(record.degree_level)
    ranks = {"博士": DOCTOR, "硕士": MASTER, "学士": BACHELOR}
    return max(found.rank or 0 if found else 0, ranks.get(record.degree or "", 0))


def private_sector(case: Case) -> list[str]:
    """What is missing to 细则第三十八条."""
    level, rank, years = case.application.sought.level, schooling(case), case.worked_years
    missing = [] if case.private else ["属于非公有制领域"]
    if case.facts.policy.private_needs_local_year and case.new_here:
        missing.append("在自治区工作满1年")
    if level is Level.ASSOCIATE_SENIOR:
        need = PRIVATE_ASSOCIATE_YEARS if rank >= BACHELOR else None
    else:
        need = PRIVATE_YEARS.get((level, min(rank, BACHELOR))) if level else None
    if need is None:
        missing.append("学历与申报等级相符（本科可申报中级、副高级，专科可申报中级）")
    elif years is not None and years < need:
        missing.append(f"专业技术工作满{need}年（现{years}年）")
    return missing


def grassroots_recognition(case: Case) -> list[str]:
    """What is missing to 细则第四十条; it reaches up to 中级 and needs no review."""
    place, level = case.application.standing.workplace, case.application.sought.level
    rank, years = schooling(case), case.worked_years
    missing = [] if place is None or place.is_grassroots else ["在苏木乡镇、嘎查村基层单位工作"]
    if level is not None and level.is_senior:
        return [*missing, "申报等级为中级及以下"]
    need = {DOCTOR: 0, MASTER: 1}.get(rank) if level is Level.INTERMEDIATE else {COLLEGE: 2}.get(rank, 0)
    if need is None or rank < COLLEGE:
        missing.append("学历与认定等级相符（专科、本科认定助理级，硕士、博士认定中级）")
    elif years is not None and years < need:
        missing.append(f"工作满{need}年（现{years}年）")
    return missing


def township_direct(case: Case) -> list[str]:
    """What is missing to sit for 中级 directly from a township institution."""
    application = case.application
    need, years = TOWNSHIP_YEARS.get(min(schooling(case), BACHELOR)), case.worked_years
    conditions = {
        "申报中级职称": application.sought.level is Level.INTERMEDIATE,
        "在苏木乡镇工作": application.standing.workplace in (Workplace.TOWNSHIP, Workplace.VILLAGE, None),
        "在事业单位专业技术岗位": application.employer.nature in (EmployerNature.INSTITUTION, None),
        "具有大专以上学历": need is not None,
        f"工作满{need}年（现{years}年）": need is None or years is None or years >= need,
    }
    return [text for text, holds in conditions.items() if not holds]


def grassroots_long(case: Case) -> list[str]:
    """What is missing to 30 years in a county or 20 in a township; it lifts by one level only."""
    application = case.application
    place, years = application.standing.workplace, application.grounds.grassroots_years
    need = TOWNSHIP_LONG_YEARS if place and place.is_grassroots else COUNTY_LONG_YEARS
    missing = ["在旗县或苏木乡镇工作"] if place is Workplace.CITY else []
    if years is not None and years < need:
        missing.append(f"在{place or '旗县'}从事专业工作满{need}年（现{years}年）")
    if case.rank and case.held_rank and case.rank > max(case.held_rank, LEVEL_RANKS[Level.JUNIOR]) + 1:
        missing.append("只破格高一级")
    return missing


def transferred(case: Case) -> list[str]:
    """What is missing to 细则第三十九条."""
    return ["首次申报职称"] if case.application.grounds.first is False else []


def program(case: Case) -> list[str]:
    """What is missing to a talent programme of the annual notices."""
    text, level = case.application.grounds.program, case.application.sought.level
    place = case.application.standing.workplace
    if not text:
        return ["注明培养项目和层次"]
    if "一层次" in text and "青年" not in text:
        return []
    if "二层次" in text or "青年" in text:
        above = case.rank is not None and case.held_rank is not None and case.rank > case.held_rank + 1
        return ["申报高一级职称"] if above else []
    if "三层次" in text:
        missing = [] if level is Level.INTERMEDIATE else ["申报中级职称"]
        return [*missing, "在旗县及以下单位工作"] if place is Workplace.CITY else missing
    return ["培养项目层次为一、二、三层次之一"]


def epidemic(case: Case) -> list[str]:
    """What is missing to the preference for those who fought the epidemic."""
    until = case.facts.policy.covid_until
    missing = ["未享受过该政策"] if case.application.grounds.epidemic_before else []
    if until and case.applied_on and case.applied_on > until:
        missing.append(f"申报日不晚于{until}")
    return missing


CONDITIONS: dict[Basis, Callable[[Case], list[str]]] = {
    Basis.PRIVATE_SECTOR: private_sector,
    Basis.GRASSROOTS_RECOGNITION: grassroots_recognition,
    Basis.TOWNSHIP_DIRECT: township_direct,
    Basis.GRASSROOTS_LONG: grassroots_long,
    Basis.TRANSFERRED: transferred,
    Basis.PROGRAM: program,
    Basis.EPIDEMIC: epidemic,
    Basis.GREEN: green_claim,
    Basis.QUALIFICATION: qualification,
    Basis.SKILLED: skilled,
}


def excused(case: Case) -> bool:
    """Whether an exception covers a skipped level: the one that is claimed, else the private sector's own."""
    return case.green or lacking(case) == []


def lacking(case: Case) -> list[str] | None:
    """What the claim lacks, or without one the private sector's own ground; None where there is no ground at all.

    A claim that only other years' notices know lacks the notice.
    """
    basis = case.application.grounds.basis
    if basis:
        lacks = CONDITIONS[basis](case) if basis in CONDITIONS else []
        return [*lacks, "当年通知的规定"] if beyond_notices(case) else lacks
    return private_sector(case) if case.private else None


def _missing(case: Case, basis: Basis) -> Iterator[Hit]:
    if case.application.grounds.basis is basis and not beyond_notices(case):
        missing = CONDITIONS[basis](case)
        if missing:
            yield case.at("政策依据", missing="、".join(missing))


REMEDY = "核对政策依据和各项条件；不具备条件的按逐级申报办理。"


@eligibility.case(
    "B-E11",
    "非公领域直接申报",
    "细则第三十八条",
    "包头市2025年通知四（五）",
    "内人社办发〔2024〕85号四（六）",
    "包头市2023年通知四（七）",
    severity=Severity.COMPUTED,
    message="{name}不满足非公领域直接申报条件：{missing}。",
    remedy=REMEDY,
)
def private_sector_rule(case: Case) -> Iterator[Hit]:
    """非公 ∧ [2025起：在我区工作 ≥ 1年] ∧ ((本科∧≥5年)∨(专科∧≥8年)→中级；本科∧≥12年→副高)。"""
    yield from _missing(case, Basis.PRIVATE_SECTOR)


@eligibility.case(
    "B-E12",
    "基层直接认定",
    "细则第四十条",
    "内人社办发〔2024〕85号四（五）3",
    "包头市2023年通知四（六）1",
    severity=Severity.COMPUTED,
    message="{name}不符合基层直接认定条件：{missing}。",
    remedy=REMEDY,
)
def grassroots_recognition_rule(case: Case) -> Iterator[Hit]:
    """苏木乡镇、嘎查村单位：专科 ≥2年→助理；本科或学士→助理；硕士 ≥1年→中级；博士→中级；不认定高级。"""
    yield from _missing(case, Basis.GRASSROOTS_RECOGNITION)


@eligibility.case(
    "B-E13",
    "苏木乡镇事业单位直接参评中级",
    "内人社办发〔2024〕85号四（五）4",
    "包头市2025年通知四（四）3",
    "包头市2023年通知四（六）2",
    severity=Severity.COMPUTED,
    applies=OF_NOTICES,
    message="{name}不满足苏木乡镇直接参评中级的条件：{missing}。",
    remedy=REMEDY,
)
def township_direct_rule(case: Case) -> Iterator[Hit]:
    """苏木乡镇事业单位专技岗 ∧ (本科 ≥2年 ∨ 大专 ≥4年) → 可直接参加中级评审（是评审不是认定）。"""
    yield from _missing(case, Basis.TOWNSHIP_DIRECT)


@eligibility.case(
    "B-E14",
    "基层长期破格",
    "内人社办发〔2024〕85号四（五）2",
    "包头市2025年通知四（四）2",
    "包头市2023年通知四（六）3",
    severity=Severity.COMPUTED,
    applies=OF_NOTICES,
    message="{name}不满足基层长期工作破格的条件：{missing}。",
    remedy=REMEDY,
)
def grassroots_long_rule(case: Case) -> Iterator[Hit]:
    """旗县专业工作 ≥30年 ∨ 苏木乡镇 ≥20年 → 学历、专业、岗位职数不限，只高一级。"""
    yield from _missing(case, Basis.GRASSROOTS_LONG)


@eligibility.case(
    "B-E15",
    "服务基层经历",
    "内人社办发〔2024〕85号四（五）5",
    "包头市2025年通知四（四）4",
    "包头市2023年通知四（六）4",
    severity=Severity.PRINCIPLE,
    applies=NOTICES_2023_TO_2025,
    message="{name}（城市{who}）晋升高级原则上要有1年以上农村牧区基层工作服务经历，现{months}个月，还差{short}个月。",
    remedy="补充基层服务证明；确有特殊情况的在“放行”表写明理由。",
)
def rural_service(case: Case) -> Iterator[Hit]:
    """城市中小学教师、医生申报高级：农村牧区服务 ≥ 1年（原则上）。"""
    who = _asked_to_serve(case)
    months = case.application.grounds.rural_service_months
    level, place = case.application.sought.level, case.application.standing.workplace
    if who is None or place is not Workplace.CITY or months is None or level is None or not level.is_senior:
        return
    if months < RURAL_SERVICE_MONTHS:
        yield case.at("农村牧区服务月数", who=who, months=months, short=RURAL_SERVICE_MONTHS - months)


def _asked_to_serve(case: Case) -> str | None:
    """城市中小学教师、医生; nurses, pharmacists and technicians of 卫生系列 are no doctors."""
    match case.series.name if case.series else "":
        case "中小学教师系列":
            return "中小学教师"
        case "卫生系列" if DOCTORS_TITLE in (case.application.sought.name or ""):
            return "医生"
    return None


@eligibility.case(
    "B-E19",
    "英才兴蒙",
    "细则第三十七条（二）",
    "内人社办发〔2024〕172号一（二）",
    severity=Severity.MANDATORY,
    applies=REGULATION,
    message="{name}的英才兴蒙人才类别（{talent}类）不能直接申报{level}：{missing}。",
    remedy="核对自治区党委人才工作领导小组认定的类别和聘任时间。",
)
def talents(case: Case) -> Iterator[Hit]:
    """1—4类→正高；5—6类→副高[2024下半年：在当地工作满一年]；聘副高 ≥2年→正高。"""
    application = case.application
    talent, level = application.grounds.talent_class, application.sought.level
    if talent is None or level is None or not case.green:
        return
    missing = [] if 1 <= talent <= TALENT_CLASSES else ["类别为一至六类"]
    if talent > TALENT_FULL and level is Level.FULL_SENIOR:
        appointed = years_between(application.current_title.appointed, case.applied_on)
        if case.held_rank != LEVEL_RANKS[Level.ASSOCIATE_SENIOR] or (appointed or 0) < APPOINTED_YEARS:
            missing.append("聘任副高级职称满2年")
    if talent > TALENT_FULL and case.facts.policy.green.local_year and case.new_here:
        missing.append("在当地工作满一年")
    if missing:
        yield case.at("人才层次", talent=talent, level=level, missing="、".join(missing))


@eligibility.case(
    "B-E20",
    "公务员、军转人员首次申报",
    "细则第三十九条",
    "内人社办发〔2024〕85号四（四）8",
    "包头市2023年通知四（五）7",
    severity=Severity.COMPUTED,
    applies=REGULATION,
    message="{name}不是首次申报，不适用转业人员直接申报（缺：{missing}）。",
    remedy=REMEDY,
)
def transferred_rule(case: Case) -> Iterator[Hit]:
    """转入企事业单位从事专技工作 ∧ 首次申报 → 可直接申报相应层级。"""
    yield from _missing(case, Basis.TRANSFERRED)


@eligibility.case(
    "B-E21",
    "高层次培养项目",
    "包头市2025年通知四（三）",
    "内人社办发〔2024〕85号四（四）7",
    "包头市2023年通知四（五）6",
    severity=Severity.MANDATORY,
    applies=OF_NOTICES,
    message="{name}不满足高层次人才培养项目直接申报的条件：{missing}。",
    remedy=REMEDY,
)
def program_rule(case: Case) -> Iterator[Hit]:
    """一层次→正高；二层次、青年拔尖→高一级；三层次（旗县及以下单位）→中级；在培养期内。"""
    yield from _missing(case, Basis.PROGRAM)


@eligibility.case(
    "B-E26",
    "疫情一线倾斜",
    "内人社办发〔2024〕85号四（七）",
    "包头市2025年通知四（六）",
    severity=Severity.COMPUTED,
    applies=Applies(first=2024, last=2026, text="2024—2026年"),
    message="疫情防控职称倾斜政策延续至2026年底，且只享受一次；{name}不满足：{missing}。",
    remedy=REMEDY,
)
def epidemic_rule(case: Case) -> Iterator[Hit]:
    """未享受过 ∧ 申报日 ≤ 2026-12-31；一次。"""
    yield from _missing(case, Basis.EPIDEMIC)


RULES: tuple[Rule, ...] = (
    private_sector_rule,
    grassroots_recognition_rule,
    township_direct_rule,
    grassroots_long_rule,
    rural_service,
    talents,
    transferred_rule,
    program_rule,
    epidemic_rule,
)
