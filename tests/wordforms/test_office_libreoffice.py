"""What LibreOffice makes of our Word and Excel files: it opens them, on the same pages, with the same text."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import office_trees as trees
import pypdfium2 as pdfium
import pytest

from generator.documents.bundle.build_document import layout_of
from generator.documents.catalogue import CATALOGUE
from generator.documents.context.subjects import subjects
from generator.layout.tree import Block, Chart, Document, Paragraph
from generator.render import pdf, xlsx
from generator.render.docx import render
from generator.wordforms import office_command, to_pdf
from generator.wordforms.errors import ConversionFailed, OfficeMissing
from records.sample import sample_batch

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(office_command() is None, reason="LibreOffice is not installed"),
]
MAIN_DOCUMENTS = ("A102", "A103", "A304", "A601", "A701", "A702")
TREES = {
    "official": lambda: trees.official(18),
    "letter": trees.letter,
    "form": trees.form,
    "sheet_a3": trees.sheet_a3,
    "charts": trees.charts,
}
# "第 1 页　共 4 页" and "— 1 —" are furniture; the text between is compared.
FURNITURE = re.compile(r"第\d+页共\d+页|—\d+—")


@cache
def tree_of(name: str) -> Document:
    """A tree of the tests, or a main document about the first of six sample people."""
    if name in TREES:
        return TREES[name]()
    entry = CATALOGUE[name]
    return without_charts(layout_of(entry, subjects(entry, sample_batch(6, 1), None)[0]))


def without_charts(document: Document) -> Document:
    """The document without its charts, which each program labels in its own way."""

    def plain(block: Block) -> bool:
        return not (isinstance(block, Paragraph) and any(isinstance(i, Chart) for i in block.inlines))

    sections = (replace(s, blocks=tuple(filter(plain, s.blocks))) for s in document.sections)
    return replace(document, sections=tuple(sections))


class Converted:
    """LibreOffice's PDF beside ours."""

    def __init__(self, path: Path, name: str) -> None:
        self.theirs = pdfium.PdfDocument(path)
        self.ours = pdfium.PdfDocument(pdf.render(tree_of(name)).data)

    def pages(self) -> tuple[int, int]:
        """Their and our number of pages."""
        return len(self.theirs), len(self.ours)


def size_mm(document: pdfium.PdfDocument) -> list[tuple[int, int]]:
    """Paper sizes of all pages."""
    return [tuple(round(length / 72 * 25.4) for length in page.get_size()) for page in document]


def characters(document: pdfium.PdfDocument, name: str) -> str:
    """All characters of a document but white space, page numbers and the heads of continuation pages, which Word lacks.

    Sorted: the order of cells is a matter of taste.
    """
    text = "".join("".join(page.get_textpage().get_text_bounded().split()) for page in document)
    for section in tree_of(name).sections:
        text = text.replace(f"{section.continued_title}（续）", "")
    return "".join(sorted(FURNITURE.sub("", text)))


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Everything converted in one run of LibreOffice."""
    folder = tmp_path_factory.mktemp("office")
    names = (*TREES, *MAIN_DOCUMENTS)
    files = []
    for name in names:
        path = folder / f"{name}.docx"
        path.write_bytes(render(tree_of(name)))
        files.append(path)
    roster = folder / "roster.xlsx"
    roster.write_bytes(xlsx.render(xlsx.sheets_of(tree_of("A304"))))
    results = to_pdf([*files, roster], folder / "pdf")
    return dict(zip((*names, "roster"), results, strict=True))


@pytest.mark.parametrize("name", [*TREES, *MAIN_DOCUMENTS])
def test_same_pages_and_paper_as_our_pdf(converted: dict[str, Path], name: str) -> None:
    """The Word file makes as many pages as the print version, on the same paper."""
    both = Converted(converted[name], name)
    assert both.pages()[0] == both.pages()[1]
    assert size_mm(both.theirs) == size_mm(both.ours)


@pytest.mark.parametrize("name", ["official", "letter", "form", "sheet_a3", *MAIN_DOCUMENTS])
def test_same_text_as_our_pdf(converted: dict[str, Path], name: str) -> None:
    """Nothing is lost and nothing added between the two outputs of a document."""
    both = Converted(converted[name], name)
    assert characters(both.theirs, name) == characters(both.ours, name)


def test_official_page_holds_22_lines_at_the_standards_places(converted: dict[str, Path]) -> None:
    """GB/T 9704: 22 lines a page within the type area, the page number 7 mm below it."""
    page = pdfium.PdfDocument(converted["official"])[1]
    text = page.get_textpage()
    boxes = [text.get_charbox(index) for index in range(text.count_chars())]
    tops = sorted({round((841.89 - top) / 72 * 25.4) for _, bottom, _, top in boxes if top - bottom > 8})
    lines = [top for top, previous in zip(tops, [0, *tops], strict=False) if top - previous > 3]
    body = [top for top in lines if top < 262]
    assert len(body) == 22
    assert 37 <= body[0] <= 42
    assert body[-1] <= 258
    assert any(abs(top - 267) <= 1 for top in lines), (
        "the digits of — 2 — stand around the dash 7 mm below 262 mm"
    )


def test_roster_prints_on_its_paper(converted: dict[str, Path]) -> None:
    """The spreadsheet is one page wide, on its side, with its head on every page."""
    document = pdfium.PdfDocument(converted["roster"])
    assert set(size_mm(document)) == {(297, 210)}
    for page in document:
        assert "身份证号" in "".join(page.get_textpage().get_text_bounded().split())


def test_file_that_cannot_be_converted_is_reported(tmp_path: Path) -> None:
    """LibreOffice ends with 0 even so: the missing PDF is what counts."""
    with pytest.raises(ConversionFailed, match=r"missing\.docx"):
        to_pdf([tmp_path / "missing.docx"], tmp_path / "out")


def test_machine_without_libreoffice_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without LibreOffice there is one clear sentence and exit code 3, not a stack trace."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OfficeMissing) as raised:
        to_pdf([tmp_path / "x.docx"], tmp_path)
    assert raised.value.exit_code == 3
    assert "LibreOffice" in raised.value.diagnostics()
