"""Tables of a person: ethnic groups, education, degrees, political status."""

from dataclasses import dataclass
from functools import cache

from records.codes.tables import rows


@dataclass(frozen=True, slots=True)
class Ethnic:
    """民族, GB/T 3304: `name` with 族, `short` as rosters write it (汉)."""

    code: str
    name: str
    short: str
    letter: str
    roman: str


@dataclass(frozen=True, slots=True)
class Education:
    """学历, GB/T 4658: `rank` 5 博士 … 1 中专, None where the policies know no rank."""

    code: str
    name: str
    rank: int | None
    aliases: tuple[str, ...]

    @property
    def short(self) -> str:
        """As forms write it: without 毕业."""
        return self.name.removesuffix("毕业")


@dataclass(frozen=True, slots=True)
class Politics:
    """政治面貌, GB/T 4762: `short` as forms write it (中共党员)."""

    code: str
    name: str
    short: str


@cache
def ethnics() -> tuple[Ethnic, ...]:
    """The 56 ethnic groups."""
    return tuple(Ethnic(**row) for row in rows("ethnic"))


@cache
def educations() -> tuple[Education, ...]:
    """Every entry of the education table, the three grades of technician schools included."""
    return tuple(
        Education(row["code"], row["name"], row["rank"], tuple(row["aliases"])) for row in rows("education")
    )


@cache
def politics_kinds() -> tuple[Politics, ...]:
    """Every political status."""
    return tuple(Politics(**row) for row in rows("politics"))


@cache
def degrees() -> tuple[str, ...]:
    """Levels of academic degrees: 名誉博士、博士、硕士、学士."""
    return tuple(row["name"] for row in rows("degree"))


@cache
def _ethnic_names() -> dict[str, Ethnic]:
    return {text: item for item in ethnics() for text in (item.name, item.short)}


@cache
def _education_names() -> dict[str, Education]:
    return {text: item for item in reversed(educations()) for text in (item.name, item.short, *item.aliases)}


@cache
def _politics_names() -> dict[str, Politics]:
    return {text: item for item in politics_kinds() for text in (item.name, item.short)}


def ethnic(text: str | None) -> Ethnic | None:
    """The ethnic group written as 蒙古族 or 蒙古; None when there is no such group."""
    return _ethnic_names().get(text or "")


def education(text: str | None) -> Education | None:
    """The education written in full or in a usual short form (本科, 大专, 博士研究生)."""
    return _education_names().get(text or "")


def politics(text: str | None) -> Politics | None:
    """The political status written in full or short."""
    return _politics_names().get(text or "")
