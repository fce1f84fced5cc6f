"""Fields of one applicant: what the forms and the rows of rosters say about a person."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from generator.documents.catalogue import Audience
from generator.documents.context import formats as f
from generator.documents.context import wording as w
from generator.documents.context.law import Citer, law
from generator.documents.context.moments import Moment, act_day
from generator.documents.context.roles import recommender
from generator.documents.context.subjects import Subject
from generator.documents.fields.field import Field, Scope
from records.batch.model import Application, Batch, Channel

_INTERNAL: Final = Audience.INTERNAL
_YEAR: Final = re.compile(r"(?:19|20)\d{2}")
FARMER_RULES: Final = "农牧民办法"


def _person(
    name: str,
    label: str,
    sample: Any,
    get: Callable[[Application], Any],
    sensitivity: Audience = Audience.PUBLIC,
) -> Field:
    def of_subject(subject: Subject) -> Any:
        return get(subject.application) if subject.application else None

    return Field(name, label, sample, of_subject, Scope.PERSON, sensitivity)


def _with_batch(
    name: str,
    label: str,
    sample: Any,
    get: Callable[[Application, Subject], Any],
    sensitivity: Audience = Audience.PUBLIC,
) -> Field:
    def of_subject(subject: Subject) -> Any:
        return get(subject.application, subject) if subject.application else None

    return Field(name, label, sample, of_subject, Scope.PERSON, sensitivity)


def _number(value: int | None) -> str:
    return f.text(value)


def _series_specialty(one: Application) -> str:
    return f.bracketed(f.text(one.sought.series), one.sought.specialty)


def public_name(one: Application, subject: Subject) -> str:
    """The name; with a masked ID number only where two people of the batch bear the same one."""
    name = f.text(one.person.name)
    return f"{name}（{f.masked(one.person.identity_number)}）" if _bearers(subject.batch)[name] > 1 else name


_counted: list[tuple[Batch, Counter[str]]] = []


def _bearers(batch: Batch) -> Counter[str]:
    """How many people of the batch bear each name; counted once for a batch, which is frozen."""
    if not _counted or _counted[0][0] is not batch:
        _counted[:] = [(batch, Counter(f.text(one.person.name) for one in batch.applications))]
    return _counted[0][1]


def policy_basis(one: Application, subject: Subject) -> str:
    """The policy that a green-channel, targeted or farmer's application rests on."""
    match subject.batch.review.channel:
        case Channel.GREEN:
            category = f"（人才类别{one.talent_category}）" if one.talent_category else ""
            return f"绿色通道：{_cited(subject)('绿色通道')}规定{category}"
        case Channel.TARGETED:
            return "基层“定向评价、定向使用”职称"
        case Channel.FARMER:
            return f"农牧民职称：{_cited(subject)(of=FARMER_RULES)}"
        case _:
            return "无" if subject.batch.review.channel else ""


def _cited(subject: Subject) -> Citer:
    """The law on the day on which the application was handed in."""
    return Citer(law(), act_day(Moment.APPLIED, subject))


def review_method(subject: Subject) -> str:
    """评审方式: the channel where there is a special one, else how the title is obtained."""
    review = subject.batch.review
    special = review.channel if review.channel not in (None, Channel.GENERAL) else None
    return f.text(special or review.acquisition)


def specialty_years(one: Application, subject: Subject) -> str:
    """现从事专业 and the years since the first stated job."""
    starts = [int(match[0]) for job in one.jobs if (match := _YEAR.search(f.text(job.period)))]
    if not starts or not one.sought.specialty or not subject.batch.year:
        return f.text(one.sought.specialty)
    return f"{one.sought.specialty}　{max(subject.batch.year - min(starts), 1)}年"


def _photo(one: Application, subject: Subject) -> bytes | None:
    folder = subject.photos
    if not one.person.photo or folder is None:
        return None
    path = (folder / one.person.photo).resolve()
    return path.read_bytes() if path.is_relative_to(folder.resolve()) and path.is_file() else None


