"""申报资格: who may apply, when not, one level at a time, examinations, qualifications, change of series."""

from collections.abc import Iterator, Mapping

from records.batch.model import Acquisition, Channel, EmployerNature, Severity
from records.batch.optional import ApplicantStatus, Basis, IntegrityRecord, Offender, Sanction
from records.regulation.rules.claims import beyond_notices, unproven
from records.regulation.rules.core import REGULATION, Hit, Rule
from records.regulation.rules.facts import NO_TITLE, Case, Facts, years_between
from records.regulation.rules.grounds import eligibility, excused, lacking

BARRED = frozenset(
    {ApplicantStatus.CIVIL_SERVANT, ApplicantStatus.UNDER_CIVIL_SERVICE_LAW, ApplicantStatus.RETIRED}
)  # 细则第二十一条
HEAVY = frozenset(set(Sanction) - {Sanction.WARNING})  # 记过以上
IN_POST_YEARS = 1  # 细则第四十一条


@eligibility.case(
    "B-E01",
    "身份排除",
    "细则第二十一条",
    message="{name}的身份类别为{status}；公务员（含参照公务员法管理的人员）和离退休人员不得申报参加职称评审。",
    remedy="退回申报材料；已转入企事业单位的按转业首次申报办理并更正身份类别。",
    office="{name}的单位性质为机关，请核对是否公务员或参照公务员法管理的人员，并填写“身份类别”。",
)
def barred_status(case: Case) -> Iterator[Hit]:
    """公务员 ∨ 参公 ∨ 离退休 → 拒绝；单位性质为机关而未登记身份类别的给出提示。"""
    status = case.application.standing.status
    if status in BARRED:
        yield case.at("身份类别", status=status)
    elif status is None and case.application.employer.nature is EmployerNature.GOVERNMENT:
        yield case.at("单位性质", "office").rated(Severity.HINT)


@eligibility.case(
    "B-E02",
    "处分期",
    "细则第二十一条",
    applies=REGULATION,
    message="{name}受{sanction}处分，在受处分期间（{starts}至{ends}）不得申报，申报日{day}。",
    remedy="退回申报材料；核对处分决定书的起止日期。",
)
def under_sanction(case: Case) -> Iterator[Hit]:
    """事业单位 ∧ 处分 ∈ {记过, 降低岗位等级, 撤职, 开除} ∧ 申报日 ∈ [处分起, 处分止]。"""
    standing, day = case.application.standing, case.applied_on
    nature = case.application.employer.nature
    if standing.sanction not in HEAVY or nature not in (EmployerNature.INSTITUTION, None) or day is None:
        return
    starts, ends = standing.sanctioned_from, standing.sanctioned_until
    if (starts is None or starts <= day) and (ends is not None and day <= ends):
        data = {"sanction": standing.sanction, "starts": starts or "", "ends": ends, "day": day}
        yield case.at("处分结束", **data)


@eligibility.case(
    "B-E03",
    "诚信记录期",
    "细则第七十二条",
    applies=REGULATION,
    message="{name}在职称评审诚信档案记录期限内（至{until}），不得申报评审职称，申报日{day}。",
    remedy="退回申报材料；核对诚信记录的姓名和证件号码是否为同一人。",
    renamed="{name}的证件号码与诚信记录中的{recorded}相同，在记录期限内（至{until}）不得申报评审职称，申报日{day}。",
)
def recorded_applicant(case: Case) -> Iterator[Hit]:
    """存在记录（证件号码相同，或姓名相同而号码不矛盾）且 申报日 ∈ [生效日, 加年(生效日, 3))；满3年当日可申报。"""
    day = case.applied_on
    for record in _records_of(case):
        until = case.facts.record_ends(record)
        if record.kind not in (Offender.APPLICANT, None) or until is None or day is None:
            continue
        if record.effective and record.effective <= day <= until:
            renamed = record.name != case.application.person.name
            recorded = {"recorded": record.name} if renamed else {}
            yield case.at("姓名", "renamed" if renamed else None, until=until, day=day, **recorded)
            return


def _records_of(case: Case) -> Iterator[IntegrityRecord]:
    person, facts = case.application.person, case.facts
    yield from facts.integrity_by_number.get(person.identity_number or "", ())
    for record in facts.integrity.get(person.name or "", ()):
        if record.identity_number is None or person.identity_number is None:
            yield record


