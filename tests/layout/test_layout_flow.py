"""Random documents: whatever tables and texts are asked for, nothing is lost and nothing leaves the type area."""

from __future__ import annotations

import os
from collections import Counter

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from measuring import glyphs

from generator.layout.tree import (
    Align,
    Cell,
    Document,
    Fit,
    PageNumbers,
    PageSetup,
    Paragraph,
    Row,
    Run,
    Section,
    Space,
    Table,
    TextStyle,
    VAlign,
)
from generator.layout.units import Mm, Pt
from generator.render.pdf import render

STYLE = TextStyle(size=Pt(12))
WIDTH = 160.0
FIRST, LAST = 0x4E00, 0x9F00
EXAMPLES = int(os.environ.get("FLOW_EXAMPLES", "40"))


@st.composite
def paragraphs(draw, most=600):
    """A paragraph of distinct characters, so that each can be found again."""
    start = draw(st.integers(FIRST, LAST - most))
    count = draw(st.integers(0, most) | st.integers(0, 30))
    text = "".join(chr(start + n) for n in range(count))
    return Paragraph(
        (Run(text, STYLE),),
        STYLE,
        align=draw(st.sampled_from(Align)),
        first_indent=Pt(draw(st.sampled_from([0, 24]))),
        before=Pt(draw(st.sampled_from([0, 6]))),
        keep_with_next=draw(st.booleans()),
        keep_together=draw(st.booleans()),
    )


@st.composite
def tables(draw, width=WIDTH, depth=1, most_rows=10):
    """A table with random spans that fill its grid."""
    columns = draw(st.integers(1, 3))
    count = draw(st.integers(1, most_rows))
    taken = [[False] * columns for _ in range(count)]
    rows = []
    for number in range(count):
        cells = []
        for column in range(columns):
            if taken[number][column]:
                continue
            down = draw(st.integers(1, min(3, count - number))) if draw(st.booleans()) else 1
            for below in range(number, number + down):
                taken[below][column] = True
            cells.append(draw(cells_of(width / columns, down, depth)))
        height = draw(st.none() | st.integers(5, 60))
        rows.append(
            Row(
                tuple(cells),
                height=None if height is None else Mm(height),
                exact=draw(st.booleans()),
                splits=draw(st.booleans()),
                fill=draw(st.integers(0, 9)) == 0,
            )
        )
    heads = draw(st.integers(0, 1)) if count > 1 and all(c.rowspan == 1 for c in rows[0].cells) else 0
    if heads:
        rows[0] = Row(tuple(Cell((Paragraph((Run("头", STYLE),), STYLE),)) for _ in rows[0].cells))
    return Table((Mm(width / columns),) * columns, tuple(rows), header_rows=heads)


@st.composite
def cells_of(draw, width, down, depth):
    """A cell with text, sometimes a nested table."""
    blocks = draw(st.lists(paragraphs(most=250), max_size=2))
    if depth and width > 60 and draw(st.integers(0, 4)) == 0:
        blocks.append(draw(tables(width=width - 4, depth=0, most_rows=6)))
    foot = (Paragraph((Run("签", STYLE),), STYLE),) if draw(st.integers(0, 5)) == 0 else ()
    return Cell(
        tuple(blocks),
        foot,
        rowspan=down,
        fit=draw(st.sampled_from(Fit)),
        valign=draw(st.sampled_from(VAlign)),
    )


def texts(node) -> Counter:
    """Every character that the tree holds."""
    found: Counter = Counter()
    for block in node:
        if isinstance(block, Paragraph):
            found.update("".join(inline.text for inline in block.inlines))
        elif isinstance(block, Table):
            for row in block.rows:
                for cell in row.cells:
                    found.update(texts((*cell.blocks, *cell.foot)))
    return found


def said(start, count, **kept):
    """A paragraph of `count` characters, different for each hundred of `start`."""
    return Paragraph((Run("".join(chr(FIRST + start + n) for n in range(count)), STYLE),), STYLE, **kept)


def column(*rows, heads=0, width=WIDTH):
    """A table of one column."""
    return Table((Mm(width),), rows, header_rows=heads)


def row(*blocks, **kept):
    """A row of one cell."""
    return Row((Cell(blocks),), **kept)


HEAD = Paragraph((Run("头", STYLE),), STYLE)
TORN = Table(
    (Mm(75), Mm(75)),
    (
        Row((Cell((said(9000, 9),)), Cell((said(9500, 400),), rowspan=2))),
        Row((Cell((said(9100, 9),)),)),
    ),
)
FOUND = (
    # a part of a table that stays with the next one, which does not fit below it
    [
        column(row(HEAD), row(said(100, 2600, keep_with_next=True), splits=True), heads=1),
        column(row(said(5000, 1), height=Mm(240))),
    ],
    # more lines that stay with a row than fit above it
    [
        said(1300, 1),
        *(said(100 * n, 90, keep_with_next=True) for n in range(12)),
        column(row(said(2000, 1), height=Mm(200))),
    ],
    # a nested table in a row of no height, at the very end of a page
    [
        Space(Mm(252)),
        column(Row((Cell((TORN,), rowspan=2),), splits=True), Row((), height=Mm(56))),
    ],
)


@settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(st.lists(paragraphs() | tables(), min_size=1, max_size=4))
@example(FOUND[0])
@example(FOUND[1])
@example(FOUND[2])
def test_nothing_is_lost_and_nothing_leaves_the_type_area(blocks):
    """Every character is printed as often as the tree has it, inside the type area of some page."""
    setup = PageSetup(top=Mm(25), right=Mm(25), bottom=Mm(20), left=Mm(25), numbers=PageNumbers.NONE)
    document = Document("文", (Section(setup, (*blocks, Space(Mm(3)))),))
    inks = glyphs(render(document).data)
    printed = Counter(ink.text for ink in inks)
    wanted = texts(blocks)
    repeated = set("头签下接附页（）文续")
    assert not wanted - printed
    assert {c: n for c, n in printed.items() if n > wanted[c] and c not in repeated} == {}
    for ink in inks:
        assert ink.top >= 24.9, ink
        assert ink.bottom <= 297 - 20 + 0.1, ink
        assert ink.left >= 24.9, ink
        assert ink.right <= 210 - 25 + 2.2, ink


@settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(tables(), st.integers(10, 28))
def test_small_papers_lose_nothing_either(table, height):
    """Even on a page hardly higher than a row, everything is printed, and the work ends."""
    setup = PageSetup(Mm(210), Mm(40 + height * 3), Mm(20), Mm(25), Mm(20), Mm(25))
    inks = glyphs(render(Document("文", (Section(setup, (table,)),))).data)
    assert not texts([table]) - Counter(ink.text for ink in inks)