IDENTITY: Final = (
    _person("number", "申报编号", "2025-0001", lambda one: one.number),
    _person("name", "姓名", "苏日娜", lambda one: f.text(one.person.name)),
    _with_batch("public_name", "姓名（公开文书用）", "苏日娜", public_name),
    _person("id_kind", "证件类型", "居民身份证", lambda one: f.text(one.person.identity_kind)),
    _person(
        "id_number",
        "证件号码",
        "150101198503120007",
        lambda one: f.text(one.person.identity_number),
        _INTERNAL,
    ),
    _person(
        "id_masked",
        "证件号码（前6后4）",
        "150101********0007",
        lambda one: f.masked(one.person.identity_number),
    ),
    _person("sex", "性别", "女", lambda one: f.text(one.person.sex)),
    _person("ethnicity", "民族", "蒙古族", lambda one: f.ethnic_full(one.person.ethnicity)),
    _person("ethnicity_short", "民族（简写）", "蒙古", lambda one: f.ethnic_short(one.person.ethnicity)),
    _person("birth", "出生年月", "1985.03", lambda one: f.dotted(one.person.birth)),
    _person("birth_slash", "出生年月（花名册）", "1985/03", lambda one: f.slashed(one.person.birth)),
    _person("birth_cn", "出生年月（汉字）", "1985年3月", lambda one: f.cn_partial(one.person.birth)),
    _person("politics", "政治面貌", "中共党员", lambda one: f.politics_short(one.person.politics), _INTERNAL),
    _person("phone_number", "本人联系电话", "13800000000", lambda one: f.text(one.person.phone), _INTERNAL),
    _with_batch("photo", "照片（25×35 mm）", "", _photo, _INTERNAL),
)

WORK: Final = (
    _person("employer", "工作单位", "包头市水利勘测设计院", lambda one: f.text(one.employer.name)),
    _person("employer_nature", "单位性质", "事业单位", lambda one: f.text(one.employer.nature)),
    _person("uscc", "统一社会信用代码", "12150200460000000A", lambda one: f.text(one.employer.uscc)),
    _person("employer_region", "单位所在地", "包头市", lambda one: w.region_name(one.employer.region_code)),
    _person("work_since", "参加工作时间", "2008.07", lambda one: f.dotted(one.work_since)),
    _person("work_since_cn", "参加工作时间（汉字）", "2008年7月", lambda one: f.cn_partial(one.work_since)),
    _person("education", "学历", "大学本科", lambda one: f.education_short(one.education.degree_level)),
    _person("degree", "学位", "学士", lambda one: f.text(one.education.degree)),
    _person(
        "education_degree",
        "学历（学位）",
        "大学本科（学士）",
        lambda one: f.bracketed(f.education_short(one.education.degree_level), one.education.degree),
    ),
    _person("school", "毕业院校", "内蒙古农业大学", lambda one: f.text(one.education.school)),
    _person("graduated", "毕业时间", "2008.07", lambda one: f.dotted(one.education.graduated)),
    _person("major", "所学专业", "水利水电工程", lambda one: f.text(one.education.major)),
    _person(
        "school_graduated",
        "毕业院校及时间（花名册）",
        "内蒙古农业大学2008/07",
        lambda one: f.joined(one.education.school, f.slashed(one.education.graduated)),
    ),
    _person(
        "school_major_time",
        "毕业院校、专业及时间",
        "内蒙古农业大学　水利水电工程　2008.07",
        lambda one: f.joined(
            one.education.school, one.education.major, f.dotted(one.education.graduated), between="　"
        ),
    ),
    _person("current_title", "现职称", "高级工程师", lambda one: f.text(one.current_title.name)),
    _person(
        "current_obtained", "现职称取得时间", "2018.12", lambda one: f.dotted(one.current_title.obtained)
    ),
    _person(
        "current_appointed", "现职称聘任时间", "2019.01", lambda one: f.dotted(one.current_title.appointed)
    ),
    _person(
        "current_title_obtained",
        "现职称及取得时间（花名册）",
        "高级工程师2018/12",
        lambda one: f.joined(one.current_title.name, f.slashed(one.current_title.obtained)),
    ),
    _person(
        "current_title_time",
        "现职称及取得时间",
        "高级工程师　2018.12",
        lambda one: f.joined(one.current_title.name, f.dotted(one.current_title.obtained), between="　"),
    ),
    _person(
        "current_post_time",
        "现聘岗位及时间",
        "高级工程师　2019.01",
        lambda one: (
            f.joined(one.current_title.name, f.dotted(one.current_title.appointed), between="　")
            if one.current_title.appointed
            else ""
        ),
    ),
)

