"""Invented careers: education, present title, and the child rows of the 评审表."""

from dataclasses import dataclass
from typing import Any

from records.batch.dates import PartialDate
from records.batch.model import (
    Achievement,
    Appraisal,
    Award,
    CurrentTitle,
    Education,
    Job,
    Level,
    Place,
    Publication,
    Study,
)
from records.codes import region, titles_of
from records.sample.dice import Dice, material

REVIEW_YEAR = 2025
SCHOOLING = {
    "博士": ("博士研究生", "博士", 29, 4),
    "硕士": ("硕士研究生", "硕士", 26, 3),
    "本科": ("大学本科", "学士", 23, 4),
    "专科": ("大学专科", None, 21, 3),
    "中专": ("中等专科", None, 19, 3),
    "高级工班": ("技工院校高级工班", None, 20, 3),
    "海外": ("博士研究生", "博士", 30, 4),
}
BELOW = {
    Level.FULL_SENIOR: Level.ASSOCIATE_SENIOR,
    Level.ASSOCIATE_SENIOR: Level.INTERMEDIATE,
    Level.INTERMEDIATE: Level.JUNIOR,
}
SERVED_YEARS = (5, 9)


class Rows:
    """Hands out places in the child sheets: each sheet counts its own rows from 2."""

    def __init__(self) -> None:
        self._next: dict[str, int] = {}

    def place(self, sheet: str) -> Place:
        """The next row of that sheet."""
        row = self._next.get(sheet, 2)
        self._next[sheet] = row + 1
        return Place(sheet=sheet, row=row)


@dataclass(frozen=True)
class Career:
    """The dates and settings that all rows of one person share; years are calendar years."""

    profession: dict[str, Any]
    schooling: str
    employer: str
    region_code: str
    graduated: int
    titled: int | None
    long: bool

    @property
    def started(self) -> PartialDate:
        """First month of work (参加工作时间)."""
        return PartialDate(self.graduated, 8)


def current_title(dice: Dice, career: Career, branch: str | None, sought: Level, series: str) -> CurrentTitle:
    """The title one level below the one sought, or none for a first application."""
    if career.titled is None:
        return CurrentTitle()
    below = titles_of(series, BELOW[sought])
    same = [title for title in below if title.branch == branch] or list(below)
    return CurrentTitle(
        name=same[0].name,
        obtained=PartialDate(career.titled, 12),
        appointed=PartialDate(career.titled + 1, dice.choice((1, 3, 4))),
    )


def education(dice: Dice, career: Career) -> Education:
    """Highest education."""
    level, degree, _, _ = SCHOOLING[career.schooling]
    return Education(
        degree_level=level,
        degree=degree,
        school=dice.choice(_schools(career)),
        graduated=PartialDate(career.graduated, 7),
        major=dice.choice(career.profession["majors"]),
    )


def _schools(career: Career) -> list[str]:
    if career.schooling == "海外":
        return list(material()["overseas_schools"])
    higher = SCHOOLING[career.schooling][1] is not None
    return list(career.profession["schools" if higher else "vocational"])


def studies(dice: Dice, rows: Rows, career: Career, last: Education, witness: str) -> tuple[Study, ...]:
    """School years first, then courses."""
    years = SCHOOLING[career.schooling][3]
    ends = career.graduated
    items = [(f"{ends - years}.09—{ends}.07", f"{last.major}（{last.degree_level}）", last.school)]
    if career.schooling in ("博士", "硕士", "海外"):
        before, begun = ends - years, ends - years - 4
        school = dice.choice(career.profession["schools"])
        items.insert(0, (f"{begun}.09—{before}.07", f"{career.profession['majors'][0]}（大学本科）", school))
    for subject in dice.some(career.profession["trainings"], 4 if career.long else 2):
        year = dice.randint(max(career.graduated + 1, 2012), REVIEW_YEAR - 1)
        month = dice.randint(3, 10)
        items.append((f"{year}.{month:02d}—{year}.{month + 1:02d}", subject, dice.choice(_COURSES)))
    first = 2 if len(items) > 1 and career.schooling in ("博士", "硕士", "海外") else 1
    ordered = items[:first] + sorted(items[first:])
    return tuple(
        Study(place=rows.place("学习经历"), period=period, subject=subject, school=school, witness=witness)
        for period, subject, school in ordered
    )


