"""Statistics (统计) of a batch, counted once in one pass: for reports, statistical forms and charts.

Every table adds up to the same total (统计表勾稽): what is not stated is counted under 未填写, never dropped.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from records.batch.model import Application, Batch, EmployerNature, Level, Outcome, Sex
from records.batch.optional import Staffing
from records.codes import education, find_region, find_series

UNSTATED = "未填写"
AGE_BANDS = ((0, 35, "35岁及以下"), (36, 45, "36—45岁"), (46, 54, "46—54岁"), (55, 200, "55岁及以上"))
EDUCATION_RANKS = {5: "博士", 4: "硕士", 3: "本科", 2: "专科", 1: "中专"}
_PRIVATE = (EmployerNature.PRIVATE_ENTERPRISE, EmployerNature.SOCIAL_ORGANIZATION, EmployerNature.FREELANCE)


class Sector(StrEnum):
    """人员类别 of the statistical forms; staff of an institution count as 在编 unless stated otherwise."""

    STAFFED = "事业单位在编"
    UNSTAFFED = "事业单位非在编"
    PRIVATE = "非公有制领域"
    OTHER = "其他"


@dataclass(frozen=True, slots=True)
class Count:
    """People who applied, who passed, who failed; the rest has no result yet."""

    applied: int = 0
    passed: int = 0
    failed: int = 0

    @property
    def voted(self) -> int:
        """People with a result."""
        return self.passed + self.failed

    @property
    def pass_rate(self) -> Fraction | None:
        """通过率 = 通过 / 有结果; None without any result."""
        return Fraction(self.passed, self.voted) if self.voted else None

    @property
    def pass_percent(self) -> str:
        """The rate as reports write it: 83.3%; 无 without any result."""
        rate = self.pass_rate
        return "无" if rate is None else f"{float(rate) * 100:.1f}%"

    def __add__(self, other: "Count") -> "Count":
        return Count(self.applied + other.applied, self.passed + other.passed, self.failed + other.failed)


@dataclass(frozen=True)
class Table:
    """Counts by one property, in the order of `labels`."""

    counts: Mapping[str, Count]

    @property
    def labels(self) -> tuple[str, ...]:
        """The values that occur, in the table's order."""
        return tuple(self.counts)

    @property
    def total(self) -> Count:
        """All together."""
        return sum(self.counts.values(), Count())

    def __getitem__(self, label: str) -> Count:
        return self.counts.get(label, Count())

    def __iter__(self) -> Iterator[tuple[str, Count]]:
        return iter(self.counts.items())


@dataclass(frozen=True)
class Matrix:
    """Counts by two properties: rows × columns."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Count]

    def cell(self, row: str, column: str) -> Count:
        """One cell; nobody counts as zero."""
        return self.cells.get((row, column), Count())

    def row(self, row: str) -> Count:
        """A row's sum."""
        return sum((self.cell(row, column) for column in self.columns), Count())

    def column(self, column: str) -> Count:
        """A column's sum."""
        return sum((self.cell(row, column) for row in self.rows), Count())

    @property
    def total(self) -> Count:
        """All together."""
        return sum(self.cells.values(), Count())


@dataclass(frozen=True)
class Votes:
    """Ballots over all applicants who were voted on."""

    for_: int = 0
    against: int = 0
    abstained: int = 0
    invalid: int = 0


@dataclass(frozen=True)
class Statistics:
    """Everything counted of one batch.

    `specialty_level` is 系列（专业） × 等级; `staffed_level` and `unstaffed_level` are its parts 事业单位在编 and 非在编;
    `senior_region_level` is 旗县区 × 等级 of the senior titles.
    """

    total: Count
    by_level: Table
    by_series: Table
    by_sector: Table
    by_league: Table
    by_sex: Table
    by_age: Table
    by_education: Table
    by_nature: Table
    by_category: Table
    by_specialty: Table
    by_region: Table
    series_level: Matrix
    sector_level: Matrix
    league_level: Matrix
    specialty_level: Matrix
    staffed_level: Matrix
    unstaffed_level: Matrix
    region_level: Matrix
    senior_region_level: Matrix
    votes: Votes
    ethnic_minorities: Count


Key = Callable[[Application], str]


def sector_of(application: Application) -> Sector:
    """在编, 非在编, 非公 or 其他."""
    if application.employer.nature in _PRIVATE:
        return Sector.PRIVATE
    if application.employer.nature is EmployerNature.INSTITUTION:
        unstaffed = application.standing.staffing is Staffing.UNSTAFFED
        return Sector.UNSTAFFED if unstaffed else Sector.STAFFED
    return Sector.OTHER


def _series(application: Application) -> str:
    found = find_series(application.sought.series)
    return found.name if found else application.sought.series or UNSTATED


def _specialty(application: Application) -> str:
    series, specialty = _series(application), application.sought.specialty
    return f"{series}（{specialty}）" if specialty else series


def _region(application: Application) -> str:
    place = find_region(application.employer.region_code)
    return place.name if place else application.employer.region_code or UNSTATED


def _level(application: Application) -> str:
    return str(application.sought.level or UNSTATED)


def _league(application: Application) -> str:
    place = find_region(application.employer.region_code)
    return (place.league_name or f"{place.name}本级") if place else UNSTATED


def _age(application: Application, year: int | None) -> str:
    birth = application.person.birth
    if birth is None or year is None:
        return UNSTATED
    age = year - birth.year
    return next(label for least, most, label in AGE_BANDS if least <= age <= most) if age >= 0 else UNSTATED