SOUGHT: Final = (
    _person("series", "职称系列", "工程系列", lambda one: f.text(one.sought.series)),
    _person("specialty", "现从事专业", "水利", lambda one: f.text(one.sought.specialty)),
    _person("series_specialty", "职称系列（专业）", "工程系列（水利）", _series_specialty),
    _with_batch("specialty_years", "现从事专业及年限", "水利　17年", specialty_years),
    _with_batch("method", "评审方式", "评审", lambda _, s: review_method(s)),
    _person("title", "申报职称名称", "正高级工程师", lambda one: f.text(one.sought.name)),
    _person("level", "申报资格等级", "正高级", lambda one: f.text(one.sought.level)),
    _person("talent_category", "人才类别", "1", lambda one: f.text(one.talent_category)),
    _person(
        "training",
        "继续教育",
        "近五年累计450学时",
        lambda one: f"{one.training_hours}学时" if one.training_hours is not None else "",
    ),
    _person("licence", "职业资格", "注册土木工程师", lambda one: f.text(one.grounds.licence), _INTERNAL),
    _with_batch("policy_basis", "破格、绿色通道或倾斜政策依据", "无", policy_basis),
    _person("recommending_office", "推荐机关（绿色通道）", "包头市人民政府", recommender),
    _person("note", "备注", "", lambda one: f.text(one.note)),
    _person("outcome", "评审结果", "通过", lambda one: f.text(one.outcome), _INTERNAL),
    _person("vote_for", "赞成票", "15", lambda one: _number(one.vote.for_), _INTERNAL),
    _person("vote_against", "反对票", "1", lambda one: _number(one.vote.against), _INTERNAL),
    _person("vote_abstained", "弃权票", "1", lambda one: _number(one.vote.abstained), _INTERNAL),
    _person("vote_invalid", "废票", "0", lambda one: _number(one.vote.invalid), _INTERNAL),
    _with_batch(
        "effective_day",
        "起算时间",
        "2025年8月22日",
        lambda one, s: f.cn_day(w.effective_day(one, s.batch)) if one.passed else "",
    ),
    _with_batch(
        "passed_slash",
        "评委会通过时间（花名册）",
        "2025/08/22",
        lambda one, s: w.slashed_day(w.effective_day(one, s.batch)) if one.passed else "",
    ),
    _person("recognized_on", "认定通过日期", "2025年8月22日", lambda one: f.cn_day(one.recognized_on)),
)

PUBLICITY: Final = (
    _person(
        "employer_publicity_starts",
        "单位公示开始",
        "2025年6月3日",
        lambda one: f.cn_day(one.employer_publicity.starts),
    ),
    _person(
        "employer_publicity_ends",
        "单位公示结束",
        "2025年6月10日",
        lambda one: f.cn_day(one.employer_publicity.ends),
    ),
    _person(
        "employer_publicity_span",
        "单位公示起止时间",
        "2025年6月3日至10日",
        lambda one: f.cn_span(one.employer_publicity.starts, one.employer_publicity.ends),
    ),
    _person(
        "objections",
        "单位公示异议",
        "",
        lambda one: f.text(one.employer_publicity.objections) if w.objected(one) else "",
        _INTERNAL,
    ),
    _person("objection_count", "单位公示异议件数", "0", lambda one: str(w.objection_count(one)), _INTERNAL),
    _person("recommendation", "单位审核推荐意见（规定用语）", w.PRESCRIBED, w.recommendation, _INTERNAL),
    _person(
        "employer_opinion",
        "单位推荐意见",
        ["该同志拥护党的路线方针政策……", "该人选按照公开、民主、平等、择优的原则……"],
        lambda one: list(w.employer_opinion(one)),
        _INTERNAL,
    ),
    _person(
        "summary",
        "业绩总结",
        ["本人2018年12月取得高级工程师职称……", "1．2019.01—2021.12，……"],
        lambda one: list(w.summary(one)),
        _INTERNAL,
    ),
    _with_batch(
        "committee_opinion",
        "评审委员会意见",
        "经评审委员会评议并无记名投票表决……",
        lambda one, s: w.committee_opinion(one, s.batch),
        _INTERNAL,
    ),
    _with_batch(
        "approval_opinion",
        "核准（确认）意见",
        "经核准，确认苏日娜同志具备正高级工程师职称……",
        lambda one, s: w.approval_opinion(one, s.batch),
        _INTERNAL,
    ),
)

PERSON_FIELDS: Final = IDENTITY + WORK + SOUGHT + PUBLICITY
