"""申报资格, by channel: 绿色通道 with the year's own category numbers, delegation, quotas, posts, 定向评价."""

import re
from collections import Counter
from collections.abc import Iterator

from records.batch.model import Channel, Level, Severity
from records.batch.optional import Post
from records.codes import targeted_fields
from records.regulation.rules.claims import category
from records.regulation.rules.core import REGULATION, Applies, Hit, Rule
from records.regulation.rules.facts import Case, Facts
from records.regulation.rules.grounds import eligibility

PEERS = 2  # 细则第三十七条（四）：2名以上正高级同行
LONG_YEARS, OVERSEAS_YEARS = 10, 3  # 内人社办发〔2024〕172号一（四）（五）
_GOVERNMENT = re.compile(r"行署|行政公署|政府|自治区|(厅|委员会|委)$")
_OFFICE = re.compile(r"人力资源和?社会保障|人社")
ENGINEERING = "工程系列"
_WATER_AND_WOODS = re.compile("林[业草木学]|森林|草[原业]|水[利文土]|灌[溉区]")
_BY_GOVERNMENT = frozenset({"1", "4", "5", "6"})
_POSTDOCTORAL, _UNSCHOOLED, _RETURNED = "3", "4", "5"
_FULL_OR_ASSOCIATE = frozenset({"1", "2", "6"})


def _missing(case: Case, number: str) -> list[str]:
    """What is missing to a category, beyond its number."""
    application = case.application
    level, referrer = application.sought.level, application.procedure.referrer
    peers = application.procedure.peer_referees
    conditions = {
        "申报高级职称": number not in _FULL_OR_ASSOCIATE or level is None or level.is_senior,
        "申报副高级职称": number != _POSTDOCTORAL or level in (None, Level.ASSOCIATE_SENIOR),
        f"2名以上在职在岗正高级同行推荐（现{peers}名）": number != _UNSCHOOLED
        or peers is None
        or peers >= PEERS,
        "盟行政公署、市人民政府或自治区主管部门推荐": number not in _BY_GOVERNMENT
        or not referrer
        or bool(_GOVERNMENT.search(referrer)),
        "盟市人力资源和社会保障局或自治区主管部门推荐": number != _POSTDOCTORAL
        or not referrer
        or bool(_OFFICE.search(referrer) or _GOVERNMENT.search(referrer)),
    }
    return [text for text, holds in conditions.items() if not holds]


def _category_hits(case: Case) -> Iterator[Hit]:
    allowed = case.facts.policy.green.categories
    number = category(case)
    if number not in allowed:
        numbers = f"{min(allowed)}—{max(allowed)}" if allowed else "（无）"
        yield case.at("人才类别", "range", given=number or "空", numbers=numbers, year=case.facts.year)


GREEN_RANGE = "{name}的人才类别“{given}”不在{year}年政策序号（{numbers}）范围内。"
GREEN_REMEDY = "按当年政策更正人才类别序号，补齐推荐意见；不符合的改报社会化评审。"


@eligibility.case(
    "B-E16",
    "绿色通道类别（2025）",
    "细则第三十七条",
    applies=Applies(first=2025, channel=Channel.GREEN, text="2025年起"),
    message="{name}：绿色通道第{category}类缺少：{missing}。",
    remedy=GREEN_REMEDY,
    range=GREEN_RANGE,
)
def green_2025(case: Case) -> Iterator[Hit]:
    """六类之一；(一)(四)(五)(六) 盟行署、市政府或主管部门推荐；(三) 盟市人社局或主管部门；(四) ≥2名正高同行。"""
    yield from _category_hits(case)
    missing = _missing(case, category(case))
    if missing:
        yield case.at("人才类别", category=category(case), missing="、".join(missing))


@eligibility.case(
    "B-E17",
    "绿色通道类别（2023、2024）",
    "内人社办发〔2024〕85号四（四）",
    "内人社办发〔2024〕172号一",
    "包头市2023年通知四（五）",
    applies=Applies(last=2024, channel=Channel.GREEN, text="2023、2024年"),
    message="{name}：绿色通道第{category}类缺少：{missing}。",
    remedy=GREEN_REMEDY,
    range=GREEN_RANGE,
    elsewhere="{name}：第{category}类由相应评委会评审，不由绿色通道评委会评审。",
)
def green_before(case: Case) -> Iterator[Hit]:
    """2023七类、2024八类（后两类由相应评委会评）、2024下半年七类；(四) 从业 ≥10年、(五) 海外 ≥3年（下半年）。"""
    yield from _category_hits(case)
    number, green = category(case), case.facts.policy.green
    if number in green.elsewhere:
        yield case.at("人才类别", "elsewhere", category=number)
        return
    missing = _missing(case, number)
    worked, overseas = case.worked_years, case.application.grounds.overseas_years
    if green.closes and number == _UNSCHOOLED and worked is not None and worked < LONG_YEARS:
        missing.append(f"从事专业技术工作10年以上（现{worked}年）")
    if green.closes and number == _RETURNED and overseas is not None and overseas < OVERSEAS_YEARS:
        missing.append(f"海外从事专业技术工作3年以上（现{overseas}年）")
    if missing:
        yield case.at("人才类别", category=number, missing="、".join(missing))


