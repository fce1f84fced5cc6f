"""Rosters as sheets: which field stands in which column, under which head, how wide."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from generator.layout.units import Mm, Pt
from generator.render.xlsx.sheet import CellValue, Column, Kind, RosterSheet

SIZE: Final = Pt(9)
NUMBER: Final = ""  # the field name of a running number


@dataclass(frozen=True, slots=True)
class FieldColumn:
    """A roster column: head, name of the person field (empty: running number), printed width in millimetres."""

    head: str
    field: str
    width: float
    kind: Kind = Kind.CENTERED


# 2024年绿色通道通知附件2, verbatim and in this order (B-X01); widths fill 267 mm of an A4 page on its side.
APPLICANT_COLUMNS: Final = (
    FieldColumn("序号", NUMBER, 8),
    FieldColumn("工作单位", "employer", 30, Kind.TEXT),
    FieldColumn("姓名", "name", 14),
    FieldColumn("身份证号", "id_number", 34),
    FieldColumn("性别", "sex", 9),
    FieldColumn("出生年月", "birth_slash", 15),
    FieldColumn("民族", "ethnicity_short", 9),
    FieldColumn("学历", "education", 15),
    FieldColumn("毕业院校及时间", "school_graduated", 30, Kind.TEXT),
    FieldColumn("职称系列", "series", 17),
    FieldColumn("现职称及取得时间", "current_title_obtained", 22, Kind.TEXT),
    FieldColumn("申报职称名称", "title", 18),
    FieldColumn("申报资格等级", "level", 12),
    FieldColumn("现从事专业", "specialty", 14),
    FieldColumn("人才类别", "talent_category", 9),
    FieldColumn("备注", "note", 11, Kind.TEXT),
)
PASS_COLUMNS: Final = (
    FieldColumn("序号", NUMBER, 8),
    FieldColumn("工作单位", "employer", 29, Kind.TEXT),
    FieldColumn("姓名", "name", 14),
    FieldColumn("身份证号", "id_number", 33),
    FieldColumn("性别", "sex", 8),
    FieldColumn("出生年月", "birth_slash", 14),
    FieldColumn("民族", "ethnicity_short", 9),
    FieldColumn("学历", "education", 14),
    FieldColumn("毕业院校及时间", "school_graduated", 28, Kind.TEXT),
    FieldColumn("职称系列", "series", 15),
    FieldColumn("现职称及取得时间", "current_title_obtained", 20, Kind.TEXT),
    FieldColumn("评审通过职称名称", "title", 18),
    FieldColumn("资格等级", "level", 11),
    FieldColumn("现从事专业", "specialty", 13),
    FieldColumn("评委会通过时间", "passed_slash", 17),
    FieldColumn("评审方式", "method", 10),
    FieldColumn("备注", "note", 10, Kind.TEXT),
)
EXAMPLE: Final = "例"


def roster(
    columns: Iterable[FieldColumn],
    people: Iterable[Mapping[str, Any]],
    *,
    title: str,
    name: str = "花名册",
    lead: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    example: tuple[str, ...] | None = None,
    header: str = "",
) -> RosterSheet:
    """A roster of people, each a mapping of person fields (`generator.documents.fields`); every cell is text (B-X02).

    `example` is a first row 例 … without a running number of its own.

    Raises:
        KeyError: a person has no such field, or the audience may not see it.
    """
    columns = tuple(columns)
    rows: list[tuple[CellValue, ...]] = [example] if example else []
    for number, person in enumerate(people, 1):
        rows.append(tuple(str(number) if not c.field else str(person[c.field]) for c in columns))
    return RosterSheet(
        name=name,
        title=title,
        columns=tuple(Column(column.head, Mm(column.width), column.kind) for column in columns),
        rows=rows,
        lead=lead,
        notes=notes,
        frozen_columns=next((i + 1 for i, column in enumerate(columns) if column.field == "name"), 0),
        header=header,
        size=SIZE,
    )
