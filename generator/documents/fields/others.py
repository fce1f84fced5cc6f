"""Fields of employers, experts and complaints. Experts and complaints are confidential (细则第四十九条)."""

from typing import Any, Final

from generator.documents.catalogue import Audience
from generator.documents.context import formats as f
from generator.documents.context import wording as w
from generator.documents.context.applies import vice_chair_presiding
from generator.documents.context.roles import collector
from generator.documents.context.subjects import Subject
from generator.documents.fields.field import Field, Scope
from records.batch.model import Complaint, Expert, ExpertRole

Row = dict[str, str]


def _first(subject: Subject, text_of: Any) -> str:
    return text_of(subject.people[0]) if subject.people else ""


def expert_row(expert: Expert) -> Row:
    """One committee member as a row of a confidential list."""
    return {
        "name": expert.name,
        "title": f.text(expert.title),
        "level": f.text(expert.level),
        "employer": f.text(expert.employer),
        "specialty": f.text(expert.specialty),
        "role": f.text(expert.role),
        "external": yes_no(expert.external),
        "present": yes_no(expert.present),
        "pledged": yes_no(expert.pledged),
        "years": f.text(expert.consecutive_years),
    }


def yes_no(value: bool | None) -> str:
    """是, 否, or empty when not stated."""
    return "" if value is None else "是" if value else "否"


def complaint_row(complaint: Complaint) -> Row:
    """One complaint as a row."""
    return {
        "number": complaint.number,
        "received": f.cn_day(complaint.received),
        "application": f.text(complaint.application_number),
        "content": f.text(complaint.content),
        "opinion": f.text(complaint.opinion),
        "handled": f.cn_day(complaint.handled),
        "conclusion": f.text(complaint.conclusion),
    }


def _chair(subject: Subject) -> str:
    chairs = [one.name for one in subject.batch.committee.experts if one.role is ExpertRole.CHAIR]
    return "、".join(chairs)


def _vice_chairs(subject: Subject) -> str:
    return "、".join(one.name for one in subject.batch.committee.experts if one.role is ExpertRole.VICE_CHAIR)


def _expert(name: str, label: str, sample: str) -> Field:
    def get(subject: Subject) -> str:
        return expert_row(subject.expert)[name.removeprefix("expert_")] if subject.expert else ""

    return Field(name, label, sample, get, Scope.EXPERT, Audience.CONFIDENTIAL)


def _complaint(name: str, label: str, sample: str) -> Field:
    def get(subject: Subject) -> str:
        return complaint_row(subject.complaint)[name.removeprefix("complaint_")] if subject.complaint else ""

    return Field(name, label, sample, get, Scope.COMPLAINT, Audience.CONFIDENTIAL)


EMPLOYER_FIELDS: Final = (
    Field("employer", "工作单位", "包头市水利勘测设计院", lambda s: f.text(s.employer), Scope.EMPLOYER),
    Field(
        "employer_publicity_starts",
        "单位公示开始",
        "2025年6月3日",
        lambda s: _first(s, lambda one: f.cn_day(one.employer_publicity.starts)),
        Scope.EMPLOYER,
    ),
    Field(
        "employer_publicity_ends",
        "单位公示结束",
        "2025年6月10日",
        lambda s: _first(s, lambda one: f.cn_day(one.employer_publicity.ends)),
        Scope.EMPLOYER,
    ),
    Field(
        "employer_publicity_span",
        "单位公示起止时间",
        "2025年6月3日至10日",
        lambda s: _first(
            s, lambda one: f.cn_span(one.employer_publicity.starts, one.employer_publicity.ends)
        ),
        Scope.EMPLOYER,
    ),
    Field(
        "employer_publicity_workdays",
        "单位公示工作日数（不含首日）",
        "5",
        lambda s: _first(
            s, lambda one: w.workdays(one.employer_publicity.starts, one.employer_publicity.ends)
        ),
        Scope.EMPLOYER,
    ),
    Field("staff_count", "本单位申报人数", "3", lambda s: str(len(s.people)), Scope.EMPLOYER),
    Field(
        "objected_count",
        "收到异议的申报人数",
        "0",
        lambda s: str(sum(map(w.objected, s.people))),
        Scope.EMPLOYER,
        Audience.INTERNAL,
    ),
)

UNIT_FIELDS: Final = (
    Field("reporting_unit", "报送单位", "包头市人力资源和社会保障局", lambda s: s.unit, Scope.UNIT),
    Field(
        "collector",
        "受理报送的单位",
        "内蒙古自治区人力资源和社会保障厅",
        lambda s: collector(s.batch, s.unit),
        Scope.UNIT,
    ),
)

EXPERT_FIELDS: Final = (
    Field(
        "presiding_vice",
        "主持评审会议的副主任委员",
        "李文",
        lambda s: one.name if (one := vice_chair_presiding(s.batch)) else "",
        Scope.BATCH,
        Audience.CONFIDENTIAL,
    ),
    Field("chair", "主任委员", "乌日图", _chair, Scope.BATCH, Audience.CONFIDENTIAL),
    Field("vice_chairs", "副主任委员", "李文", _vice_chairs, Scope.BATCH, Audience.CONFIDENTIAL),
    Field(
        "experts",
        "评委名单",
        [{"name": "乌日图", "title": "正高级工程师", "role": "主任委员"}],
        lambda s: [expert_row(one) for one in s.batch.committee.experts],
        Scope.BATCH,
        Audience.CONFIDENTIAL,
    ),
    Field(
        "present_experts",
        "出席评委",
        [{"name": "乌日图", "title": "正高级工程师", "role": "主任委员"}],
        lambda s: [expert_row(one) for one in s.batch.committee.experts if one.present is not False],
        Scope.BATCH,
        Audience.CONFIDENTIAL,
    ),
    Field(
        "full_senior_experts",
        "正高级评委人数",
        "15",
        lambda s: str(sum(f.text(one.level) == "正高级" for one in s.batch.committee.experts)),
        Scope.BATCH,
    ),
    Field(
        "external_experts",
        "外单位评委人数",
        "9",
        lambda s: str(sum(one.external is True for one in s.batch.committee.experts)),
        Scope.BATCH,
    ),
    _expert("expert_name", "评委姓名", "乌日图"),
    _expert("expert_title", "评委职称", "正高级工程师"),
    _expert("expert_employer", "评委工作单位", "内蒙古农业大学"),
    _expert("expert_specialty", "评委专业", "水利工程"),
    _expert("expert_role", "评委职务", "主任委员"),
)

COMPLAINT_FIELDS: Final = (
    Field(
        "complaints",
        "公示期间举报",
        [{"number": "JB-01", "received": "2025年8月27日"}],
        lambda s: [complaint_row(one) for one in s.batch.complaints],
        Scope.BATCH,
        Audience.CONFIDENTIAL,
    ),
    _complaint("complaint_number", "举报编号", "JB-01"),
    _complaint("complaint_received", "收到日期", "2025年8月27日"),
    _complaint("complaint_application", "被举报申报编号", "2025-0003"),
    _complaint("complaint_content", "举报内容", "反映论文署名不实"),
    _complaint("complaint_opinion", "处理意见", "经核查，署名属实"),
    _complaint("complaint_handled", "处理日期", "2025年9月5日"),
    _complaint("complaint_conclusion", "结论", "不影响评审结果"),
)
