"""One chain of roles: who makes a paper, whom it addresses, under whose number, for every kind of batch."""

import re

import pytest
from documents_papers import batch_of, papers, sample_paper, text_of_layout

from generator.documents.bundle.build_document import SIGNATURE, layout_of, runs_of
from generator.documents.catalogue import CATALOGUE
from generator.documents.context.applies import left_out
from generator.documents.context.cases import Case
from generator.documents.context.roles import printed_by, recommender, review_body
from generator.documents.context.subjects import Subject, concerned, reporting_units, subjects
from generator.documents.fields import fields_of
from generator.documents.fields.functions import functions
from generator.layout.tree import Paragraph
from records.sample import Kind

ROLED = [entry for entry in CATALOGUE.made if entry.by]


def parties(entry, subject):
    """Who signs with the date and to whom it goes, as the finished paper says."""
    signed, addressed = "", ""
    for section in layout_of(entry, subject).sections:
        for block in section.blocks:
            text = "".join(run.text for run in runs_of(block))
            if getattr(block, "description", "") == SIGNATURE:
                signed = signed or text
            elif not addressed and isinstance(block, Paragraph) and not block.first_indent.mm:
                addressed = text.rstrip("：") if text.endswith("：") else ""
    return signed, addressed


def named(entry, subject, role):
    """The name that the chain of roles gives."""
    return next(field for field in fields_of(entry) if field.name == role).get(subject) or ""


@pytest.mark.parametrize("kind", list(Kind))
def test_every_paper_is_signed_and_addressed_by_the_chain_of_roles(kind):
    """The signature is the maker's name, the addressee the receiver's, and nobody writes to himself."""
    batch = batch_of(kind=kind, people=6)
    for entry in ROLED:
        if left_out(entry, batch):
            continue
        for subject in subjects(entry, batch)[:2]:
            by = named(entry, subject, entry.by)
            signed, addressed = parties(entry, subject)
            assert signed.startswith(by) or (not signed and by), entry.id
            assert by in text_of_layout(layout_of(entry, subject)), entry.id
            if entry.to:
                to = named(entry, subject, entry.to)
                assert addressed in (to, to or addressed), entry.id
                assert not by or by != to, entry.id


@pytest.mark.parametrize("kind", list(Kind))
def test_one_act_has_one_maker_in_all_papers(kind):
    """Who applies is who planned and reported; who publishes is named as the publisher in the report."""
    batch = batch_of(kind=kind)
    about = Subject(batch, batch.applications)
    applicants = {
        named(CATALOGUE[document], about, CATALOGUE[document].by)
        for document in ("A003", "A004", "A501", "A701", "A704")
    }
    assert len(applicants) == 1
    publisher = named(CATALOGUE["A601"], about, CATALOGUE["A601"].by)
    assert f"规定，{publisher}对" in papers("A603", batch)[0]
    answered = {
        named(CATALOGUE[document], about, CATALOGUE[document].to) for document in ("A005", "A502", "A708")
    }
    assert answered == applicants


@pytest.mark.parametrize(
    ("category", "place", "organ"),
    [
        ("1", "150200", "包头市人民政府"),
        ("4", "152500", "锡林郭勒盟行政公署"),
        ("3", "150200", "包头市人力资源和社会保障局"),
        ("1", "150203", "包头市人民政府"),
        ("1", "150000", ""),
    ],
)
def test_a_green_channel_letter_comes_from_who_may_recommend(category, place, organ):
    """行署 or 市政府, for 第三类 the department; units of the autonomous region name their 主管部门 by hand (第三十七条)."""
    one = batch_of().applications[0]
    moved = one.model_copy(
        update={
            "talent_category": category,
            "employer": one.employer.model_copy(update={"region_code": place}),
            "procedure": type(one.procedure)(),
        }
    )
    assert recommender(moved) == organ
    batch = batch_of().model_copy(update={"applications": (moved,)})
    (letter,) = papers("A115", batch)
    assert organ in letter
    assert "内蒙古自治区人力资源和社会保障厅" not in letter
    assert batch.committee.contact not in letter  # the committee's own, not the recommending organ's


def test_a_recognised_talent_needs_no_letter():
    """第二类 applies with the recognition (第三十七条第二项)."""
    batch = batch_of()
    assert any(one.talent_category == "2" for one in batch.applications)
    assert all(one.talent_category != "2" for one in concerned(CATALOGUE["A115"], batch))
    assert concerned(CATALOGUE["A115"], batch)


def test_each_reporting_unit_has_its_own_roster():
    """Rosters and statistics hold only the unit's people, are signed by it, and together hold everybody."""
    batch = batch_of(people=36)
    units = reporting_units(batch)
    assert len(units) > 2
    for document in ("A302", "A303", "A304", "A305", "A306"):
        found = subjects(CATALOGUE[document], batch)
        assert [one.unit for one in found] == list(units)
        assert sum(len(one.people) for one in found) == 36
        for one in found:
            text = text_of_layout(layout_of(CATALOGUE[document], one))
            assert one.unit in text, document
    rosters = papers("A304", batch)
    numbers = {one.person.identity_number for one in batch.applications}
    for text, (_, people) in zip(rosters, units.items(), strict=True):
        inside = {one.person.identity_number for one in people}
        assert {number for number in numbers if number in text} == inside