@eligibility.batch(
    "B-E04",
    "一年一层一系列",
    "细则第二十三条",
    "包头市2025年通知三",
    "内人社办发〔2024〕85号三",
    "包头市2023年通知三",
    message="{name}同一年度同一层级（{level}）申报了{series}，另有{other}（申报编号{others}）；一个层级只能申报一个系列（专业）。",
    remedy="由申报人确定一个系列（专业），退回其余申报。",
    registered="{name}在{year}年度已取得{level}职称（证书编号{number}，批次{batch}）；同一年度一个层级只能申报一个系列（专业）的职称。",
)
def one_series_a_level(facts: Facts) -> Iterator[Hit]:
    """同年度、同一人（证件号码）、同层级的申报系列数 ≤ 1。"""
    for applications in facts.census.twice:
        for item in applications:
            others = [
                other
                for other in applications
                if other is not item
                and other.sought.level is item.sought.level
                and other.sought.series != item.sought.series
            ]
            if others:
                yield facts.near(
                    item.place,
                    "职称系列",
                    item.number,
                    name=item.person.name or item.number,
                    level=item.sought.level or "",
                    series=item.sought.series,
                    other="、".join(str(other.sought.series) for other in others),
                    others="、".join(other.number for other in others),
                )


@eligibility.case(
    "B-E05",
    "逐级申报",
    "细则第二十三条",
    applies=REGULATION,
    message="{name}现职称{held}，一般应按照职称层级逐级申报，不能直接申报{sought}；如属例外请注明政策依据。",
    remedy="属于直接申报、破格、绿色通道等情形的填写“政策依据”；否则改报高一级的职称或核对现职称。",
    unmet="{name}现职称{held}，不能直接申报{sought}；所依据的“{basis}”缺少：{missing}。",
    notice="{name}现职称{held}，不能直接申报{sought}；“{basis}”只见于2023—2025年度通知，{year}年没有收录当年通知。",
    unproven="{name}现职称{held}，以“{basis}”直接申报{sought}，请核对{look}。",
    lower="{name}现职称{held}，已高于所申报的{sought}。",
    same="{name}现职称已是{held}，与申报职称相同；属于转评专业的请在备注说明。",
)
def level_by_level(case: Case) -> Iterator[Hit]:
    """申报层级秩 ≤ 现层级秩 + 1（员1助2中3副4正5；无职称从助理起）；例外见直接申报各条。"""
    facts, held, rank = case.facts, case.held_rank, case.rank
    if not facts.reviewed or facts.batch.review.channel is Channel.FARMER or held is None or rank is None:
        return
    application = case.application
    name = "无" if case.holds_none else application.current_title.name
    data = {"held": name, "sought": f"{application.sought.level}（{application.sought.name or ''}）"}
    if rank > held + 1:
        yield from _skipped(case, data)
    elif rank < held and not case.changes_series and not case.holds_none:
        yield case.at("申报资格等级", "lower", **data)
    elif application.sought.name and application.sought.name == application.current_title.name:
        yield case.at("申报职称名称", "same", **data).rated(Severity.HINT)


def _skipped(case: Case, data: Mapping[str, object]) -> Iterator[Hit]:
    """A level is skipped: on what ground, what it lacks, what of it nobody stated."""
    if case.green:
        return
    missing, basis = lacking(case), case.application.grounds.basis or Basis.PRIVATE_SECTOR
    if missing is None:
        yield case.at("申报资格等级", **data)
    elif missing and beyond_notices(case):
        hit = case.at("申报资格等级", "notice", basis=basis, year=case.facts.year, **data)
        yield hit.rated(Severity.PRINCIPLE)
    elif missing:
        yield case.at("申报资格等级", "unmet", basis=basis, missing="、".join(missing), **data)
    elif look := unproven(case):
        yield case.at("申报资格等级", "unproven", basis=basis, look=look, **data).rated(Severity.HINT)


@eligibility.case(
    "B-E06",
    "考评结合",
    "细则第二十四条",
    "内人社办发〔2024〕85号四（二）2",
    "包头市2025年通知四（一）3",
    "包头市2023年通知四（三）2",
    message="{name}：{series}{level}实行考评结合，须先参加统一考试，登记为考试不合格。",
    remedy="核对成绩单；成绩不合格或已过有效期的不得申报。",
    expired="{name}的考试成绩有效期至{until}，申报日{day}已超过有效期。",
)
def combined_examination(case: Case) -> Iterator[Hit]:
    """考评结合系列：考试合格 ∧ 申报日 ≤ 成绩有效期止；绿色通道、非公同样适用。"""
    sought, grounds = case.application.sought, case.application.grounds
    if case.series is None or not case.examined_first:
        return
    if grounds.exam_passed is False:
        yield case.at("考试合格", series=case.series.name, level=sought.level)
    until, day = grounds.exam_valid_until, case.applied_on
    if until and day and day > until:
        yield case.at("成绩有效期至", "expired", until=until, day=day)


