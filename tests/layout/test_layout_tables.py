"""Tables on paper: geometry, overflow, page breaks, continuation pages. Measured on the finished PDF."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from measuring import glyphs, rows_of, strokes, text_of

from generator.layout.tree import (
    Align,
    Cell,
    Document,
    Fit,
    PageSetup,
    Paragraph,
    Row,
    Run,
    Section,
    Table,
    TextStyle,
    VAlign,
)
from generator.layout.units import Mm, Pt
from generator.render.pdf import render

STYLE = TextStyle(size=Pt(10.5))
LEFT, TOP = 25.0, 25.0
TEXTS = st.text(
    st.sampled_from(
        "申报人符合申报条件，同意推荐。（公章）《办法》“甲”、；：——……㛃𬱖𪚥·abcXYZ 0123456789.-/@"
    ),
    max_size=260,
)


def paragraph(text: str, **changes) -> Paragraph:
    return Paragraph((Run(text, STYLE),), STYLE, **changes)


def cell(text: str, **changes) -> Cell:
    return Cell(tuple(paragraph(line) for line in text.split("\n")) if text else (), **changes)


def document(*blocks, page: PageSetup | None = None, continued: str | None = None) -> Document:
    return Document("表", (Section(page or PageSetup(), tuple(blocks), continued),))


def squeeze(text: str) -> str:
    return "".join(text.split())


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(TEXTS, min_size=6, max_size=6),
    st.sampled_from(list(Fit)),
    st.sampled_from(list(VAlign)),
    st.sampled_from(list(Align)),
    st.integers(8, 60),
)
def test_whatever_is_in_a_cell_stays_in_it_and_nothing_is_lost(texts, fit, valign, align, width):
    """Random text in a row of three fixed cells: every character comes out, no ink leaves its column."""
    columns = (width, 40.0, 165.0 - 40.0 - width)
    rows = tuple(
        Row(
            tuple(
                Cell((paragraph(text, align=align),), fit=fit, valign=valign)
                for text in texts[start : start + 3]
            ),
            height=Mm(14),
            exact=True,
        )
        for start in (0, 3)
    )
    data = render(document(Table(tuple(Mm(column) for column in columns), rows))).data
    inks = glyphs(data)
    printed = Counter(ink.text for ink in inks)
    assert not Counter(squeeze("".join(texts))) - printed
    edges = [LEFT, LEFT + columns[0], LEFT + columns[0] + columns[1], LEFT + 165.0]
    own = [Counter(squeeze(texts[n] + texts[n + 3])) for n in range(3)]
    verticals = [line for line in strokes(data) if line.right - line.left < 1]
    for ink in inks:
        if not any(
            line.page == ink.page and line.left < edges[1] + 0.5 < line.right + 1 for line in verticals
        ):
            continue  # continuation pages have their own frame
        column = next(n for n in range(3) if ink.right <= edges[n + 1] + 0.05)
        assert ink.left >= edges[column] - 0.05, (ink, edges)
        assert ink.text in own[column] or fit is Fit.CONTINUE


@settings(deadline=None, max_examples=40)
@given(TEXTS, TEXTS, st.sampled_from([Fit.GROW, Fit.SHRINK]), st.booleans())
def test_rows_never_overlap_whatever_their_content(first, second, fit, exact):
    """Ink of a row lies between the row's lines, whatever the height asked for."""
    row = {"height": Mm(9), "exact": exact}
    table = Table(
        (Mm(40),),
        (Row((cell(first, fit=fit),), **row), Row((cell(second, fit=fit),), **row)),
        align=Align.LEFT,
    )
    data = render(document(table)).data
    levels = sorted({round(line.top, 1) for line in strokes(data) if line.right - line.left > 30})
    tops = [level for n, level in enumerate(levels) if n == 0 or level - levels[n - 1] > 0.3]
    assert len(tops) == 3
    for ink in glyphs(data):
        above = [text for text in (first, second) if ink.text in text]
        assert above
        assert tops[0] - 0.1 <= ink.top
        assert ink.bottom <= tops[2] + 0.1
        assert not ink.top < tops[1] - 0.1 < tops[1] + 0.3 < ink.bottom


