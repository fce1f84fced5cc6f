"""The annotated workbook: the secretary's own file, with marks, comments and a list of links."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from records.batch.model import Severity
from records.input.checking import check_file
from records.input.reading import read_batch
from records.input.workbook.annotate import AnnotateNeedsWorkbook, AnnotateOntoItself, annotate_file
from records.input.workbook.annotate.styles import FILLS
from records.sample import SAMPLE_FOLDER
from tests.records.conftest import Editor

MARK = "【核对问题】"


@pytest.fixture
def marked(editor: Editor) -> tuple[Path, Path]:
    """A workbook with four defects, a comment, a fill and a picture of its owner, and its annotated copy."""
    editor.put("申报人员", "证件号码", 3, 1.1e17)
    editor.put("申报人员", "姓名", 4, "王 • 伟")
    editor.put("申报人员", "毕业院校", 5, None)
    editor.put("批次", "评审地点", 0, None)
    page = editor.book["申报人员"]
    editor.cell("申报人员", "姓名", 4).comment = Comment("请核对姓名", "王秘书")
    editor.cell("申报人员", "姓名", 6).fill = PatternFill("solid", fgColor="FFAABBCC")
    page.add_image(Image(io.BytesIO((SAMPLE_FOLDER / "photos" / "m1.jpg").read_bytes())), "AP2")
    source = editor.save()
    target = source.with_name("annotated.xlsx")
    annotate_file(source, check_file(source).findings, target)
    return source, target


def cells(page: Worksheet) -> dict[str, tuple[object, str]]:
    """Value and number format of every cell that holds something."""
    return {
        cell.coordinate: (cell.value, cell.number_format)
        for row in page.iter_rows()
        for cell in row
        if cell.value is not None
    }


def test_values_formats_and_drop_downs_remain(marked: tuple[Path, Path]) -> None:
    """Every sheet of the original is there with everything in it."""
    before, after = (load_workbook(path) for path in marked)
    assert after.sheetnames == [*before.sheetnames, "问题清单"]
    for name in before.sheetnames:
        assert cells(after[name]) == cells(before[name])
        assert len(after[name].data_validations.dataValidation) == len(
            before[name].data_validations.dataValidation
        )
        assert after[name].freeze_panes == before[name].freeze_panes
    assert after["申报人员"]["B6"].fill.fgColor.rgb == "FFAABBCC"


def test_parts_that_are_not_touched_stay_byte_for_byte(marked: tuple[Path, Path]) -> None:
    """Pictures, drawings, themes and untouched sheets are not rewritten."""
    before, after = (zipfile.ZipFile(path) for path in marked)
    kept = [
        name for name in before.namelist() if "media" in name or "drawing1.xml" in name or "theme" in name
    ]
    assert any("media" in name for name in kept)
    assert all(before.read(name) == after.read(name) for name in kept)


def test_each_finding_is_a_coloured_cell_with_a_comment(marked: tuple[Path, Path]) -> None:
    """Colour by severity; the comment says rule, problem, remedy and source."""
    source, target = marked
    book = load_workbook(target)
    findings = [item for item in check_file(source).findings if item.cell]
    assert len(findings) >= 4
    for item in findings:
        sheet, _, address = str(item.cell).rpartition("!")
        cell = book[sheet][address]
        assert cell.fill.fgColor.rgb in FILLS.values()
        assert item.message in cell.comment.text
        assert item.remedy in cell.comment.text
        assert all(clause in cell.comment.text for clause in item.clauses)
    lost = book["申报人员"]["D3"]
    assert lost.fill.fgColor.rgb == FILLS[Severity.MANDATORY]


def test_the_owner_s_comment_stays_above_ours(marked: tuple[Path, Path]) -> None:
    """One comment per cell: hers first, ours below."""
    comment = load_workbook(marked[1])["申报人员"]["B4"].comment
    assert comment.text.startswith("请核对姓名\n" + MARK)
    assert comment.author == "王秘书"


def test_an_empty_cell_keeps_the_format_of_its_column(marked: tuple[Path, Path]) -> None:
    """The missing 毕业院校 is marked and still a text cell."""
    page = load_workbook(marked[1])["申报人员"]
    column = next(cell.column for cell in page[1] if cell.value == "毕业院校*")
    cell = page.cell(5, column)
    assert cell.value is None
    assert cell.fill.fgColor.rgb == FILLS[Severity.MANDATORY]
    assert cell.number_format == "@"


def test_the_list_links_to_each_cell(marked: tuple[Path, Path]) -> None:
    """问题清单 opens first; one row per finding."""
    source, target = marked
    book = load_workbook(target)
    page = book["问题清单"]
    findings = check_file(source).findings
    assert book.active is page
    assert page.max_row == len(findings) + 1
    for row, item in enumerate(findings, start=2):
        assert page.cell(row, 7).value == item.message
        if item.cell:
            sheet, _, address = item.cell.rpartition("!")
            assert page.cell(row, 5).hyperlink.location == f"'{sheet}'!{address}"


def test_annotating_again_takes_the_old_marks_off(marked: tuple[Path, Path], tmp_path: Path) -> None:
    """She corrects in the annotated file: marks of what is mended disappear, hers remain."""
    book = load_workbook(marked[1])
    page = book["申报人员"]
    page["D3"].value = read_batch(marked[0]).batch.applications[2].person.identity_number
    book.save(tmp_path / "second.xlsx")
    checked = check_file(tmp_path / "second.xlsx")
    annotate_file(tmp_path / "second.xlsx", checked.findings, tmp_path / "third.xlsx")
    third = load_workbook(tmp_path / "third.xlsx")
    assert third.sheetnames.count("问题清单") == 1
    assert third["申报人员"]["B4"].comment.text.count(MARK) == 1
    marks = {f"申报人员!{c.coordinate}" for row in third["申报人员"].iter_rows() for c in row if _ours(c)}
    assert marks == {item.cell for item in checked.findings if item.cell and item.sheet == "申报人员"}
    assert third["申报人员"]["D3"].fill.fill_type is None or "申报人员!D3" in marks


def _ours(cell: object) -> bool:
    comment = getattr(cell, "comment", None)
    return comment is not None and MARK in comment.text


def test_a_clean_workbook_gets_an_empty_list(workbook_path: Path, tmp_path: Path) -> None:
    """Nothing is marked."""
    annotate_file(workbook_path, (), tmp_path / "clean.xlsx")
    book = load_workbook(tmp_path / "clean.xlsx")
    assert book["问题清单"].max_row == 1
    assert read_batch(tmp_path / "clean.xlsx").batch == read_batch(workbook_path).batch.model_copy()


def test_the_annotated_workbook_is_read_like_the_original(marked: tuple[Path, Path]) -> None:
    """Same batch, same findings: the list is no unknown sheet."""
    before, after = (read_batch(path) for path in marked)
    assert after.batch == before.batch
    assert after.findings == before.findings


def test_json_cannot_be_annotated_and_the_original_is_never_overwritten(
    workbook_path: Path, tmp_path: Path
) -> None:
    """Two mistakes with a sentence each."""
    with pytest.raises(AnnotateNeedsWorkbook, match=r"batch\.json"):
        annotate_file(tmp_path / "batch.json", (), tmp_path / "a.xlsx")
    with pytest.raises(AnnotateOntoItself):
        annotate_file(workbook_path, (), workbook_path)


def test_every_part_of_the_package_is_well_formed_and_declared(marked: tuple[Path, Path]) -> None:
    """Each relationship has its part and each new part a content type."""
    with zipfile.ZipFile(marked[1]) as archive:
        names = set(archive.namelist())
        types = archive.read("[Content_Types].xml").decode()
        assert len(names) == len(archive.namelist())
    for name in names:
        if name.startswith(("xl/comments", "xl/worksheets/sheet")):
            assert f"/{name}" in types
    assert 'Extension="vml"' in types


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_with_its_comments(marked: tuple[Path, Path], tmp_path: Path) -> None:
    """Converted to ODS, every comment is there."""
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "ods",
    ]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(marked[1])], check=True, capture_output=True, timeout=180
    )
    with zipfile.ZipFile(io.BytesIO((tmp_path / "annotated.ods").read_bytes())) as archive:
        content = archive.read("content.xml").decode()
    findings = {item.cell for item in check_file(marked[0]).findings if item.cell}
    assert content.count(MARK) >= len(findings)
    assert "请核对姓名" in content
