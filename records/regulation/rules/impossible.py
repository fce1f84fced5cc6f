"""表册一致性, what cannot be: people who worked or graduated as children, titles before the first work, appointments before titles."""

from collections.abc import Iterator

from records.batch.dates import PartialDate
from records.batch.model import Level, Severity
from records.codes import education
from records.regulation.rules.consistency import consistency
from records.regulation.rules.core import Hit, Rule
from records.regulation.rules.facts import LEVEL_RANKS, Case

CHILD, WORKING_AGE = 14, 16  # 劳动法第十五条：禁止招用未满十六周岁的未成年人，文艺、体育、特种工艺单位除外


def oldest(birth: PartialDate, day: PartialDate) -> int:
    """The most completed years of age that the two statements allow; negative before the birth."""
    born, then = birth.earliest, day.latest
    return then.year - born.year - ((then.month, then.day) < (born.month, born.day))


@consistency.case(
    "B-X11",
    "不可能的日期",
    "细则第二十六条",
    "细则第三十三条",
    "劳动法第十五条",
    message="{name}{birth}出生，{what}{day}，当时至多{age}周岁。",
    remedy="与证件、毕业证书、职称证书和聘书原件核对两处日期。",
    unborn="{name}{birth}出生，{what}{day}早于出生。",
    early="{name}的现职称{title}取得于{day}，早于参加工作时间{work}。",
    appointed="{name}的现职称聘任于{day}，早于取得时间{obtained}；取得职称以后方可聘任。",
)
def impossible_dates(case: Case) -> Iterator[Hit]:
    """参加工作、毕业（中专以上）时 ≥ 14周岁（14、15周岁参加工作的提示）；参加工作 ≤ 现职称取得 ≤ 聘任；按各日期的精度从宽比较。"""
    yield from _ages(case)
    application = case.application
    title, work = application.current_title, application.work_since
    if case.holds_none or title.obtained is None:
        return
    if work and title.obtained.latest < work.earliest:
        hit = case.at("现职称取得时间", "early", title=title.name, day=title.obtained, work=work)
        certain = (case.held_rank or 0) >= LEVEL_RANKS[Level.INTERMEDIATE]  # 初级可在校考取
        yield hit if certain else hit.rated(Severity.HINT)
    if title.appointed and title.appointed.latest < title.obtained.earliest:
        yield case.at("现职称聘任时间", "appointed", day=title.appointed, obtained=title.obtained)


def _ages(case: Case) -> Iterator[Hit]:
    """Work and graduation measured against the birth."""
    application = case.application
    birth, schooling = application.person.birth, application.education
    if birth is None:
        return
    known = education(schooling.degree_level)
    least = CHILD if known and known.rank else 0  # 小学、初中毕业可以更早
    steps = (
        ("参加工作时间", "参加工作", application.work_since, CHILD, WORKING_AGE),
        ("毕业时间", "毕业", schooling.graduated, least, least),
    )
    for column, what, day, impossible, doubtful in steps:
        if day is None:
            continue
        age = oldest(birth, day)
        data = {"birth": birth, "what": what, "day": day, "age": age}
        if age < 0:
            yield case.at(column, "unborn", **data)
        elif age < impossible:
            yield case.at(column, **data)
        elif age < doubtful:
            yield case.at(column, **data).rated(Severity.HINT)


RULES: tuple[Rule, ...] = (impossible_dates,)
