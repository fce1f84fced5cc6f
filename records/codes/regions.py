"""Regions (行政区划, GB/T 2260) of 内蒙古: the autonomous region, 12 盟市, 103 旗县, and the abolished codes."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from records.codes.errors import UnknownCode
from records.codes.tables import load, rows

REGION_CODE = "150000"
DIRECT_REPORTING = frozenset({"150781", "152501"})  # 满洲里、二连浩特：主送机关单列，与盟市并列


class RegionKind(StrEnum):
    """What a code stands for."""

    AUTONOMOUS_REGION = "自治区"
    LEAGUE = "盟市"
    COUNTY = "旗县"
    MUNICIPAL = "市辖区"
    FORMER = "历史"


@dataclass(frozen=True, slots=True)
class Region:
    """One code: its name, kind, the 盟市 it belongs to, and the years in which it was in force."""

    code: str
    name: str
    kind: RegionKind
    league_code: str | None
    league_name: str | None
    since: int | None = None
    until: int | None = None

    @property
    def is_league(self) -> bool:
        """Whether it is a 盟 or a prefecture-level city."""
        return self.kind is RegionKind.LEAGUE

    @property
    def is_county(self) -> bool:
        """Whether it is a 旗, 县, 区 or county-level city."""
        return self.kind is RegionKind.COUNTY

    @property
    def reports_directly(self) -> bool:
        """Whether it is addressed beside the 盟市 (满洲里、二连浩特)."""
        return self.code in DIRECT_REPORTING

    @property
    def full_name(self) -> str:
        """The name with the autonomous region and 盟市 before it, as documents write it."""
        province = load("regions")["rows"][0][1]
        parts = [province, self.league_name, self.name]
        return "".join(dict.fromkeys(part for part in parts if part))


@cache
def regions_ever() -> tuple[Region, ...]:
    """Every code that is or was in force, abolished ones last."""
    table = rows("regions")
    league_names = {row["code"]: row["name"] for row in table if row["kind"] == RegionKind.LEAGUE}
    return tuple(_region(row, league_names) for row in table)


def _region(row: dict[str, object], league_names: dict[str, str]) -> Region:
    code = str(row["code"])
    kind = RegionKind(str(row["kind"]))
    league = f"{code[:4]}00" if kind not in (RegionKind.AUTONOMOUS_REGION, RegionKind.FORMER) else None
    since, until = row["since"], row["until"]
    return Region(
        code,
        str(row["name"]),
        kind,
        league,
        league_names.get(league) if league else None,
        since if isinstance(since, int) else None,
        until if isinstance(until, int) else None,
    )


@cache
def regions() -> tuple[Region, ...]:
    """The codes in force."""
    return tuple(item for item in regions_ever() if item.kind is not RegionKind.FORMER)


@cache
def leagues() -> tuple[Region, ...]:
    """The 12 盟市."""
    return tuple(item for item in regions() if item.is_league)


@cache
def _by_code() -> dict[str, Region]:
    return {item.code: item for item in regions()}


def find_region(code: str | None) -> Region | None:
    """The region in force under that six-digit code, or None."""
    return _by_code().get(code or "")


def region(code: str) -> Region:
    """The region in force under that six-digit code.

    Raises:
        UnknownCode: there is no such code.
    """
    found = find_region(code)
    if found is None:
        raise UnknownCode(table="regions", code=code)
    return found


def province_name(code: str) -> str | None:
    """Short name of the province of a six-digit code, of all China."""
    name: str | None = load("regions")["provinces"].get(code[:2])
    return name