def test_exact_heights_and_columns_are_met_within_a_tenth_of_a_millimetre():
    """The lines of a table stand where the geometry says."""
    heights, columns = (14.6, 13.5, 13.9), (9.5, 25.0, 10.0, 12.5)
    rows = tuple(Row(tuple(cell("字") for _ in columns), height=Mm(height), exact=True) for height in heights)
    data = render(document(Table(tuple(Mm(c) for c in columns), rows, align=Align.LEFT))).data
    lines = strokes(data)
    level = [TOP, TOP + 14.6, TOP + 28.1, TOP + 42.0]
    upright = [LEFT, LEFT + 9.5, LEFT + 34.5, LEFT + 44.5, LEFT + 57.0]
    for wanted in level:
        assert any(
            abs((line.top + line.bottom) / 2 - wanted) < 0.1 and line.right - line.left > 56 for line in lines
        )
    for wanted in upright:
        assert any(
            abs((line.left + line.right) / 2 - wanted) < 0.1 and line.bottom - line.top > 41 for line in lines
        )


def test_a_shrinking_cell_goes_down_in_half_points_but_not_below_its_least_size():
    """Long text in a low cell is set smaller; far too long text makes the row higher at 8 pt."""
    row = Row((cell("内" * 40, fit=Fit.SHRINK),), height=Mm(9), exact=True)
    small = glyphs(render(document(Table((Mm(60),), (row,)))).data)
    height = max(ink.bottom - ink.top for ink in small)
    assert 2.3 < height < 3.0  # between 8 and 10 points
    row = Row((cell("内" * 400, fit=Fit.SHRINK),), height=Mm(9), exact=True)
    least = glyphs(render(document(Table((Mm(60),), (row,)))).data)
    assert len(least) == 400
    assert max(ink.bottom - ink.top for ink in least) == pytest.approx(8 * 0.93 * 25.4 / 72, abs=0.2)


def test_table_heads_are_repeated_on_every_page():
    """Two head rows stand above the rows of each page."""
    head = (Row((cell("序号"), cell("姓名"))), Row((cell("一"), cell("二"))))
    rows = tuple(Row((cell(str(n)), cell(f"第{n}人"))) for n in range(150))
    rendered = render(document(Table((Mm(20), Mm(60)), head + rows, header_rows=2)))
    inks = glyphs(rendered.data)
    assert rendered.pages > 2
    for page in range(rendered.pages):
        lines = rows_of(inks, page)
        assert "".join(ink.text for ink in lines[0]) == "序号姓名"
        assert "".join(ink.text for ink in lines[1]) == "一二"
    assert text_of(rendered.data).count("人") == 150


def test_a_row_longer_than_a_page_is_broken_over_pages_with_its_vertical_label():
    """A splitting row fills the pages; nothing is lost; the label stands on each."""
    text = "".join(chr(0x4E00 + n) for n in range(6000))
    rows = (Row((cell("业绩", vertical=True), cell(text, valign=VAlign.TOP)), splits=True),)
    rendered = render(document(Table((Mm(10), Mm(150)), rows)))
    found = text_of(rendered.data)
    assert rendered.pages == 3
    assert found.count("绩") == rendered.pages
    assert not Counter(text) - Counter(found)
    assert found.count(text[1000]) == 1


def test_a_row_that_may_not_split_moves_to_the_next_page_as_a_whole():
    """Rows keep together where they fit a page."""
    rows = tuple(Row((cell("\n".join(f"{n}行" for _ in range(12))),)) for n in range(8))
    inks = glyphs(render(document(Table((Mm(60),), rows))).data)
    for number in range(8):
        assert len({ink.page for ink in inks if ink.text == str(number)}) == 1


def test_what_a_fixed_cell_cannot_hold_continues_on_annex_pages_under_its_head():
    """附页: the cell says where it goes on; head, repeated; every character printed exactly once."""
    text = "".join(chr(0x4E00 + n) for n in range(5200))
    long = cell(text, fit=Fit.CONTINUE, valign=VAlign.TOP, continued_title="主要业绩")
    table = Table((Mm(150),), (Row((cell("栏目"),)), Row((long,), height=Mm(60), exact=True)))
    rendered = render(document(table, continued="评审表"))
    inks = glyphs(rendered.data)
    assert rendered.annexes == 3
    assert rendered.pages == 4
    first = "".join(ink.text for ink in inks if ink.page == 0)
    assert first.endswith("（下接附页）")
    for page in range(1, 4):
        assert "主要业绩（续）" in "".join(ink.text for ink in inks if ink.page == page)
    assert "评审表（附页）" in "".join(ink.text for ink in inks if ink.page == 1)
    counts = Counter(ink.text for ink in inks)
    once = [c for c in text if c not in "主要业绩续评审表附页下接栏目"]
    assert all(counts[c] == 1 for c in once)
    bottom = max(line.bottom for line in strokes(rendered.data) if line.page == 0)
    assert bottom == pytest.approx(max(line.top for line in strokes(rendered.data) if line.page == 0), abs=1)


