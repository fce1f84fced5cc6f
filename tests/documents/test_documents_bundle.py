"""The bundle: folders, manifest, re-runs, drafts, workers, one bad record."""

import hashlib
import json

import pypdfium2 as pdfium
import pytest
from documents_measuring import quick_text
from hypothesis import given
from hypothesis import strategies as st
from measuring import sizes, strokes

from generator.documents.bundle import generate
from generator.documents.bundle.naming import FORBIDDEN, MAX_BYTES, safe
from generator.documents.catalogue import CATALOGUE, UnknownDocument
from records.sample import sample_batch

KEYS = {"path", "document", "name", "person", "format", "paper", "pages", "sha256", "audience"}


@pytest.fixture(scope="module")
def small():
    """Three people."""
    return sample_batch(3, 2)


def rename(batch, place, name):
    """The batch with another name at one place."""
    people = list(batch.applications)
    person = people[place].person.model_copy(update={"name": name})
    people[place] = people[place].model_copy(update={"person": person})
    return batch.model_copy(update={"applications": tuple(people)})


def test_every_made_document_is_in_the_set_of_the_sample(bundle):
    """36 people: all documents of stages 0 to 10, the forms for each person."""
    folder, manifest = bundle
    assert manifest.complete
    unmade = {item.document for item in manifest.left_out}
    assert unmade == {"A012", "A309"}  # 自主评审 and 包头 only
    assert {entry.document for entry in manifest.files} == {entry.id for entry in CATALOGUE.made} - unmade
    assert sum(entry.document == "A102" for entry in manifest.files) == 36
    assert {entry.person for entry in manifest.files if entry.document == "A103"} > {"LT2025000001"}
    assert all((folder / entry.path).is_file() for entry in manifest.files)