@eligibility.case(
    "B-E18",
    "绿色通道次数与优先级",
    "内人社办发〔2024〕172号四",
    "内人社办发〔2024〕85号四（四）",
    "包头市2025年通知四（三）",
    "包头市2023年通知四（五）",
    severity=Severity.PRINCIPLE,
    applies=Applies(channel=Channel.GREEN, text="绿色通道"),
    message="{name}已享受过绿色通道政策，符合条件人员原则上只享受一次。",
    remedy="核对享受政策情况；确需再次享受的在“放行”表写明理由。",
    general="{name}符合当年社会化职称评审条件，应推荐参加社会化评审，不得申报绿色通道。",
    again="{name}当年绿色通道评审未通过且无新的业绩成果，原则上当年不得再次申报。",
)
def green_once(case: Case) -> Iterator[Hit]:
    """历史享受次数 == 0（原则上）。2024年下半年：符合社会化条件 → 不得申报（强制）；当年未通过且无新业绩 → 原则上不得再报。"""
    grounds = case.application.grounds
    if grounds.green_before:
        yield case.at("曾享受绿色通道")
    if not case.facts.policy.green.general_first:
        return
    if grounds.meets_general:
        yield case.at("符合社会化条件", "general").rated(Severity.MANDATORY)
    if grounds.failed_without_new:
        yield case.at("未通过且无新业绩", "again")


@eligibility.case(
    "B-E22",
    "派驻与委托",
    "细则第二十二条",
    "细则第五十六条",
    "包头市2025年通知三（二）2",
    applies=REGULATION,
    message="{name}所在驻区单位缺少委托评审函或未经人社部门同意，不予受理、不予认可。",
    remedy="补充本单位同意意见、委托评审函和人力资源社会保障部门同意意见。",
    posted="{name}在派驻地连续工作未满1年（{since}起），不能在派驻地委托评审。",
)
def entrusted(case: Case) -> Iterator[Hit]:
    """驻区单位（中央、外省）：有委托评审函并经同意；非公派驻地连续工作 ≥ 1年。"""
    standing, since = case.application.standing, case.application.grounds.in_region_since
    if standing.outside_unit and standing.entrusted is False:
        yield case.at("委托评审函")
    if standing.posted and case.private and since and case.new_here:
        yield case.at("在区工作起始", "posted", since=since)


@eligibility.batch(
    "B-E23",
    "中小学正高级名额",
    "内人社办发〔2024〕85号四（十一）",
    "包头市2025年通知四（十）",
    "包头市2023年通知四（十三）",
    message="中小学正高级教师评审通过{passed}名，超过核定名额{quota}名，超{over}名。",
    remedy="严格按核定名额组织评审；核对“名额”。",
    leaders="担任行政领导的正高级教师通过{passed}名，不得超过{most}名。",
    share="推荐人选中担任行政领导的{leaders}名，超过推荐总数{people}名的{share}（至多{most}名）。",
)
def teachers_quota(facts: Facts) -> Iterator[Hit]:
    """正高通过数 ≤ 名额（批次登记的名额优先，否则当年当地：全区2024=200，包头2025=28、2023=17）；2023包头领导 ≤5且 ≤30%。"""
    quota = facts.policy.quota
    census = facts.census
    most = facts.batch.quota if facts.batch.quota is not None else quota.full_senior_teachers
    if most is not None and census.teachers_passed > most:
        passed = census.teachers_passed
        yield facts.at("名额", passed=passed, quota=most, over=passed - most)
    if quota.leaders is not None and census.leaders_passed > quota.leaders:
        yield facts.at("名额", "leaders", passed=census.leaders_passed, most=quota.leaders)
    if quota.leaders_share is not None and census.leaders > quota.leaders_share * census.teachers:
        allowed = int(quota.leaders_share * census.teachers)
        share = f"{float(quota.leaders_share):.0%}"
        yield facts.at(
            "名额", "share", leaders=census.leaders, people=census.teachers, share=share, most=allowed
        )