def test_a_stated_reporting_unit_is_taken():
    """The column 报送渠道 names the unit where it names an organ."""
    batch = batch_of()
    one = batch.applications[0]
    stated = one.model_copy(
        update={"procedure": one.procedure.model_copy(update={"forwarded_by": "内蒙古自治区教育厅"})}
    )
    units = reporting_units(batch.model_copy(update={"applications": (stated, *batch.applications[1:])}))
    assert [found.number for found in units["内蒙古自治区教育厅"]] == [one.number]


def test_no_organ_bears_anothers_number():
    """The report's 机关代字 is its writer's only; letters have a series of their own; unknown ones stay open."""
    batch = batch_of()
    own = functions(CATALOGUE["A701"], Subject(batch))
    code = batch.approval.dispatch_number.partition("〔")[0]
    assert own["number_of"](batch.committee.office, "职评") == f"{code}〔2025〕　　号"
    assert own["number_of"]("包头市农牧局") == "　　　〔2025〕　　号"
    assert own["number_of"]("内蒙古自治区人力资源和社会保障厅") == "内人社发〔2025〕　　号"
    for document in ("A502", "A513", "A1006"):
        assert code not in sample_paper(document, batch)


def test_own_number_series_can_be_told(tmp_path):
    """A `numbers.toml` beside own templates."""
    (tmp_path / "numbers.toml").write_text('["包头市农牧局"]\n"函" = "包农牧函"\n', "utf-8")
    told = functions(CATALOGUE["A701"], Subject(batch_of()), [tmp_path])
    assert told["number_of"]("包头市农牧局", "函") == "包农牧函〔2025〕　　号"


@pytest.mark.parametrize(("wanted", "kind", "answer"), [("", "报告", "意见"), ("是", "请示", "批复")])
def test_a_report_is_answered_by_an_opinion_and_a_request_by_a_reply(wanted, kind, answer):
    """批复 answers a 请示 only; the answer cites title, then number (党政机关公文处理工作条例)."""
    batch = batch_of()
    cases = {
        "A701": (Case({"as_request": wanted, "with_charts": "", "issuer": "", "report_day": "", "cc": ""}),)
    }
    (report,) = papers("A701", batch, cases)
    (reply,) = papers("A708", batch, cases)
    title = f"关于报送2025年度{batch.committee.name}评审结果核准备案的{kind}"
    assert title in report
    assert f"《{title}》（{batch.approval.dispatch_number}）收悉" in reply
    assert f"核准备案的{answer}" in reply
    assert ("批复" in reply) is (answer == "批复")
    assert "报请" not in papers("A603", batch, cases)[0]


def test_attachments_bear_the_reports_number_and_their_own_title():
    """附件说明 and the attachments' heads say the same (GB/T 9704 7.3.7)."""
    batch = batch_of()
    (report,) = papers("A701", batch)
    for place, document in enumerate(("A702", "A603", "A704"), start=1):
        (text,) = papers(document, batch)
        label = f"{batch.approval.dispatch_number}附件{place}"
        assert text.startswith(label), document
        title = text.removeprefix(label)
        listed = re.search(rf"{place}\.(.*?)(?={place + 1}\.|内蒙古自治区人事)", report)[1]
        assert title.startswith(listed), document


def test_charts_are_an_attachment_on_demand():
    """The official report has no charts unless its case asks for them; then they are listed and numbered."""
    batch = batch_of()
    asked = {
        "A701": (Case({"as_request": "", "with_charts": "是", "issuer": "", "report_day": "", "cc": ""}),)
    }
    assert "统计图" not in papers("A701", batch)[0]
    assert papers("A701", batch, asked)[0].count("申报和评审通过情况统计图") == 2


def test_the_imprint_names_the_organs_office():
    """印发机关 is the organ's 办公室; a body without one prints itself (GB/T 9704 7.4.3)."""
    assert printed_by("内蒙古自治区水利厅") == "内蒙古自治区水利厅办公室"
    assert printed_by("内蒙古自治区人事人才公共服务中心") == "内蒙古自治区人事人才公共服务中心"
    assert "人力资源和社会保障厅办公室" in papers("A708", batch_of())[0]


def test_decisions_name_the_body_that_reviews_them():
    """行政复议 goes to the government of the same rung, by name; the court by its jurisdiction."""
    assert review_body("锡林郭勒盟人力资源和社会保障局") == "锡林郭勒盟行政公署"
    assert review_body("某研究所") == ""
    text = sample_paper("A1002", batch_of())
    assert "向包头市人民政府申请行政复议，或者在6个月内向有管辖权的人民法院提起行政诉讼" in text
    assert "向内蒙古自治区人民政府申请行政复议" in sample_paper("A1009", batch_of())
