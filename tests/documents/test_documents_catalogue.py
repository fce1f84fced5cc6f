"""The catalogue, the field catalogue and the templates agree with each other."""

from dataclasses import replace

import pytest

from generator.documents.bundle.build_document import layout_of, runs_of, template_names
from generator.documents.catalogue import CATALOGUE, Per
from generator.documents.compose.engine import BUILT_IN
from generator.documents.compose.filters import GLOBALS
from generator.documents.context.cases import (
    CaseFieldUnknown,
    CaseUnreadable,
    blank_case,
    case_fields,
    read_cases,
)
from generator.documents.context.report import READS, REPORT
from generator.documents.context.subjects import Subject, subjects
from generator.documents.fields import Scope, fields_of, missing_facts, variables
from generator.documents.fields.functions import FUNCTIONS
from generator.documents.preview import sample_subject
from generator.documents.readiness import readiness
from records.batch.model import Committee

BUILT_INS = {*GLOBALS, *FUNCTIONS, "range", "namespace", "dict", "cycler", "joiner", "lipsum"}
MADE = [entry.id for entry in CATALOGUE.made]


def test_the_catalogue_has_all_109_documents_and_says_why_some_are_not_made():
    """Evidence copies and online screens have a reason; everything else has audience, paper and outputs."""
    assert len({entry.inventory for entry in CATALOGUE.values()}) == 109
    for entry in CATALOGUE.values():
        assert bool(entry.reason) is not entry.made
        assert entry.source
        assert entry.maker
        if entry.made:
            assert "pdf" in entry.outputs
            assert entry.copies >= 1
    assert {entry.stage for entry in CATALOGUE.values()} == set(range(11))
    assert {entry.stage for entry in CATALOGUE.made} == set(range(11)) - {8} | {8}


def test_requests_and_answers_are_documents_of_their_own():
    """What somebody else writes under the same inventory entry is a further part of it, after it and of its stage."""
    parts = [entry for entry in CATALOGUE.values() if entry.id != entry.inventory]
    assert {"A013-2", "A014-2", "A505-2", "A1007-3"} <= {entry.id for entry in parts}
    order = list(CATALOGUE)
    for entry in parts:
        first = CATALOGUE[entry.inventory]
        assert order.index(first.id) < order.index(entry.id)
        assert (entry.stage, entry.source) == (first.stage, first.source)
        assert first.made


@pytest.mark.parametrize(
    ("document", "agreed", "words"),
    [
        ("A014-2", "是", "同意超岗位申报2025年度职称评审2人"),
        ("A014-2", "否", "不同意超岗位申报2025年度职称评审"),
        ("A1008-2", "是", "列入下一年重点监管对象"),
        ("A1008-2", "否", "不同意恢复职称评审工作"),
    ],
)
def test_answers_say_yes_or_no(batch, document, agreed, words):
    """A case states which."""
    entry = CATALOGUE[document]
    sample = sample_subject(entry, batch)
    subject = replace(sample, case={**sample.case, "agreed": agreed})
    text = "".join(run.text for run in runs_of(layout_of(entry, subject)))
    assert words in text
    assert ("不同意" in text) is (agreed == "否")


def test_file_names_of_one_stage_are_different():
    """Two documents never claim one path."""
    names = [(entry.stage, entry.name) for entry in CATALOGUE.made]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("document", MADE)
def test_templates_use_only_fields_of_the_catalogue(document):
    """Every variable of a template is a documented field that its audience may see."""
    entry = CATALOGUE[document]
    known = {field.name for field in fields_of(entry)}
    assert template_names(entry.template, ()) - known - BUILT_INS == set()
    assert set(entry.needs) <= known


@pytest.mark.parametrize("document", MADE)
def test_every_case_field_is_used_by_its_template(document):
    """A case file cannot state something that then stands nowhere."""
    used = template_names(CATALOGUE[document].template, ()) | (READS if document == REPORT else set())
    assert {field.name for field in case_fields(document)} <= used


@pytest.mark.parametrize("document", MADE)
def test_every_document_can_be_made_blank_and_from_the_sample(document, batch):
    """Blank forms and filled ones lay out; paper and audience are the entry's."""
    entry = CATALOGUE[document]
    filled = layout_of(entry, sample_subject(entry, batch))
    blank = layout_of(entry, Subject(batch, case=blank_case(document), blank=True))
    for layout in (filled, blank):
        assert layout.audience == str(entry.audience)
        assert layout.document_id == document
        assert layout.sections[0].page.paper == entry.paper
        wide = layout.sections[0].page.width > layout.sections[0].page.height
        assert wide is entry.landscape


