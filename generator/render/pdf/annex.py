"""Continuation pages (附页): what a form's fixed cells could not hold, under the section's head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from core.message import message
from generator.layout.tree import (
    Align,
    Block,
    Borders,
    Cell,
    Fit,
    Paragraph,
    Role,
    Row,
    Run,
    Section,
    Table,
    TextStyle,
    VAlign,
)
from generator.layout.units import Length, Mm, Pt
from generator.render.pdf.bands import Band, Overflow
from generator.render.pdf.cells import CellBox
from generator.render.pdf.lines import remainder
from generator.render.pdf.slabs import Slab

TITLE_STYLE: Final = TextStyle(Role.TITLE, Pt(18))
LABEL_STYLE: Final = TextStyle(Role.HEI, Pt(10.5))
PADDING: Final = Mm(2)


def annex_blocks(section: Section, title: str, overflows: Sequence[Overflow]) -> tuple[Block, ...]:
    """Title and one framed table for each cell that overflowed; the frame's head is repeated on every page."""
    heading = message("generator", "layout.annex_title", title=section.continued_title or title)
    head = Paragraph(
        (Run(heading, TITLE_STYLE),),
        TITLE_STYLE,
        align=Align.CENTER,
        after=Pt(10),
        keep_with_next=True,
        heading=2,
    )
    blocks: list[Block] = [head]
    for overflow in overflows:
        blocks.append(_frame(overflow, section, title))
        blocks.append(Paragraph((), TextStyle(size=Pt(6))))
    return tuple(blocks[:-1])


def _frame(overflow: Overflow, section: Section, title: str) -> Table:
    cell = overflow.box.cell
    name = cell.continued_title or section.continued_title or title
    label = message("generator", "layout.continued_title", title=name)
    width = Length(section.page.type_width)
    top = Cell((Paragraph((Run(label, LABEL_STYLE),), LABEL_STYLE, align=Align.CENTER),), padding=PADDING)
    body = Cell(
        left_over(overflow.slabs), valign=VAlign.TOP, padding=PADDING, fit=Fit.GROW, borders=Borders()
    )
    rows = (Row((top,), height=Mm(9)), Row((body,), splits=True))
    return Table((width,), rows, header_rows=1, description=label)


def left_over(slabs: Sequence[Slab]) -> tuple[Block, ...]:
    """The blocks that these slabs came from, as far as they are among them."""
    groups: list[list[Slab]] = []
    for slab in slabs:
        if groups and slab.source is groups[-1][-1].source and slab.start:
            groups[-1].append(slab)
        else:
            groups.append([slab])
    parts = (_part(group) for group in groups)
    return tuple(part for part in parts if part is not None)


def _part(slabs: Sequence[Slab]) -> Block | None:
    first = slabs[0]
    match first.source:
        case Paragraph() as source if first.start:
            rest = remainder(source, first.start)
            return replace(source, inlines=rest, first_indent=Pt(0), before=Pt(0)) if rest else None
        case Table() as source:
            bands = [slab for slab in slabs if isinstance(slab, Band) and slab.start >= source.header_rows]
            rows = [row for band in bands for row in _rows(band, source)]
            return replace(source, rows=(*source.rows[: source.header_rows], *rows))
        case source:
            return source


def _rows(band: Band, source: Table) -> Sequence[Row]:
    """The rows of a band; of one that a page break went through, only what this part holds."""
    if band.whole:
        return source.rows[band.start : band.start + len(band.rows)]
    rows: list[Row] = []
    for number in range(len(band.rows)):
        placed = sorted((one for one in band.placed if one.row == number), key=lambda one: one.x)
        rows.append(Row(tuple(_rest(one.box, one.rows) for one in placed)))
    return rows


def _rest(box: CellBox, rows: int) -> Cell:
    blocks = box.cell.blocks if box.upright else left_over(box.slabs)
    foot = box.cell.foot if box.foot else ()
    return replace(box.cell, blocks=blocks, foot=foot, rowspan=rows)
