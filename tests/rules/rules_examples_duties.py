"""Examples of duties that follow from several facts of a batch; with their further messages."""

from datetime import date
from typing import Any

from rules_examples import Example

from records.model import ExpertRole, Level, Place
from records.optional import Recusal
from records.sample.plans import Kind

COLLEAGUE = {"e.0.name": "宝音", "e.0.employer": "某院", "a.0.employer.name": "某院"}
TWICE = {"e.3.name": "其木格", "e.3.employer": "某院", "e.4.name": "其木格"}
LEADERS_AWAY = {"e.0.present": False, "e.1.present": False, "e.2.present": False}


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

EXAMPLES = MEETING
Said = tuple[str, str, dict[str, Any], str, Kind]
SAYINGS: tuple[Said, ...] = (
    ("B-C16", "出现两次（第5行、本行）", {**TWICE, "e.4.employer": "另一院"}, "提示", Kind.GREEN),
    ("B-C18", "自2025-08-21起聘任", {"e.0.term_starts": date(2025, 8, 21)}, "强制", Kind.GREEN),
)
