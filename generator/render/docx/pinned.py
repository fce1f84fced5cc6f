"""Pinned blocks: heads at a fixed height, and the 版记 at the foot of the last page.

Word has no "draw this here", and what floats pushes the text about. So what stands above the type area goes into the
first page's header, what stands in the room that the flow starts with goes into the flow, what stands at the foot
goes into the first page's footer, and the 版记 is a table tied to the bottom of the type area. Only what is left
becomes a frame.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from generator.layout.tree import (
    Block,
    Borders,
    Cell,
    PageNumbers,
    PageSetup,
    Paragraph,
    Pinned,
    Row,
    Rule,
    Space,
    Table,
)
from generator.layout.tree import Border as Line
from generator.layout.units import Length, Pt
from generator.render.docx.measure import blocks_height

NONE: Final = Line(Pt(0))
TOUCHING: Final = Pt(1)  # distances below this are rounding


@dataclass(frozen=True, slots=True)
class Arranged:
    """The blocks of a section sorted by how Word can hold them.

    `head` stands in the first page's header from `head_top` on, `foot` in its footer and ends `foot_bottom` above
    the paper's edge.
    """

    flow: tuple[Block, ...]
    head: tuple[Block, ...] = ()
    head_top: Length = Pt(0)
    foot: tuple[Block, ...] = ()
    foot_bottom: Length = Pt(0)
    framed: tuple[Pinned, ...] = ()
    last: tuple[Pinned, ...] = ()

    @property
    def on_first_page(self) -> bool:
        """Whether the first page has a header or footer of its own."""
        return bool(self.head or self.foot or self.framed)


def arrange(blocks: tuple[Block, ...], page: PageSetup) -> Arranged:
    """Take pinned blocks out of a section's flow and give each the place that Word can hold."""
    flow: tuple[Block, ...] = tuple(block for block in blocks if not isinstance(block, Pinned))
    pinned = [block for block in blocks if isinstance(block, Pinned)]
    last = tuple(block for block in pinned if block.last_page)
    tops = sorted((p for p in pinned if not p.last_page and p.top is not None), key=lambda p: p.top or 0)
    bottoms = [p for p in pinned if not p.last_page and p.top is None]
    above = _chain((p for p in tops if (p.top or 0) < page.top - TOUCHING), page)
    flow, absorbed = _absorb([p for p in tops if p not in above], flow, _end(above, page), page)
    foot = (
        _chain(reversed(bottoms), page)
        if page.numbers is PageNumbers.NONE or not page.number_first_page
        else []
    )
    held = [*above, *absorbed, *foot]
    return Arranged(
        flow,
        _spread(above, page),
        above[0].top or Pt(0) if above else Pt(0),
        _spread(foot, page),
        foot[-1].bottom or Pt(0) if foot else Pt(0),
        tuple(p for p in (*tops, *bottoms) if p not in held),
        last,
    )


def _chain(pinned: Iterable[Pinned], page: PageSetup) -> list[Pinned]:
    """The pinned blocks that stand one below the other without touching."""
    chain: list[Pinned] = []
    for block in pinned:
        if not chain or top_of(block, page) >= top_of(chain[-1], page) + _height(chain[-1], page) - TOUCHING:
            chain.append(block)
    return chain


def _spread(chain: list[Pinned], page: PageSetup) -> tuple[Block, ...]:
    """The blocks of a chain with the room between them."""
    out: list[Block] = []
    cursor = float(top_of(chain[0], page)) if chain else 0.0
    for block in chain:
        gap = top_of(block, page) - cursor
        if gap > 0:
            out.append(Space(Length(gap)))
        out += _indented(block, page)
        cursor = top_of(block, page) + _height(block, page)
    return tuple(out)


def _end(chain: list[Pinned], page: PageSetup) -> float:
    """Where the text can begin below a header that holds the chain."""
    return max(float(page.top), top_of(chain[-1], page) + _height(chain[-1], page) if chain else 0.0)


def _absorb(
    pinned: list[Pinned], flow: tuple[Block, ...], start: float, page: PageSetup
) -> tuple[tuple[Block, ...], list[Pinned]]:
    """Set the pinned blocks that lie within the room at the flow's beginning into that room.

    `start` is where Word begins the text; room that a header has taken is taken off the flow's.
    """
    if not flow or not isinstance(flow[0], Space):
        return flow, []
    end = page.top + flow[0].height
    cursor = start
    head: list[Block] = []
    absorbed: list[Pinned] = []
    for block in pinned:
        top, height = float(top_of(block, page)), _height(block, page)
        if top < cursor - TOUCHING or top + height > end + TOUCHING:
            continue
        head += [Space(Length(max(top - cursor, 0))), *_indented(block, page)]
        cursor = top + height
        absorbed.append(block)
    room = Length(end - cursor)
    return (*head, *((Space(room),) if room > 0 else ()), *flow[1:]), absorbed


def _height(block: Pinned, page: PageSetup) -> float:
    return blocks_height(block.blocks, width_of(block, page))


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
    return Length(page.height - (block.bottom or 0) - _height(block, page))


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
