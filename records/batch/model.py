"""The batch (批次) as frozen types: what a secretariat approved, before anything is made of it.

Every fact that a workbook may lack or state badly is optional: `None` means "not stated", and the reader has
reported it. Nothing here judges; the rules do (`records/rules`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from pydantic import AliasChoices, Field

from records.batch.dates import PartialDate
from records.batch.frozen import Frozen as Frozen
from records.batch.frozen import Place as Place
from records.batch.optional import (
    Charges,
    Closing,
    Correction,
    Grounds,
    IntegrityRecord,
    Minutes,
    Post,
    Procedure,
    Recusal,
    Schedule,
    Standing,
    Supervision,
    Tally,
)
from records.batch.rows import Achievement as Achievement
from records.batch.rows import Appraisal as Appraisal
from records.batch.rows import Award as Award
from records.batch.rows import Job as Job
from records.batch.rows import Publication as Publication
from records.batch.rows import Study as Study


class Sex(StrEnum):
    """性别, GB/T 2261.1."""

    MALE = "男"
    FEMALE = "女"


class Level(StrEnum):
    """申报资格等级 as rosters write it; 初级 covers 助理级 and 员级."""

    FULL_SENIOR = "正高级"
    ASSOCIATE_SENIOR = "副高级"
    INTERMEDIATE = "中级"
    JUNIOR = "初级"

    @property
    def is_senior(self) -> bool:
        """高级: 正高级 or 副高级."""
        return self in (Level.FULL_SENIOR, Level.ASSOCIATE_SENIOR)


class CommitteeLevel(StrEnum):
    """评委会级别; 高级 is a comprehensive senior committee."""

    FULL_SENIOR = "正高级"
    ASSOCIATE_SENIOR = "副高级"
    SENIOR = "高级"
    INTERMEDIATE = "中级"
    JUNIOR = "初级"


class Formation(StrEnum):
    """组建方式 (细则第十七条)."""

    SERIES = "系列"
    SPECIALTY = "专业"


class Acquisition(StrEnum):
    """取得方式."""

    REVIEW = "评审"
    RECOGNITION = "认定"
    ASSESSMENT = "考核"
    RECONFIRMATION = "重新确认"


class Channel(StrEnum):
    """渠道."""

    GENERAL = "社会化"
    GREEN = "绿色通道"
    TARGETED = "定向评价"
    FARMER = "农牧民"
    AUTONOMOUS = "自主评审"


class EmployerNature(StrEnum):
    """单位性质."""

    GOVERNMENT = "机关"
    INSTITUTION = "事业单位"
    STATE_ENTERPRISE = "国有企业"
    PRIVATE_ENTERPRISE = "非公企业"
    SOCIAL_ORGANIZATION = "社会组织"
    FREELANCE = "自由职业"
    FARMER = "农牧民"
    OTHER = "其他"


class IdentityKind(StrEnum):
    """证件类型."""

    CITIZEN_CARD = "居民身份证"
    HMT_RESIDENCE = "港澳台居民居住证"
    FOREIGN_PERMANENT = "外国人永久居留身份证"
    PASSPORT = "护照"


class Outcome(StrEnum):
    """评审结果."""

    PASSED = "通过"
    FAILED = "未通过"


class ExpertRole(StrEnum):
    """评委职务."""

    CHAIR = "主任委员"
    VICE_CHAIR = "副主任委员"
    MEMBER = "委员"


class Expert(Frozen):
    """One committee member (评委). Confidential: never in a public document (细则第四十九条)."""

    place: Place
    name: str
    title: str | None = None
    level: Level | None = None
    employer: str | None = None
    specialty: str | None = None
    role: ExpertRole | None = None
    external: bool | None = None
    present: bool | None = None
    pledged: bool | None = None
    consecutive_years: int | None = None
    retired: bool | None = None
    scarce: bool | None = None
    term_starts: date | None = None
    term_ends: date | None = None
    region_code: str | None = None
    grassroots: bool | None = None
    outside_system: bool | None = None
    private: bool | None = None
    pledged_on: date | None = None
    listed: bool | None = None
    eligible: bool | None = None


class Committee(Frozen):
    """评审委员会: its filing (备案), size and members."""

    name: str | None = None
    series: str | None = None
    specialty: str | None = None
    level: CommitteeLevel | None = None
    formation: Formation | None = None
    size: int | None = None
    present: int | None = None
    filing_number: str | None = None
    filing_valid_until: date | None = None
    organizer: str | None = None
    office: str | None = None
    contact: str | None = None
    phone: str | None = None
    filing_submitted: date | None = None
    filing_approved: date | None = None
    size_agreed: str | None = None
    pool_size: int | None = None
    reported: date | None = None
    experts: tuple[Expert, ...] = ()


class Review(Frozen):
    """The review meeting (评审): method, channel, days, place, supervision."""

    acquisition: Acquisition | None = None
    channel: Channel | None = None
    starts: date | None = None
    ends: date | None = None
    venue: str | None = None
    supervisor: str | None = None
    plan_filed: date | None = None
    minutes: Minutes = Minutes()


class Publicity(Frozen):
    """A publicity period (公示): first and last day, where, who receives objections."""

    starts: date | None = None
    ends: date | None = None
    url: str | None = None
    receiver: str | None = None
    phone: str | None = None
    objections: str | None = None


class Approval(Frozen):
    """核准: who approved, under which number, when; whose seal; the report's own number (发文字号)."""

    authority: str | None = None
    number: str | None = None
    approved_on: date | None = None
    seal_authority: str | None = None
    dispatch_number: str | None = None


