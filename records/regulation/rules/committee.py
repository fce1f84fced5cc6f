"""评委会组成: how many members, who leads, which titles they hold, how large the pool is."""

from collections.abc import Iterator, Sequence

from records.batch.model import Channel, CommitteeLevel, Expert, ExpertRole, Formation, Level, Severity
from records.regulation.rules.core import REGULATION, Group, Hit, Rule, RuleFamily
from records.regulation.rules.facts import LEVEL_RANKS, Facts

MIN_SIZES = {
    (Formation.SERIES, "高级"): 25,
    (Formation.SERIES, "中级"): 21,
    (Formation.SERIES, "初级"): 17,
    (Formation.SPECIALTY, "高级"): 11,
    (Formation.SPECIALTY, "中级"): 9,
    (Formation.SPECIALTY, "初级"): 7,
}  # 细则第十七条
POOL_FACTOR = 2  # 细则第十九条
CHAIRS, MAX_VICE_CHAIRS = 1, 2  # 细则第十七条
SENIOR_COMMITTEES = frozenset(
    {CommitteeLevel.FULL_SENIOR, CommitteeLevel.ASSOCIATE_SENIOR, CommitteeLevel.SENIOR}
)
_INTERMEDIATE_RANK, _ASSOCIATE_RANK = LEVEL_RANKS[Level.INTERMEDIATE], LEVEL_RANKS[Level.ASSOCIATE_SENIOR]
NAMES_SHOWN = 5

committee_rules = RuleFamily(Group.COMMITTEE)


def minimum_size(formation: Formation | None, level: CommitteeLevel | None) -> int | None:
    """The least number of members (细则第十七条); None when formation or level are not stated."""
    if formation is None or level is None:
        return None
    return MIN_SIZES[formation, "高级" if level in SENIOR_COMMITTEES else level.value]


def names_of(experts: Sequence[Expert]) -> str:
    """The first few names and how many there are."""
    shown = "、".join(expert.name for expert in experts[:NAMES_SHOWN])
    return shown if len(experts) <= NAMES_SHOWN else f"{shown}等{len(experts)}人"


def of_rank(experts: Sequence[Expert], least: int) -> list[Expert]:
    """The experts whose level is stated and at least that rank."""
    return [expert for expert in experts if expert.level and LEVEL_RANKS[expert.level] >= least]


def below_rank(experts: Sequence[Expert], least: int) -> list[Expert]:
    """The experts whose level is stated and lower than that rank."""
    return [expert for expert in experts if expert.level and LEVEL_RANKS[expert.level] < least]


@committee_rules.batch(
    "B-C01",
    "组成人数为单数",
    "细则第十七条",
    "部令第40号",
    applies=REGULATION,
    message="评委会组成人员应当是单数，当前{size}人。",
    remedy="增加或减少1名评审专家并报核准备案部门；核对是否误填了出席人数。",
)
def odd_size(facts: Facts) -> Iterator[Hit]:
    """N mod 2 == 1。"""
    size = facts.size
    if facts.reviewed and size is not None and size % 2 == 0:
        yield facts.at("评委会人数", size=size)


@committee_rules.batch(
    "B-C02",
    "最低人数",
    "细则第十七条",
    severity=Severity.PRINCIPLE,
    applies=REGULATION,
    message="按{formation}组建的{level}评委会原则上不少于{least}人，当前{size}人，少{short}人。",
    remedy="补足人数；经核准备案部门同意调整的，填写“人数调整依据”或在“放行”表写明依据。",
)
def least_size(facts: Facts) -> Iterator[Hit]:
    """N ≥ min[组建方式][级别]：系列 高25中21初17，专业 高11中9初7；有同意文件的可以调整。"""
    committee, size = facts.batch.committee, facts.size
    least = minimum_size(committee.formation, committee.level)
    if not facts.reviewed or least is None or size is None or size >= least or committee.size_agreed:
        return
    data = {"least": least, "size": size, "short": least - size}
    yield facts.at("评委会人数", formation=committee.formation, level=committee.level, **data)


@committee_rules.batch(
    "B-C03",
    "主任、副主任人数",
    "细则第十七条",
    severity=Severity.HINT,
    applies=REGULATION,
    message="评委会一般设主任委员1名、副主任委员1—2名，当前主任委员{chairs}名、副主任委员{vices}名。",
    remedy="核对评委名单的“职务”列。",
)
def chairs(facts: Facts) -> Iterator[Hit]:
    """主任 == 1 且 1 ≤ 副主任 ≤ 2。"""
    experts = facts.batch.committee.experts
    if not any(expert.role for expert in experts):
        return
    leading = sum(expert.role is ExpertRole.CHAIR for expert in experts)
    vices = sum(expert.role is ExpertRole.VICE_CHAIR for expert in experts)
    if leading != CHAIRS or not 1 <= vices <= MAX_VICE_CHAIRS:
        yield Hit(experts[0].place.sheet, None, "职务", None, {"chairs": leading, "vices": vices})


