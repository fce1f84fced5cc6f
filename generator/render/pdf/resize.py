"""Smaller type for cells that shrink: the same blocks with every size reduced, never below a least size."""

from __future__ import annotations

from dataclasses import replace

from generator.layout.tree import Block, Cell, Chart, Inline, LineBreak, Paragraph, Picture, Table, TextStyle
from generator.layout.units import Length


def smaller_style(style: TextStyle, by: float, least: float) -> TextStyle:
    """The style `by` points smaller, but not below `least` (nor larger than it was)."""
    size = max(style.size - by, min(least, style.size))
    return replace(style, size=Length(size))


def smaller(block: Block, by: float, least: float) -> Block:
    """The block in smaller type; fixed line heights and indents follow."""
    match block:
        case Paragraph():
            return _smaller_paragraph(block, by, least)
        case Table():
            rows = tuple(
                replace(row, cells=tuple(_smaller_cell(cell, by, least) for cell in row.cells))
                for row in block.rows
            )
            return replace(block, rows=rows)
        case _:
            return block


def _smaller_cell(cell: Cell, by: float, least: float) -> Cell:
    return replace(
        cell,
        blocks=tuple(smaller(block, by, least) for block in cell.blocks),
        foot=tuple(smaller(block, by, least) for block in cell.foot),
    )


def _smaller_paragraph(paragraph: Paragraph, by: float, least: float) -> Paragraph:
    style = smaller_style(paragraph.style, by, least)
    ratio = style.size / paragraph.style.size
    height = paragraph.line_height
    return replace(
        paragraph,
        style=style,
        inlines=tuple(_smaller_inline(inline, by, least) for inline in paragraph.inlines),
        first_indent=Length(paragraph.first_indent * ratio),
        line_height=None if height is None else Length(height * ratio),
    )


def _smaller_inline(inline: Inline, by: float, least: float) -> Inline:
    if isinstance(inline, LineBreak | Picture | Chart):
        return inline
    return replace(inline, style=smaller_style(inline.style, by, least))


def largest_size(block: Block) -> float:
    """The largest size of type in a block, points."""
    match block:
        case Paragraph():
            sizes = [
                float(inline.style.size)
                for inline in block.inlines
                if not isinstance(inline, LineBreak | Picture | Chart)
            ]
            return max(sizes, default=float(block.style.size))
        case Table():
            return max(
                (
                    largest_size(inner)
                    for row in block.rows
                    for cell in row.cells
                    for inner in (*cell.blocks, *cell.foot)
                ),
                default=0.0,
            )
        case _:
            return 0.0
