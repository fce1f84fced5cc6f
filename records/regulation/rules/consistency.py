"""表册一致性: identity, titles, numbers that must agree, the chain of dates, copies and paper."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from records.batch.model import Channel, IdentityKind, Severity
from records.codes import Title, former_title, titles_named, titles_of
from records.input.identity import CITIZEN_LENGTH, Problem, inspect
from records.regulation.rules.core import REGULATION, Applies, Group, Hit, Rule, RuleFamily
from records.regulation.rules.facts import Case, Facts

PROBLEMS = {
    Problem.LENGTH: "位数不对",
    Problem.CHARACTERS: "含有不应出现的字符",
    Problem.CHECK: "校验位错误",
    Problem.DATE: "出生日期不存在",
    Problem.REGION: "地区代码不存在",
    Problem.REGION_ABOLISHED: "地区代码在出生前已撤销",
    Problem.REGION_LATER: "地区代码晚于出生才设立",
    Problem.ORGANISATION_CHECK: "组织机构代码校验位错误",
    Problem.DEPARTMENT: "登记管理部门代码不对",
}
TITLES_SHOWN = 4

consistency = RuleFamily(Group.CONSISTENCY)

roster_columns = consistency.manual(
    "B-X01",
    "花名册十六列",
    "内人社办发〔2024〕172号附件2",
    applies=REGULATION,
    formula="列名与顺序逐字相等；人才类别 ∈ 当年序号集（见绿色通道类别）。",
    remedy="系统生成的花名册按此列序；使用自备花名册时逐列核对。",
    severity=Severity.MANDATORY,
)

text_format = consistency.manual(
    "B-X02",
    "文本格式",
    "内人社办发〔2024〕172号附件2填表说明",
    applies=REGULATION,
    formula="所有单元格为文本格式，身份证号为18位文本（以数字录入的号码在读入时即报错并指出单元格）。",
    remedy="系统生成的花名册全部为文本格式；使用自备花名册时核对单元格格式。",
    severity=Severity.MANDATORY,
)


@consistency.case(
    "B-X03",
    "身份证校验与派生",
    "GB 11643",
    applies=REGULATION,
    message="{name}的{kind}号码{problem}。",
    remedy="与证件原件核对号码、性别和出生年月；号码列使用文本格式。",
    length="{name}的{kind}号码位数不对：现为{count}位，应为{expected}位。",
    check="{name}的{kind}号码校验位错误：末位为{last}，按前17位应为{expected}。",
    sex="{name}的{kind}号码第17位表示性别{derived}，登记为{stated}。",
    birth="{name}的{kind}号码表示出生日期{derived}，与登记的出生年月{stated}不一致。",
    doubt="{name}的{kind}号码{problem}，请与证件原件核对。",
)
def identity(case: Case) -> Iterator[Hit]:
    """位数、校验位正确，地区和日期存在；性别、出生年月与号码一致。港澳台、外国人证件按各自规则。"""
    person = case.application.person
    kind, number = person.identity_kind, person.identity_number
    if kind is None or not number:
        return
    found = inspect(kind, number)
    for problem in found.problems:
        if problem is Problem.CHECK and found.expected_check:
            yield case.at("证件号码", "check", kind=kind, last=number[-1], expected=found.expected_check)
        elif problem is Problem.LENGTH and kind is IdentityKind.CITIZEN_CARD:
            yield case.at("证件号码", "length", kind=kind, count=len(number), expected=CITIZEN_LENGTH)
        else:
            yield case.at("证件号码", kind=kind, problem=PROBLEMS[problem])
    for problem in found.doubts:
        yield case.at("证件号码", "doubt", kind=kind, problem=PROBLEMS[problem]).rated(Severity.HINT)
    if found.sex and person.sex and found.sex is not person.sex:
        yield case.at("性别", "sex", kind=kind, derived=found.sex, stated=person.sex)
    if found.birth and person.birth and not person.birth.agrees_with(found.birth):
        yield case.at("出生年月", "birth", kind=kind, derived=found.birth, stated=person.birth)


def _proposal(case: Case, named: tuple[Title, ...]) -> str:
    """What the title may have meant: the same name elsewhere, else the titles of that series and level."""
    sought, series = case.application.sought, case.series
    today = former_title(sought.name)
    if today:
        return f"{sought.name}为旧称，现为{today}"
    own = [title for title in named if series and title.series == series.name]
    if own:
        return f"{sought.name}是{own[0].series}{own[0].level}"
    right = titles_of(series.name, sought.level) if series and sought.level else ()
    if right:
        names = "、".join(dict.fromkeys(title.name for title in right[:TITLES_SHOWN]))
        return f"{series.name if series else ''}{sought.level}为{names}" + (
            "等" if len(right) > TITLES_SHOWN else ""
        )
    return f"{sought.name}属于{named[0].series}{named[0].level}" if named else "请从职称目录中选择"


@consistency.case(
    "B-X04",
    "职称名称与层级",
    "职称系列目录",
    applies=REGULATION,
    message="“{title}”不是{series}{level}的职称名称；{proposal}。",
    remedy="按职称目录更正申报职称名称、系列或等级；名称不带“任职资格”。",
    series="职称系列“{series}”不在目录中。",
)
def title_and_level(case: Case) -> Iterator[Hit]:
    """申报职称名称 ∈ 系列[层级]；申报资格等级 == 名称所属层级。"""
    sought = case.application.sought
    if sought.series and case.series is None:
        yield case.at("职称系列", "series", series=sought.series)
    if not sought.name or sought.level is None or case.series is None:
        return
    named = titles_named(sought.name)
    if not any(title.series == case.series.name and title.level is sought.level for title in named):
        data = {"title": sought.name, "series": case.series.name, "level": sought.level}
        yield case.at("申报职称名称", proposal=_proposal(case, named), **data)


@consistency.batch(
    "B-X05",
    "跨文书一致",
    "各文件",
    applies=REGULATION,
    message="证件号码相同的{a}（申报编号{first}）与{b}（申报编号{second}）{field}不一致：{x}／{y}。",
    remedy="与证件原件核对；同一人在各表中的姓名、性别、出生年月必须一致。",
)
def one_person_one_name(facts: Facts) -> Iterator[Hit]:
    """同一证件号码：姓名、性别、出生年月、民族一致（各文书由同一记录生成，自相一致）。"""
    for applications in facts.census.twice:
        first, *rest = applications
        for other in rest:
            fields = {
                "姓名": (first.person.name, other.person.name),
                "性别": (first.person.sex, other.person.sex),
                "出生年月": (first.person.birth, other.person.birth),
                "民族": (first.person.ethnicity, other.person.ethnicity),
            }
            for field, (x, y) in fields.items():
                if x is not None and y is not None and x != y:
                    data = {"a": first.person.name, "b": other.person.name, "field": field, "x": x, "y": y}
                    numbers = {"first": first.number, "second": other.number}
                    yield facts.near(other.place, field, other.number, **data, **numbers)


@consistency.batch(
    "B-X06",
    "人数勾稽",
    "细则第四十二条",
    "细则第五十三条",
    applies=REGULATION,
    message="人数勾稽不符：{left}（{a}）应{relation}{right}（{b}）。",
    remedy="核对名单和各项人数，使方案、受理、表决、公示、核准、证书人数前后一致。",
)
def head_counts(facts: Facts) -> Iterator[Hit]:
    """评委名单行数 = 评委会人数，出席 = 出席人数；方案名单数 = 受理数；表决数 ≤ 受理数；公示数 = 通过数；核准数 ≤ 公示数。"""
    batch, tally = facts.batch, facts.batch.tally
    experts = batch.committee.experts
    voted, passed = facts.census.voted, facts.census.passed
    listed = len(experts) if any(item.role for item in experts) else None
    attending = len(facts.attending) if any(item.present is not None for item in experts) else None
    equal = (
        ("评委会人数", "评委名单行数", listed, "评委会人数", batch.committee.size),
        ("出席人数", "评委名单中出席的人数", attending, "出席人数", batch.committee.present),
        ("方案名单人数", "方案名单人数", tally.planned, "受理人数", tally.accepted),
        ("公示人数", "公示人数", tally.published, "通过人数", passed),
    )
    most = (
        ("受理人数", "表决人数", voted, "受理人数", tally.accepted),
        ("核准人数", "核准人数", tally.approved, "通过人数", passed),
    )
    for column, left, a, right, b in equal:
        if a is not None and b is not None and a != b:
            yield facts.at(column, left=left, a=a, relation="等于", right=right, b=b)
    for column, left, a, right, b in most:
        if a is not None and b is not None and a > b:
            yield facts.at(column, left=left, a=a, relation="不大于", right=right, b=b)


@consistency.batch(
    "B-X07",
    "统计表勾稽",
    "包头市2025年通知三（二）4",
    "包头市2023年通知三（二）4",
    applies=REGULATION,
    message="统计表合计与总数不符：在编{staffed}＋非在编{unstaffed}＋其他{others}＝{total_parts}，申报总人数{total}。",
    remedy="核对统计表和花名册。",
    roster="申报总人数{total}与申报人员名单的{people}人不一致。",
)
def statistics_add_up(facts: Facts) -> Iterator[Hit]:
    """在编 + 非在编 + 其他 = 申报情况报告总数 = 名单人数。"""
    tally = facts.batch.tally
    if tally.total is None:
        return
    if tally.staffed is not None and tally.unstaffed is not None:
        parts = {"staffed": tally.staffed, "unstaffed": tally.unstaffed, "others": tally.others or 0}
        if sum(parts.values()) != tally.total:
            yield facts.at("申报总人数", total_parts=sum(parts.values()), total=tally.total, **parts)
    people = facts.census.people
    if people != tally.total:
        yield facts.at("申报总人数", "roster", total=tally.total, people=people)


Step = tuple[str, date | None]
CHAIN_MESSAGE = "日期顺序错误：{a}（{first}）晚于{b}（{second}）。"


def _out_of_order(steps: tuple[Step, ...]) -> Iterator[tuple[str, dict[str, object]]]:
    """Neighbouring stated steps whose days go backwards: the column of the later step and the data."""
    stated = [(name, day) for name, day in steps if day is not None]
    for (a, first), (b, second) in pairwise(stated):
        if first > second:
            yield b, {"a": a, "first": first, "b": b, "second": second}


def batch_chain(facts: Facts) -> tuple[Step, ...]:
    """The steps of the batch in their order, named by their items on the sheet 批次."""
    batch = facts.batch
    return (
        ("申报截止日期", batch.schedule.closes),
        ("花名册公示开始", batch.roster_publicity.starts),
        ("花名册公示结束", batch.roster_publicity.ends),
        ("材料报送日期", batch.schedule.forwarded),
        ("方案报备日期", batch.review.plan_filed),
        ("方案同意日期", batch.review.minutes.plan_agreed),
        ("评审开始日期", batch.review.starts),
        ("评审结束日期", batch.review.ends),
        ("结果公示开始", batch.publicity.starts),
        ("结果公示结束", batch.publicity.ends),
        ("核准报送日期", batch.closing.reported),
        ("核准日期", batch.approval.approved_on),
        ("电子档案上传日期", batch.closing.archived),
    )


def _own_dates_in_order(case: Case) -> Iterator[Hit]:
    """The applicant's own steps, up to the meeting."""
    procedure, publicity = case.application.procedure, case.application.employer_publicity
    steps = (
        ("承诺书日期", procedure.pledged_on),
        ("材料提交日期", procedure.submitted),
        ("单位公示开始", publicity.starts),
        ("单位公示结束", publicity.ends),
        ("推荐日期", procedure.recommended_on),
        ("评审开始日期", case.facts.batch.review.starts),
    )
    for column, data in _out_of_order(steps):
        yield case.at(column if column != "评审开始日期" else str(data["a"]), **data)


