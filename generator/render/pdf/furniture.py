"""What surrounds the text of a page: header, page number, watermark, pinned blocks."""

from __future__ import annotations

from typing import Final

from core.message import message
from generator.layout.tree import PageNumbers, PageSetup, Pinned, Role, TextStyle
from generator.layout.units import Pt
from generator.render.pdf.flow import Sheet
from generator.render.pdf.measure import Measurer
from generator.render.pdf.outlines import watermark
from generator.render.pdf.pen import Pen
from generator.render.pdf.slabs import PageFacts, Slab, draw_stack, stack_height

OFFICIAL_SIZE: Final = 14.0  # GB/T 9704 7.5: 四号
CENTER_SIZE: Final = 9.0
DASH_HEIGHT: Final = 0.36  # em; middle of the dash above the baseline
LEAST_EDGE: Final = 8.5  # points from the paper's edge to a page number's foot


def draw_furniture(pen: Pen, sheet: Sheet, facts: PageFacts, measurer: Measurer) -> None:
    """Draw header, number and watermark of a sheet."""
    setup = sheet.setup
    if setup.watermark:
        table = measurer.pot.book.table(Role.HEI)
        pen.underlay(watermark(setup.watermark, table, float(setup.width), float(setup.height)))
    if setup.header:
        y = float(setup.header_top)
        for paragraph in setup.header:
            slabs = measurer.lines(paragraph, float(setup.type_width), facts)
            draw_stack(pen, slabs, float(setup.left), y)
            y += stack_height(slabs)
    if setup.number_first_page or not sheet.first:
        _number(pen, setup, facts, measurer)


def _number(pen: Pen, setup: PageSetup, facts: PageFacts, measurer: Measurer) -> None:
    foot = float(setup.height - setup.bottom + setup.number_gap)
    match setup.numbers:
        case PageNumbers.NONE:
            return
        case PageNumbers.CENTER:
            text = message("generator", "layout.page_of", page=facts.page, pages=facts.pages)
            ink = measurer.pot.ink(TextStyle(Role.SONG, Pt(CENTER_SIZE)))
            width = sum(ink.widths(text))
            base = min(foot + CENTER_SIZE, float(setup.height) - LEAST_EDGE)
            pen.text(float(setup.left) + (float(setup.type_width) - width) / 2, base, text, ink, 0.0)
        case PageNumbers.OFFICIAL:
            text = f"— {facts.page} —"
            ink = measurer.pot.ink(TextStyle(Role.SONG, Pt(OFFICIAL_SIZE)))
            width = sum(ink.widths(text))
            x = float(setup.left) + OFFICIAL_SIZE
            if facts.page % 2:
                x = float(setup.left + setup.type_width) - OFFICIAL_SIZE - width
            pen.text(x, foot + DASH_HEIGHT * OFFICIAL_SIZE, text, ink, 0.0)


def pinned_slabs(pinned: Pinned, setup: PageSetup, measurer: Measurer) -> tuple[float, float, list[Slab]]:
    """Left edge, upper edge and slabs of a pinned block."""
    left = float(setup.left if pinned.left is None else pinned.left)
    width = float(pinned.width if pinned.width is not None else setup.width - setup.right - left)
    slabs = measurer.stack(pinned.blocks, width)
    if pinned.top is not None:
        return left, float(pinned.top), slabs
    return left, float(setup.height - (pinned.bottom or 0)) - stack_height(slabs), slabs
