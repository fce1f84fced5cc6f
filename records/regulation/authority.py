"""Who approves (核准确认), who seals (用印), from which day a title counts (起算时间), where it may be used (使用范围).

细则第五十三—五十五条; what the text leaves open (farmers' seal, units of the autonomous region, 盟市 and 旗县) follows
the table of `records/data/policy/regions.toml`, which a home folder can override.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from records.batch.model import Acquisition, Application, Batch, Channel, Level
from records.codes import Region, RegionKind, find_region, region
from records.errors import RecordsError
from records.regulation.policy import policies

AUTONOMOUS_REGION = "150000"
_LEAGUE_CHANNELS = frozenset({Channel.TARGETED, Channel.FARMER})


class AuthorityUnknown(RecordsError):
    """Raised when region or level are not stated, so that nobody can be named; data: `application_number`."""

    key = "authority_unknown"


class ScopeKind(StrEnum):
    """使用范围."""

    WHOLE_REGION = "全区"
    TARGETED = "定向评价"


@dataclass(frozen=True, slots=True)
class Authority:
    """A 人力资源社会保障部门."""

    name: str
    region_code: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a title may be used; `region_code` and `region_name` are None when it is the whole region."""

    kind: ScopeKind
    region_code: str | None
    region_name: str | None
    text: str


def authority_of(region_code: str) -> Authority:
    """The department of one region, by its official name.

    Raises:
        UnknownCode: there is no such region.
    """
    place = region(region_code)
    pattern = policies().region_setting(region_code, "office") or "{name}人力资源和社会保障局"
    return Authority(pattern.format(name=_office_name(place)), region_code)


def _office_name(place: Region) -> str:
    municipal = place.is_county and place.name.endswith("区") and place.league_name
    return f"{place.league_name}{place.name}" if municipal else place.name


def find_authority(application: Application, batch: Batch) -> Authority | None:
    """Who approves and seals, or None when region or level are not stated.

    定向评价（含高级）、农牧民 → 盟市; 高级 → 自治区; 自治区直属单位 → 自治区; 中、初级 → 盟市 or 旗县 by the table.
    """
    level = application.sought.level
    if batch.review.channel in _LEAGUE_CHANNELS:
        return _league(batch.region_code) or _league(application.employer.region_code)
    if level is not None and level.is_senior:
        return authority_of(AUTONOMOUS_REGION)
    if level is None or application.employer.region_code == AUTONOMOUS_REGION:
        return authority_of(AUTONOMOUS_REGION) if level else None
    place = find_region(batch.region_code)
    if place is None or place.kind is RegionKind.AUTONOMOUS_REGION:
        place = find_region(application.employer.region_code)
    return _on_rung(place, level) if place else None


def _on_rung(place: Region, level: Level) -> Authority | None:
    """The place's own department, or its league's when the table says that the level is decided there."""
    rung = policies().region_setting(place.code, str(level))
    if rung == RegionKind.AUTONOMOUS_REGION or place.kind is RegionKind.AUTONOMOUS_REGION:
        return authority_of(AUTONOMOUS_REGION)
    if rung == RegionKind.COUNTY and place.is_county:
        return authority_of(place.code)
    return _league(place.code)


def _league(code: str | None) -> Authority | None:
    place = find_region(code)
    return authority_of(place.league_code) if place and place.league_code else None


def approving_authority(application: Application, batch: Batch) -> Authority:
    """核准（确认）机关 (细则第十三、五十三条).

    Raises:
        AuthorityUnknown: region or level are not stated.
    """
    found = find_authority(application, batch)
    if found is None:
        raise AuthorityUnknown(application_number=application.number)
    return found


def sealing_authority(application: Application, batch: Batch) -> Authority:
    """证书用印机关 (细则第五十四条); a farmer's title is sealed where it was approved.

    Raises:
        AuthorityUnknown: region or level are not stated.
    """
    return approving_authority(application, batch)


def effective_date(application: Application, batch: Batch) -> date | None:
    """起算时间 (细则第五十五条): 评审 → the day the committee passed it; otherwise the day the unit recognised it.

    None when that day is not stated. With ballots on several days the application's own day counts.
    """
    if batch.review.acquisition in (Acquisition.REVIEW, None):
        return application.voted_on or batch.review.ends or batch.review.starts
    return application.recognized_on


def scope(application: Application, batch: Batch) -> Scope:
    """使用范围: 全区, or the 盟市 of a 定向评价、定向使用 title."""
    if batch.review.channel is not Channel.TARGETED:
        return Scope(ScopeKind.WHOLE_REGION, None, None, "在内蒙古自治区范围内使用")
    found = _league(batch.region_code) or _league(application.employer.region_code)
    if found is None:
        raise AuthorityUnknown(application_number=application.number)
    name = region(found.region_code).name
    text = f"定向评价、定向使用，限{name}基层专业技术岗位使用"
    return Scope(ScopeKind.TARGETED, found.region_code, name, text)