@consistency.batch(
    "B-X08",
    "日期链",
    "细则第二十六—五十八条",
    applies=REGULATION,
    message=CHAIN_MESSAGE,
    remedy="核对两处日期；补正期间可以插入，其余环节须依次进行。",
    people=_own_dates_in_order,
)
def dates_in_order(facts: Facts) -> Iterator[Hit]:
    """承诺书≤材料提交≤单位公示起≤止≤推荐≤花名册公示≤上报≤方案提交≤同意≤会议≤结果公示起≤止≤核准报送≤核准≤电子档案。"""
    for column, data in _out_of_order(batch_chain(facts)):
        if (data["a"], column) != ("结果公示结束", "核准日期"):  # 由证书前置条件判断
            yield facts.at(column, **data)


@consistency.batch(
    "B-X09",
    "份数与纸型",
    "内人社办发〔2024〕172号附件1",
    applies=Applies(channel=Channel.GREEN, text="2024年下半年绿色通道"),
    message="{paper}应一式{need}份，登记为{stated}份。",
    remedy="评审表A4纸一式2份、送审表A3纸一式15份、花名册1份（盖章）并报送电子版。",
)
def copies(facts: Facts) -> Iterator[Hit]:
    """评审表 A4×2；送审表 A3×15（系统按此纸型生成）。"""
    charges, green = facts.batch.charges, facts.policy.green
    papers = (
        ("评审表份数", "评审表（A4）", charges.form_copies, green.form_copies),
        ("送审表份数", "送审表（A3）", charges.submission_copies, green.submission_copies),
    )
    for column, paper, stated, need in papers:
        if stated is not None and need is not None and stated != need:
            yield facts.at(column, paper=paper, need=need, stated=stated)


@consistency.batch(
    "B-X10",
    "关联的申报编号",
    "细则第三十五条",
    "细则第五十条",
    "细则第五十一条",
    message="{sheet}一行的申报编号“{number}”在申报人员中没有；无法对应到人，不能视为与任何人无关。",
    remedy="改为申报人员表中的申报编号；与具体申报人无关的留空。",
)
def linked_numbers(facts: Facts) -> Iterator[Hit]:
    """举报、回避、补正各行的申报编号 ∈ 申报人员的申报编号。"""
    for row in facts.linked_rows:
        number = row.application_number
        if number and number not in facts.census.linked_seen:
            yield facts.near(row.place, "申报编号", None, sheet=row.place.sheet, number=number)


RULES: tuple[Rule, ...] = (
    roster_columns,
    text_format,
    identity,
    title_and_level,
    one_person_one_name,
    head_counts,
    statistics_add_up,
    dates_in_order,
    copies,
    linked_numbers,
)
