"""Estimates of how high text becomes in Word, from character widths alone.

Chinese characters are one em wide in every font, and Latin ones are Times New Roman's, whatever the machine has
installed: enough to choose a type size that fits, to keep a row's height exact, or to fill a page.
"""

import re
from functools import lru_cache
from math import ceil
from typing import Final

from generator.layout.tree import (
    Blank,
    Block,
    Chart,
    LineBreak,
    PageBreak,
    PageField,
    Paragraph,
    Picture,
    Pinned,
    Rule,
    Run,
    Space,
    Table,
    TextStyle,
)
from generator.layout.units import Length
from generator.render.docx.grid import GridRow, Merge, Slot, grid_rows
from generator.render.docx.styles import AUTO_LINE_FACTOR

# Advance widths of Times New Roman in thousandths of an em (published metrics).
_WIDTHS: Final = {
    **dict.fromkeys("ijlt/\\", 278), **dict.fromkeys(" .,:;!|I'", 278), **dict.fromkeys("()[]-frJ", 333),
    **dict.fromkeys("ABCDEFGHKLMNOPQRSTUVWXYZ", 690), **dict.fromkeys("mwMW@%&", 860),
}  # fmt: skip
LATIN_WIDTH: Final = 500
CAUTION: Final = 0.99  # lines that would only just fit are counted as two
LINES_OF_CELL: Final = 1.0  # points that a cell's own lines take of its width
LAST_NARROW: Final = "\u1fff"  # the last character before those that are one em wide
AUTO_SPACE: Final = 0.4  # em that LibreOffice adds around Latin text among Chinese, though told not to
_OPENING: Final = "（《〈“‘【「『〔"
_CLOSING: Final = "，。、；：？！）》〉”’】」』〕…％%·"
_LATIN: Final = re.compile("[0-9A-Za-z]")
TOKEN: Final = re.compile(
    f"[{_OPENING}]*(?:[!-~]+|.)[{_CLOSING}]*", re.DOTALL
)  # what no line may break inside


@lru_cache(4096)
def _ems(text: str) -> float:
    """Width of a text in ems."""
    return sum(1.0 if c > LAST_NARROW else _WIDTHS.get(c, LATIN_WIDTH) / 1000 for c in text)


def text_width(text: str, style: TextStyle) -> float:
    """Width in points of a text on one line."""
    return _ems(text) * style.size + len(text) * style.tracking


def paragraph_height(paragraph: Paragraph, width: float, shrink: float = 0) -> float:
    """Height in points of a paragraph set to `width` points, with every size reduced by `shrink` points."""
    avail = max((width - paragraph.left - paragraph.right) * CAUTION, 1)
    lines = _line_count(paragraph, avail, shrink)
    line = paragraph.line_height or Length(_largest(paragraph) * AUTO_LINE_FACTOR)
    if shrink:
        largest = _largest(paragraph)
        line = Length(line * (largest - shrink) / largest)
    pictures = max((i.height for i in paragraph.inlines if isinstance(i, Picture | Chart)), default=Length(0))
    return max(lines * line, pictures) + paragraph.before + paragraph.after


def _largest(paragraph: Paragraph) -> float:
    sizes = [inline.style.size for inline in paragraph.inlines if isinstance(inline, Run)]
    return max(sizes, default=paragraph.style.size)


def _line_count(paragraph: Paragraph, avail: float, shrink: float) -> int:
    bound = paragraph.first_indent + sum(_upper_bound(inline) for inline in paragraph.inlines)
    if bound <= avail and not any(isinstance(inline, LineBreak) for inline in paragraph.inlines):
        return 1
    lines, used = 1, float(paragraph.first_indent)
    for inline in paragraph.inlines:
        if isinstance(inline, LineBreak):
            lines, used = lines + 1, 0.0
            continue
        for width in _tokens(inline, shrink):
            if used + width > avail and used > 0:
                lines, used = lines + 1, 0.0
            lines += max(0, ceil(width / avail) - 1)
            used += width
    return lines


