"""Spreadsheets: text stays text, heads stay in sight and on every page, nothing becomes a formula."""

from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Any

import office_trees as trees
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.layout.tree import PageSetup, Row, Section, Table
from generator.layout.units import Mm
from generator.render.xlsx import (
    APPLICANT_COLUMNS,
    PASS_COLUMNS,
    Column,
    FieldColumn,
    Kind,
    Merge,
    RosterSheet,
    render,
    roster,
    sheets_of,
)
from generator.render.xlsx.errors import CellNotWritable, RowDoesNotFit

SIXTEEN = (
    "序号 工作单位 姓名 身份证号 性别 出生年月 民族 学历 毕业院校及时间 职称系列 现职称及取得时间 申报职称名称 申报资格等级 "
    "现从事专业 人才类别 备注"
)


def person(**facts: str) -> Mapping[str, Any]:
    """A person with every field that the rosters name."""
    names = {column.field for column in (*APPLICANT_COLUMNS, *PASS_COLUMNS) if column.field}
    return {name: facts.get(name, "甲") for name in names}


def opened(*sheets: RosterSheet) -> openpyxl.Workbook:
    """The workbook as openpyxl reads it."""
    return openpyxl.load_workbook(BytesIO(render(sheets)))


def simple(*rows: tuple[Any, ...], **more: Any) -> RosterSheet:
    """A sheet of two text columns."""
    columns = (Column("甲", Mm(40)), Column("乙", Mm(60)))
    return RosterSheet(name="表", title="某某花名册", columns=columns, rows=rows, **more)


@pytest.fixture(scope="module")
def sheet() -> Any:
    """The roster of applicants with its example row and two people."""
    people = [person(id_number="150101198503120007", name=f"{trees.RARE}·巴特尔"), person(note="=1+1")]
    example = ("例", *["XXX"] * 15)
    made = roster(
        APPLICANT_COLUMNS,
        people,
        title="2024年绿色通道职称评审申报人员花名册",
        lead=("单位：某某局", "联系人：乌云", "电话：0471-0000000"),
        notes=("填表说明：请务必按照示例规范使用文本格式填写信息。",),
        example=example,
        header="草稿",
    )
    return opened(made).active


def test_applicant_roster_has_the_sixteen_columns_verbatim(sheet: Any) -> None:
    """Names and order of the columns are the notice's, and their widths fill 267 mm."""
    assert [one.value for one in sheet[5]] == SIXTEEN.split()
    assert sum(column.width for column in APPLICANT_COLUMNS) == 267
    assert len(PASS_COLUMNS) == 17


def test_every_cell_of_a_roster_is_text(sheet: Any) -> None:
    """ID numbers, running numbers and cells that look like formulas are strings in text format."""
    for row in sheet.iter_rows(min_row=6, max_row=8):
        assert all(one.data_type == "s" and one.number_format == "@" for one in row)
    assert sheet["D7"].value == "150101198503120007"
    assert sheet["P8"].value == "=1+1"
    assert sheet["C7"].value == f"{trees.RARE}·巴特尔"


def test_head_is_frozen_filtered_and_printed_on_every_page(sheet: Any) -> None:
    """Panes below the head, filter on the head, print titles, one page wide, page numbers, the draft mark."""
    assert sheet.freeze_panes == "D6"
    assert sheet.auto_filter.ref == "A5:P8"
    assert sheet.print_title_rows == "$5:$5"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in ((1, 0), (None, 0))
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    assert "&P" in sheet.oddFooter.center.text
    assert sheet.oddHeader.right.text == "草稿"


def test_title_spans_all_columns_in_the_title_font(sheet: Any) -> None:
    """The title is one merged cell in 方正小标宋简体."""
    assert "A1:P1" in {str(area) for area in sheet.merged_cells.ranges}
    assert sheet["A1"].font.name == "方正小标宋简体"
    assert sheet["A2"].value == "单位：某某局"


def test_example_row_does_not_count(sheet: Any) -> None:
    """例 stands first, the first person is number 1."""
    assert [sheet.cell(row, 1).value for row in (6, 7, 8)] == ["例", "1", "2"]


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(["=", "+", "-", "@", "\t=", "http://", "{=", ""]),
    st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=40),
)
def test_no_text_ever_becomes_a_formula_or_a_link(head: str, rest: str) -> None:
    """Whatever a record holds, the cell is that text: no formula, no number, no link."""
    text = head + rest
    sheet = opened(simple((text, "乙"))).active
    assert sheet["A3"].hyperlink is None
    assert (sheet["A3"].value or "") == text
    assert sheet["A3"].data_type in ("s", "n"), "an empty cell reads as a number without value"
    assert not text or sheet["A3"].data_type == "s"


