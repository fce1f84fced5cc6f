"""Form pages per second of processor time: the 评审表 of a sample batch as PDF, from records to bytes.

Peers in the same run: the same tables through reportlab's own platypus (Paragraph cells), and our DOCX of the same
form printed by LibreOffice in one batch. Run: python bench/pages.py
"""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

# ruff: noqa: E402 - the path must be right before anything of the project is imported
sys.path[0] = str(Path(__file__).resolve().parent.parent)  # scripts beside this one bear the names of rooms

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, TableStyle
from reportlab.platypus import Table as PlatypusTable

from generator.documents.bundle.build_document import layout_of
from generator.documents.catalogue import CATALOGUE
from generator.documents.context.subjects import subjects
from generator.layout.text.fonts import FontBook
from generator.layout.tree import Block, Document, Role, Run, Table
from generator.layout.tree import Paragraph as LayoutParagraph
from generator.render import docx, pdf
from records.sample import sample_batch

FORM = "A102"
PEOPLE = 12
SECONDS = 4.0
LEAST_PAGES = 200.0
LEAST_RATIO = 10.0
OFFICE_FILES = 4


def measured(make: Callable[[int], int]) -> float:
    """Pages per second; `make` is given a running number and returns its pages."""
    for number in range(PEOPLE):
        make(number)
    pages, number, start = 0, 0, time.process_time()
    while (spent := time.process_time() - start) < SECONDS:
        pages += make(number % PEOPLE)
        number += 1
    return pages / spent


def text_of(block: Block) -> str:
    """All text of a block."""
    if isinstance(block, LayoutParagraph):
        return "".join(inline.text for inline in block.inlines if isinstance(inline, Run))
    if isinstance(block, Table):
        return " ".join(text_of(inner) for row in block.rows for cell in row.cells for inner in cell.blocks)
    return ""


def platypus(document: Document) -> int:
    """The document's tables through platypus, as people write it; returns the pages."""
    if "Peer" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("Peer", str(FontBook.default().roles[Role.SONG].path)))
    style = ParagraphStyle("cell", fontName="Peer", fontSize=10.5, leading=13.6, wordWrap="CJK")
    story: list[object] = []
    for section in document.sections:
        story += [
            _grid(block, style) if isinstance(block, Table) else Paragraph(_safe(text_of(block)), style)
            for block in section.blocks
        ]
        story.append(PageBreak())
    made = SimpleDocTemplate(BytesIO(), leftMargin=20 * mm, rightMargin=20 * mm)
    made.build(story)
    return int(made.page)


def _safe(text: str) -> str:
    face = FontBook.default().roles[Role.SONG]
    return "".join(c for c in text if face.covers(c)).replace("&", "&amp;").replace("<", "&lt;")


def _grid(table: Table, style: ParagraphStyle) -> PlatypusTable:
    width = len(table.columns)
    cells: list[list[object]] = [[""] * width for _ in table.rows]
    spans: list[tuple[object, ...]] = []
    covered = [0] * width
    for number, row in enumerate(table.rows):
        column = 0
        for cell in row.cells:
            while covered[column] > number:
                column += 1
            text = _safe(" ".join(map(text_of, cell.blocks)))
            cells[number][column] = Paragraph(text, style) if text else ""
            end = (column + cell.colspan - 1, number + cell.rowspan - 1)
            if (cell.colspan, cell.rowspan) != (1, 1):
                spans.append(("SPAN", (column, number), end))
            covered[column : column + cell.colspan] = [number + cell.rowspan] * cell.colspan
            column += cell.colspan
    look = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("LEFTPADDING", (0, 0), (-1, -1), 2), *spans]
    return PlatypusTable(cells, colWidths=[float(c) for c in table.columns], style=TableStyle(look))


def office(documents: list[Document], pages: int) -> float | None:
    """Pages per second of LibreOffice printing our DOCX files in one batch; None without LibreOffice."""
    soffice = shutil.which("soffice")
    if soffice is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, document in enumerate(documents):
            path = Path(folder) / f"{number}.docx"
            path.write_bytes(docx.render(document))
            files.append(str(path))
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", folder]
        subprocess.run([*command, files[0]], capture_output=True, check=True, timeout=300)
        before = _children()
        subprocess.run([*command, *files], capture_output=True, check=True, timeout=300)
        return pages / (_children() - before)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def rows() -> Iterator[tuple[str, float]]:
    """Name and pages per second of each way."""
    entry = CATALOGUE[FORM]
    people = subjects(entry, sample_batch(PEOPLE, 1))[:PEOPLE]
    trees = [layout_of(entry, subject) for subject in people]
    yield "template and PDF", measured(lambda n: pdf.render(layout_of(entry, people[n])).pages)
    yield "PDF from the layout tree", measured(lambda n: pdf.render(trees[n]).pages)
    counts = [pdf.render(tree).pages for tree in trees]

    def through_platypus(number: int) -> int:
        platypus(trees[number])
        return counts[number]  # the pages of the real form, whatever platypus makes of it

    yield "platypus, same tables", measured(through_platypus)
    printed = office(trees[:OFFICE_FILES], sum(counts[:OFFICE_FILES]))
    if printed is not None:
        yield "DOCX printed by LibreOffice", printed


def main() -> int:
    """Print the table; 1 when a target is missed."""
    table = dict(rows())
    ours = table["template and PDF"]
    for name, speed in table.items():
        print(f"{name:<32}{speed:>10.0f} pages/s{ours / speed:>10.1f} ×")
    missed = ours < LEAST_PAGES or ours < LEAST_RATIO * table.get("DOCX printed by LibreOffice", 0.0)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
