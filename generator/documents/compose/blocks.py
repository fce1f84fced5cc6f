"""Elements → blocks: paragraphs, headings, lists, rules, spaces, pinned blocks; tables by `tables`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from generator.documents.compose.errors import Problem
from generator.documents.compose.markup import Element
from generator.documents.compose.measures import measure, millimetres
from generator.documents.compose.styles import Look, Own
from generator.documents.compose.tables import build_table
from generator.documents.compose.workshop import Workshop, optional, paragraph, required
from generator.layout.tree import Block, PageBreak, Paragraph, Pinned, Rule, Run, Space
from generator.layout.units import Length, Pt

RULE_WIDTH: Final = Pt(0.5)
DIGITS: Final = "零一二三四五六七八九"
CIRCLED_ONE: Final = 0x2460
MARKERS: Final = ("1.", "（1）", "一、", "（一）", "①", "none")


def build_blocks(shop: Workshop, elements: Iterable[Element], look: Look) -> tuple[Block, ...]:
    """The blocks of these elements, in order.

    Raises:
        MarkupProblem: an element lacks what it needs.
    """
    return tuple(block for element in elements for block in build_block(shop, element, look))


def build_block(shop: Workshop, element: Element, parent: Look) -> tuple[Block, ...]:
    """The blocks of one element; a list gives several."""
    match element.tag:
        case "table":
            return (build_table(shop, element, parent, build_block),)
        case "ol":
            return _list(shop, element, parent)
        case "section":
            return (_pinned(shop, element, parent),)
        case _:
            return (_paragraph_or_mark(shop, element, parent),)


def _paragraph_or_mark(shop: Workshop, element: Element, parent: Look) -> Block:
    classes = element.classes
    if "break" in classes:
        return PageBreak()
    if "space" in classes:
        return Space(_height(shop, element, parent))
    look, own = shop.look(element, parent)
    if "rule" in classes:
        return _rule(element, look, own)
    return paragraph(shop.inlines(element.children, look), look, own)


def _height(shop: Workshop, element: Element, parent: Look) -> Length:
    return required(element, "data-height", measure).resolve(shop.look(element, parent)[0].em)


def _rule(element: Element, look: Look, own: Own) -> Rule:
    return Rule(
        width=optional(element, "data-width", millimetres) or RULE_WIDTH,
        color=look.color,
        length=optional(element, "data-length", millimetres),
        before=own.before,
        after=own.after,
    )


def _list(shop: Workshop, element: Element, parent: Look) -> tuple[Block, ...]:
    look, own = shop.look(element, parent)
    marker = element.get("data-marker") or MARKERS[0]
    if marker not in MARKERS:
        raise element.fail(Problem.VALUE, f"data-marker={marker}")
    first = optional(element, "data-start", int) or 1
    return tuple(
        _item(shop, item, look, own, marker_text(marker, number))
        for number, item in enumerate(element.elements(), first)
    )


def _item(shop: Workshop, element: Element, parent: Look, outer: Own, marker: str) -> Paragraph:
    look, own = shop.look(element, parent)
    made = paragraph(shop.inlines(element.children, look), look, own)
    left = Length(made.left + outer.left)
    if not marker:
        return replace(made, left=left)
    hang = shop.fonts.width(marker, look.role, look.size) + look.tracking * len(marker)
    return replace(
        made,
        inlines=(Run(marker, look.text), *made.inlines),
        left=Length(left + hang),
        first_indent=Length(made.first_indent - hang),
    )


def marker_text(marker: str, number: int) -> str:
    """The marker of the item of that number: `3.`, `（3）`, `三、`, `（三）`, `③`."""
    match marker:
        case "none":
            return ""
        case "①":
            return chr(CIRCLED_ONE + number - 1)
        case "一、" | "（一）":
            return marker.replace("一", chinese_number(number))
        case _:
            return marker.replace("1", str(number))


def chinese_number(number: int) -> str:
    """1 … 99 in Chinese: 一, 十, 十一, 二十三."""
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones]
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")


def _pinned(shop: Workshop, element: Element, parent: Look) -> Pinned:
    if "pinned" not in element.classes:
        raise element.fail(Problem.NESTING, "<section> ∉ <section>")
    look, _ = shop.look(element, parent)
    top, bottom, left, width = (
        optional(element, f"data-{name}", millimetres) for name in ("top", "bottom", "left", "width")
    )
    if (top is None) == (bottom is None):
        raise element.fail(Problem.PINNED_PLACE)
    return Pinned(
        build_blocks(shop, element.elements(), look),
        top=top,
        bottom=bottom,
        left=left,
        width=width,
        last_page=element.has("data-last"),
    )
