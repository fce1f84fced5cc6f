"""DOCX 评审表 per second on one core: ours against docxtpl, which fills the same document as a template.

docxtpl is no dependency of the project; without it the row says so. Run: python bench/word.py
"""

import re
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # scripts beside this one bear the names of rooms
FORM = "A102"
SECONDS = 3.0
LEAST_RATIO = 1.5
_TEXT = re.compile(r"(<w:t[^>]*>)([^<]+)(</w:t>)")


def per_second(make: Callable[[], object]) -> float:
    """How often `make` runs in a second, after one run to warm up."""
    make()
    count, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < SECONDS:
        make()
        count += 1
    return count / spent


def as_template(data: bytes, other: bytes) -> tuple[bytes, dict[str, str]]:
    """A document with every text that another person's lacks as a placeholder, and the values to fill in."""
    common = {match[2] for match in _TEXT.finditer(_body(other))}
    values: dict[str, str] = {}

    def replaced(match: re.Match[str]) -> str:
        if match[2] in common:
            return match[0]
        name = f"v{len(values)}"
        values[name] = match[2]
        return f"{match[1]}{{{{ {name} }}}}{match[3]}"

    body = _TEXT.sub(replaced, _body(data))
    made = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(made, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, body if name == "word/document.xml" else source.read(name))
    return made.getvalue(), values


def _body(data: bytes) -> str:
    with ZipFile(BytesIO(data)) as archive:
        return archive.read("word/document.xml").decode("utf-8")


def peer(template: bytes, values: dict[str, str]) -> Callable[[], object] | None:
    """One docxtpl run as its manual has it: open, render, save."""
    try:
        from docxtpl import DocxTemplate
    except ImportError:
        return None

    def make() -> object:
        document = DocxTemplate(BytesIO(template))
        document.render(values, autoescape=True)
        out = BytesIO()
        document.save(out)
        return out

    return make


def main() -> None:
    """Print the table; exit 1 when ours is not fast enough against an installed peer."""
    from generator.documents.bundle.build_document import layout_of
    from generator.documents.catalogue import CATALOGUE
    from generator.documents.context.subjects import subjects
    from generator.layout.text.fonts import FontBook
    from generator.render import docx
    from records.sample import sample_batch

    batch, entry, fonts = sample_batch(4, 1), CATALOGUE[FORM], FontBook.default()
    people = subjects(entry, batch, None)
    tree = layout_of(entry, people[0], fonts=fonts)
    whole = per_second(lambda: docx.render(layout_of(entry, people[0], fonts=fonts)))
    drawn = per_second(lambda: docx.render(tree))
    template, values = as_template(docx.render(tree), docx.render(layout_of(entry, people[1], fonts=fonts)))
    theirs = peer(template, values)
    rows = [("zhicheng, records to DOCX", whole), ("zhicheng, layout tree to DOCX", drawn)]
    if theirs is not None:
        rows.append((f"docxtpl, {len(values)} placeholders to DOCX", per_second(theirs)))
    print(f"DOCX of {FORM} ({len(tree.sections)} sections)      per second")
    for name, speed in rows:
        print(f"{name:<44}{speed:>8.1f}")
    if theirs is None:
        print("docxtpl: not installed, no comparison")
        return
    ratio = whole / rows[-1][1]
    print(f"ratio of the whole way: {ratio:.2f} (at least {LEAST_RATIO})")
    sys.exit(0 if ratio >= LEAST_RATIO else 1)


if __name__ == "__main__":
    main()
