"""Who does what for a batch (职责链): one chain of roles, from which every paper takes its maker and its receiver."""

import re
from typing import Final

from generator.documents.context import wording as w
from generator.documents.context.formats import text
from records.batch.model import Application, Batch, Channel, CommitteeLevel
from records.codes import Region, RegionKind, find_region
from records.codes.regions import REGION_CODE, regions_ever
from records.regulation.authority import authority_of
from records.regulation.policy import league_code

_SENIOR: Final = (CommitteeLevel.FULL_SENIOR, CommitteeLevel.ASSOCIATE_SENIOR, CommitteeLevel.SENIOR)
_ORGAN: Final = re.compile(r"(局|厅|委员会|委|中心|办公室|公司|集团|大学|学院|医院|院|所|站|党群工作部)$")
_WITH_OFFICE: Final = re.compile(r"(局|厅|委员会|委|政府|行政公署)$")  # 以办公室印发公文的机关
POSTDOCTORAL: Final = frozenset(
    {"3", "（三）", "三"}
)  # 第三类由盟市人社局或主管部门推荐，其余由行署、市政府推荐
BY_TALENT: Final = frozenset({"2", "（二）", "二"})  # 第二类凭人才认定申报，不需要推荐


def approval_authority(batch: Batch) -> str:
    """核准机关 as stated, else the one that channel, level and region lead to (细则第五十三条)."""
    if batch.approval.authority:
        return batch.approval.authority
    if batch.review.channel in (Channel.TARGETED, Channel.FARMER):
        return w.labour_department(league_code(batch.region_code) or batch.region_code)
    senior = batch.committee.level in _SENIOR
    return w.labour_department(REGION_CODE if senior else batch.region_code)


def counterpart(batch: Batch, authority: str) -> str:
    """Who writes to `authority`, and whom it answers: the 组建单位; its 办事机构 where the authority itself is that unit."""
    organizer = text(batch.committee.organizer)
    return organizer if organizer != authority else text(batch.committee.office) or organizer


def reporter(batch: Batch) -> str:
    """上报单位: who applies to, reports to and is answered by the 核准机关."""
    return counterpart(batch, approval_authority(batch))


def department_counterpart(batch: Batch) -> str:
    """Whom the region's own department writes to."""
    return counterpart(batch, w.labour_department(batch.region_code))


def recommender(one: Application) -> str:
    """推荐机关 of the green channel (细则第三十七条): 行署、市政府; 盟市人社局 for 第三类; as stated, else by the region.

    Empty where the 主管部门 of a unit of the autonomous region has to be named by hand.
    """
    if one.procedure.referrer:
        return one.procedure.referrer
    league = league_code(one.employer.region_code)
    if league is None:
        return ""
    return (
        authority_of(league).name if one.talent_category in POSTDOCTORAL else _government(find_region(league))
    )


def _government(place: Region | None) -> str:
    if place is None:
        return ""
    if place.is_county and place.name.endswith("区"):
        return f"{place.league_name}{place.name}人民政府"
    return f"{place.name}行政公署" if place.name.endswith("盟") else f"{place.name}人民政府"


def reporting_unit(one: Application, batch: Batch) -> str:
    """报送单位 of an application (细则第三十四条): as stated, else the department one rung below the committee's region.

    Units of the committee's own rung report themselves.
    """
    stated = text(one.procedure.forwarded_by)
    if _ORGAN.search(stated):
        return stated
    own = find_region(batch.region_code)
    place = find_region(one.employer.region_code)
    if own is None or place is None:
        return text(one.employer.name) or text(batch.committee.organizer)
    if own.is_county:
        return authority_of(own.code).name
    rung = place.code if own.is_league or place.reports_directly else place.league_code
    if rung is None or rung == own.code or find_region(rung) is None:
        return text(one.employer.name)
    return authority_of(rung).name


def collector(batch: Batch, unit: str) -> str:
    """Who receives what a reporting unit hands in: the region's department; the committee's office where that is the unit."""
    department = w.labour_department(batch.region_code)
    others = (department, text(batch.committee.office), text(batch.committee.organizer))
    return next((name for name in others if name and name != unit), "")


def printed_by(organ: str) -> str:
    """印发机关 (GB/T 9704 7.4.3): the organ's 办公室 where it has one of its own, else the organ."""
    return f"{organ}办公室" if organ and _WITH_OFFICE.search(organ) else organ


def review_body(organ: str) -> str:
    """行政复议机关 of a department's decision: the government of its own rung; empty where it is not known."""
    return _government(_regions_of_departments().get(organ))


def _regions_of_departments() -> dict[str, Region]:
    current = [one for one in regions_ever() if one.until is None and one.kind is not RegionKind.FORMER]
    return {authority_of(one.code).name: one for one in current if one.kind is not RegionKind.MUNICIPAL}
