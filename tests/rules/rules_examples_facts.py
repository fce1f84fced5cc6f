"""Facts that several examples share."""

from datetime import date

from rules_examples import base
from rules_examples_batch import place

from records.batch.model import Channel, Level, TitleSought
from records.batch.optional import (
    IntegrityRecord,
    Measure,
    Offender,
    Post,
    Supervision,
)
from records.sample.plans import Kind

ENGINEER = TitleSought(series="工程系列", name="高级工程师", level=Level.ASSOCIATE_SENIOR, specialty="水利")
ACCOUNTANT = TitleSought(series="会计系列", name="高级会计师", level=Level.ASSOCIATE_SENIOR, specialty="会计")
GREEN_2024H2 = {"year": 2024, "review.starts": date(2024, 12, 2), "review.ends": date(2024, 12, 3)}
GENERAL = {"review.channel": Channel.GENERAL, "committee.series": None}
UNTITLED = {"a.0.current_title.name": None}
FIRST = base(Kind.GREEN).applications[0]
STAFF = base(Kind.ENGINEERING).applications[0].employer.name or ""
INTERMEDIATE = "中级"


def applicant_record(**facts: object) -> tuple[IntegrityRecord, ...]:
    known = {
        "name": FIRST.person.name,
        "kind": Offender.APPLICANT,
        "offence": "62-2",
        "basis": "细则第七十二条",
        "measure": "撤销职称",
        "effective": date(2022, 9, 1),
        "until": date(2025, 8, 31),
    }
    return (IntegrityRecord(place=place("诚信记录"), **{**known, **facts}),)


def post(**facts: object) -> tuple[Post, ...]:
    return (Post(place=place("岗位"), employer=STAFF, level=INTERMEDIATE, established=20, **facts),)


def supervisions(*rows: tuple[str, Measure]) -> tuple[Supervision, ...]:
    return tuple(
        Supervision(place=place("监管"), on=date(2025, 3, index + 1), offence=code, measure=measure)
        for index, (code, measure) in enumerate(rows)
    )
