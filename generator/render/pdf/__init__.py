"""PDF: a layout tree → print-ready pages, exact to a tenth of a millimetre."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from generator.layout.text.fonts import FontBook
from generator.layout.tree import Document
from generator.render.pdf.ink import InkPot
from generator.render.pdf.measure import Measurer
from generator.render.pdf.pages import paginate
from generator.render.pdf.writer import write

__all__ = ["Rendered", "render"]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished PDF. `annexes` of its pages are continuation pages (附页)."""

    data: bytes
    pages: int
    annexes: int = 0


def render(document: Document, *, fonts: FontBook | None = None) -> Rendered:
    """Measure, paginate and draw a document. Equal input gives equal bytes.

    Raises:
        Undrawable: a character has no glyph in any font.
        FontUnusable: a font file is missing or cannot be embedded.
    """
    measurer = _measurer(fonts or FontBook.default())
    paging = paginate(document, measurer)
    data = write(document, paging.sheets, measurer)
    return Rendered(data, len(paging.sheets), paging.annexes)


@cache
def _measurer(fonts: FontBook) -> Measurer:
    return Measurer(InkPot(fonts))
