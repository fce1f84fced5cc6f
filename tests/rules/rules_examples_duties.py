"""Examples of duties that follow from several facts of a batch; with their further messages."""

from datetime import date
from typing import Any

from rules_examples import Example

from records.batch.dates import PartialDate
from records.batch.model import EmployerNature, ExpertRole, Level, Place, Sex
from records.batch.optional import ApplicantStatus, Recusal, Sanction
from records.sample.plans import Kind

COLLEAGUE = {"e.0.name": "宝音", "e.0.employer": "某院", "a.0.employer.name": "某院"}
TWICE = {"e.3.name": "其木格", "e.3.employer": "某院", "e.4.name": "其木格"}
LEADERS_AWAY = {"e.0.present": False, "e.1.present": False, "e.2.present": False}

IN_INSTITUTION = {"a.0.employer.nature": EmployerNature.INSTITUTION}
OLD = {**IN_INSTITUTION, "a.0.person.birth": PartialDate(1950, 1)}
OLD_WOMAN = {**IN_INSTITUTION, "a.0.person.birth": PartialDate(1966, 1), "a.0.person.sex": Sex.FEMALE}
BORN = {"a.0.person.birth": PartialDate(1980, 5)}
TITLED = {"a.0.current_title.name": "高级工程师", "a.0.current_title.obtained": PartialDate(2005, 6)}


def withdrew(expert: str) -> tuple[Recusal, ...]:
    """The record that an expert withdrew from the first applicant's vote."""
    place = Place(sheet="回避", row=2)
    return (Recusal(place=place, expert=expert, application_number="LT2025000001", withdrew=True),)


MEETING = (
    Example(
        "B-C16",
        "第十七条：评委会组成人员应当是单数……高级评委会不少于25人",
        {**TWICE, "e.4.employer": "某院"},
        "其木格（某院）在评委名单中列了两次，第5行已列",
        {"e.4.name": "乌日娜"},
    ),
    Example(
        "B-C17",
        "第十七条：正高级评委会评审专家应具有正高级职称",
        {"e.0.title": "高级农艺师"},
        "职称高级农艺师是副高级职称，层级登记为正高级",
        {"e.0.title": "教授级高级工程师"},
        {"e.0.level": Level.FULL_SENIOR},
    ),
    Example(
        "B-C18",
        "第十八条：评审专家每届任期不得超过3年",
        {"e.0.term_ends": date(2025, 8, 21)},
        "任期已于2025-08-21届满，评审会议2025-08-22",
        {"e.0.term_ends": date(2025, 8, 22)},
        {"e.0.term_starts": date(2023, 1, 1)},
    ),
    Example(
        "B-M14",
        "第四十四条：评审会议由主任委员或者副主任委员主持",
        LEADERS_AWAY,
        "均未出席",
        {**LEADERS_AWAY, "e.2.present": True},
        {"e.0.role": ExpertRole.CHAIR, "e.1.role": ExpertRole.VICE_CHAIR, "e.2.role": ExpertRole.VICE_CHAIR},
    ),
    Example(
        "B-M15",
        "第五十条：有利害关系或者其他关系可能影响客观公正评审的，应当主动申请回避",
        COLLEAGUE,
        "与出席评审专家宝音同在某院",
        {**COLLEAGUE, "recusals": withdrew("宝音")},
    ),
)

STANDING = (
    Example(
        "B-E28",
        "第二十一条：事业单位工作人员受到记过以上处分的，在受处分期间不得申报参加职称评审",
        {"a.0.standing.sanctioned_from": date(2024, 6, 21)},
        "受记过处分，未登记处分结束日期",
        {"a.0.standing.sanctioned_from": date(2024, 6, 20)},
        {
            "a.0.employer.nature": EmployerNature.INSTITUTION,
            "a.0.standing.sanction": Sanction.DEMERIT,
            "a.0.procedure.submitted": date(2025, 6, 20),
        },
    ),
    Example(
        "B-E29",
        "第二十一条：申报人员应当为本单位在职的专业技术人才……离退休人员不得申报参加职称评审",
        {"a.0.person.birth": PartialDate(1965, 3)},
        "（男，1965-03出生）2025-04已达法定退休年龄，申报日2025-05-20",
        {"a.0.person.birth": PartialDate(1965, 4)},
        {
            "a.0.person.sex": Sex.MALE,
            "a.0.employer.nature": EmployerNature.INSTITUTION,
            "a.0.procedure.submitted": date(2025, 5, 20),
        },
    ),
    Example(
        "B-A12",
        "第二十七条：在单位内部进行公示……经公示无异议的，按照职称评审管理权限逐级上报",
        {"a.0.employer_publicity.objections": "1件，反映论文署名问题"},
        "收到异议（1件，反映论文署名问题），没有调查核实的结论",
        {"a.0.employer_publicity.objections": "1件，反映论文署名问题，经调查不属实"},
    ),
)

CONSISTENCY = (
    Example(
        "B-X11",
        "劳动法第十五条：禁止用人单位招用未满十六周岁的未成年人",
        {"a.0.work_since": PartialDate(1992, 8)},
        "1980-05出生，参加工作1992-08，当时至多12周岁",
        {"a.0.work_since": PartialDate(2002, 8)},
        {"a.0.person.birth": PartialDate(1980, 5), "a.0.education.graduated": PartialDate(2002, 7)},
    ),
)

EXAMPLES = MEETING + STANDING + CONSISTENCY
Said = tuple[str, str, dict[str, Any], str, Kind]
SAYINGS: tuple[Said, ...] = (
    ("B-C16", "出现两次（第5行、本行）", {**TWICE, "e.4.employer": "另一院"}, "提示", Kind.GREEN),
    ("B-C18", "自2025-08-21起聘任", {"e.0.term_starts": date(2025, 8, 21)}, "强制", Kind.GREEN),
    (
        "B-E28",
        "不能认为处分期已满",
        {**IN_INSTITUTION, "a.0.standing.sanction": Sanction.DISMISSAL},
        "提示",
        Kind.GREEN,
    ),
    (
        "B-E29",
        "已达法定退休年龄",
        {**OLD, "a.0.standing.status": ApplicantStatus.IN_POST},
        "提示",
        Kind.GREEN,
    ),
    ("B-E29", "（女，1966-01出生）2021-01已达", {**OLD_WOMAN}, "原则", Kind.ENGINEERING),
    ("B-A12", "经查属实", {"a.0.employer_publicity.objections": "1件，经查属实"}, "强制", Kind.GREEN),
    (
        "B-A12",
        "（1件，正在核实）",
        {"a.0.employer_publicity.objections": "1件，正在核实"},
        "强制",
        Kind.GREEN,
    ),
    ("B-X11", "毕业1979早于出生", {**BORN, "a.0.education.graduated": PartialDate(1979)}, "强制", Kind.GREEN),
    ("B-X11", "当时至多15周岁", {**BORN, "a.0.work_since": PartialDate(1996, 3)}, "提示", Kind.GREEN),
    (
        "B-X11",
        "早于参加工作时间2005-08",
        {**TITLED, "a.0.work_since": PartialDate(2005, 8)},
        "强制",
        Kind.GREEN,
    ),
    (
        "B-X11",
        "聘任于2004，早于取得时间2005-06",
        {**TITLED, "a.0.current_title.appointed": PartialDate(2004)},
        "强制",
        Kind.GREEN,
    ),
)
