"""Fit.SHRINK: the type size at which a cell's text fits its row, in half-point steps."""

from dataclasses import replace
from typing import Final

from generator.layout.tree import Block, Cell, Inline, Paragraph, Run, TextStyle
from generator.layout.units import Length
from generator.render.docx.measure import LINES_OF_CELL, blocks_height

STEP: Final = 0.5  # points, layout.Fit
SAFETY: Final = 0.5  # points kept free, for fonts that are a little wider than published


def fitted_blocks(cell: Cell, width: float, height: float) -> tuple[Block, ...]:
    """The cell's blocks with sizes reduced just enough for `width` × `height` points (padding included)."""
    inner_width, inner_height = width - 2 * cell.padding - LINES_OF_CELL, height - 2 * cell.padding - SAFETY
    largest = max((_size(block) for block in cell.blocks), default=0.0)
    shrink = 0.0
    while blocks_height(cell.blocks, inner_width, shrink) > inner_height:
        if largest - shrink - STEP < cell.min_size:
            break
        shrink += STEP
    return tuple(_reduced(block, shrink, cell.min_size) for block in cell.blocks) if shrink else cell.blocks


def _size(block: Block) -> float:
    if not isinstance(block, Paragraph):
        return 0.0
    return max((i.style.size for i in block.inlines if isinstance(i, Run)), default=block.style.size)


def _reduced(block: Block, shrink: float, least: Length) -> Block:
    if not isinstance(block, Paragraph):
        return block
    factor = 1 - shrink / _size(block)
    line = Length(block.line_height * factor) if block.line_height is not None else None
    return replace(
        block,
        inlines=tuple(_reduced_inline(inline, shrink, least) for inline in block.inlines),
        style=_smaller(block.style, shrink, least),
        first_indent=Length(block.first_indent * factor),
        line_height=line,
    )


def _reduced_inline(inline: Inline, shrink: float, least: Length) -> Inline:
    return replace(inline, style=_smaller(inline.style, shrink, least)) if isinstance(inline, Run) else inline


def _smaller(style: TextStyle, shrink: float, least: Length) -> TextStyle:
    return replace(style, size=max(Length(style.size - shrink), min(least, style.size)))