@committee_rules.batch(
    "B-C04",
    "高级评委会专家职称",
    "细则第十七条",
    applies=REGULATION,
    message="高级评委会的评审专家应具有高级职称，{name}的层级为{level}。",
    remedy="更换为具有相应层级职称的专家，或核对“层级”列。",
    full="正高级评委会的评审专家应具有正高级职称，{name}的层级为{level}。",
    half="正高级职称专家应不少于1/2：{size}人中{full}人，至少{least}人。",
    mixed="评委会不全是正高级专家（{full}/{size}）而评审{people}名正高级对象，正高级对象建议由正高级专家表决，或分设正、副高级评委会。",
)
def senior_committee(facts: Facts) -> Iterator[Hit]:
    """全员高级；正高级评委会全员正高；副高级、综合高级评委会 2×正高 ≥ N；综合评委会评正高而非全员正高的给出提示。"""
    committee = facts.batch.committee
    experts = committee.experts
    if committee.level not in SENIOR_COMMITTEES or not experts or not any(expert.level for expert in experts):
        return
    only_full = committee.level is CommitteeLevel.FULL_SENIOR
    least_rank = LEVEL_RANKS[Level.FULL_SENIOR] if only_full else _ASSOCIATE_RANK
    for expert in below_rank(experts, least_rank):
        variant = "full" if only_full else None
        yield facts.near(expert.place, "层级", None, variant, name=expert.name, level=expert.level)
    if only_full:
        return
    full, size = len(of_rank(experts, LEVEL_RANKS[Level.FULL_SENIOR])), len(experts)
    if 2 * full < size:
        yield facts.at("评委会级别", "half", size=size, full=full, least=-(-size // 2))
    people = facts.census.full_seniors
    if committee.level is CommitteeLevel.SENIOR and people and full < size:
        hit = facts.at("评委会级别", "mixed", full=full, size=size, people=people)
        yield hit.rated(Severity.HINT)


@committee_rules.batch(
    "B-C05",
    "中级评委会专家职称",
    "细则第十七条",
    applies=REGULATION,
    message="中级评委会的评审专家应具有中级以上职称，{name}的层级为{level}。",
    remedy="更换为具有相应层级职称的专家，或核对“层级”列。",
    half="中级评委会高级职称专家应不少于1/2：{size}人中{senior}人，至少{least}人。",
)
def intermediate_committee(facts: Facts) -> Iterator[Hit]:
    """全员 ≥ 中级；2×高级 ≥ N。"""
    committee = facts.batch.committee
    experts = committee.experts
    if committee.level is not CommitteeLevel.INTERMEDIATE or not any(item.level for item in experts):
        return
    for expert in below_rank(experts, _INTERMEDIATE_RANK):
        yield facts.near(expert.place, "层级", name=expert.name, level=expert.level)
    senior, size = len(of_rank(experts, _ASSOCIATE_RANK)), len(experts)
    if 2 * senior < size:
        yield facts.at("评委会级别", "half", size=size, senior=senior, least=-(-size // 2))


@committee_rules.batch(
    "B-C06",
    "初级评委会专家职称",
    "细则第十七条",
    applies=REGULATION,
    message="初级评委会的评审专家应具有中级以上职称，{name}的层级为{level}。",
    remedy="更换为具有中级以上职称的专家，或核对“层级”列。",
)
def junior_committee(facts: Facts) -> Iterator[Hit]:
    """全员 ≥ 中级。"""
    committee = facts.batch.committee
    if committee.level is CommitteeLevel.JUNIOR:
        for expert in below_rank(committee.experts, _INTERMEDIATE_RANK):
            yield facts.near(expert.place, "层级", name=expert.name, level=expert.level)


@committee_rules.batch(
    "B-C07",
    "专家库规模",
    "细则第十九条",
    applies=REGULATION,
    message="专家库总人数{pool}低于评委会最低人数{least}的2倍（{need}人），还差{short}人。",
    remedy="补充专家库并报人力资源社会保障部门备案。",
)
def pool_size(facts: Facts) -> Iterator[Hit]:
    """库人数 ≥ 2 × 最低人数（以最低人数为基数，不是实际人数）。"""
    committee = facts.batch.committee
    least = minimum_size(committee.formation, committee.level)
    if least is None or committee.pool_size is None:
        return
    need = POOL_FACTOR * least
    if committee.pool_size < need:
        data = {"pool": committee.pool_size, "least": least, "need": need}
        yield facts.at("专家库人数", short=need - committee.pool_size, **data)


@committee_rules.batch(
    "B-C09",
    "不得跨系列组建",
    "细则第十条",
    applies=REGULATION,
    message="评委会按职称系列或专业组建，不得跨系列组建综合性评委会：{series}。",
    remedy="按系列分别组建评委会并核准备案；绿色通道评委会由自治区设立，不受此限。",
    unknown="评审系列“{series}”不在职称系列目录中，无法核对评审系列和评审权限，请按备案文件更正。",
)
def one_series(facts: Facts) -> Iterator[Hit]:
    """评委会系列数 == 1；绿色通道评委会除外；不在目录中的系列给出提示。"""
    found = facts.committee_series
    if len(found) > 1 and facts.batch.review.channel is not Channel.GREEN:
        yield facts.at("评审系列", series="、".join(item.name for item in found))
    if facts.unknown_series:
        hit = facts.at("评审系列", "unknown", series="、".join(facts.unknown_series))
        yield hit.rated(Severity.HINT)


RULES: tuple[Rule, ...] = (
    odd_size,
    least_size,
    chairs,
    senior_committee,
    intermediate_committee,
    junior_committee,
    pool_size,
    one_series,
)
