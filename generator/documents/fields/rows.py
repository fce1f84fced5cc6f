"""Fields that are rows of one applicant: studies, jobs, achievements, publications, awards, appraisals."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from generator.documents.catalogue import Audience
from generator.documents.context import formats as f
from generator.documents.context.since import achievements_under, is_under
from generator.documents.context.subjects import Subject
from generator.documents.fields.field import Field, Scope
from records.batch.model import Achievement, Application

RECENT_YEARS: Final = 5

Row = dict[str, str]


def _rows(name: str, label: str, sample: list[Row], get: Callable[[Application], Iterable[Row]]) -> Field:
    def of_subject(subject: Subject) -> Any:
        return list(get(subject.application)) if subject.application else []

    return Field(name, label, sample, of_subject, Scope.PERSON, Audience.INTERNAL)


def _taken(item: object, *keys: str) -> Row:
    return {key: f.text(getattr(item, key)) for key in keys}


def _achievement(item: Achievement) -> Row:
    return _taken(item, "period", "name", "role", "result")


def _appraisals(one: Application) -> list[Row]:
    stated = sorted(one.appraisals, key=lambda item: item.year or 0)
    return [{"year": f.text(item.year), "result": f.text(item.result)} for item in stated]


_ACHIEVEMENT = {
    "period": "2019.03—2021.11",
    "name": "黄河内蒙古段二期防洪工程",
    "role": "主持",
    "result": "通过竣工验收，获自治区优秀设计一等奖",
}

ROW_FIELDS: Final = (
    _rows(
        "studies",
        "学习培训经历",
        [
            {
                "period": "2004.09—2008.07",
                "subject": "水利水电工程",
                "school": "内蒙古农业大学",
                "witness": "王强",
            }
        ],
        lambda one: (_taken(item, "period", "subject", "school", "witness") for item in one.studies),
    ),
    _rows(
        "jobs",
        "工作经历",
        [
            {
                "period": "2008.07—2018.12",
                "employer": "包头市水利勘测设计院",
                "work": "水利规划设计",
                "post": "工程师",
            }
        ],
        lambda one: (_taken(item, "period", "employer", "work", "post") for item in one.jobs),
    ),
    _rows(
        "achievements_before",
        "任现职前主要专业技术工作业绩",
        [_ACHIEVEMENT],
        lambda one: (_achievement(item) for item in one.achievements if not is_under(one, item)),
    ),
    _rows(
        "achievements_after",
        "任现职后主要专业技术工作业绩",
        [_ACHIEVEMENT],
        lambda one: (_achievement(item) for item in achievements_under(one)),
    ),
    _rows(
        "publications",
        "著作、论文及重要技术报告",
        [
            {
                "date": "2020.05",
                "title": "河道冰情演变分析",
                "venue": "《水利学报》2020年第5期",
                "authorship": "独著",
            }
        ],
        lambda one: (
            {"date": f.dotted(item.published), **_taken(item, "title", "venue", "authorship")}
            for item in one.publications
        ),
    ),
    _rows(
        "awards",
        "获奖、专利及成果转化",
        [{"date": "2021.12", "name": "优秀水利设计奖", "authority": "自治区水利厅", "rank": "第一完成人"}],
        lambda one: (
            {"date": f.dotted(item.awarded), **_taken(item, "name", "authority", "rank")}
            for item in one.awards
        ),
    ),
    _rows("appraisals", "年度考核", [{"year": "2024", "result": "优秀"}], _appraisals),
    _rows(
        "recent_appraisals",
        "近五年年度考核",
        [{"year": "2024", "result": "优秀"}],
        lambda one: _appraisals(one)[-RECENT_YEARS:],
    ),
)