@eligibility.case(
    "B-E07",
    "以考代评",
    "内人社办发〔2024〕85号四（二）1",
    "包头市2025年通知四（一）2",
    "包头市2023年通知四（三）1",
    message="{name}：{series}{level}实行以考代评，不再进行相应层级职称评审或认定。",
    remedy="退回申报材料；考试成绩合格即视为取得相应层级职称。",
)
def examined_only(case: Case) -> Iterator[Hit]:
    """以考代评系列层级 → 不受理评审和认定。"""
    sought, acquisition = case.application.sought, case.facts.batch.review.acquisition
    if case.series is None or acquisition is Acquisition.RECONFIRMATION:
        return
    if sought.level and sought.level in case.facts.policy.exam_only.get(case.series.name, ()):
        yield case.at("申报资格等级", series=case.series.name, level=sought.level)


@eligibility.case(
    "B-E08",
    "职业资格准入",
    "细则第二十一条末款",
    "内人社办发〔2024〕172号四（四）",
    applies=REGULATION,
    message="{name}：参加{series}评审需取得{licence}，登记为无有效证书。",
    remedy="补充有效的职业资格证书；没有的不得申报。",
)
def licensed(case: Case) -> Iterator[Hit]:
    """准入系列：有有效职业资格（登记为“无”的不通过，未登记的不判断）。"""
    if case.series is None or case.series.name not in case.facts.policy.licensed:
        return
    licence = case.application.grounds.licence
    if licence is not None and licence.strip() in NO_TITLE:
        needed = case.facts.policy.licensed[case.series.name]
        yield case.at("职业资格", series=case.series.name, licence=needed)


@eligibility.case(
    "B-E09",
    "转系列",
    "细则第四十一条",
    "包头市2023年通知四（一）",
    applies=REGULATION,
    message="{name}由{held}转评{series}，须在现岗位从事专业技术工作1年以上（{since}起，未满1年）。",
    remedy="核对现岗位起始时间；转评须先取得新系列同级职称，满1年后再申报高一级。",
    upgrade="{name}由{held}转评{series}并申报高一级，须先转评同级职称，从事相应专业满1年后再申报高一级。",
)
def changed_series(case: Case) -> Iterator[Hit]:
    """转同级：现岗位专技工作 ≥ 1年；不能一步转系列并升级。"""
    if (
        not case.changes_series
        or not case.facts.reviewed
        or case.facts.batch.review.channel is Channel.FARMER
    ):
        return
    assert case.series is not None  # noqa: S101 - a change needs a known series
    application = case.application
    data = {"held": application.current_title.name, "series": case.series.name}
    if case.rank and case.held_rank and case.rank > case.held_rank and not excused(case):
        yield case.at("职称系列", "upgrade", **data)
    since = application.grounds.in_post_since
    years = years_between(since, case.applied_on)
    if years is not None and years < IN_POST_YEARS:
        yield case.at("现岗位起始", since=since, **data)


@eligibility.case(
    "B-E10",
    "学历专业同等待遇",
    "细则第二十一条",
    "内人社办发〔2024〕85号四（一）",
    severity=Severity.COMPUTED,
    message="{name}所学专业（{major}）与申报专业不一致，{series}涉及公共安全、人身健康，不能按长期从事专业申报。",
    remedy="核对所学专业；其他系列可按本人长期从事专业申报。",
)
def major_and_series(case: Case) -> Iterator[Hit]:
    """非全日制、职业院校、技工院校同等对待；专业不一致允许，除非系列属公共安全、人身健康。"""
    series = case.series.name if case.series else ""
    if case.application.grounds.major_matches is False and series in case.facts.policy.safety_series:
        yield case.at("专业一致", major=case.application.education.major or "", series=series)


RULES: tuple[Rule, ...] = (
    barred_status,
    under_sanction,
    recorded_applicant,
    one_series_a_level,
    level_by_level,
    combined_examination,
    examined_only,
    licensed,
    changed_series,
    major_and_series,
)
