"""Nobody, one, all or some passed: each result has wording of its own, and a paper that would be empty is not made."""

import json
import re

import pytest
from click.testing import CliRunner
from documents_papers import batch_of, papers

from generator.documents.bundle import generate, plan
from generator.documents.catalogue import CATALOGUE
from generator.documents.context.applies import left_out
from records.batch.model import ExpertRole
from records.input.workbook import write_batch
from records.sample import Kind, sample_batch
from zhicheng import cli

EMPTY = re.compile(r"（[　 ]*）(?!号)|[，、；（][，。；）]|(?<![\d.])0[名人]")
RESULTS = ("A510", "A512-2", "A601", "A603", "A701", "A704", "A705", "A708", "A901-2")
NOT_MADE = {"A601", "A603", "A702", "A703", "A708"}


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("passed", [0, 1, 11, 12])
def test_no_paper_of_the_result_has_an_empty_phrase(kind, passed):
    """No “通过人员中，。”, no “（ ）”, no “0名人员”, whatever the number."""
    batch = batch_of(kind=kind, passed=passed)
    for document in RESULTS:
        if left_out(CATALOGUE[document], batch) is None:
            for text in papers(document, batch):
                assert EMPTY.findall(text) == [], document


def test_nobody_passed_means_no_list_no_publicity_and_no_approval(tmp_path):
    """Papers about those who passed are not made; the manifest says which and why."""
    batch = batch_of(passed=0)
    manifest = generate(batch, tmp_path, only=("A601", "A603", "A701", "A702", "A703", "A704", "A708"))
    assert {item.document for item in manifest.left_out} == NOT_MADE
    assert {item.message for item in manifest.left_out} == {"没有人评审通过。"}
    assert {entry.document for entry in manifest.files} == {"A701", "A704"}
    assert manifest.complete
    told = json.loads((tmp_path / "manifest.json").read_text("utf-8"))["left_out"]
    assert {item["document"] for item in told} == NOT_MADE


def test_lists_of_an_earlier_result_do_not_stay(tmp_path):
    """After the result is corrected to nobody, the old public notice is removed."""
    generate(batch_of(passed=3), tmp_path, only=("A601",), formats=("docx",))
    assert list(tmp_path.rglob("评审结果公示.docx"))
    generate(batch_of(passed=0), tmp_path, only=("A601",), formats=("docx",))
    assert not list(tmp_path.rglob("评审结果公示.docx"))


def test_the_report_of_a_review_that_nobody_passed_asks_for_nothing():
    """It reports the review, has only the pledge attached and names nobody."""
    (report,) = papers("A701", batch_of(passed=0))
    assert "评审情况的报告" in report
    assert "没有人评审通过" in report
    assert "没有报请核准备案的人员" in report
    assert "附件：职称评审委员会书面承诺书" in report
    assert "花名册" not in report
    (confirmed,) = papers("A510", batch_of(passed=0))
    assert "没有人评审通过" in confirmed
    assert "序号" not in confirmed


def test_all_passed_is_said_as_such():
    """Not “未通过0人”."""
    batch = batch_of(passed=12)
    for document in ("A510", "A512-2", "A701"):
        (text,) = papers(document, batch)
        assert "全部" in text
        assert "未通过" not in text


def test_one_passed_is_one_person_in_every_paper():
    """The same single person and number in notice, report and approval."""
    batch = batch_of(passed=1)
    name = batch.passed[0].person.name
    for document in ("A601", "A702", "A708", "A510"):
        (text,) = papers(document, batch)
        assert name in text
    assert "通过1人，其中" in papers("A701", batch)[0]


def test_the_command_says_what_is_not_made(tmp_path):
    """In words, with the reason; `--force` on a batch without findings does not claim any."""
    book = tmp_path / "批次.xlsx"
    write_batch(sample_batch(3, 1), book)
    done = CliRunner().invoke(
        cli,
        [
            "generate",
            str(book),
            "-o",
            str(tmp_path / "out"),
            "--only",
            "A309,A508",
            "--format",
            "docx",
            "--force",
        ],
    )
    assert "未制发申报专业技术资格花名册（A309）：仅包头市要求报送。" in done.output
    assert "强制问题" not in done.output
    assert "草稿" in done.output
    listed = CliRunner().invoke(cli, ["document", "list", "--batch", str(book)]).output
    line = next(row for row in listed.splitlines() if "A309" in row)
    assert "不制发：仅包头市要求报送。" in line


def test_targeted_titles_say_where_they_may_be_used():
    """定向评价 stands in the public notice, the report and the approval, with its region."""
    batch = batch_of(kind=Kind.TARGETED)
    for document in ("A601", "A701", "A708"):
        (text,) = papers(document, batch)
        assert "定向评价、定向使用，限锡林郭勒盟基层专业技术岗位使用" in text, document
        assert "定向评价" not in papers(document, batch_of())[0]


def test_papers_that_do_not_apply_are_not_made():
    """A309 is Baotou's, A012 of autonomous evaluation, A511 of a meeting that a vice chair presided over."""
    batch = batch_of()
    documents = {task.document for task in plan(batch)}
    assert not documents & {"A309", "A012"}
    baotou = batch.model_copy(update={"region_code": "150200"})
    assert "A309" in {task.document for task in plan(baotou)}
    chair, vice = (
        next(one for one in batch.committee.experts if one.role is role)
        for role in (ExpertRole.CHAIR, ExpertRole.VICE_CHAIR)
    )
    by_chair, by_vice = (_hosted(batch, one.name) for one in (chair, vice))
    assert "A511" not in {task.document for task in plan(by_chair)}
    (letter,) = papers("A511", by_vice)
    assert f"授权副主任委员{vice.name}主持" in letter
    assert f"会议由主任委员{chair.name}主持" in papers("A512", by_chair)[0]
    assert f"会议由副主任委员{vice.name}经授权主持" in papers("A512", by_vice)[0]
    assert "经授权" not in papers("A510", by_chair)[0]


def _hosted(batch, name):
    minutes = batch.review.minutes.model_copy(update={"host": name})
    return batch.model_copy(update={"review": batch.review.model_copy(update={"minutes": minutes})})


@pytest.mark.parametrize("document", ["A003", "A014-2", "A510", "A512", "A515", "A1011"])
def test_no_choice_of_phrases_is_left_in(document):
    """What is not known is a gap to write in, not a list of alternatives."""
    for text in papers(document, batch_of()):
        assert not re.search(r"（[^（）]*／[^（）]*）|（备案）", text)
        assert "主任委员（副主任委员）主持" not in text