class Person(Frozen):
    """The applicant as a person."""

    name: str | None = None
    identity_kind: IdentityKind | None = None
    identity_number: str | None = None
    sex: Sex | None = None
    birth: PartialDate | None = None
    ethnicity: str | None = None
    politics: str | None = None
    phone: str | None = None
    photo: str | None = None


class Employer(Frozen):
    """工作单位."""

    name: str | None = None
    uscc: str | None = None
    nature: EmployerNature | None = None
    region_code: str | None = None


class Education(Frozen):
    """Highest education: 学历, 学位, 毕业院校, 毕业时间, 所学专业."""

    degree_level: str | None = None
    degree: str | None = None
    school: str | None = None
    graduated: PartialDate | None = None
    major: str | None = None


class CurrentTitle(Frozen):
    """现职称, when obtained, when appointed."""

    name: str | None = None
    obtained: PartialDate | None = None
    appointed: PartialDate | None = None


class TitleSought(Frozen):
    """What is applied for: series, exact title name, level, specialty practised (现从事专业)."""

    series: str | None = None
    name: str | None = None
    level: Level | None = None
    specialty: str | None = None


class Vote(Frozen):
    """Ballots on one applicant; abstentions and spoilt ballots count in the attendance (细则第四十五条)."""

    for_: int | None = Field(
        default=None, validation_alias=AliasChoices("for", "for_"), serialization_alias="for"
    )
    against: int | None = None
    abstained: int | None = None
    invalid: int | None = None


class Application(Frozen):
    """One applicant's application (申报), with its child rows and its result."""

    place: Place
    number: str
    person: Person
    employer: Employer
    work_since: PartialDate | None = None
    education: Education
    current_title: CurrentTitle
    sought: TitleSought
    talent_category: str | None = None
    training_hours: int | None = None
    employer_publicity: Publicity
    vote: Vote
    outcome: Outcome | None = None
    recognized_on: date | None = None
    note: str | None = None
    voted_on: date | None = None
    obtained_on: date | None = None
    procedure: Procedure = Procedure()
    standing: Standing = Standing()
    grounds: Grounds = Grounds()
    studies: tuple[Study, ...] = ()
    jobs: tuple[Job, ...] = ()
    achievements: tuple[Achievement, ...] = ()
    publications: tuple[Publication, ...] = ()
    awards: tuple[Award, ...] = ()
    appraisals: tuple[Appraisal, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the committee passed it."""
        return self.outcome is Outcome.PASSED


class Complaint(Frozen):
    """One row of 举报."""

    place: Place
    number: str
    received: date | None = None
    application_number: str | None = None
    content: str | None = None
    opinion: str | None = None
    handled: date | None = None
    conclusion: str | None = None


class Release(Frozen):
    """放行: a 原则 finding released by a named person with a reason."""

    place: Place
    rule: str
    application_number: str | None = None
    reason: str
    released_by: str


class Batch(Frozen):
    """One approved batch (批次): the only thing the generator and the registry are given."""

    number: str
    year: int | None = None
    region_code: str | None = None
    committee: Committee
    review: Review
    publicity: Publicity
    approval: Approval
    applications: tuple[Application, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    releases: tuple[Release, ...] = ()
    roster_publicity: Publicity = Publicity()
    schedule: Schedule = Schedule()
    closing: Closing = Closing()
    tally: Tally = Tally()
    charges: Charges = Charges()
    quota: int | None = None
    integrity: tuple[IntegrityRecord, ...] = ()
    posts: tuple[Post, ...] = ()
    recusals: tuple[Recusal, ...] = ()
    corrections: tuple[Correction, ...] = ()
    supervisions: tuple[Supervision, ...] = ()

    @property
    def passed(self) -> tuple[Application, ...]:
        """The applications that passed, in input order."""
        return tuple(application for application in self.applications if application.passed)


class Severity(StrEnum):
    """How binding a finding is (B_rules)."""

    MANDATORY = "强制"
    PRINCIPLE = "原则"
    HINT = "提示"
    COMPUTED = "计算"


@dataclass(frozen=True, slots=True)
class Told:
    """What a finding's sentence was made from, so that it can be said in another language (`records.findings.saying`).

    The values are made into text only where that is done, or where the finding is stored: checks are many.
    """

    variant: str | None = None
    data: Mapping[str, object] = field(default_factory=dict, compare=False)

    @property
    def texts(self) -> dict[str, str]:
        """The values as they stand in the sentence."""
        return {name: str(value) for name, value in self.data.items()}


class Finding(Frozen):
    """One thing found wrong: where, by which rule and clause, what to do.

    `cell` is the address in the input workbook (`申报人员!D7`); it is filled in by `records.input.checking`.
    `told` is kept beside the finding where one is stored; outsiders (`check --json`) do not get it.
    """

    rule: str
    severity: Severity
    clauses: tuple[str, ...]
    sheet: str
    row: int | None = None
    column: str | None = None
    cell: str | None = None
    application_number: str | None = None
    message: str
    remedy: str
    released_by: str | None = None
    released_reason: str | None = None
    told: Told | None = Field(default=None, exclude=True, repr=False)

    @property
    def blocks(self) -> bool:
        """Whether documents and certificates must wait for it."""
        return self.severity is Severity.MANDATORY