def test_a_nested_table_continues_with_its_head():
    """Rows of a table inside a cell that do not fit go on under the same head."""
    inner = Table(
        (Mm(40), Mm(60)),
        (
            Row((cell("时间"), cell("名称"))),
            *(Row((cell(f"20{n}"), cell(f"成果{n}"))) for n in range(10, 60)),
        ),
        header_rows=1,
        align=Align.LEFT,
    )
    outer = Cell((inner,), fit=Fit.CONTINUE, valign=VAlign.TOP, padding=Mm(0))
    table = Table((Mm(110),), (Row((outer,), height=Mm(80), exact=True),))
    rendered = render(document(table))
    inks = glyphs(rendered.data)
    found = text_of(rendered.data)
    assert rendered.annexes >= 1
    assert all(f"成果{n}" in found for n in range(10, 60))
    assert found.count("成果") == 50
    for page in range(rendered.pages):
        assert "时间名称" in "".join(ink.text for ink in inks if ink.page == page)


def test_a_filling_row_takes_what_is_left_of_the_page_but_leaves_room_for_what_follows():
    """The table ends where the following paragraph still fits at the page's foot."""
    rows = (Row((cell("甲"),), height=Mm(20)), Row((cell("乙"),), height=Mm(20), fill=True))
    data = render(document(Table((Mm(100),), rows), paragraph("落款"))).data
    bottom = max(line.bottom for line in strokes(data))
    last = max(ink.bottom for ink in glyphs(data))
    assert len({ink.page for ink in glyphs(data)}) == 1
    assert 297 - 20 - 1.5 < last < 297 - 20
    assert bottom < last - 3


def test_the_foot_of_a_cell_stands_at_its_lower_edge():
    """Signatures are at the bottom, however short the content."""
    one = Cell((paragraph("意见"),), foot=(paragraph("签名", align=Align.RIGHT),), valign=VAlign.TOP)
    data = render(
        document(Table((Mm(100),), (Row((one,), height=Mm(80), exact=True),), align=Align.LEFT))
    ).data
    opinion, signature = rows_of(glyphs(data), 0)
    assert opinion[0].top == pytest.approx(TOP + 2, abs=1)
    assert signature[-1].bottom == pytest.approx(TOP + 80 - 2, abs=1)
    assert signature[-1].right == pytest.approx(LEFT + 100 - 1, abs=0.5)


def test_vertical_labels_stand_one_character_below_the_other():
    """竖排: same middle, top to bottom, inside the cell; brackets are turned, not replaced."""
    label = cell("申报（主要）经历", vertical=True)
    data = render(
        document(Table((Mm(9.5),), (Row((label,), height=Mm(60), exact=True),), align=Align.LEFT))
    ).data
    inks = glyphs(data)
    assert "".join(ink.text for ink in inks) == "申报（主要）经历"
    middles = [(ink.left + ink.right) / 2 for ink in inks if ink.text not in "（）"]
    assert max(middles) - min(middles) < 0.5
    assert all(LEFT <= ink.left <= ink.right <= LEFT + 9.5 for ink in inks)
    assert [ink.top for ink in inks] == sorted(ink.top for ink in inks)


def test_spanning_cells_broken_by_a_page_keep_their_content_and_borders():
    """Rows joined by a spanning label, longer than a page: all rows appear, the label on both parts."""
    label = Cell((paragraph("成果"),), vertical=True, rowspan=80)
    rows = [
        Row((label, cell("第0项")), height=Mm(6)),
        *(Row((cell(f"第{n}项"),), height=Mm(6)) for n in range(1, 80)),
    ]
    rendered = render(document(Table((Mm(10), Mm(100)), tuple(rows))))
    found = text_of(rendered.data)
    assert rendered.pages == 2
    assert all(f"第{n}项" in found for n in range(80))
    assert found.count("成") == 2
