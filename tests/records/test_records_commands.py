"""The commands `workbook`, `check` and `records`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from records.input.reading import read_batch
from records.input.workbook.manual import workbook_markdown
from tests.records.conftest import ROOT, Editor
from zhicheng import cli


def run(*arguments: str | Path) -> Result:
    """One run of the command line, in a home folder that does not exist."""
    return CliRunner().invoke(cli, ["--home", "/nonexistent/home", *map(str, arguments)])


def test_the_blank_workbook_is_never_written_over_a_filled_one(tmp_path: Path) -> None:
    """Unless `--force` says so."""
    path = tmp_path / "blank.xlsx"
    assert run("workbook", "blank", path).exit_code == 0
    again = run("workbook", "blank", path)
    assert again.exit_code == 1
    assert "--force" in again.output
    assert run("workbook", "blank", path, "--force", "--full").exit_code == 0


def test_the_sample_workbook_checks_clean(tmp_path: Path) -> None:
    """With its photos beside it."""
    path = tmp_path / "sample.xlsx"
    assert run("workbook", "sample", path, "--people", "5", "--seed", "9").exit_code == 0
    result = run("check", path)
    assert result.exit_code == 0, result.output
    assert "5 人" in result.output
    assert (tmp_path / "photos").is_dir()


def test_check_prints_place_rule_message_remedy_and_source(editor: Editor) -> None:
    """Grouped by sheet, with counts, exit 1."""
    editor.put("申报人员", "证件号码", 3, 1.1e17)
    editor.put("批次", "评审地点", 0, None)
    result = run("check", editor.save())
    assert result.exit_code == 1
    plain = result.output.replace("\n", "")
    for words in ("批次", "申报人员", "D3", "R-IN-13", "强制 2", "依据", "1.1E+17"):
        assert words in plain


def test_check_prints_one_json_document(editor: Editor) -> None:
    """With every finding and the counts."""
    cell = editor.put("申报人员", "证件号码", 3, 1.1e17)
    result = run("check", editor.save(), "--json")
    document = json.loads(result.stdout)
    assert result.exit_code == 1
    assert document["good"] is False
    assert document["counts"]["强制"] == 1
    assert document["blocked_applications"] == ["LT2025000002"]
    assert document["findings"][0]["cell"] == cell


def test_check_of_an_unreadable_file_is_one_sentence(tmp_path: Path) -> None:
    """On stderr, or as JSON on stdout; exit 1."""
    path = ROOT / "samples" / "bad" / "not_an_xlsx.xlsx"
    plain = run("check", path)
    assert plain.exit_code == 1
    assert plain.stdout == ""
    assert "另存为" in plain.stderr
    document = json.loads(run("check", path, "--json").stdout)
    assert document["error"]["code"] == "not_a_workbook"
    english = CliRunner().invoke(cli, ["--lang", "en", "check", str(path)])
    assert "no Excel workbook" in english.stderr


def test_check_annotates_and_says_where(editor: Editor, tmp_path: Path) -> None:
    """The annotated workbook is written even though the batch is bad."""
    editor.put("申报人员", "姓名", 3, None)
    target = tmp_path / "out" / "annotated.xlsx"
    result = run("check", editor.save(), "--annotate", target)
    assert result.exit_code == 1
    assert target.is_file()
    assert "annotated.xlsx" in result.output.replace("\n", "")


def test_the_same_problem_of_many_is_told_once_with_its_places(editor: Editor) -> None:
    """A cascade does not bury the rest: four in full, the others by address."""
    cells = [editor.put("申报人员", "毕业院校", row, None) for row in range(2, 12)]
    plain = "".join(run("check", editor.save(), "--only", "R-IN").output.split())
    assert plain.count("补填毕业院校") == 4
    assert "另有6处同样的问题" in plain
    assert all(cell.rpartition("!")[2] in plain for cell in cells)


def test_a_long_list_is_cut_with_a_remark(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is in --json and --annotate."""
    monkeypatch.setattr("records.findings.report.SHOWN", 2)
    for row in range(2, 8):
        editor.put("申报人员", "毕业院校", row, None)
    result = run("check", editor.save(), "--only", "R-IN")
    assert "另有 4 项" in result.output


@pytest.mark.parametrize("suffix", [".json", ".ndjson"])
def test_export_and_import_give_the_same_batch(workbook_path: Path, tmp_path: Path, suffix: str) -> None:
    """Workbook → JSON → workbook."""
    middle, back = tmp_path / f"batch{suffix}", tmp_path / "back.xlsx"
    assert run("records", "export", workbook_path, "-o", middle).exit_code == 0
    assert run("records", "import", middle, "-o", back).exit_code == 0
    assert read_batch(back).batch == read_batch(workbook_path).batch


def test_export_to_another_kind_of_file_is_refused(workbook_path: Path, tmp_path: Path) -> None:
    """Only .json and .ndjson."""
    result = run("records", "export", workbook_path, "-o", tmp_path / "batch.csv")
    assert result.exit_code == 1
    assert not (tmp_path / "batch.csv").exists()


def test_the_manual_of_the_workbook_is_current() -> None:
    """`docs/workbook.md` is what `zhicheng workbook describe` prints."""
    assert (ROOT / "docs" / "workbook.md").read_text("utf-8") == workbook_markdown()
    assert run("workbook", "describe").output == workbook_markdown()


def test_the_schema_command_prints_the_published_schema() -> None:
    """For those who have no repository."""
    assert json.loads(run("records", "schema").output)["title"] == "Batch"


def test_the_committed_sample_is_what_the_command_makes() -> None:
    """`samples/sample-36.xlsx` holds the sample of 36 people with the usual seed, photos beside it."""
    from records.sample import sample_batch

    reading = read_batch(ROOT / "samples" / "sample-36.xlsx")
    assert reading.batch == sample_batch()
    assert reading.findings == ()
