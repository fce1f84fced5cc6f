"""Print sets: numbered copies, full leaves, booklets, bookmarks, the list in front."""

import pikepdf
import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measuring import glyphs

from generator.documents.bundle import generate
from generator.documents.bundle.manifest import read_manifest
from generator.documents.catalogue import CATALOGUE
from generator.documents.context.copies import copies_of
from generator.documents.printing import PRINT_FOLDER, print_sets
from generator.documents.printing.imposition import booklet_order
from records.sample import sample_batch


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """Print sets of three people: (folder, manifest, batch)."""
    out = tmp_path_factory.mktemp("print")
    batch = sample_batch(3, 2)
    only = ("A102", "A103", "A105", "A508", "A601", "A1002")
    manifest = generate(batch, out, only=only, formats=("pdf",))
    return out, print_sets(batch, out, manifest, only=only), batch


def opened(printed, words):
    """Path of the print set whose name has these words."""
    out, manifest, _ = printed
    return next(
        out / entry.path for entry in manifest.files if words in entry.path and PRINT_FOLDER in entry.path
    )


def page_texts(path):
    """Text of each page without white space."""
    document = pdfium.PdfDocument(path.read_bytes())
    texts = []
    for page in document:
        text = page.get_textpage()
        texts.append("".join(text.get_text_range().split()))
        text.close()
    document.close()
    return texts


def test_fifteen_numbered_copies_of_the_sheet_for_each_person(printed):
    """第1份 … 第15份 共15份, on one A3 page each."""
    texts = [
        text
        for text in page_texts(opened(printed, "A103"))
        if "专业技术职称送审表" in text and "付印清单" not in text
    ]
    assert len(texts) == 3 * 15
    for copy, text in enumerate(texts[:15], start=1):
        assert f"第{copy}份" in text
    assert len(set(texts[:15])) == 15


def test_two_copies_of_the_form_start_on_a_front_side(printed):
    """评审表 2份, each filled up to full leaves for duplex printing, the list too."""
    path = opened(printed, "A102 专业技术职称评审表.pdf")
    with pikepdf.open(path) as pdf:
        with pdf.open_outline() as outline:
            places = [pdf.pages.index(pikepdf.Page(item.destination[0])) for item in outline.root]
            titles = [item.title for item in outline.root]
        assert len(pdf.pages) % 2 == 0
    assert len(places) == 6
    assert all(place % 2 == 0 for place in places)
    assert titles[0].endswith("（第1份）")
    assert titles[1].endswith("（第2份）")


def test_a_list_of_contents_stands_in_front(printed):
    """付印清单: document, batch, paper, sides, copies, everybody."""
    _, _, batch = printed
    first = page_texts(opened(printed, "A103"))[0]
    assert "付印清单文书：专业技术职称送审表" in first
    assert "每件份数：15" in first
    assert all(one.number in first for one in batch.applications)


def test_the_form_also_comes_as_an_a3_booklet(printed):
    """Two A4 pages a side; the cover is the right half of the first side."""
    path = opened(printed, "骑马订")
    with pikepdf.open(path) as pdf:
        box = [float(value) for value in pdf.pages[0].mediabox]
        assert box[2:] == pytest.approx([1190.55, 841.89], abs=0.1)
        assert len(pdf.pages) % 2 == 0
    title = [ink for ink in glyphs(path.read_bytes()) if ink.page == 0 and ink.bottom - ink.top > 8]
    assert "".join(ink.text for ink in title) == "专业技术职称评审表"
    assert min(ink.left for ink in title) > 210


def test_blank_forms_are_not_printed(printed):
    """撤销职称决定 concerns nobody here."""
    _, manifest, _ = printed
    assert not [entry for entry in manifest.files if PRINT_FOLDER in entry.path and entry.document == "A1002"]


def test_ballots_are_printed_for_those_present(printed):
    """表决票: as many as experts who attend."""
    _, _, batch = printed
    assert copies_of(CATALOGUE["A508"], batch) == batch.committee.present
    with pikepdf.open(opened(printed, "A508")) as pdf, pdf.open_outline() as outline:
        assert len(outline.root) == batch.committee.present


def test_the_manifest_lists_the_sets(printed):
    """Audience and paper of a set are its document's; a second run does not double them."""
    out, manifest, batch = printed
    sets = [entry for entry in manifest.files if entry.path.startswith(PRINT_FOLDER)]
    assert {entry.document for entry in sets} == {"A102", "A103", "A105", "A508", "A601"}
    assert {entry.audience for entry in sets if entry.document == "A508"} == {"confidential"}
    again = print_sets(batch, out, read_manifest(out), only=("A102", "A103", "A105", "A508", "A601"))
    assert [entry.path for entry in again.files] == [entry.path for entry in manifest.files]
    assert {entry.sha256 for entry in again.files} == {entry.sha256 for entry in manifest.files}


def test_stated_copies_win():
    """份数 of the batch replace the catalogue's."""
    batch = sample_batch(1, 2)
    stated = batch.model_copy(update={"charges": batch.charges.model_copy(update={"submission_copies": 25})})
    assert copies_of(CATALOGUE["A103"], batch) == 15
    assert copies_of(CATALOGUE["A103"], stated) == 25


@given(st.integers(1, 60))
def test_a_folded_booklet_reads_in_order(pages):
    """Every page once; left and right of each leaf add up; blanks only at the end."""
    sides = booklet_order(pages)
    total = -(-pages // 4) * 4
    assert len(sides) == total // 2
    seen = [page for side in sides for page in side if page is not None]
    assert sorted(seen) == list(range(pages))
    for number, (left, right) in enumerate(sides):
        first, second = (right, left) if number % 2 == 0 else (left, right)
        assert first is None or first == number
        assert second is None or second == total - 1 - number