_COURSES = ("呼和浩特", "北京", "内蒙古自治区人才培训基地", "线上（国家级继续教育基地）", "西安", "包头")


def jobs(dice: Dice, rows: Rows, career: Career) -> tuple[Job, ...]:
    """Gapless from the first month of work to today."""
    span = REVIEW_YEAR - career.graduated
    count = max(1, min(9 if career.long else 3, span // 2))
    cuts = sorted(dice.sample(range(career.graduated + 1, REVIEW_YEAR), count - 1))
    begins = [f"{career.graduated}.08", *(f"{year}.03" for year in cuts)]
    ends = [*(f"{year}.02" for year in cuts), "至今"]
    posts = career.profession["posts"]
    works = dice.some(career.profession["works"], count)
    return tuple(
        Job(
            place=rows.place("工作经历"),
            period=f"{begin}—{end}",
            employer=career.employer,
            work=works[step],
            post=posts[min(step * len(posts) // count, len(posts) - 1)],
        )
        for step, (begin, end) in enumerate(zip(begins, ends, strict=True))
    )


def achievements(dice: Dice, rows: Rows, career: Career) -> tuple[Achievement, ...]:
    """业绩 before and after the present title, oldest first in each part."""
    after = 13 if career.long else dice.randint(3, 5)
    before = 0 if career.titled is None else (6 if career.long else dice.randint(1, 3))
    pivot = career.titled or career.graduated
    spans = [(career.graduated, pivot - 1)] * before + [(pivot, REVIEW_YEAR - 1)] * after
    done = list(zip(career.profession["projects"], career.profession["results"], strict=True))
    chosen = dice.some(done, len(spans))
    begins = sorted(dice.randint(*span) if span[0] < span[1] else span[0] for span in spans)
    place_name = region(career.region_code).name
    found = []
    for step, begin in enumerate(begins):
        end = min(begin + dice.randint(0, 2), REVIEW_YEAR - 1, pivot - 1 if step < before else REVIEW_YEAR)
        found.append(
            Achievement(
                place=rows.place("业绩"),
                period=f"{begin}.{dice.randint(1, 6):02d}—{max(begin, end)}.{dice.randint(7, 12):02d}",
                name=chosen[step][0].format(place=place_name),
                role=dice.choice(_ROLES),
                result=chosen[step][1],
                before_current_title=step < before,
            )
        )
    return tuple(found)


_ROLES = ("主持", "主持", "参加，技术负责人", "参加，排名第2", "参加，排名第3", "独立完成")


def publications(dice: Dice, rows: Rows, career: Career) -> tuple[Publication, ...]:
    """论文著作, oldest first."""
    count = 14 if career.long else dice.randint(1, 4)
    first = max(career.graduated, 2008)
    dates = sorted(dice.month(dice.randint(first, REVIEW_YEAR - 1)) for _ in range(count))
    papers = dice.some(career.profession["papers"], count)
    return tuple(
        Publication(
            place=rows.place("论文著作"),
            published=PartialDate(year, month),
            title=papers[step],
            venue=f"《{dice.choice(career.profession['journals'])}》{year}年第{(month + 1) // 2}期",
            authorship=dice.choice(_AUTHORSHIP),
        )
        for step, (year, month) in enumerate(dates)
    )


_AUTHORSHIP = ("独著", "第一作者", "第一作者", "通讯作者", "第二作者")


def awards(dice: Dice, rows: Rows, career: Career) -> tuple[Award, ...]:
    """奖励、专利、标准, oldest first."""
    count = 11 if career.long else dice.randint(1, 2)
    first = max(career.titled or career.graduated, 2012)
    dates = sorted(dice.month(dice.randint(first, REVIEW_YEAR - 1)) for _ in range(count))
    chosen = dice.some(career.profession["awards"], count)
    return tuple(
        Award(
            place=rows.place("奖励"),
            awarded=PartialDate(*dates[step]),
            name=name,
            authority=authority,
            rank=None if rank == "无" else rank,
        )
        for step, (name, authority, rank) in enumerate(chosen)
    )


def appraisals(dice: Dice, rows: Rows, career: Career) -> tuple[Appraisal, ...]:
    """The last five yearly appraisals, or as many as there were."""
    first = max(career.graduated + 1, REVIEW_YEAR - 5)
    return tuple(
        Appraisal(place=rows.place("考核"), year=year, result="优秀" if dice.chance(0.3) else "合格")
        for year in range(first, REVIEW_YEAR)
    )
