"""Sections → sheets: flow, continuation pages, pinned blocks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from core.message import message
from generator.layout.tree import Block, Document, PageSetup, Paragraph, Pinned, Run, Section
from generator.render.pdf.annex import annex_blocks
from generator.render.pdf.flow import Flow, Item, Sheet
from generator.render.pdf.furniture import pinned_slabs
from generator.render.pdf.lines import Grid
from generator.render.pdf.measure import Measurer
from generator.render.pdf.slabs import BreakSlab, Slab

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
        made, extra = _section(section, document.title, measurer, len(sheets))
        sheets += made
        annexes += extra
    return Paging(sheets, annexes)


def _section(section: Section, title: str, measurer: Measurer, before: int) -> tuple[list[Sheet], int]:
    setup = section.page
    width = float(setup.type_width)
    continued = measurer.stack(_continued(section), width)
    flow = Flow(setup, continued)
    flow.run(measurer.stack(section.blocks, width, grid_of(setup)))
    if any(_covers(pinned, flow.sheets[-1], measurer) for pinned in section.blocks):
        flow = Flow(setup, continued)
        flow.run(_parted(measurer.stack(section.blocks, width, grid_of(setup))))
    sheets = flow.sheets
    _pin(section, sheets, measurer, before)
    if not flow.overflows:
        return sheets, 0
    annex = Flow(setup)
    annex.run(measurer.stack(annex_blocks(section, title, flow.overflows), width))
    return [*sheets, *annex.sheets], len(annex.sheets)


def _covers(block: Block, sheet: Sheet, measurer: Measurer) -> bool:
    """Whether a block pinned to the last page would stand on the text there."""
    if not (isinstance(block, Pinned) and block.last_page and sheet.items):
        return False
    _, top, _ = pinned_slabs(block, sheet.setup, measurer)
    return sheet.bottom > top


def _parted(slabs: list[Slab]) -> list[Slab]:
    """A page break before closing words that belong together: the 版记 goes overleaf with them, not alone."""
    start = len(slabs) - 1
    while start > 0 and slabs[start - 1].keep:
        start -= 1
    return [*slabs[:start], BreakSlab(), *slabs[start:]] if 0 < start < len(slabs) - 1 else slabs


def _continued(section: Section) -> tuple[Paragraph, ...]:
    """The section's heading with （续）, to stand over a table that goes on overleaf."""
    if section.continued_title is None:
        return ()
    for block in section.blocks:
        if isinstance(block, Paragraph) and block.heading and block.inlines:
            text = message("generator", "layout.continued_title", title=section.continued_title)
            return (replace(block, inlines=(Run(text, block.style),), heading=None),)
    return ()


def grid_of(setup: PageSetup) -> Grid | None:
    """The line grid of a page whose lines fill the type area exactly."""
    if not setup.grid_lines or setup.grid_lines < 2:
        return None
    height = float(setup.type_height)
    return Grid(height / setup.grid_lines, (height - GRID_SIZE) / (setup.grid_lines - 1), GRID_SIZE)


def _pin(section: Section, sheets: list[Sheet], measurer: Measurer, before: int) -> None:
    sheets[0].first = True
    for block in section.blocks:
        if not isinstance(block, Pinned):
            continue
        left, top, slabs = pinned_slabs(block, section.page, measurer)
        covered = sheets[-1].bottom > top and sheets[-1].items
        odd = block.even_page and (before + len(sheets)) % 2
        if block.last_page and (covered or odd):
            sheets.append(Sheet(section.page, bottom=float(section.page.top)))
        sheet = sheets[-1] if block.last_page else sheets[0]
        for slab in slabs:
            top += slab.before
            sheet.items.append(Item(left, top, slab))
            top += slab.height + slab.after
