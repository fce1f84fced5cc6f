"""The root and its sections → a document: metadata, paper, type area, headers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from generator.documents.compose.blocks import build_blocks
from generator.documents.compose.errors import Problem, Unreadable
from generator.documents.compose.markup import Element
from generator.documents.compose.measures import millimetres
from generator.documents.compose.styles import Look, switch
from generator.documents.compose.workshop import Workshop
from generator.layout.tree import Document, PageNumbers, PageSetup, Paragraph, Section
from generator.layout.units import Length, Mm

PAPERS: Final = {"A3": (297, 420), "A4": (210, 297), "A5": (148, 210)}
SIDES: Final = 4
T = TypeVar("T")


def build_document(shop: Workshop, article: Element) -> Document:
    """The document of an `article` element.

    Raises:
        MarkupProblem: something in it cannot be laid out.
    """
    title = article.get("data-title")
    if not title:
        raise article.fail(Problem.NEEDS_ATTRIBUTE, "<article> data-title")
    shop = shop.inside(article.classes)
    look, own = shop.look(article, shop.styles.root)
    return Document(
        title=title,
        sections=tuple(_sections(shop, article, look, own.page)),
        document_id=article.get("data-id") or "",
        author=article.get("data-author") or "",
        language=article.get("lang") or "zh-CN",
        audience=article.get("data-audience") or "internal",
        keywords=tuple((article.get("data-keywords") or "").split()),
    )


def _is_page(element: Element) -> bool:
    classes = element.classes
    return element.tag == "section" and "pinned" not in classes and "header" not in classes


def _sections(shop: Workshop, article: Element, look: Look, page: Mapping[str, str]) -> list[Section]:
    """Sections in order; blocks that stand directly in the article make a section of their own."""
    made: list[Section] = []
    loose: list[Element] = []
    running = [child for child in article.elements() if "header" in child.classes]
    for child in article.elements():
        if child in running:
            continue
        if not _is_page(child):
            loose.append(child)
            continue
        if loose:
            made.append(_section(shop, article, loose, look, page, running))
            loose = []
        made.append(_own_section(shop, child, look, page, running))
    if loose:
        made.append(_section(shop, article, loose, look, page, running))
    if not made:
        raise article.fail(Problem.EMPTY, "article")
    return made


def _own_section(
    shop: Workshop, element: Element, parent: Look, page: Mapping[str, str], running: list[Element]
) -> Section:
    shop = shop.inside(element.classes) if element.classes else shop
    look, own = shop.look(element, parent)
    children = element.elements()
    heads = [child for child in children if child.tag == "section" and "header" in child.classes]
    blocks = [child for child in children if child not in heads]
    return _section(shop, element, blocks, look, {**page, **own.page}, heads or running)


def _section(
    shop: Workshop,
    place: Element,
    elements: list[Element],
    look: Look,
    page: Mapping[str, str],
    running: list[Element],
) -> Section:
    header = tuple(block for head in running for block in _header(shop, head, look))
    try:
        setup = page_setup(page, header)
    except ValueError as error:
        raise place.fail(Problem.VALUE, str(error)) from error
    title = place.get("data-continued") if place.tag == "section" else None
    return Section(setup, build_blocks(shop, elements, look), continued_title=title)


def _header(shop: Workshop, head: Element, parent: Look) -> list[Paragraph]:
    inherited = shop.styles.look(parent, "header")[0]
    look, _ = shop.look(head, inherited)
    blocks = build_blocks(shop, head.elements(), look)
    paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
    if len(paragraphs) != len(blocks):
        raise head.fail(Problem.NESTING, '<section class="header"> ⊃ <p>')
    return paragraphs


def page_setup(page: Mapping[str, str], header: tuple[Paragraph, ...] = ()) -> PageSetup:
    """Paper and type area from page properties.

    Raises:
        ValueError: one of them cannot be read; the message is `name=value`.
    """
    width, height = _read(page, "paper", "A4", _paper)
    top, right, bottom, left = _read(page, "margin", "25 20 20 25", _margin)
    return PageSetup(
        width=width,
        height=height,
        top=top,
        right=right,
        bottom=bottom,
        left=left,
        numbers=_read(page, "numbers", "none", PageNumbers),
        header=header,
        watermark=page.get("watermark") or None,
        header_top=_read(page, "header_top", "12", millimetres),
        number_gap=_read(page, "number_gap", "7", millimetres),
        number_first_page=switch(page.get("first_number", "yes")),
        grid_lines=_read(page, "grid", "0", int) or None,
    )


def _read(page: Mapping[str, str], name: str, default: str, reader: Callable[[str], T]) -> T:
    value = page.get(name) or default
    try:
        return reader(value)
    except ValueError as error:
        raise Unreadable(name, value) from error


def _paper(text: str) -> tuple[Length, Length]:
    name, _, turn = text.partition(" ")
    if name in PAPERS:
        size = PAPERS[name]
    else:
        width, _, height = name.partition("x")
        size = (int(width), int(height))
    if turn not in ("", "portrait", "landscape"):
        raise ValueError(text)
    across, down = reversed(size) if turn == "landscape" else size
    return Mm(across), Mm(down)


def _margin(text: str) -> tuple[Length, Length, Length, Length]:
    sides = [millimetres(side) for side in text.split()]
    if len(sides) == 1:
        sides *= SIDES
    if len(sides) != SIDES:
        raise ValueError(text)
    top, right, bottom, left = sides
    return top, right, bottom, left
