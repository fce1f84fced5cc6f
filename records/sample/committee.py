"""An invented committee (评委会) of the right size; everybody present has pledged."""

from records.batch.model import Channel, Expert, ExpertRole, Place
from records.codes import titles_of
from records.sample.dice import Dice, material, professions
from records.sample.people import Crowd
from records.sample.plans import Plan

VICE_CHAIRS = 2
_SERIES_OF_GREEN = (
    "工程系列",
    "农牧业系列",
    "卫生系列",
    "中小学教师系列",
    "高等学校教师系列",
    "自然科学研究系列",
)
_FITTING = {  # the specialties of a series: a teacher is no expert of 煤化工
    "工程系列": ("水利工程", "电力工程", "冶金与稀土材料", "煤化工", "机械工程"),
    "农牧业系列": ("农艺", "畜牧兽医", "草原生态"),
    "卫生系列": ("临床医学", "蒙医学"),
    "中小学教师系列": ("基础教育",),
    "高等学校教师系列": ("高等教育",),
    "自然科学研究系列": ("草原生态", "水利工程"),
}
_EMPLOYERS = (
    "内蒙古北疆科技大学",
    "内蒙古敕勒川农牧业科学院",
    "内蒙古青山医学中心",
    "内蒙古阴山工程设计研究总院",
    "内蒙古草原资源与生态研究院",
    "呼和浩特市第三十六中学",
    "华北水电与新能源研究院（区外）",
    "东北寒地生态研究所（区外）",
)


def experts(dice: Dice, crowd: Crowd, plan: Plan) -> tuple[Expert, ...]:
    """`plan.size` members with different names: a chair, two vice-chairs; the last ones absent."""
    taken: set[str] = set()
    members = []
    for index in range(plan.size):
        while (name := crowd.expert_name()) in taken:
            continue
        taken.add(name)
        members.append(_expert(dice, plan, index, name))
    return tuple(members)


def _expert(dice: Dice, plan: Plan, index: int, name: str) -> Expert:
    series = _SERIES_OF_GREEN[index % len(_SERIES_OF_GREEN)] if plan.channel is Channel.GREEN else plan.series
    level = plan.experts_level
    options = titles_of(series, level) or titles_of("农牧业系列", level)
    present = index < plan.present
    return Expert(
        place=Place(sheet="评委", row=index + 2),
        name=name,
        title=options[index % len(options)].name,
        level=level,
        employer=_EMPLOYERS[index % len(_EMPLOYERS)],
        specialty=_specialty(dice, plan, series, index),
        role=_role(index),
        external=True,
        present=present,
        pledged=present,
        consecutive_years=dice.choice((0, 1, 1, 2)),
    )


def _role(index: int) -> ExpertRole:
    if index == 0:
        return ExpertRole.CHAIR
    return ExpertRole.VICE_CHAIR if index <= VICE_CHAIRS else ExpertRole.MEMBER


def _specialty(dice: Dice, plan: Plan, series: str, index: int) -> str:
    if plan.channel is Channel.GREEN:
        drawn = str(dice.choice(material()["committee_specialties"]))
        fitting = _FITTING[series]
        return drawn if drawn in fitting else fitting[index % len(fitting)]
    key = plan.professions[0]
    return str(dice.choice(professions()[key]["specialties"]))
