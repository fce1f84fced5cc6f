"""Nothing confidential reaches a public document (细则第四十九条), and confidential pages say what they are."""

import zipfile

import pypdfium2 as pdfium
import pytest
from documents_measuring import quick_text

from generator.documents.bundle import generate
from generator.documents.bundle.build_document import CONFIDENTIAL_NOTE, layout_of, runs_of
from generator.documents.catalogue import CATALOGUE, Audience
from generator.documents.context.subjects import subjects
from generator.documents.fields import fields_of

PUBLIC = tuple(entry.id for entry in CATALOGUE.made if entry.audience is Audience.PUBLIC)


@pytest.fixture(scope="module")
def public_texts(batch, tmp_path_factory):
    """The text of every public output in every format, by path."""
    out = tmp_path_factory.mktemp("public")
    manifest = generate(batch, out, only=PUBLIC)
    assert manifest.complete
    return {
        entry.path: quick_text(out / entry.path) if entry.format == "pdf" else packed_text(out / entry.path)
        for entry in manifest.files
    }


def packed_text(path):
    """Everything inside an office file, as text."""
    with zipfile.ZipFile(path) as package:
        return "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


def test_public_documents_exist_in_every_stage_that_publishes(public_texts):
    """单位公示, 花名册公示, 结果公示 … are among them, as PDF, DOCX and XLSX."""
    assert len(PUBLIC) >= 9
    for document in ("A202", "A302", "A601"):
        assert any(CATALOGUE[document].name in path for path in public_texts)
    assert {path.rpartition(".")[2] for path in public_texts} == {"pdf", "docx", "xlsx"}


def test_no_public_output_names_an_expert(batch, public_texts):
    """Every expert's name is looked for in the text of every public output."""
    applicants = {one.person.name for one in batch.applications} | {batch.committee.contact}
    names = {expert.name for expert in batch.committee.experts} - applicants
    assert len(names) > 15
    for path, text in public_texts.items():
        assert [name for name in names if name in text] == [], path


def test_no_public_output_has_a_full_id_number(batch, public_texts):
    """Numbers stand masked (前6后4) or not at all."""
    numbers = [one.person.identity_number for one in batch.applications]
    for path, text in public_texts.items():
        assert [number for number in numbers if number in text] == [], path
    roster = "".join(text for path, text in public_texts.items() if "花名册公示" in path)
    assert all(f"{number[:6]}********{number[-4:]}" in roster for number in numbers)


def test_no_public_output_tells_votes_or_phone_numbers(batch, public_texts):
    """表决数 and the applicants' own telephone numbers stay inside."""
    phones = {one.person.phone for one in batch.applications if one.person.phone}
    for path, text in public_texts.items():
        assert not any(phone in text for phone in phones), path
        assert "反对" not in text, path


@pytest.mark.parametrize("document", PUBLIC)
def test_templates_of_public_documents_cannot_even_ask_for_closed_fields(document):
    """The field catalogue of a public document holds only public fields."""
    assert {field.sensitivity for field in fields_of(CATALOGUE[document])} == {Audience.PUBLIC}


def test_rows_of_people_are_cut_to_the_audience(batch):
    """A roster's row has no votes and no number in a public document, though the same row has them elsewhere."""
    from generator.documents.context.subjects import subjects
    from generator.documents.fields import variables

    open_row = variables(CATALOGUE["A601"], subjects(CATALOGUE["A601"], batch)[0])["passed"][0]
    closed_row = variables(CATALOGUE["A509"], subjects(CATALOGUE["A509"], batch)[0])["passed"][0]
    assert closed_row["vote_for"]
    assert "vote_for" not in set(open_row)
    with pytest.raises(KeyError):
        open_row["id_number"]


def test_every_page_of_a_confidential_document_says_so(bundle):
    """内部资料 stands on each page, and on none of the others' pages."""
    folder, manifest = bundle
    note = CONFIDENTIAL_NOTE.replace("　", "")
    seen = set()
    for entry in manifest.files:
        if entry.document in seen:
            continue
        seen.add(entry.document)
        document = pdfium.PdfDocument((folder / entry.path).read_bytes())
        marked = []
        for page in document:
            text = page.get_textpage()
            marked.append(note in "".join(text.get_text_range().split()))
            text.close()
        document.close()
        assert marked == [entry.audience == "confidential"] * len(marked), entry.path
    assert seen == {entry.id for entry in CATALOGUE.made} - {item.document for item in manifest.left_out}


def test_the_manifest_carries_the_audience(bundle):
    """Who picks the files up can tell what may be published."""
    _, manifest = bundle
    for entry in manifest.files:
        assert entry.audience == str(CATALOGUE[entry.document].audience)


def test_two_people_of_one_name_are_told_apart_by_masked_numbers(batch):
    """Only then a masked number stands beside a public name."""
    from generator.documents.context.subjects import Subject
    from generator.documents.fields.person import public_name

    first, second = batch.applications[:2]
    person = second.person.model_copy(update={"name": first.person.name})
    twins = batch.model_copy(update={"applications": (first, second.model_copy(update={"person": person}))})
    name = public_name(first, Subject(twins))
    assert name.startswith(f"{first.person.name}（{first.person.identity_number[:6]}****")
    assert public_name(first, Subject(batch)) == first.person.name


def test_a_blank_form_says_nothing_about_anybody(batch):
    """空白备用 forms name no applicant and confirm nobody, whatever the batch holds."""
    names = {one.person.name for one in batch.applications if len(one.person.name or "") > 1}
    seen = 0
    for entry in CATALOGUE.made:
        subject = subjects(entry, batch)[0]
        if not subject.blank:
            continue
        seen += 1
        text = "".join(run.text for run in runs_of(layout_of(entry, subject)))
        assert {name for name in names if name in text} == set(), entry.id
        assert f"{len(batch.passed)}名" not in text, entry.id
    assert seen > 20
