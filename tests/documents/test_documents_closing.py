"""How documents end: no page that holds only signing lines or a note, whatever the number of people."""

import pypdfium2 as pdfium
import pytest

from generator.documents.bundle.build_document import layout_of
from generator.documents.catalogue import CATALOGUE
from generator.documents.preview import sample_subject
from generator.render.pdf import render
from records.sample import sample_batch

COUNTY = "150102"  # all are reported by its one department


def pages_of(data):
    """The text of each page."""
    with pdfium.PdfDocument(data) as pdf:
        return [page.get_textpage().get_text_bounded() for page in pdf]


@pytest.mark.parametrize(
    ("document", "closing"), [("A702", "填表人（签名）"), ("A304", "填表说明"), ("A510", "评审委员会印章")]
)
def test_what_closes_a_list_stands_below_a_row_of_it(made, document, closing):
    """The signing lines take the last row along when they go overleaf, and the head is printed above it again."""
    overleaf = 0
    for people in range(8, 22):
        batch = sample_batch(people, 1).model_copy(update={"region_code": COUNTY})
        pages = pages_of(made(document, of=batch))
        assert closing in pages[-1]
        assert "工作单位" in pages[-1], people
        overleaf += len(pages) > 1
    assert overleaf


@pytest.mark.parametrize("people", [1, 11, 12, 13, 36])
def test_a_ballot_says_how_to_fill_it_in_above_the_names(made, people):
    """The note stands on the first page; no page of the ballot is without names."""
    pages = pages_of(made("A508", of=sample_batch(people, 1)))
    assert pages[0].index("填票说明") < pages[0].index("申报编号")
    assert all("赞成" in page for page in pages)


def test_a_report_is_signed_below_its_text(made):
    """The signature of a 业绩总结报告 never stands on a page of its own."""
    batch = sample_batch(12, 1)
    for place in range(12):
        last = pages_of(made("A109", place, of=batch))[-1]
        above, _, _ = last.partition("报告人（签名）")
        assert "。" in above, place


@pytest.mark.parametrize("document", ["A304", "A702"])
def test_names_of_several_parts_break_after_the_dot(made, document):
    """In the rosters 科尔沁·那仁高娃 becomes 科尔沁·／那仁高娃, not 科尔／沁·那／仁高娃."""
    batch = sample_batch(36, 1).model_copy(update={"region_code": COUNTY})
    parts = {
        part
        for one in batch.applications
        if one.passed and "·" in one.person.name
        for part in one.person.name.split("·")
        if len(one.person.name.partition("·")[0]) <= 3 and len(part) <= 4
    }
    words = " ".join(pages_of(made(document, of=batch))).replace("·", " ").split()
    assert parts
    assert [part for part in parts if part not in words] == []


@pytest.mark.parametrize("document", ["A115", "A502", "A701", "A013"])
def test_the_closing_words_never_stand_alone_above_the_signature(batch, document):
    """“特此函达。” and the signature take a sentence of the text along overleaf."""
    entry = CATALOGUE[document]
    data = render(layout_of(entry, sample_subject(entry, batch))).data
    last = "".join(pages_of(data)[-1].split())
    above, closing, _ = last.partition("特此" if "特此" in last else "妥否")
    assert closing
    assert "。" in above
