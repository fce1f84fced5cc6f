"""Booklets: A4 pages two by two on A3 sheets, in the order in which folded sheets are read (骑马订)."""

from pathlib import Path
from typing import Final

import pikepdf

from generator.layout.units import Mm

PAGES_PER_SHEET: Final = 4
WIDTH: Final = Mm(210).pt
HEIGHT: Final = Mm(297).pt


def booklet_order(pages: int) -> tuple[tuple[int | None, int | None], ...]:
    """Left and right page (from 0; None is blank) of each side of the sheets, front and back in turn."""
    total = -(-pages // PAGES_PER_SHEET) * PAGES_PER_SHEET
    sides: list[tuple[int | None, int | None]] = []
    for front in range(0, total // 2, 2):
        sides.append((_real(total - 1 - front, pages), _real(front, pages)))
        sides.append((_real(front + 1, pages), _real(total - 2 - front, pages)))
    return tuple(sides)


def _real(page: int, pages: int) -> int | None:
    return page if page < pages else None


def add_booklet(target: pikepdf.Pdf, source: Path) -> int:
    """Append the A3 sides of an A4 document; returns how many sides were added."""
    sides = 0
    with pikepdf.open(source) as pdf:
        forms = [target.copy_foreign(page.as_form_xobject()) for page in pdf.pages]
        for left, right in booklet_order(len(pdf.pages)):
            target.pages.append(_side(target, forms, left, right))
            sides += 1
    return sides


def _side(
    target: pikepdf.Pdf, forms: list[pikepdf.Object], left: int | None, right: int | None
) -> pikepdf.Page:
    page = target.add_blank_page(page_size=(2 * WIDTH, HEIGHT))
    del target.pages[-1]
    content: list[str] = []
    resources = pikepdf.Dictionary()
    for place, number in enumerate((left, right)):
        if number is not None:
            name = f"/P{place}"
            resources[name] = forms[number]
            content.append(f"q 1 0 0 1 {place * WIDTH:.3f} 0 cm {name} Do Q")
    page.obj.Resources = pikepdf.Dictionary(XObject=resources)
    page.obj.Contents = target.make_stream("\n".join(content).encode())
    return page
