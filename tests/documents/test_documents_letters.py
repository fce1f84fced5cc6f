"""Who writes to whom: reports, requests, letters and answers of every kind of batch."""

import pypdfium2 as pdfium
import pytest
from measuring import text_of

from generator.documents.bundle import generate
from generator.documents.bundle.build_document import SIGNATURE, layout_of, runs_of
from generator.documents.catalogue import CATALOGUE
from generator.documents.context.roles import approval_authority
from generator.documents.preview import sample_subject
from generator.layout.tree import Paragraph, Pinned
from generator.render.pdf import render
from records.batch.model import Release
from records.batch.rows import Place
from records.sample import Kind, sample_batch


def _letters(of):
    """(document, who signs with the date, to whom it goes) of every made document with an addressee."""
    for entry in CATALOGUE.made:
        for section in layout_of(entry, sample_subject(entry, of)).sections:
            texts = [(block, _text_of(block)) for block in section.blocks]
            to = [
                text
                for block, text in texts[:10]
                if isinstance(block, Paragraph) and not block.first_indent.mm and text.endswith("：")
            ]
            by = [text for block, text in texts if getattr(block, "description", "") == SIGNATURE]
            if to and by:
                yield entry.id, by[0], to[0].rstrip("：")


def _text_of(block):
    return "".join(run.text for run in runs_of(block))


@pytest.mark.parametrize("kind", list(Kind))
def test_nobody_writes_to_himself(kind):
    """Where the 组建单位 is the authority itself, its 办事机构 reports and is answered (第五十三条)."""
    batch = sample_batch(3, 1, kind=kind)
    letters = list(_letters(batch))
    assert len(letters) > 20
    assert [document for document, by, to in letters if by.startswith(to) or to in by] == []


def test_the_office_reports_where_the_authority_itself_set_the_committee_up(made):
    """核准备案报告 of a committee of the autonomous region's own department: head, title and signature."""
    green = sample_batch(3, 1, kind=Kind.GREEN)
    organizer, office = green.committee.organizer, green.committee.office
    text = text_of(made("A701", of=green))
    assert f"{office}文件" in text
    assert f"{organizer}文件" not in text
    assert f"{organizer}：" in text
    other = green.model_copy(
        update={"committee": green.committee.model_copy(update={"organizer": "内蒙古自治区水利厅"})}
    )
    assert "内蒙古自治区水利厅文件" in text_of(made("A701", of=other))


@pytest.mark.parametrize(
    ("kind", "authority"),
    [
        (Kind.GREEN, "内蒙古自治区人力资源和社会保障厅"),
        (Kind.TARGETED, "锡林郭勒盟人力资源和社会保障局"),
        (Kind.FARMER, "锡林郭勒盟人力资源和社会保障局"),
    ],
)
def test_the_approving_authority_follows_level_and_channel(kind, authority):
    """高级 by the autonomous region; 定向评价 and 农牧民 by the 盟市, seniors too (第五十三条), where nobody is stated."""
    batch = sample_batch(2, 1, kind=kind)
    unstated = batch.model_copy(update={"approval": batch.approval.model_copy(update={"authority": None})})
    assert approval_authority(unstated) == authority


def last_pages(data):
    """Text of every page."""
    pdf = pdfium.PdfDocument(data)
    return [page.get_textpage().get_text_bounded() for page in pdf]


@pytest.mark.parametrize("document", ["A001", "A002", "A708"])
@pytest.mark.parametrize("people", [1, 36])
def test_what_is_printed_on_both_sides_ends_on_an_even_page(made, document, people):
    """版记 on the back of the last leaf (an option of the catalogue's entry)."""
    pages = last_pages(made(document, of=sample_batch(people, 1)))
    assert CATALOGUE[document].duplex
    assert len(pages) % 2 == 0
    assert "印发" in pages[-1].splitlines()[-1] or "印发" in pages[-1]


@pytest.mark.parametrize("people", [4, 36])
def test_no_other_letter_ends_with_a_page_of_imprint_or_note_alone(people):
    """The note below the signature stays with it, and the 版记 stands below text."""
    batch = sample_batch(people, 1)
    seen = 0
    for entry in CATALOGUE.made:
        layout = layout_of(entry, sample_subject(entry, batch))
        pinned = [b for s in layout.sections for b in s.blocks if isinstance(b, Pinned) and b.last_page]
        if not pinned or entry.duplex:
            continue
        seen += 1
        lines = [line for line in last_pages(render(layout).data)[-1].splitlines() if line.strip()]
        own = [
            line
            for line in lines
            if not line.startswith(("—", "内部资料", "（联系人")) and "印发" not in line
        ]
        assert len(own) > 1, entry.id
    assert seen > 8


def test_releases_stand_in_the_annex_of_the_report_and_no_expert_is_named(tmp_path):
    """Rule with its title, whom it concerns, reason, who released it; without releases there is no such annex."""
    batch = sample_batch(4, 2)
    person, expert = batch.applications[1], batch.committee.experts[0]
    place = Place(sheet="放行", row=2)
    releases = (
        Release(
            place=place,
            rule="B-E18",
            application_number=person.number,
            reason="边远地区",
            released_by="李处长",
        ),
        Release(
            place=place, rule="B-T14", application_number=expert.name, reason="同行不足", released_by="王主任"
        ),
    )
    texts = []
    for given in ((), releases):
        out = tmp_path / str(len(given))
        manifest = generate(
            batch.model_copy(update={"releases": given}), out, only=("A701",), formats=("pdf",)
        )
        document = pdfium.PdfDocument(out / manifest.files[0].path)
        texts.append("".join(page.get_textpage().get_text_range() for page in document))
        document.close()
    assert "放行" not in texts[0]
    text = "".join(texts[1].split())
    for part in ("附件4", "原则性规定放行情况", "B-E18", "边远地区", "李处长", "B-T14", "同行不足", "王主任"):
        assert part in text
    assert (person.person.name or "") in text
    assert expert.name not in text
