"""Pinned blocks: heads at a fixed height, and the 版记 at the foot of the last page.

Word has no "draw this here": what the flow leaves room for is set into the flow; what stands elsewhere on the first
page goes into that page's header as a frame; the 版记 is a table tied to the bottom of the type area.
"""

from dataclasses import dataclass, replace
from typing import Final

from generator.docx.measure import blocks_height
from generator.layout import Block, Borders, Cell, PageSetup, Paragraph, Pinned, Row, Rule, Space, Table
from generator.layout import Border as Line
from generator.units import Length, Pt

NONE: Final = Line(Pt(0))
TOUCHING: Final = Pt(1)  # distances below this are rounding


@dataclass(frozen=True, slots=True)
class Arranged:
    """The blocks of a section sorted by how Word can hold them."""

    flow: tuple[Block, ...]
    framed: tuple[Pinned, ...]
    last: tuple[Pinned, ...]


def arrange(blocks: tuple[Block, ...], page: PageSetup) -> Arranged:
    """Take pinned blocks out of a section: into the room that the flow starts with, into frames, or to the end."""
    flow = tuple(block for block in blocks if not isinstance(block, Pinned))
    pinned = [block for block in blocks if isinstance(block, Pinned)]
    first = [block for block in pinned if not block.last_page]
    last = tuple(block for block in pinned if block.last_page)
    if not flow or not isinstance(flow[0], Space):
        return Arranged(flow, tuple(first), last)
    head, absorbed = _absorb(first, flow[0].height, page)
    return Arranged(head + flow[1:], tuple(block for block in first if block not in absorbed), last)


def _absorb(pinned: list[Pinned], room: Length, page: PageSetup) -> tuple[tuple[Block, ...], list[Pinned]]:
    """Set the pinned blocks that lie within the first `room` points of the type area into that room."""
    end = page.top + room
    cursor = float(page.top)
    head: list[Block] = []
    absorbed: list[Pinned] = []
    for block in sorted((p for p in pinned if p.top is not None), key=lambda p: p.top or 0):
        top, height = float(block.top or 0), blocks_height(block.blocks, width_of(block, page))
        if top < cursor - TOUCHING or top + height > end + TOUCHING:
            continue
        head += [Space(Length(max(top - cursor, 0))), *_indented(block, page)]
        cursor = top + height
        absorbed.append(block)
    return (*head, Space(Length(max(end - cursor, 0)))), absorbed


def _indented(block: Pinned, page: PageSetup) -> list[Block]:
    """The blocks with indents that put them at the pinned place's left edge and width."""
    left = Length((block.left if block.left is not None else page.left) - page.left)
    right = Length(page.type_width - left - width_of(block, page))
    return [
        replace(b, left=Length(b.left + left), right=Length(b.right + right))
        if isinstance(b, Paragraph)
        else b
        for b in block.blocks
    ]


def width_of(block: Pinned, page: PageSetup) -> float:
    """Width in points of a pinned place; by default up to the type area's right edge."""
    left = block.left if block.left is not None else page.left
    return block.width if block.width is not None else page.width - page.right - left


def top_of(block: Pinned, page: PageSetup) -> Length:
    """Distance in points from the page's upper edge."""
    if block.top is not None:
        return block.top
    height = blocks_height(block.blocks, width_of(block, page))
    return Length(page.height - (block.bottom or 0) - height)


def frame_properties(block: Pinned, page: PageSetup) -> str:
    """`w:framePr` of paragraphs that stand at a fixed place of the page."""
    left = block.left if block.left is not None else page.left
    return (
        f'<w:framePr w:w="{Length(width_of(block, page)).twip}" w:hSpace="0" w:wrap="around" w:vAnchor="page" '
        f'w:hAnchor="page" w:x="{left.twip}" w:y="{top_of(block, page).twip}"/>'
    )


def table_position(block: Pinned, page: PageSetup) -> str:
    """`w:tblpPr` of a table at a fixed place; one that ends with the type area is tied to its lower edge."""
    left = block.left if block.left is not None else page.left
    at_foot = block.bottom is not None and abs(block.bottom - page.bottom) < TOUCHING
    vertical = (
        'w:vertAnchor="margin" w:horzAnchor="page" w:tblpYSpec="bottom"'
        if at_foot
        else f'w:vertAnchor="page" w:horzAnchor="page" w:tblpY="{top_of(block, page).twip}"'
    )
    return f'<w:tblpPr w:leftFromText="0" w:rightFromText="0" {vertical} w:tblpX="{left.twip}"/>'


def as_table(block: Pinned, page: PageSetup) -> Table:
    """The pinned blocks as one table; rules between paragraphs become its lines."""
    if len(block.blocks) == 1 and isinstance(block.blocks[0], Table):
        return block.blocks[0]
    width = Length(width_of(block, page))
    rows: list[Row] = []
    above = NONE
    for item in block.blocks:
        if not isinstance(item, Rule):
            rows.append(_lined_row(item, above))
            above = NONE
        elif rows:
            rows[-1] = _closed(rows[-1], Line(item.width, item.color))
        else:
            above = Line(item.width, item.color)
    return Table((width,), tuple(rows))


def _lined_row(block: Block, above: Line) -> Row:
    return Row((Cell((block,), padding=Pt(0), borders=Borders(above, NONE, NONE, NONE)),))


def _closed(row: Row, below: Line) -> Row:
    cell = row.cells[0]
    return Row((replace(cell, borders=replace(cell.borders, bottom=below)),))