def test_the_manifest_is_the_contract(bundle):
    """manifest.json has exactly the agreed keys; hashes, pages and papers are true."""
    folder, _ = bundle
    document = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert document["batch"] == "PC2025-LT-01"
    for entry in document["files"][::25]:
        assert set(entry) == KEYS
        data = (folder / entry["path"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == entry["sha256"]
        pdf = pdfium.PdfDocument(data)
        assert len(pdf) == entry["pages"]
        pdf.close()
    papers = {entry["document"]: entry["paper"] for entry in document["files"]}
    assert papers["A103"] == "A3"
    assert papers["A102"] == "A4"


def test_a_second_run_gives_the_same_bytes_and_no_more_files(small, tmp_path):
    """Running again is harmless."""
    first = generate(small, tmp_path, only=("A103", "A601"), formats=("pdf", "xlsx"))
    second = generate(small, tmp_path, only=("A103", "A601"), formats=("pdf", "xlsx"))
    assert first.files == second.files
    assert len(list(tmp_path.rglob("*.pdf"))) == len(first.files)


def test_workers_make_the_same_files_as_one_process(small, tmp_path):
    """Two processes, same names, same hashes, same order."""
    alone = generate(small, tmp_path / "one", only=("A103", "A105", "A701"), formats=("pdf",))
    shared = generate(small, tmp_path / "two", only=("A103", "A105", "A701"), formats=("pdf",), jobs=2)
    assert alone.files == shared.files


def test_a_partial_run_keeps_what_it_did_not_concern_and_removes_what_is_stale(small, tmp_path):
    """Files of documents that were not asked for stay in the manifest; a person who left loses his files."""
    generate(small, tmp_path, only=("A103", "A601"), formats=("pdf",))
    fewer = small.model_copy(update={"applications": small.applications[:2]})
    manifest = generate(fewer, tmp_path, only=("A103",), formats=("pdf",))
    assert [entry.document for entry in manifest.files] == ["A103", "A103", "A601"]
    assert len(list(tmp_path.rglob("*.pdf"))) == 3


def test_a_character_that_no_font_draws_stops_that_document_only(small, tmp_path):
    """Person, field and code point are told; the others' documents are made."""
    broken = rename(small, 1, "王\ue234")
    manifest = generate(broken, tmp_path, only=("A102", "A103"), formats=("pdf",))
    assert {entry.person for entry in manifest.files} == {
        one.number for place, one in enumerate(broken.applications) if place != 1
    }
    assert [problem.document for problem in manifest.problems] == ["A102", "A103"]
    for problem in manifest.problems:
        assert problem.person == broken.applications[1].number
        assert problem.code == "undrawable"
        assert problem.code_point == "U+E234"
        assert problem.field == "姓名"
        assert broken.applications[1].number in problem.message
    assert not list(tmp_path.rglob("*.partial"))


def test_editable_formats_refuse_the_same_characters(small, tmp_path):
    """A Word file that could not be printed is not made either."""
    manifest = generate(rename(small, 0, "李\ue999"), tmp_path, only=("A105",), formats=("docx",))
    assert [problem.code_point for problem in manifest.problems] == ["U+E999"]
    assert len(manifest.files) == 2


def test_a_lone_surrogate_is_a_problem_and_not_a_crash(small, tmp_path):
    """Even a name that cannot be encoded ends in a clear sentence."""
    manifest = generate(rename(small, 0, "李\ud800"), tmp_path, only=("A105",), formats=("pdf",))
    assert len(manifest.problems) == 1
    assert len(manifest.files) == 2


def watermarks(path):
    """Per page, whether a drawing covers more than 60 mm both ways (the word 草稿 as outlines)."""
    data = path.read_bytes()
    big = {ink.page for ink in strokes(data) if ink.right - ink.left > 60 and ink.bottom - ink.top > 60}
    return [page in big for page in range(len(sizes(data)))]


def test_drafts_bear_the_word_on_every_page(small, tmp_path):
    """--force: 草稿 lies under the text of each page, and only of drafts."""
    wanted = ("A103", "A601", "A701")
    draft = generate(small, tmp_path / "draft", only=wanted, formats=("pdf",), force=True)
    final = generate(small, tmp_path / "final", only=wanted, formats=("pdf",))
    assert draft.draft
    assert not final.draft
    assert all(all(watermarks(tmp_path / "draft" / entry.path)) for entry in draft.files)
    assert not any(any(watermarks(tmp_path / "final" / entry.path)) for entry in final.files)


def test_every_name_is_given_back_by_the_text_of_its_form(bundle, batch):
    """Rare characters and long names come out of the PDF as they went in."""
    folder, manifest = bundle
    names = {one.number: one.person.name for one in batch.applications}
    sheets = [entry for entry in manifest.files if entry.document == "A103"]
    for entry in sheets:
        assert names[entry.person] in quick_text(folder / entry.path)


def test_paths_are_readable(bundle):
    """阶段/文书/编号_姓名; blank forms in a folder of their own."""
    _, manifest = bundle
    paths = {entry.path for entry in manifest.files}
    assert "01 个人申报/专业技术职称评审表/LT2025000001_曾洁.pdf" in paths
    assert "07 核准备案/核准备案报告.pdf" in paths
    assert any(path.startswith("空白备用/10 监督与违规处理/撤销职称决定（空白）") for path in paths)


def test_an_unknown_document_is_refused_before_anything_is_written(small, tmp_path):
    """`--only A999`."""
    with pytest.raises(UnknownDocument):
        generate(small, tmp_path / "new", only=("A999",))
    assert not (tmp_path / "new").exists()


@given(st.text(max_size=200))
def test_any_name_becomes_a_safe_file_name(name):
    """No separators, no controls, not empty, not too long, always encodable."""
    made = safe(name)
    assert made
    assert not FORBIDDEN & set(made)
    assert made not in (".", "..")
    assert len(made.encode("utf-8")) <= MAX_BYTES


def test_names_keep_their_letters():
    """Mongol dots and rare characters stay."""
    assert safe("杜尔伯特·那顺𬱖") == "杜尔伯特·那顺𬱖"
    assert safe("a/b:c") == "a_b_c"
