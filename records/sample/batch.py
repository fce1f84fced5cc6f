"""Puts a sample batch together: the plan's constant facts, the committee, the applicants, two complaints."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from records.batch.dates import PartialDate
from records.batch.model import (
    Acquisition,
    Application,
    Approval,
    Batch,
    Committee,
    Complaint,
    Level,
    Outcome,
    Place,
    Publicity,
    Review,
    TitleSought,
    Vote,
)
from records.codes import titles_of
from records.regulation.calendar import add_workdays
from records.sample import history
from records.sample.committee import experts
from records.sample.dice import Dice, material, professions
from records.sample.people import Crowd, employer
from records.sample.photos import reference
from records.sample.plans import PLANS, Kind, Plan

YEAR = 2025
DEFAULT_PEOPLE, DEFAULT_SEED = 36, 2025
REVIEW_STARTS, REVIEW_ENDS = date(YEAR, 8, 20), date(YEAR, 8, 22)
PUBLICITY_STARTS, PUBLICITY_ENDS = date(YEAR, 8, 25), date(YEAR, 9, 1)
APPROVED_ON = date(YEAR, 9, 15)
EMPLOYER_PUBLICITY_DAYS = (date(YEAR, 6, 3), date(YEAR, 6, 5), date(YEAR, 6, 9), date(YEAR, 6, 12))
FAILS_EVERY, FAILS_AT = 6, 3
WITHOUT_PHOTO_EVERY, WITHOUT_PHOTO_AT = 9, 5
LONG_AT = (5, 22)
AGES = {
    Level.FULL_SENIOR: (44, 57),
    Level.ASSOCIATE_SENIOR: (37, 52),
    Level.INTERMEDIATE: (30, 40),
    Level.JUNIOR: (25, 28),
}
CATEGORIES = ("1", "2", "1", "6", "5", "3", "4", "2", "4", "1")  # 细则第三十七条，2025年序号
PRIMARY = {
    "高中物理": "小学科学",
    "高中蒙古语文": "小学蒙古语文",
    "初中数学": "小学数学",
    "初中英语": "小学英语",
}
ENGINEERING = ("water", "energy", "metal")
NEEDS_DEGREE = ("medicine", "research", "university", "heritage")


@dataclass(frozen=True)
class Profile:
    """What kind of applicant stands at one place of the list."""

    level: Level
    profession: dict[str, Any]
    schooling: str
    category: str | None
    titled: bool


def sample_batch(people: int = DEFAULT_PEOPLE, seed: int = DEFAULT_SEED, *, kind: Kind = Kind.GREEN) -> Batch:
    """An approved batch of `people` invented applicants; the same arguments give the same batch.

    Raises:
        ValueError: `people` is not positive.
    """
    if people < 1:
        raise ValueError(people)
    plan = PLANS[kind]
    dice = Dice(f"{kind}:{seed}")
    crowd = Crowd(dice)
    rows = history.Rows()
    committee = Committee(
        name=plan.committee,
        series=plan.series,
        specialty=plan.specialty,
        level=plan.level,
        formation=plan.formation,
        size=plan.size,
        present=plan.present,
        filing_number=plan.filing,
        filing_valid_until=date(2027, 3, 14),
        organizer=plan.organizer,
        office=plan.office,
        contact="乌云其其格",
        phone="0471-5550100",
        experts=experts(dice, crowd, plan),
    )
    applications = tuple(_application(dice, crowd, rows, kind, index) for index in range(people))
    return Batch(
        number=f"PC{YEAR}-{plan.prefix}-01",
        year=YEAR,
        region_code=plan.region_code,
        committee=committee,
        review=_review(plan),
        publicity=_publicity(plan),
        approval=_approval(plan),
        applications=applications,
        complaints=_complaints(applications),
    )


def _review(plan: Plan) -> Review:
    return Review(
        acquisition=Acquisition.REVIEW,
        channel=plan.channel,
        starts=REVIEW_STARTS,
        ends=REVIEW_ENDS,
        venue=plan.venue,
        supervisor="派驻纪检监察组",
        plan_filed=date(YEAR, 8, 6),
    )


def _publicity(plan: Plan) -> Publicity:
    return Publicity(
        starts=PUBLICITY_STARTS,
        ends=PUBLICITY_ENDS,
        url="https://rst.example.gov.cn/zcgs/2025/0825",
        receiver=f"{plan.organizer}专业技术人员管理处",
        phone="0471-5550111",
    )


def _approval(plan: Plan) -> Approval:
    return Approval(
        authority=plan.authority,
        number=f"{plan.document_mark}核〔{YEAR}〕36号",
        approved_on=APPROVED_ON,
        seal_authority=plan.authority,
        dispatch_number=f"{plan.document_mark}评〔{YEAR}〕21号",
    )


def _profile(dice: Dice, plan: Plan, index: int) -> Profile:
    key = plan.professions[index % len(plan.professions)]
    level = Level.FULL_SENIOR if key == "medicine" else plan.levels[(index + index // 7) % len(plan.levels)]
    if plan.prefix == "LT":
        return _green(dice, key, level, index)
    schooling = "中专" if key == "farm" else dice.choice(("本科", "本科", "硕士"))
    return Profile(level, professions()[key], schooling, None, level is not Level.JUNIOR)


def _green(dice: Dice, key: str, level: Level, index: int) -> Profile:
    category = CATEGORIES[index % len(CATEGORIES)]
    if (category in ("4", "6") and key in NEEDS_DEGREE) or (category == "6" and key not in ENGINEERING):
        category = "2"
    if category == "5" and key in ("medicine", "culture", "teacher"):
        category = "1"
    if category == "3" and (key in ("medicine", "culture", "teacher") or level is Level.FULL_SENIOR):
        category = "1"
    match category:
        case "3":
            return Profile(level, professions()[key], "博士", category, titled=dice.chance(0.5))
        case "4":
            return Profile(level, professions()[key], dice.choice(("专科", "中专")), category, titled=True)
        case "5":
            return Profile(level, professions()[key], "海外", category, titled=False)
        case "6":
            return Profile(Level.ASSOCIATE_SENIOR, professions()[key], "高级工班", category, titled=False)
        case _:
            schooling = dice.choice(("博士", "硕士") if category == "2" else ("本科", "硕士", "博士"))
            return Profile(level, professions()[key], schooling, category, titled=True)


def _application(dice: Dice, crowd: Crowd, rows: history.Rows, kind: Kind, index: int) -> Application:
    plan = PLANS[kind]
    profile = _profile(dice, plan, index)
    profession = profile.profession
    ages = (34, 40) if profile.schooling == "博士" and not profile.titled else AGES[profile.level]
    person = crowd.person(index, ages, None)
    if index % WITHOUT_PHOTO_EVERY != WITHOUT_PHOTO_AT and person.sex:
        person = person.model_copy(update={"photo": reference(index, person.sex)})
    employers = material().get(f"{kind}_employers", {}).get(profession["key"], profession["employers"])
    works_for = employer(employers[index * 7 % len(employers)])
    career = _career(dice, profile, person.birth, works_for.name or "", works_for.region_code or "", index)
    learned = history.education(dice, career)
    options = titles_of(profession["series"], profile.level)
    title = next(option for option in options if option.branch in (profession["branch"], None))
    outcome = Outcome.FAILED if index % FAILS_EVERY == FAILS_AT else Outcome.PASSED
    return Application(
        place=Place(sheet="申报人员", row=index + 2),
        number=f"{plan.prefix}{YEAR}{index + 1:06d}",
        person=person,
        employer=works_for,
        work_since=career.started,
        education=learned,
        current_title=history.current_title(dice, career, title.branch, profile.level, profession["series"]),
        sought=TitleSought(
            series=profession["series"],
            name=title.name,
            level=profile.level,
            specialty=_taught_at(works_for.name or "", str(dice.choice(profession["specialties"]))),
        ),
        talent_category=profile.category,
        training_hours=dice.choice((90, 92, 96, 108, 120)),
        employer_publicity=_employer_publicity(dice),
        vote=_vote(dice, plan.present, outcome),
        outcome=outcome,
        studies=history.studies(dice, rows, career, learned, crowd.expert_name()),
        jobs=history.jobs(dice, rows, career),
        achievements=history.achievements(dice, rows, career),
        publications=history.publications(dice, rows, career),
        awards=history.awards(dice, rows, career),
        appraisals=history.appraisals(dice, rows, career),
    )


def _taught_at(employer_name: str, specialty: str) -> str:
    """The specialty as the employer's kind of school teaches it; others as they are."""
    if employer_name.endswith("小学"):
        return PRIMARY.get(specialty, specialty)
    if employer_name.endswith("中学") and specialty.startswith("小学"):
        return specialty.replace("小学", "初中", 1)
    return specialty