def test_templates_belong_to_documents():
    """No template is left over."""
    files = {path.stem for path in BUILT_IN.glob("A*.html")}
    assert files == set(MADE)


def test_fields_have_labels_and_samples():
    """`document fields` can explain each of them; names are unique within a document."""
    for entry in CATALOGUE.made:
        fields = fields_of(entry)
        assert len({field.name for field in fields}) == len(fields)
        assert all(field.label and field.name.isidentifier() for field in fields)


def test_values_are_of_their_samples_kind(batch):
    """A missing fact has the same kind as a stated one, so that templates need no special cases."""
    entry = CATALOGUE["A102"]
    subject = subjects(entry, batch)[0]
    blank = Subject(batch, blank=True)
    stated, empty = variables(entry, subject), variables(entry, blank)
    for field in fields_of(entry):
        if field.scope in (Scope.BATCH, Scope.PERSON) and field.name != "photo":
            assert type(stated[field.name]) is type(empty[field.name]), field.name


def test_only_the_asked_variables_are_computed(batch):
    """A short template costs little."""
    entry = CATALOGUE["A601"]
    assert set(variables(entry, subjects(entry, batch)[0], {"year", "nothing"})) == {"year"}


def test_readiness_tells_counts_and_missing_facts(batch):
    """A complete batch is ready; without a committee's name the facts are named in Chinese."""
    rows = {row["code"]: row for row in readiness(batch)}
    assert len(rows) == len(CATALOGUE)
    assert rows["A102"]["ready"] is True
    assert rows["A102"]["count"] == 36
    assert rows["A703"]["count"] == 0
    assert rows["A106"]["made"] is False
    bare = batch.model_copy(update={"committee": Committee()})
    rows = {row["code"]: row for row in readiness(bare)}
    assert rows["A601"]["ready"] is False
    assert "评委会名称" in rows["A601"]["missing"]
    assert all(row["ready"] is None for row in readiness())


def test_missing_facts_of_a_person_are_found(batch):
    """证件号码 and the like."""
    one = batch.applications[0]
    person = one.person.model_copy(update={"identity_number": None})
    changed = batch.model_copy(update={"applications": (one.model_copy(update={"person": person}),)})
    entry = CATALOGUE["A102"]
    assert [field.label for field in missing_facts(entry, subjects(entry, changed)[0])] == ["证件号码"]


def test_subjects_follow_the_entry(batch, junior_batch):
    """One file per person, employer, expert or complaint; a blank one when nothing calls for the document."""
    count = {document: len(subjects(CATALOGUE[document], batch)) for document in MADE}
    assert count["A102"] == 36
    assert count["A504"] == len(batch.committee.experts)
    assert count["A202"] == len({one.employer.name for one in batch.applications})
    assert subjects(CATALOGUE["A1002"], batch)[0].blank
    assert subjects(CATALOGUE["A703"], batch)[0].blank
    assert not subjects(CATALOGUE["A703"], junior_batch)[0].blank
    assert subjects(CATALOGUE["A702"], junior_batch)[0].blank
    assert CATALOGUE["A602"].per is Per.COMPLAINT
    assert count["A602"] == max(len(batch.complaints), 1)


def test_a_case_file_gives_events_their_facts(batch, tmp_path):
    """Dates in words, the person by application number."""
    path = tmp_path / "cases.toml"
    path.write_text(
        '[[A401]]\napplication = "LT2025000002"\ndeadline = 2025-07-22\ncorrections = [["论文", "缺页", "细则", "补交"]]\n',
        "utf-8",
    )
    (subject,) = subjects(CATALOGUE["A401"], batch, read_cases(path))
    assert subject.person == "LT2025000002"
    assert subject.case["deadline"] == "2025年7月22日"
    assert subject.case["issued"] == ""


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("[[A401]]\nnonsense = 1\n", CaseFieldUnknown),
        ("A401 = 3\n", CaseUnreadable),
        ("[[A401\n", CaseUnreadable),
    ],
)
def test_a_defective_case_file_is_refused(tmp_path, text, error):
    """Unknown fields and broken files are told, never passed over."""
    path = tmp_path / "cases.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(error):
        read_cases(path)
