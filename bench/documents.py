"""Documents per second of one core: the 评审表 against typst and against docxtpl + LibreOffice, and a whole bundle.

All ways make the same forms of the same people in one run. typst and docxtpl are no dependencies of the project;
without them their row is left out. Rates count processor time, children included. Run: python bench/documents.py
"""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

# ruff: noqa: E402 - the path must be right before anything of the project is imported
sys.path[0] = str(Path(__file__).resolve().parent.parent)  # scripts beside this one bear the names of rooms

from bench.word import as_template, peer
from generator.documents.bundle import generate
from generator.documents.bundle.build_document import layout_of
from generator.documents.catalogue import CATALOGUE
from generator.documents.context.subjects import subjects
from generator.layout.text.fonts import FONT_FOLDER
from generator.layout.tree import Align, Block, Document, Paragraph, Role, Run, Table
from generator.layout.tree import Row as LayoutRow
from generator.render import docx, pdf
from generator.wordforms import office_command, to_pdf
from records.sample import sample_batch

FORM = "A102"
PEOPLE = 60
WARM = 6
BUNDLE = 36
OFFICE_FILES = 6
LEAST_PAGES = 200.0
LEAST_TYPST = 1.5
LEAST_OFFICE = 10.0
TYPST = "typst, compiler reused"
OFFICE = "docxtpl + LibreOffice, in a batch"
ESCAPED = {ord(character): f"\\{character}" for character in "\\#$*_@<>`~=-+/[]"}
FAMILIES = {
    Role.TITLE: "GW Title",
    Role.SONG: "GW Song",
    Role.FANG: "GW Fang Lite",
    Role.KAI: "GW Kai",
    Role.HEI: "GW Hei",
}
ALIGNMENTS = {Align.LEFT: "left", Align.CENTER: "center", Align.RIGHT: "right", Align.JUSTIFY: "start"}
Row = tuple[str, float]


def spent() -> float:
    """Processor seconds of this process and its finished children."""
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def pages_per_second(make: Callable[[int], int]) -> float:
    """`make` is given a person's number and returns pages; every person once, so that no cache helps."""
    for number in range(WARM):
        make(number)
    start = spent()
    pages = sum(make(number) for number in range(WARM, PEOPLE))
    return pages / (spent() - start)


def typst_source(document: Document) -> bytes:
    """The form as typst markup: the same tables, texts, type sizes, fonts, alignments and least row heights."""
    parts = ['#set page(paper: "a4", margin: 20mm)', "#set par(justify: true)"]
    for number, section in enumerate(document.sections):
        parts += ["#pagebreak()"] if number else []
        parts += [_typst_block(block) for block in section.blocks]
    return "\n".join(parts).encode()


def _typst_block(block: Block) -> str:
    if isinstance(block, Paragraph):
        runs = "".join(
            f'#text(font: "{FAMILIES[run.style.role]}", size: {run.style.size.pt}pt)[{run.text.translate(ESCAPED)}]'
            for run in block.inlines
            if isinstance(run, Run)
        )
        return f"#align({ALIGNMENTS[block.align]})[{runs}]\n"
    return _typst_table(block) if isinstance(block, Table) else ""


def _typst_table(table: Table) -> str:
    columns = ", ".join(f"{column.mm:.2f}mm" for column in table.columns)
    heights = ", ".join(
        f"{row.height.mm:.2f}mm" if row.height and row.exact else "auto" for row in table.rows
    )
    cells = [
        f"table.cell(colspan: {cell.colspan}, rowspan: {cell.rowspan}, align: horizon)"
        f"[{_least(row)}{''.join(map(_typst_block, (*cell.blocks, *cell.foot)))}]"
        for row in table.rows
        for cell in row.cells
    ]
    return f"#table(columns: ({columns},), rows: ({heights},), inset: 1mm, {', '.join(cells)})\n"


def _least(row: LayoutRow) -> str:
    return "" if row.exact or not row.height else f"#v({max(row.height.mm - 8, 0):.2f}mm)"


def typst_way(trees: list[Document], counts: list[int]) -> Iterator[Row]:
    """typst's compiler, kept for all documents, on the same form."""
    if find_spec("typst") is None:
        return
    compiler = import_module("typst").Compiler(typst_source(trees[0]), font_paths=[str(FONT_FOLDER)])

    def make(number: int) -> int:
        compiler.compile(input=typst_source(trees[number]), format="pdf")
        return counts[number]  # the pages of the real form, whatever typst makes of it

    yield TYPST, pages_per_second(make)


def office_way(trees: list[Document], counts: list[int]) -> Iterator[Row]:
    """docxtpl fills the form, LibreOffice prints it, in one batch."""
    template, values = as_template(docx.render(trees[0]), docx.render(trees[1]))
    fill = peer(template, values)
    if fill is None or office_command() is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.docx" for number in range(OFFICE_FILES)]
        files[0].write_bytes(fill().getvalue())  # type: ignore[attr-defined]
        to_pdf(files[:1], Path(folder) / "warm")
        start = spent()
        for path in files:
            path.write_bytes(fill().getvalue())  # type: ignore[attr-defined]
        to_pdf(files, Path(folder) / "out")
        yield OFFICE, OFFICE_FILES * counts[0] / (spent() - start)


def form_rows() -> Iterator[Row]:
    """Every way to make the form, ours first."""
    entry = CATALOGUE[FORM]
    people = subjects(entry, sample_batch(PEOPLE, 1))
    trees = [layout_of(entry, subject) for subject in people]
    counts = [pdf.render(tree).pages for tree in trees]
    yield (
        "zhicheng, records to PDF",
        pages_per_second(lambda n: pdf.render(layout_of(entry, people[n])).pages),
    )
    yield "zhicheng, layout tree to PDF", pages_per_second(lambda n: pdf.render(trees[n]).pages)
    yield from typst_way(trees, counts)
    yield from office_way(trees, counts)


def bundle_rows() -> Iterator[Row]:
    """A whole bundle in all formats: files and PDF pages per processor second, and elapsed seconds by processes."""
    batch = sample_batch(BUNDLE, 1)
    for jobs in sorted({1, os.cpu_count() or 1}):
        with tempfile.TemporaryDirectory() as folder:
            start, processor = time.perf_counter(), spent()
            manifest = generate(batch, Path(folder), jobs=jobs)
            elapsed, processor = time.perf_counter() - start, spent() - processor
        pages = sum(file.pages or 0 for file in manifest.files if file.format == "pdf")
        yield f"{jobs} process(es), files per processor second", len(manifest.files) / processor
        yield f"{jobs} process(es), PDF pages per processor second", pages / processor
        yield f"{jobs} process(es), seconds elapsed", elapsed


def main() -> int:
    """Print both tables; 1 when a target is missed against a peer that is installed.

    typst starts from filled markup, so our layout tree is its measure; docxtpl fills records, as our whole way does.
    """
    forms = dict(form_rows())
    ours, drawn, *_ = forms.values()
    print(f"{FORM}, pages per second of one core")
    for name, speed in forms.items():
        print(f"  {name:<48}{speed:>9.1f}{ours / speed:>9.1f} ×")
    print(f"whole bundle of {BUNDLE} people, all formats")
    for name, speed in bundle_rows():
        print(f"  {name:<48}{speed:>9.1f}")
    slow = drawn < LEAST_TYPST * forms.get(TYPST, 0) or ours < LEAST_OFFICE * forms.get(OFFICE, 0)
    return int(slow or ours < LEAST_PAGES)


if __name__ == "__main__":
    sys.exit(main())
