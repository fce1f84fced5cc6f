"""Sections → sheets: flow, continuation pages, pinned blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from generator.layout import Document, PageSetup, Pinned, Section
from generator.pdf.annex import annex_blocks, continued_note
from generator.pdf.cells import CellBox, shrunk
from generator.pdf.flow import Flow, Item, Sheet
from generator.pdf.furniture import pinned_slabs
from generator.pdf.lines import Grid
from generator.pdf.measure import Measurer
from generator.pdf.resize import largest_size
from generator.pdf.slabs import Slab

MOST_SHRINK: Final = 1.5  # points; before a cell goes on elsewhere it may become this much smaller
LEAST_SIZE: Final = 9.0  # points
GRID_SIZE: Final = 16.0  # points; 三号, the size of type that the grid is made for (GB/T 9704 5.2.2)


@dataclass(frozen=True)
class Paging:
    """Sheets of a document and how many of them are continuation pages."""

    sheets: list[Sheet]
    annexes: int


def paginate(document: Document, measurer: Measurer) -> Paging:
    """All sheets of a document.

    Raises:
        Undrawable: a character has no glyph anywhere.
    """
    sheets: list[Sheet] = []
    annexes = 0
    for section in document.sections:
        made, extra = _section(section, document.title, measurer)
        sheets += made
        annexes += extra
    return Paging(sheets, annexes)


def _section(section: Section, title: str, measurer: Measurer) -> tuple[list[Sheet], int]:
    setup = section.page
    width = float(setup.type_width)
    settler = _Settler(measurer)
    flow = Flow(setup, settler)
    flow.run(measurer.stack(section.blocks, width, grid_of(setup)))
    sheets = flow.sheets
    _pin(section, sheets, measurer)
    if not flow.overflows:
        return sheets, 0
    annex = Flow(setup, settler)
    annex.run(measurer.stack(annex_blocks(section, title, flow.overflows), width))
    return [*sheets, *annex.sheets], len(annex.sheets)


class _Settler:
    """Settles continuing cells: a few lines too many do not call for a page of their own."""

    def __init__(self, measurer: Measurer) -> None:
        self._measurer = measurer

    def note(self, box: CellBox) -> list[Slab]:
        """（下接附页）."""
        return self._measurer.stack([continued_note(box)], box.inner_width)

    def smaller(self, box: CellBox, height: float) -> CellBox | None:
        """The cell in type at most `MOST_SHRINK` points smaller, if that fits."""
        if not box.whole:
            return None
        size = max(map(largest_size, box.cell.blocks), default=0.0)
        least = max(size - MOST_SHRINK, LEAST_SIZE, float(box.cell.min_size))
        tried = shrunk(box, height, least, self._measurer.stack, self._measurer.pot)
        return tried if tried.fits(height) else None


def grid_of(setup: PageSetup) -> Grid | None:
    """The line grid of a page whose lines fill the type area exactly."""
    if not setup.grid_lines or setup.grid_lines < 2:
        return None
    height = float(setup.type_height)
    return Grid(height / setup.grid_lines, (height - GRID_SIZE) / (setup.grid_lines - 1))


def _pin(section: Section, sheets: list[Sheet], measurer: Measurer) -> None:
    sheets[0].first = True
    for block in section.blocks:
        if not isinstance(block, Pinned):
            continue
        left, top, slabs = pinned_slabs(block, section.page, measurer)
        if block.last_page and sheets[-1].bottom > top and sheets[-1].items:
            sheets.append(Sheet(section.page, bottom=float(section.page.top)))
        sheet = sheets[-1] if block.last_page else sheets[0]
        for slab in slabs:
            top += slab.before
            sheet.items.append(Item(left, top, slab))
            top += slab.height + slab.after
