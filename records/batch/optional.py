"""Facts that a secretary often holds and some rules need, but no batch must state: all of them are optional.

`None` means "not stated"; a rule that needs such a fact then decides nothing (it never fails for its absence).
"""

from datetime import date
from enum import StrEnum

from records.batch.dates import PartialDate
from records.batch.frozen import Frozen, Place


class ApplicantStatus(StrEnum):
    """身份类别 (细则第二十一条)."""

    IN_POST = "在职"
    CIVIL_SERVANT = "公务员"
    UNDER_CIVIL_SERVICE_LAW = "参公人员"
    RETIRED = "离退休"
    FREELANCE = "自由职业者"
    SKILLED = "高技能人才"
    RURAL = "农村牧区实用人才"


class Staffing(StrEnum):
    """在编情况."""

    STAFFED = "在编"
    UNSTAFFED = "非在编"


class Sanction(StrEnum):
    """处分种类; from 记过 on a person may not apply (细则第二十一条)."""

    WARNING = "警告"
    DEMERIT = "记过"
    DEMOTION = "降低岗位等级"
    DISMISSAL_FROM_POST = "撤职"
    DISMISSAL = "开除"


class Workplace(StrEnum):
    """工作地点类别."""

    CITY = "城市"
    COUNTY = "旗县"
    TOWNSHIP = "苏木乡镇"
    VILLAGE = "嘎查村"

    @property
    def is_grassroots(self) -> bool:
        """苏木乡镇 or 嘎查村."""
        return self in (Workplace.TOWNSHIP, Workplace.VILLAGE)


class Basis(StrEnum):
    """政策依据: why somebody need not climb the levels one by one (细则第二十三条 “一般应”)."""

    PRIVATE_SECTOR = "非公直接申报"
    GRASSROOTS_RECOGNITION = "基层认定"
    TOWNSHIP_DIRECT = "苏木乡镇直接参评"
    GRASSROOTS_LONG = "基层破格"
    GREEN = "绿色通道"
    TRANSFERRED = "转业首次申报"
    PROGRAM = "高层次培养项目"
    EPIDEMIC = "疫情一线"
    QUALIFICATION = "职业资格"
    SKILLED = "高技能贯通"
    SERIES_CONDITIONS = "系列评审条件"


class Offender(StrEnum):
    """人员类型 of an integrity record (细则第七十二—七十四条)."""

    APPLICANT = "申报人"
    EXPERT = "评审专家"
    STAFF = "工作人员"


class Measure(StrEnum):
    """监管措施 (细则第七十七、七十八条)."""

    REMINDER = "提醒"
    INTERVIEW = "约谈"
    WITHDRAWAL = "收回评审权"
    RESUMPTION = "恢复"


class Schedule(Frozen):
    """Days of the year's run (年度节点): notice, plan, end of applications, forwarding of the papers."""

    noticed: date | None = None
    plan_published: date | None = None
    closes: date | None = None
    forwarded: date | None = None
    postponement_requested: date | None = None
    postponed_until: date | None = None


class Minutes(Frozen):
    """The meeting's formalities: plan, secrecy, chair, announcement, signature, minutes (细则第四十二—四十八条)."""

    plan_agreed: date | None = None
    secret_ballot: bool | None = None
    panel_size: int | None = None
    host: str | None = None
    announcer: str | None = None
    signer: str | None = None
    signer_authorized: bool | None = None
    sealed: bool | None = None
    recorded: str | None = None


class Tally(Frozen):
    """Numbers of people as the papers of the batch state them."""

    planned: int | None = None
    accepted: int | None = None
    published: int | None = None
    approved: int | None = None
    total: int | None = None
    staffed: int | None = None
    unstaffed: int | None = None
    others: int | None = None


class Closing(Frozen):
    """What follows the meeting: report, its delay, electronic files, destruction of papers."""

    reported: date | None = None
    delay_requested: date | None = None
    archived: date | None = None
    destroyed: date | None = None
    destroyed_papers: str | None = None


class Charges(Frozen):
    """Fees in yuan and copies per applicant."""

    fee: int | None = None
    form_copies: int | None = None
    submission_copies: int | None = None


class Procedure(Frozen):
    """How one application went: pledge, submission, first review, recommendation, forwarding, reception."""

    pledged_on: date | None = None
    submitted: date | None = None
    reviewer: str | None = None
    review_opinion: str | None = None
    reviewed_on: date | None = None
    reviewing_unit: str | None = None
    recommended_on: date | None = None
    recommendation: str | None = None
    signer_role: str | None = None
    referrer: str | None = None
    peer_referees: int | None = None
    forwarded_by: str | None = None
    same_online: bool | None = None
    refused: str | None = None
    panel_experts: int | None = None


class Standing(Frozen):
    """What the applicant is in his unit: status, staffing, sanction, place of work, delegation."""

    status: ApplicantStatus | None = None
    staffing: Staffing | None = None
    sanction: Sanction | None = None
    sanctioned_from: date | None = None
    sanctioned_until: date | None = None
    workplace: Workplace | None = None
    dispatched: bool | None = None
    posted: bool | None = None
    leader: bool | None = None
    outside_unit: bool | None = None
    entrusted: bool | None = None


class Grounds(Frozen):
    """Why the applicant may apply for this title: policy, examination, qualification, periods."""

    basis: Basis | None = None
    exam_passed: bool | None = None
    exam_valid_until: date | None = None
    licence: str | None = None
    major_matches: bool | None = None
    first: bool | None = None
    green_before: bool | None = None
    meets_general: bool | None = None
    failed_without_new: bool | None = None
    talent_class: int | None = None
    program: str | None = None
    in_region_since: PartialDate | None = None
    in_post_since: PartialDate | None = None
    grassroots_years: int | None = None
    rural_service_months: int | None = None
    overseas_years: int | None = None
    epidemic_before: bool | None = None
    targeted_field: str | None = None
    verifiable_online: bool | None = None


class IntegrityRecord(Frozen):
    """One row of 诚信记录 (细则第七十一—七十四条); `offence` is ARTICLE-ITEM such as 63-4."""

    place: Place
    name: str
    identity_number: str | None = None
    kind: Offender | None = None
    offence: str | None = None
    basis: str | None = None
    measure: str | None = None
    decided_by: str | None = None
    effective: date | None = None
    until: date | None = None


class Post(Frozen):
    """One row of 岗位: posts of one unit on one level, how many are free, whether exceeding was agreed."""

    place: Place
    employer: str
    level: str | None = None
    established: int | None = None
    vacant: int | None = None
    agreed: str | None = None


class Recusal(Frozen):
    """One row of 回避: an expert's relation to an applicant and whether he withdrew (细则第五十条)."""

    place: Place
    expert: str
    application_number: str | None = None
    relation: str | None = None
    withdrew: bool | None = None


class Correction(Frozen):
    """One row of 补正: the written notice of what is missing (细则第三十五条)."""

    place: Place
    application_number: str | None = None
    notified: date | None = None
    items: str | None = None
    deadline: date | None = None
    corrected: date | None = None


class Supervision(Frozen):
    """One row of 监管: a committee's offence and the measure taken (细则第七十七、七十八条)."""

    place: Place
    on: date | None = None
    offence: str | None = None
    measure: Measure | None = None
    improved: bool | None = None