def _upper_bound(inline: object) -> float:
    match inline:
        case Run():
            return len(inline.text) * (inline.style.size + max(inline.style.tracking, 0))
        case Blank() | Picture() | Chart():
            return inline.width
        case _:
            return 0.0


def _tokens(inline: object, shrink: float) -> list[float]:
    """Widths of the pieces that a line may not break inside."""
    match inline:
        case Run():
            size, tracking = inline.style.size - shrink, float(inline.style.tracking)
            return [ems * size + length * tracking for ems, length in _pieces(inline.text)]
        case Blank() | Picture() | Chart():
            return [inline.width]
        case PageField():
            return [inline.style.size]
        case _:
            return []


@lru_cache(1024)
def _pieces(text: str) -> tuple[tuple[float, int], ...]:
    """Width in ems and length of each piece of a text."""
    return tuple(
        (_ems(token) + (AUTO_SPACE if _LATIN.search(token) else 0), len(token))
        for token in TOKEN.findall(text)
    )


def blocks_height(blocks: tuple[Block, ...], width: float, shrink: float = 0) -> float:
    """Height in points of blocks in a column of `width` points; page breaks count as nothing."""
    return sum(block_height(block, width, shrink) for block in blocks)


def block_height(block: Block, width: float, shrink: float = 0) -> float:
    """Height in points of one block."""
    match block:
        case Paragraph():
            return paragraph_height(block, width, shrink)
        case Table():
            return table_height(block)
        case Rule():
            return block.before + block.width + block.after
        case Space():
            return block.height
        case PageBreak() | Pinned():
            return 0.0


def table_height(table: Table) -> float:
    """Height in points of a table's rows as they grow with their content."""
    return sum(row_heights(table.columns, grid_rows(table)))


def cell_height(slot: Slot, width: float) -> float:
    """Height in points that a cell of `width` points needs, its padding included."""
    padding = slot.cell.padding
    if slot.cell.vertical:
        return 0.0  # vertical text wraps into further columns; the row's own height is enough
    return blocks_height(slot.blocks, width - 2 * padding - LINES_OF_CELL) + 2 * padding


def target_heights(columns: tuple[Length, ...], rows: list[GridRow]) -> list[float]:
    """The stated height in points of each physical row; a split row shares its height with its foot."""
    heights = [_content_height(columns, row) if row.foot else float(row.row.height or 0) for row in rows]
    for index, row in enumerate(rows):
        if row.foot:
            heights[index - 1] = max(heights[index - 1] - heights[index], 0.0)
    return heights


def _content_height(columns: tuple[Length, ...], row: GridRow) -> float:
    plain = (slot for slot in row.slots if slot.merge is Merge.NONE)
    return max((cell_height(slot, slot_width(columns, slot)) for slot in plain), default=0.0)


def slot_width(columns: tuple[Length, ...], slot: Slot) -> float:
    """Width in points of a slot."""
    return sum(columns[slot.column : slot.column + slot.cell.colspan])


def row_heights(columns: tuple[Length, ...], rows: list[GridRow]) -> list[float]:
    """Height in points of each physical row as it grows; a merged cell asks its last row for what is missing."""
    heights = target_heights(columns, rows)
    open_cells: dict[int, tuple[int, float]] = {}
    for index, row in enumerate(rows):
        for slot in row.slots:
            if slot.merge is not Merge.CONTINUE and slot.cell.blocks:
                needed = cell_height(slot, slot_width(columns, slot))
                if slot.merge is Merge.NONE:
                    heights[index] = max(heights[index], needed)
                else:
                    open_cells[slot.column] = index, needed
            elif slot.column in open_cells and not _goes_on(rows, index, slot.column):
                start, needed = open_cells.pop(slot.column)
                heights[index] = max(heights[index], needed - sum(heights[start:index]))
    return heights


def _goes_on(rows: list[GridRow], index: int, column: int) -> bool:
    """Whether the cell at `column` is merged with the next row's."""
    following = rows[index + 1].slots if index + 1 < len(rows) else ()
    return any(slot.column == column and slot.merge is Merge.CONTINUE for slot in following)