def _education(application: Application) -> str:
    found = education(application.education.degree_level)
    rank = found.rank if found else None
    return EDUCATION_RANKS.get(rank or 0, application.education.degree_level or UNSTATED)


_ORDERS: dict[str, tuple[str, ...]] = {
    "by_level": tuple(level.value for level in Level),
    "by_sector": tuple(sector.value for sector in Sector),
    "by_sex": tuple(sex.value for sex in Sex),
    "by_age": tuple(label for _, _, label in AGE_BANDS),
    "by_education": tuple(EDUCATION_RANKS.values()),
    "by_nature": tuple(nature.value for nature in EmployerNature),
}
_MATRICES = {
    "series_level": "by_series",
    "sector_level": "by_sector",
    "league_level": "by_league",
    "specialty_level": "by_specialty",
    "staffed_level": "by_specialty",
    "unstaffed_level": "by_specialty",
    "region_level": "by_region",
    "senior_region_level": "by_region",
}
_PARTS: dict[
    str, tuple[str, frozenset[str]]
] = {  # matrices of some people only: the table and its labels that count
    "staffed_level": ("by_sector", frozenset({Sector.STAFFED.value})),
    "unstaffed_level": ("by_sector", frozenset({Sector.UNSTAFFED.value})),
    "senior_region_level": ("by_level", frozenset(level.value for level in Level if level.is_senior)),
}


@dataclass
class _Tally:
    """Mutable counters of one table: [applied, passed, failed] by key."""

    counts: dict[object, list[int]] = field(default_factory=dict)

    def add(self, key: object, outcome: Outcome | None) -> None:
        row = self.counts.setdefault(key, [0, 0, 0])
        row[0] += 1
        if outcome is not None:
            row[1 if outcome is Outcome.PASSED else 2] += 1


def statistics(batch: Batch) -> Statistics:
    """Count a batch; linear in the people, and nothing of them is kept."""
    keys: dict[str, Key] = {
        "by_level": _level,
        "by_series": _series,
        "by_sector": lambda one: str(sector_of(one)),
        "by_league": _league,
        "by_sex": lambda one: str(one.person.sex or UNSTATED),
        "by_age": lambda one: _age(one, batch.year),
        "by_education": _education,
        "by_nature": lambda one: str(one.employer.nature or UNSTATED),
        "by_category": lambda one: one.talent_category or UNSTATED,
        "by_specialty": _specialty,
        "by_region": _region,
    }
    tables = {name: _Tally() for name in (*keys, *_MATRICES, "minority")}
    votes = [0, 0, 0, 0]
    for application in batch.applications:
        labels = {name: key(application) for name, key in keys.items()}
        for name, label in labels.items():
            tables[name].add(label, application.outcome)
        for name, row in _MATRICES.items():
            if name in _PARTS and labels[_PARTS[name][0]] not in _PARTS[name][1]:
                continue
            tables[name].add((labels[row], labels["by_level"]), application.outcome)
        if application.person.ethnicity not in (None, "汉", "汉族"):
            tables["minority"].add("", application.outcome)
        vote = application.vote
        for index, ballots in enumerate((vote.for_, vote.against, vote.abstained, vote.invalid)):
            votes[index] += ballots or 0
    made = {name: _table(name, tables[name]) for name in keys}
    return _assembled(made, tables, Votes(*votes))


def _assembled(made: Mapping[str, Table], tallies: Mapping[str, _Tally], votes: Votes) -> Statistics:
    def matrix(name: str) -> Matrix:
        cells = _cells(tallies[name])
        met = {row for row, _ in cells}
        rows = tuple(label for label in made[_MATRICES[name]].labels if label in met)
        return Matrix(rows, made["by_level"].labels, cells)

    return Statistics(
        total=made["by_level"].total,
        by_level=made["by_level"],
        by_series=made["by_series"],
        by_sector=made["by_sector"],
        by_league=made["by_league"],
        by_sex=made["by_sex"],
        by_age=made["by_age"],
        by_education=made["by_education"],
        by_nature=made["by_nature"],
        by_category=made["by_category"],
        by_specialty=made["by_specialty"],
        by_region=made["by_region"],
        series_level=matrix("series_level"),
        sector_level=matrix("sector_level"),
        league_level=matrix("league_level"),
        specialty_level=matrix("specialty_level"),
        staffed_level=matrix("staffed_level"),
        unstaffed_level=matrix("unstaffed_level"),
        region_level=matrix("region_level"),
        senior_region_level=matrix("senior_region_level"),
        votes=votes,
        ethnic_minorities=Count(*tallies["minority"].counts.get("", (0, 0, 0))),
    )


def _table(name: str, tally: _Tally) -> Table:
    """The table in its natural order; without one, as the labels first occurred; 未填写 last."""
    order = {label: place for place, label in enumerate(_ORDERS.get(name, ()))}
    labels = sorted((str(label) for label in tally.counts), key=lambda label: order.get(label, len(order)))
    labels.sort(key=lambda label: label == UNSTATED)
    return Table({label: Count(*tally.counts[label]) for label in labels})


def _cells(tally: _Tally) -> dict[tuple[str, str], Count]:
    return {
        (str(key[0]), str(key[1])): Count(*row) for key, row in tally.counts.items() if isinstance(key, tuple)
    }