def test_numbers_and_dates_of_statistics_are_real() -> None:
    """Counts can be summed and dates sorted."""
    columns = (
        Column("系列", Mm(40)),
        Column("人数", Mm(20), Kind.INTEGER),
        Column("日期", Mm(30), Kind.DATE),
    )
    made = RosterSheet("统计", "统计表", columns, [("工程系列", 12, date(2025, 8, 22)), ("合计", None, None)])
    sheet = opened(made).active
    assert (sheet["B3"].value, sheet["B3"].data_type) == (12, "n")
    assert sheet["C3"].value.date() == date(2025, 8, 22)
    assert sheet["B4"].value is None


def test_heads_in_two_rows_are_merged() -> None:
    """A group head spans its columns, a lone head both rows."""
    merges = (Merge(0, 0, rows=2), Merge(0, 1, columns=2))
    columns = (Column("", Mm(20)), Column("正高级", Mm(20)), Column("副高级", Mm(20)))
    made = RosterSheet(
        "表", "表", columns, [("甲", "1", "2")], extra_heads=(("系列", "高级", ""),), merges=merges
    )
    sheet = opened(made).active
    assert {"A2:A3", "B2:C2"} <= {str(area) for area in sheet.merged_cells.ranges}
    assert sheet["A2"].value == "系列"
    assert sheet.print_title_rows == "$2:$3"


def test_charts_are_native_and_fed_by_cells() -> None:
    """A chart refers to the cells of its own data sheet."""
    book = opened(simple(("甲", "乙"), charts=(trees.chart(),)))
    assert len(book["表"]._charts) == 1
    data = book["图表数据"]
    assert [cell.value for cell in data[3]] == ["卫生系列", 30, 22]


def test_document_with_tables_becomes_sheets() -> None:
    """A layout tree gives one sheet per section with a table: title, head, rows, merges, paper."""
    head = Row((trees.cell("系列", rowspan=2), trees.cell("人数", colspan=2)), Mm(9))
    second = Row((trees.cell("申报"), trees.cell("通过")), Mm(9))
    body = Row((trees.cell("工程系列"), trees.cell("12"), trees.cell("9")), Mm(9))
    table = Table((Mm(40), Mm(20), Mm(20)), (head, second, body), header_rows=2)
    page = PageSetup(Mm(297), Mm(210), watermark="草稿")
    section = Section(
        page, (trees.para("统计表", heading=1), trees.para("单位：某局"), table, trees.para("注：无"))
    )
    tree = trees.Document("统计", (section,))
    (made,) = sheets_of(tree, numbers=True)
    sheet = opened(made).active
    assert (sheet["A1"].value, sheet["A2"].value, sheet["A6"].value) == ("统计表", "单位：某局", "注：无")
    assert {"A3:A4", "B3:C3"} <= {str(area) for area in sheet.merged_cells.ranges}
    assert (sheet["B4"].value, sheet["B5"].value, sheet["C5"].value) == ("申报", 12, 9)
    assert sheet.oddHeader.right.text == "草稿"
    (as_text,) = sheets_of(tree)
    assert opened(as_text).active["B5"].value == "12"


def test_same_sheets_give_the_same_bytes() -> None:
    """Workbooks are reproducible."""
    assert render([simple(("甲", "乙"))]) == render([simple(("甲", "乙"))])


@pytest.mark.parametrize("text", ["字" * 32768, "坏\ud800"])
def test_text_that_no_cell_can_hold_is_refused_with_its_place(text: str) -> None:
    """Too long a text or a lone surrogate is never cut or dropped silently."""
    with pytest.raises(CellNotWritable) as raised:
        render([simple(("甲", text))])
    assert (raised.value.data["row"], raised.value.data["column"]) == (3, 2)


def test_row_of_the_wrong_length_is_refused() -> None:
    """A row that does not fit the head is an error with its number."""
    with pytest.raises(RowDoesNotFit) as raised:
        render([simple(("甲", "乙"), ("丙",))])
    assert raised.value.data["row"] == 4


def test_roster_shows_nothing_that_its_audience_may_not_see() -> None:
    """A person without the field (because it is not for this audience) stops the roster."""
    with pytest.raises(KeyError):
        roster([FieldColumn("身份证号", "id_number", 30)], [{"name": "甲"}], title="花名册")
