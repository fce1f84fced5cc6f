"""What kinds of batches there are to show: one plan per kind."""

from dataclasses import dataclass
from enum import StrEnum

from records.batch.model import Channel, CommitteeLevel, Formation, Level

REGION_OFFICE = "内蒙古自治区人力资源和社会保障厅"


class Kind(StrEnum):
    """Kinds of sample batches."""

    GREEN = "green"
    ENGINEERING = "engineering"
    JUNIOR = "junior"
    TARGETED = "targeted"
    FARMER = "farmer"


@dataclass(frozen=True, slots=True)
class Plan:
    """The constant facts of one kind; `authority` approves and seals (细则第五十三、五十四条)."""

    prefix: str
    region_code: str
    committee: str
    series: str
    specialty: str | None
    level: CommitteeLevel
    formation: Formation
    size: int
    present: int
    filing: str
    organizer: str
    office: str
    channel: Channel
    authority: str
    document_mark: str
    venue: str
    professions: tuple[str, ...]
    levels: tuple[Level, ...]
    experts_level: Level


PLANS = {
    Kind.GREEN: Plan(
        prefix="LT",
        region_code="150000",
        committee="内蒙古自治区绿色通道高级职称评审委员会",
        series="绿色通道（各系列）",
        specialty=None,
        level=CommitteeLevel.SENIOR,
        formation=Formation.SERIES,
        size=25,
        present=23,
        filing="内人社职评备〔2024〕17号",
        organizer=REGION_OFFICE,
        office="内蒙古自治区人事人才公共服务中心",
        channel=Channel.GREEN,
        authority=REGION_OFFICE,
        document_mark="内人社职",
        venue="呼和浩特市新城区人才综合服务楼三楼会议室",
        professions=(
            *("water", "energy", "medicine", "agronomy", "metal", "research", "teacher", "livestock"),
            *("energy", "university", "water", "heritage", "agronomy", "metal", "culture", "teacher"),
        ),
        levels=(Level.FULL_SENIOR, Level.ASSOCIATE_SENIOR, Level.ASSOCIATE_SENIOR),
        experts_level=Level.FULL_SENIOR,
    ),
    Kind.ENGINEERING: Plan(
        prefix="GC",
        region_code="150600",
        committee="鄂尔多斯市工程系列中级职称评审委员会",
        series="工程系列",
        specialty=None,
        level=CommitteeLevel.INTERMEDIATE,
        formation=Formation.SERIES,
        size=21,
        present=19,
        filing="鄂人社职评备〔2024〕8号",
        organizer="鄂尔多斯市人力资源和社会保障局",
        office="鄂尔多斯市工程系列职称评审办公室",
        channel=Channel.GENERAL,
        authority="鄂尔多斯市人力资源和社会保障局",
        document_mark="鄂人社职",
        venue="鄂尔多斯市康巴什区人才科创中心会议室",
        professions=("water", "energy", "metal"),
        levels=(Level.INTERMEDIATE,),
        experts_level=Level.ASSOCIATE_SENIOR,
    ),
    Kind.JUNIOR: Plan(
        prefix="CJ",
        region_code="152530",
        committee="正蓝旗中小学教师系列初级职称评审委员会",
        series="中小学教师系列",
        specialty=None,
        level=CommitteeLevel.JUNIOR,
        formation=Formation.SERIES,
        size=17,
        present=15,
        filing="蓝人社职评备〔2024〕3号",
        organizer="正蓝旗人力资源和社会保障局",
        office="正蓝旗教育体育局",
        channel=Channel.GENERAL,
        authority="正蓝旗人力资源和社会保障局",
        document_mark="蓝人社职",
        venue="上都镇教师发展中心会议室",
        professions=("teacher",),
        levels=(Level.JUNIOR,),
        experts_level=Level.INTERMEDIATE,
    ),
    Kind.TARGETED: Plan(
        prefix="DX",
        region_code="152500",
        committee="锡林郭勒盟农牧业系列定向评价副高级职称评审委员会",
        series="农牧业系列",
        specialty=None,
        level=CommitteeLevel.ASSOCIATE_SENIOR,
        formation=Formation.SERIES,
        size=25,
        present=22,
        filing="内人社职评备〔2024〕52号",
        organizer="锡林郭勒盟人力资源和社会保障局",
        office="锡林郭勒盟农牧局",
        channel=Channel.TARGETED,
        authority="锡林郭勒盟人力资源和社会保障局",
        document_mark="锡人社职",
        venue="锡林浩特市额尔敦敖包会议中心",
        professions=("livestock", "agronomy"),
        levels=(Level.ASSOCIATE_SENIOR,),
        experts_level=Level.FULL_SENIOR,
    ),
    Kind.FARMER: Plan(
        prefix="NM",
        region_code="152500",
        committee="锡林郭勒盟农牧民中级职称评审委员会",
        series="农牧民系列",
        specialty=None,
        level=CommitteeLevel.INTERMEDIATE,
        formation=Formation.SERIES,
        size=21,
        present=19,
        filing="锡人社职评备〔2024〕11号",
        organizer="锡林郭勒盟人力资源和社会保障局",
        office="锡林郭勒盟农牧局",
        channel=Channel.FARMER,
        authority="锡林郭勒盟人力资源和社会保障局",
        document_mark="锡人社职",
        venue="锡林浩特市农牧民科技培训中心",
        professions=("farm",),
        levels=(Level.INTERMEDIATE,),
        experts_level=Level.ASSOCIATE_SENIOR,
    ),
}
