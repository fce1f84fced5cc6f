"""Reading workbooks: what is tolerated, what is found, and at which cell."""

from pathlib import Path

import pytest

from records.batch.model import Batch, Severity
from records.input.reading import read_batch
from tests.records.conftest import Editor


def rules_at(path: Path) -> list[tuple[str, str | None]]:
    """Rule and cell of every finding of reading."""
    return [(item.rule, item.cell) for item in read_batch(path).findings]


def test_the_sample_comes_back_as_it_was(batch: Batch, workbook_path: Path) -> None:
    """Written and read: equal to the last field, and nothing to report."""
    reading = read_batch(workbook_path)
    assert reading.batch == batch
    assert reading.findings == ()
    assert reading.folder == workbook_path.parent


def test_what_the_reader_builds_passes_full_validation(workbook_path: Path) -> None:
    """The reader builds without pydantic's checks; this holds it against them."""
    batch = read_batch(workbook_path).batch
    assert Batch.model_validate_json(batch.model_dump_json(by_alias=True)) == batch


def test_a_finding_names_sheet_row_column_cell_and_remedy(editor: Editor) -> None:
    """An identity number typed as a number."""
    cell = editor.put("申报人员", "证件号码", 5, 1.1e17)
    (finding,) = read_batch(editor.save()).findings
    assert (finding.sheet, finding.row, finding.column, finding.cell) == ("申报人员", 5, "证件号码", cell)
    assert finding.severity is Severity.MANDATORY
    assert finding.application_number == "LT2025000004"
    assert "1.1E+17" in finding.message
    assert "文本" in finding.remedy


def test_blank_rows_between_people_do_not_matter(editor: Editor) -> None:
    """Places keep the rows of the sheet."""
    page = editor.book["申报人员"]
    page.insert_rows(4, 3)
    reading = read_batch(editor.save())
    assert reading.findings == ()
    assert [item.place.row for item in reading.batch.applications[:4]] == [2, 3, 7, 8]


def test_an_example_row_is_left_out(editor: Editor) -> None:
    """The official roster has a row 例."""
    page = editor.book["申报人员"]
    page.insert_rows(2)
    editor.put("申报人员", "申报编号", 2, "例")
    editor.put("申报人员", "姓名", 2, "XXX")
    reading = read_batch(editor.save())
    assert len(reading.batch.applications) == 12
    assert reading.findings == ()


def test_a_missing_optional_column_is_nothing(editor: Editor) -> None:
    """备注 may go."""
    column = editor.cell("申报人员", "备注", 1).column
    editor.book["申报人员"].delete_cols(column)
    assert read_batch(editor.save()).findings == ()


def test_missing_child_sheets_are_nothing(editor: Editor) -> None:
    """Only 批次 and 申报人员 must be there."""
    for name in ("学习经历", "举报", "放行", "代码表"):
        editor.book.remove(editor.book[name])
    reading = read_batch(editor.save())
    assert reading.findings == ()
    assert reading.batch.applications[0].studies == ()


def test_an_extra_column_fills_its_optional_fact(editor: Editor) -> None:
    """Facts that only some rules need are read when their column is there."""
    page = editor.book["申报人员"]
    place = page.max_column + 1
    page.cell(1, place, "身份类别")
    page.cell(2, place, "公务员")
    page.cell(1, place + 1, "首次申报")
    page.cell(2, place + 1, "是")
    first = read_batch(editor.save()).batch.applications[0]
    assert first.standing.status == "公务员"
    assert first.grounds.first is True


def test_an_unknown_sheet_is_mentioned(editor: Editor) -> None:
    """It may be a misspelt one."""
    editor.book.create_sheet("申报人员2")
    assert rules_at(editor.save()) == [("R-IN-04", None)]


def test_an_unknown_column_proposes_the_one_that_was_meant(editor: Editor) -> None:
    """毕业院较 for 毕业院校; the required column is then missing."""
    editor.cell("申报人员", "毕业院校", 1).value = "毕业院较"
    findings = read_batch(editor.save()).findings
    assert {item.rule for item in findings} == {"R-IN-01", "R-IN-02"}
    assert any("毕业院校" in item.remedy for item in findings if item.rule == "R-IN-02")


def test_items_of_the_batch_are_found_by_name_not_by_row(editor: Editor) -> None:
    """批次 may be sorted differently."""
    page = editor.book["批次"]
    rows = [
        (item.value, cell.value, cell.number_format) for item, cell in page.iter_rows(min_row=2, max_col=2)
    ]
    for number, (item, value, look) in enumerate(reversed(rows), start=2):
        page.cell(number, 1).value = item
        page.cell(number, 2).value = value
        page.cell(number, 2).number_format = look
    reading = read_batch(editor.save())
    assert reading.findings == ()
    assert reading.batch.number == "PC2025-LT-01"


