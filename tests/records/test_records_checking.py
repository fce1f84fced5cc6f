"""Checking: the reader's and the rules' findings together, with cells, releases and the home's files."""

import json
from pathlib import Path

import pytest

from core.settings import Home
from records.batch.model import Batch, Place, Release, Severity
from records.input.checking import check, check_file
from tests.records.conftest import Editor


def test_a_lawful_workbook_is_good(workbook_path: Path) -> None:
    """Nothing blocks, nobody is blocked."""
    checked = check_file(workbook_path)
    assert checked.good
    assert checked.blocking == ()
    assert checked.blocked_applications == frozenset()


def test_a_rule_s_finding_gets_the_cell_of_the_workbook(editor: Editor) -> None:
    """The rule knows sheet and head; the layout knows the column, wherever the secretary put it."""
    page = editor.book["申报人员"]
    page.insert_cols(1)
    page.cell(1, 1, "备忘")
    cell = editor.put(
        "申报人员", "性别", 3, "男" if editor.cell("申报人员", "性别", 3).value == "女" else "女"
    )
    findings = [item for item in check_file(editor.save()).findings if item.rule.startswith("B-X03")]
    assert [item.cell for item in findings] == [cell]


def test_a_finding_on_the_batch_gets_the_row_of_its_item(editor: Editor) -> None:
    """批次 is vertical."""
    cell = editor.put("批次", "出席人数", 0, 12)
    found = [item for item in check_file(editor.save()).findings if item.rule == "B-M01"]
    assert [(item.cell, item.row) for item in found] == [(cell, int(cell.rpartition("B")[2]))]


def test_one_person_s_defect_does_not_block_the_others(editor: Editor) -> None:
    """`blocked_applications` names the person; nothing blocks the batch."""
    editor.put("申报人员", "证件号码", 4, 1.1e17)
    checked = check_file(editor.save())
    assert not checked.good
    assert checked.blocking == ()
    assert checked.blocked_applications == {"LT2025000003"}


def test_a_defect_of_the_batch_blocks_everything(editor: Editor) -> None:
    """A finding without an applicant."""
    editor.put("批次", "评审地点", 0, None)
    checked = check_file(editor.save())
    assert [item.rule for item in checked.blocking] == ["R-IN-05"]


def test_only_the_wanted_rules_are_shown(editor: Editor) -> None:
    """By the beginning of their ids."""
    editor.put("申报人员", "证件号码", 4, 1.1e17)
    editor.put("批次", "出席人数", 0, 12)
    path = editor.save()
    assert {item.rule for item in check_file(path, only=("R-IN",)).findings} == {"R-IN-13"}
    assert "R-IN-13" not in {item.rule for item in check_file(path, only=("B-M",)).findings}


def test_findings_come_in_the_order_of_the_workbook(editor: Editor) -> None:
    """Sheet, row, column."""
    editor.put("评委", "姓名", 3, None)
    editor.put("申报人员", "毕业院校", 4, None)
    editor.put("申报人员", "姓名", 4, None)
    editor.put("批次", "评审地点", 0, None)
    findings = [item for item in check_file(editor.save()).findings if item.rule == "R-IN-05"]
    assert [item.column for item in findings] == ["评审地点", "姓名", "毕业院校", "姓名"]


def test_a_principle_is_released_by_name_and_reason(batch: Batch) -> None:
    """放行 turns a 原则 finding into a released one; a mandatory one stays."""
    committee = batch.committee
    small = committee.model_copy(update={"size": 21, "present": 21, "experts": committee.experts[:21]})
    before = batch.model_copy(update={"committee": small})
    principle = [item for item in check(before) if item.severity is Severity.PRINCIPLE]
    assert [item.rule for item in principle] == ["B-C02"]
    release = Release(
        place=Place(sheet="放行", row=2), rule="B-C02", reason="经核准备案部门同意调整", released_by="王建国"
    )
    after = check(before.model_copy(update={"releases": (release,)}))
    released = [item for item in after if item.released_by]
    assert [(item.rule, item.released_by, item.released_reason) for item in released] == [
        ("B-C02", "王建国", "经核准备案部门同意调整")
    ]


def test_the_home_s_calendar_decides_a_new_year(workbook_path: Path, editor: Editor, tmp_path: Path) -> None:
    """A batch of 2027 cannot be decided until the operator adds the year's arrangement."""
    for head, value in (("结果公示开始", "2027-01-04"), ("结果公示结束", "2027-01-12")):
        editor.put("批次", head, 0, value)
    path = editor.save()
    home = Home(tmp_path / "home")
    home.create()

    def undecided() -> set[str]:
        return {item.rule for item in check_file(path, home).findings if "2027年的放假安排" in item.message}

    assert undecided()
    (home.root / "calendar").mkdir()
    text = json.dumps({"year": 2027, "weekday_off": ["2027-01-01"], "weekend_work": []})
    (home.root / "calendar" / "2027.json").write_text(text, "utf-8")
    assert undecided() == set()


def test_the_size_limit_is_a_setting(
    workbook_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`[records] max_file_mb`; nonsense is refused when it is read."""
    home = Home(tmp_path)
    monkeypatch.setenv("ZHICHENG_RECORDS_MAX_FILE_MB", "1")
    assert check_file(workbook_path, home).good
    big = tmp_path / "big.xlsx"
    big.write_bytes(workbook_path.read_bytes() + bytes(1024 * 1024))
    with pytest.raises(Exception, match="1 MB"):
        check_file(big, home)
    monkeypatch.setenv("ZHICHENG_RECORDS_MAX_FILE_MB", "0")
    with pytest.raises(Exception, match="max_file_mb"):
        check_file(workbook_path, home)
