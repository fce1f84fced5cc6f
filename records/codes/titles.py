"""Title series (职称系列): 27 national series, party-school teachers, farmers; exact names by level; 定向评价 fields."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from records.batch.model import Level
from records.codes.tables import load


class Grade(StrEnum):
    """层级, finer than `Level`: 初级 is 助理级 or 员级."""

    FULL_SENIOR = "正高级"
    ASSOCIATE_SENIOR = "副高级"
    INTERMEDIATE = "中级"
    ASSISTANT = "助理级"
    BASIC = "员级"

    @property
    def level(self) -> Level:
        """The word that rosters use (申报资格等级)."""
        return Level.JUNIOR if self in (Grade.ASSISTANT, Grade.BASIC) else Level(self.value)


@dataclass(frozen=True, slots=True)
class Title:
    """One title (职称名称); `variants` are other accepted spellings of the same title."""

    name: str
    series: str
    branch: str | None
    grade: Grade
    variants: tuple[str, ...] = ()

    @property
    def level(self) -> Level:
        """The level that rosters write."""
        return self.grade.level


@dataclass(frozen=True, slots=True)
class Series:
    """One series; `number` is the two digits in a certificate number; `examined` tells how far exams decide."""

    number: str
    name: str
    aliases: tuple[str, ...]
    examined: str | None
    titles: tuple[Title, ...]

    @property
    def short(self) -> str:
        """The name without 系列: 工程."""
        return self.name.removesuffix("系列")


@dataclass(frozen=True, slots=True)
class TargetedField:
    """A field (领域) of 定向评价、定向使用 and the series whose titles it uses."""

    name: str
    aliases: tuple[str, ...]
    series: tuple[str, ...]


@cache
def series() -> tuple[Series, ...]:
    """Every series, in the order of the catalogue."""
    return tuple(
        Series(
            item["number"],
            item["name"],
            tuple(item["aliases"]),
            item["examined"],
            tuple(_titles(item["name"], item["tracks"])),
        )
        for item in load("titles")["series"]
    )


def _titles(name: str, tracks: list[dict[str, object]]) -> list[Title]:
    found: list[Title] = []
    for track in tracks:
        branch, per_grade = track["branch"], track["titles"]
        assert isinstance(per_grade, list)  # noqa: S101 - the shape of our own data file
        for grade, names in zip(Grade, per_grade, strict=True):
            if names:
                found.append(Title(names[0], name, str(branch) if branch else None, grade, tuple(names[1:])))
    return found


@cache
def titles() -> tuple[Title, ...]:
    """Every title of every series."""
    return tuple(title for item in series() for title in item.titles)


@cache
def _by_name() -> dict[str, tuple[Title, ...]]:
    found: dict[str, tuple[Title, ...]] = {}
    for title in titles():
        for name in (title.name, *title.variants):
            found[name] = (*found.get(name, ()), title)
    return found


def titles_named(name: str | None) -> tuple[Title, ...]:
    """Every title of that exact name; the same name may belong to several series (研究员)."""
    return _by_name().get(name or "", ())


@cache
def titles_of(series_name: str, level: Level) -> tuple[Title, ...]:
    """The titles of a series (official name) on a level."""
    return tuple(title for title in titles() if title.series == series_name and title.level is level)


@cache
def _series_names() -> dict[str, Series]:
    return {text: item for item in series() for text in (item.name, item.short, *item.aliases)}


@cache
def find_series(text: str | None) -> Series | None:
    """The series written as 工程, 工程系列, 工程技术人员 or 工程系列（水利）; an engineering specialty alone also counts."""
    plain = re.sub(r"[（(].*[)）]$", "", (text or "").strip())
    names = _series_names()
    found = names.get(text or "") or names.get(plain) or names.get(plain.removesuffix("专业"))
    if found is None and plain.removesuffix("专业").removesuffix("工程") in engineering_specialties():
        return names["工程"]
    return found


@cache
def engineering_specialties() -> tuple[str, ...]:
    """Specialties of the engineering series in 内蒙古."""
    return tuple(load("titles")["engineering_specialties"])


@cache
def targeted_fields() -> tuple[TargetedField, ...]:
    """The eight fields of 定向评价 (only 高级)."""
    return tuple(
        TargetedField(item["name"], tuple(item.get("aliases", ())), tuple(item["series"]))
        for item in load("titles")["targeted"]["fields"]
    )


def former_title(name: str | None) -> str | None:
    """Today's name of an old title that may stand only as 现职称 (教授级高级工程师)."""
    found: str | None = load("titles")["former"].get(name or "")
    return found