def _career(
    dice: Dice, profile: Profile, birth: PartialDate | None, employer_name: str, region_code: str, index: int
) -> history.Career:
    graduated = (birth.year if birth else YEAR - 40) + history.SCHOOLING[profile.schooling][2]
    graduated = min(graduated, YEAR - 2)
    titled = None
    if profile.titled:
        titled = max(graduated + 1, YEAR - dice.randint(*history.SERVED_YEARS))
    return history.Career(
        profile.profession, profile.schooling, employer_name, region_code, graduated, titled, index in LONG_AT
    )


def _employer_publicity(dice: Dice) -> Publicity:
    starts = dice.choice(EMPLOYER_PUBLICITY_DAYS)
    return Publicity(starts=starts, ends=add_workdays(starts, dice.choice((5, 5, 6, 7))), objections="无")


def _vote(dice: Dice, present: int, outcome: Outcome) -> Vote:
    need = -(-2 * present // 3)
    approving = (
        dice.randint(need, present) if outcome is Outcome.PASSED else dice.randint(present // 4, need - 2)
    )
    against = dice.randint(0, present - approving)
    invalid = 1 if present - approving - against > 1 and dice.chance(0.1) else 0
    return Vote(
        for_=approving, against=against, abstained=present - approving - against - invalid, invalid=invalid
    )


def _complaints(applications: tuple[Application, ...]) -> tuple[Complaint, ...]:
    def about(index: int) -> str:
        return applications[min(index, len(applications) - 1)].number

    return (
        Complaint(
            place=Place(sheet="举报", row=2),
            number="JB2025-001",
            received=date(YEAR, 8, 27),
            application_number=about(1),
            content="反映申报人所列项目的本人排名与实际不符。",
            opinion="组建单位调阅项目任务书和验收意见，并向项目承担单位函询，本人排名与申报材料一致。",
            handled=date(YEAR, 9, 9),
            conclusion="反映问题不属实，不影响评审结果。",
        ),
        Complaint(
            place=Place(sheet="举报", row=3),
            number="JB2025-002",
            received=date(YEAR, 8, 29),
            application_number=about(8),
            content="反映申报人论文存在重复发表问题。",
            opinion="经学术不端检测和期刊编辑部书面核实，两篇论文内容不同，不构成重复发表。",
            handled=date(YEAR, 9, 10),
            conclusion="查无实据，予以了结。",
        ),
    )