@pytest.mark.parametrize(
    ("head", "value", "rule"),
    [
        ("出席人数", "二十三", "R-IN-08"),
        ("评委会级别", "最高级", "R-IN-06"),
        ("评审结束日期", "22/8/25", "R-IN-10"),
        ("评审地点", None, "R-IN-05"),
        ("地区代码", "999999", "R-IN-20"),
    ],
)
def test_items_of_the_batch_are_checked(editor: Editor, head: str, value: object, rule: str) -> None:
    """Each kind of item, at its own cell in the value column."""
    cell = editor.put("批次", head, 0, value)
    assert rules_at(editor.save()) == [(rule, cell)]


def test_an_item_written_twice_is_reported(editor: Editor) -> None:
    """The first one counts."""
    page = editor.book["批次"]
    row = page.max_row + 1
    page.cell(row, 1, "评审地点")
    page.cell(row, 2, "另一处")
    assert rules_at(editor.save()) == [("R-IN-26", f"批次!B{row}")]


def test_a_recognition_needs_no_ballots(editor: Editor) -> None:
    """认定: votes and committee numbers may be empty."""
    editor.put("批次", "取得方式", 0, "认定")
    for head in ("出席人数", "评委会人数", "备案文号"):
        editor.put("批次", head, 0, None)
    for row in range(2, 14):
        for head in ("赞成", "反对", "弃权"):
            editor.put("申报人员", head, row, None)
    assert rules_at(editor.save()) == []


def test_a_batch_without_people_is_reported(editor: Editor) -> None:
    """The sheet is there, nobody stands in it; the child rows then belong to nobody."""
    editor.book["申报人员"].delete_rows(2, 20)
    assert ("R-IN-28", None) in rules_at(editor.save())


def test_one_finding_tells_of_all_child_rows_of_an_unknown_number(editor: Editor) -> None:
    """Not one per row."""
    for row in (2, 3):
        editor.put("学习经历", "申报编号", row, "LT1")
    findings = read_batch(editor.save()).findings
    assert [(item.rule, item.cell) for item in findings] == [("R-IN-22", "学习经历!A2")]
    assert "2 行" in findings[0].message


@pytest.mark.parametrize(
    ("sheet", "head", "row"), [("申报人员", "现职称", 4), ("申报人员", "姓名", 4), ("批次", "评审地点", 0)]
)
def test_a_formula_s_error_is_not_an_empty_cell(editor: Editor, sheet: str, head: str, row: int) -> None:
    """#N/A of a look-up stands in many rosters; even in an optional cell it is reported, and once."""
    cell = editor.cell(sheet, head, row)
    cell.value = "#N/A"
    cell.data_type = "e"
    path = editor.save()
    (finding,) = read_batch(path).findings
    assert finding.application_number == ("LT2025000003" if row else None)
    assert [(item.rule, item.cell) for item in read_batch(path).findings] == [
        ("R-IN-29", f"{sheet}!{cell.coordinate}")
    ]


def test_a_number_merged_over_several_rows_counts_in_each(editor: Editor) -> None:
    """Secretaries merge one person's 申报编号 down the sheet; Excel keeps it in the first cell only."""
    page = editor.book["业绩"]
    page.merge_cells("A2:A4")
    assert page["A3"].value is None
    reading = read_batch(editor.save())
    assert reading.findings == ()
    assert [item.place.row for item in reading.batch.applications[0].achievements][:3] == [2, 3, 4]


def test_numbers_where_text_is_wanted_become_digits(editor: Editor) -> None:
    """A region code or an application number typed as a number is unambiguous."""
    editor.put("申报人员", "工作单位地区代码", 2, 150105)
    editor.put("申报人员", "联系电话", 2, 13800000000)
    editor.put("申报人员", "备注", 2, 2025)
    reading = read_batch(editor.save())
    first = reading.batch.applications[0]
    assert reading.findings == ()
    assert (first.employer.region_code, first.person.phone, first.note) == ("150105", "13800000000", "2025")


@pytest.mark.parametrize(
    ("reference", "rule"),
    [
        ("../batch.xlsx", "R-IN-23"),
        ("/etc/passwd", "R-IN-23"),
        ("C:\\photo.jpg", "R-IN-23"),
        ("photos/none.jpg", "R-IN-24"),
        ("photos", "R-IN-24"),
        ("edited.xlsx", "R-IN-25"),
    ],
)
def test_photos_are_looked_for_beside_the_workbook_only(editor: Editor, reference: str, rule: str) -> None:
    """No path leads out; what is no picture is no photo."""
    cell = editor.put("申报人员", "照片", 2, reference)
    assert rules_at(editor.save()) == [(rule, cell)]


def test_a_link_out_of_the_folder_is_an_escape(editor: Editor, tmp_path: Path) -> None:
    """A symbolic link is followed before it is judged."""
    (tmp_path / "photos" / "out.jpg").symlink_to("/etc/hostname")
    editor.put("申报人员", "照片", 2, "photos/out.jpg")
    assert [rule for rule, _ in rules_at(editor.save())] == ["R-IN-23"]
