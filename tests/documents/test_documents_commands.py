"""`zhicheng generate` and `zhicheng document` as people call them."""

import json

import pytest
from click.testing import CliRunner

from records.input.workbook import write_batch
from records.sample import sample_batch, write_photos
from zhicheng import cli


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    """A good workbook of three people with their photos."""
    folder = tmp_path_factory.mktemp("input")
    batch = sample_batch(3, 2)
    write_batch(batch, folder / "batch.xlsx")
    write_photos(batch, folder)
    return folder / "batch.xlsx"


@pytest.fixture
def run(tmp_path):
    """Call the command line with a home of its own."""

    def call(*arguments):
        return CliRunner().invoke(cli, ["--home", str(tmp_path / "home"), *map(str, arguments)])

    return call


def test_generate_writes_documents_and_says_where(run, workbook, tmp_path):
    """Exit code 0, the number of files, the folder."""
    result = run("generate", workbook, "-o", tmp_path / "out", "--only", "A103，A601", "--format", "pdf")
    assert result.exit_code == 0, result.output
    assert "4" in result.output
    assert (tmp_path / "out" / "manifest.json").is_file()


def test_json_output_is_one_document(run, workbook, tmp_path):
    """`--json` prints the manifest and nothing else."""
    result = run("generate", workbook, "-o", tmp_path / "out", "--only", "A103", "--format", "pdf", "--json")
    assert [entry["paper"] for entry in json.loads(result.stdout)["files"]] == ["A3"] * 3


def broken_workbook(folder):
    """A workbook whose vote does not add up."""
    batch = sample_batch(3, 2)
    one = batch.applications[0]
    vote = one.vote.model_copy(update={"for_": 1})
    changed = one.model_copy(update={"vote": vote})
    write_batch(
        batch.model_copy(update={"applications": (changed, *batch.applications[1:])}), folder / "bad.xlsx"
    )
    return folder / "bad.xlsx"


def test_one_bad_person_holds_back_what_shows_him_and_nobody_else(run, tmp_path):
    """His finding with its place, exit code 1; the others' forms are made, no roster with or without him is."""
    words = ("-o", tmp_path / "out", "--only", "A103,A601", "--format", "pdf")
    result = run("generate", broken_workbook(tmp_path), *words)
    assert result.exit_code == 1
    assert "申报人员" in result.output
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    first, *others = [one.number for one in sample_batch(3, 2).applications]
    assert sorted((entry["document"], entry["person"]) for entry in manifest["files"]) == [
        ("A103", number) for number in sorted(others)
    ]
    assert [(one["person"], one["code"]) for one in manifest["problems"]] == [(first, "held")]


def test_a_finding_on_the_whole_batch_refuses_it_and_nothing_is_written(run, tmp_path):
    """Each finding with its place, exit code 1."""
    batch = sample_batch(3, 2)
    committee = batch.committee.model_copy(update={"present": 3})
    write_batch(batch.model_copy(update={"committee": committee}), tmp_path / "bad.xlsx")
    result = run("generate", tmp_path / "bad.xlsx", "-o", tmp_path / "out", "--only", "A103")
    assert result.exit_code == 1
    assert "B-M01" in result.output
    assert not (tmp_path / "out").exists()


def test_force_makes_drafts_of_it(run, tmp_path):
    """--force: made, marked, told."""
    result = run(
        "generate",
        broken_workbook(tmp_path),
        "-o",
        tmp_path / "out",
        "--only",
        "A103",
        "--format",
        "pdf",
        "--force",
    )
    assert result.exit_code == 0, result.output
    assert "草稿" in result.output
    assert json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))["draft"] is True


@pytest.mark.parametrize("option", [("--only", "A999"), ("--format", "odt")])
def test_wrong_choices_are_told(run, workbook, tmp_path, option):
    """Unknown documents and formats."""
    result = run("generate", workbook, "-o", tmp_path / "out", *option)
    assert result.exit_code == 1
    assert option[1] in result.output


def test_the_list_names_every_document(run, workbook):
    """With a batch it also tells what is missing; without one what can be made."""
    plain = run("document", "list")
    assert plain.exit_code == 0
    assert "A102" in plain.output
    told = json.loads(run("document", "list", "--batch", workbook, "--json").stdout)["documents"]
    assert len({row["code"].partition("-")[0] for row in told}) == 109
    assert {row["code"]: row for row in told}["A103"]["count"] == 3


def test_fields_are_listed_with_label_and_sample(run):
    """`zhicheng document fields A102`."""
    rows = json.loads(run("document", "fields", "a102", "--json").stdout)["fields"]
    by_name = {row["name"]: row for row in rows}
    assert by_name["name"]["label"] == "姓名"
    assert by_name["name"]["used"] is True
    assert "姓名" in run("document", "fields", "A102").output


@pytest.mark.parametrize(
    ("document", "kind"), [("A105", "pdf"), ("A304", "xlsx"), ("A1002", "docx"), ("A601", "html")]
)
def test_previews_need_no_record(run, tmp_path, document, kind):
    """An invented batch stands in."""
    path = tmp_path / f"preview.{kind}"
    result = run("document", "preview", document, "-o", path)
    assert result.exit_code == 0, result.output
    assert path.stat().st_size > 2000


def test_a_format_that_a_document_lacks_is_told(run, tmp_path):
    """A105 is no roster."""
    result = run("document", "preview", "A105", "-o", tmp_path / "x.xlsx")
    assert result.exit_code == 1
    assert "xlsx" in result.output