@eligibility.batch(
    "B-E24",
    "岗位结构比例",
    "内人社办发〔2024〕85号四（九）1",
    "包头市2025年通知四（八）1",
    "包头市2023年通知四（十一）2",
    message="{employer}{level}申报{people}人，超过空岗{vacant}个，缺少超岗申报的商洽意见。",
    remedy="由主管部门统一商同级人社部门意见并填写“超岗商洽意见”，或减少申报人数。",
    unmatched="岗位表的{employer}{level}没有对应的申报人员，空岗未能核对。",
    share="{employer}{level}申报{people}人，超过空岗{vacant}个加已设岗位{established}个的5%（至多{most}人）。",
)
def within_posts(facts: Facts) -> Iterator[Hit]:
    """事业单位：申报数 ≤ 空岗数（向下取整），超岗须有商洽意见；包头2023：超出 ≤ 已设岗位数×5%。绿色通道、破格不受限。"""
    if facts.batch.review.channel is Channel.GREEN:
        return
    levels = {*map(str, Level)}
    for post in facts.batch.posts:
        if post.employer not in facts.census.employers or post.level not in levels:
            hit = facts.near(
                post.place, "工作单位", None, "unmatched", employer=post.employer, level=post.level or ""
            )
            yield hit.rated(Severity.HINT)
            continue
        yield from _post_hits(facts, post, facts.census.on_posts)


def _post_hits(facts: Facts, post: Post, counted: Counter[tuple[str, str]]) -> Iterator[Hit]:
    people = counted[post.employer, post.level or ""]
    share = facts.policy.over_post_share
    if post.vacant is None or people <= post.vacant:
        return
    data = {"employer": post.employer, "level": post.level or "", "people": people, "vacant": post.vacant}
    if share is not None:
        established = post.established or 0
        most = post.vacant + int(share * established)
        if people > most:
            yield facts.near(post.place, "空岗数", None, "share", established=established, most=most, **data)
    elif not post.agreed:
        yield facts.near(post.place, "空岗数", **data)


@eligibility.case(
    "B-E25",
    "定向评价",
    "内人社办发〔2024〕85号四（五）1",
    "包头市2025年通知四（四）1",
    "包头市2023年通知四（九）",
    applies=Applies(channel=Channel.TARGETED, text="定向评价"),
    message="{name}：{series}不在定向评价的八个领域（{fields}）内。",
    remedy="核对渠道和系列；定向评价只评基层高级职称，在单列岗位比例内专岗专用。",
    level="{name}申报{level}；基层“定向评价”只评高级职称。",
    field="{name}的定向领域“{field}”不在八个领域（{fields}）内。",
    which="{name}：{series}中只有{own}专业属于定向评价领域，请核对或填写“定向评价领域”。",
)
def targeted(case: Case) -> Iterator[Hit]:
    """系列 ∈ 八个领域（林业即林草）；只评高级；工程系列只有林草、水利专业（提示）。"""
    sought, stated = case.application.sought, case.application.grounds.targeted_field
    fields = targeted_fields()
    names = "、".join(field.name for field in fields)
    if sought.level is not None and not sought.level.is_senior:
        yield case.at("申报资格等级", "level", level=sought.level)
    if stated and stated not in {name for field in fields for name in (field.name, *field.aliases)}:
        yield case.at("定向评价领域", "field", field=stated, fields=names)
    if case.series is None:
        return
    own = [field for field in fields if case.series.name in field.series]
    if not own:
        yield case.at("职称系列", series=case.series.name, fields=names)
    elif case.series.name == ENGINEERING and not stated and not _WATER_AND_WOODS.search(_specialties(case)):
        own_names = "、".join(field.name for field in own)
        yield case.at("现从事专业", "which", series=case.series.name, own=own_names).rated(Severity.HINT)


def _specialties(case: Case) -> str:
    sought, committee = case.application.sought, case.facts.batch.committee
    return "".join(
        text or "" for text in (sought.series, sought.specialty, committee.specialty, committee.name)
    )


other_applicants = eligibility.manual(
    "B-E27",
    "可申报的其他主体",
    "细则第二十一条",
    applies=REGULATION,
    formula="自由职业者、高技能、农村牧区实用人才、在区合法从业的港澳台及境外专技人才可报；证件类型随之变化。",
    remedy="港澳台及境外人员核对合法从业证明；自由职业者核对纳税或社保参保地。",
    severity=Severity.COMPUTED,
)

RULES: tuple[Rule, ...] = (
    green_2025,
    green_before,
    green_once,
    entrusted,
    teachers_quota,
    within_posts,
    targeted,
    other_applicants,
)
