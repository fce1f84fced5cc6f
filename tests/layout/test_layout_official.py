"""GB/T 9704-2012 measured on the finished PDF (5.2: type area, lines, characters)."""

from __future__ import annotations

import itertools

import pytest
from measuring import glyphs, rows_of, strokes

from generator.render.pdf import render

TEMPLATE = """<article class="official" data-title="通知">
<p class="no-indent">{{ body }}</p>
</article>"""
HEAD = """<article class="official" data-title="通知">
<section class="pinned" data-top="72"><p class="organ-mark">内蒙古自治区某某厅文件</p></section>
<p class="rule" data-width="0.5" data-color="#e60012"></p>
<h2>一、总体要求</h2><h3>（一）目标</h3><p>正文正文。</p>
</article>"""
MM = 25.4 / 72


def body_glyphs(composed, text):
    return glyphs(render(composed(TEMPLATE, body=text)).data)


def test_a_page_has_22_lines_of_28_characters_that_fill_the_type_area(composed):
    """5.2.3: 每面排22行，每行排28个字，并撑满版心; 5.2.1: 天头37±1 mm，订口28±1 mm，版心156×225 mm."""
    inks = body_glyphs(composed, "国" * (28 * 22 + 5))
    lines = [line for line in rows_of(inks, 0) if line[0].text == "国"]
    assert [len(line) for line in lines] == [28] * 22
    assert len([ink for ink in inks if ink.page == 1 and ink.text == "国"]) == 5
    assert lines[0][0].left == pytest.approx(28, abs=1)
    assert lines[0][-1].right == pytest.approx(28 + 156, abs=1)
    assert lines[0][0].top == pytest.approx(37, abs=1)
    assert lines[-1][0].bottom == pytest.approx(37 + 225, abs=1)
    pitches = [below[0].top - above[0].top for above, below in itertools.pairwise(lines)]
    assert pitches == pytest.approx([pitches[0]] * 21, abs=0.05)
    assert pitches[0] == pytest.approx(225 / 22, abs=0.3)


def test_characters_are_of_size_three(composed):
    """5.2.2: 3号, 16 pt: the ink of a full character is a little under 5.64 mm."""
    inks = [ink for ink in body_glyphs(composed, "国" * 28) if ink.text == "国"]
    assert len(inks) == 28
    assert 4.6 < inks[0].bottom - inks[0].top < 5.7


def test_closing_punctuation_never_starts_a_line(composed):
    """Lines of an official text begin with a character, whatever the punctuation."""
    text = "为深入贯彻落实，根据《办法》（试行），现就有关事项通知如下：" * 40
    inks = body_glyphs(composed, text)
    for page in {ink.page for ink in inks}:
        for line in rows_of(inks, page):
            assert line[0].text not in "，。、：；）》”"


def test_the_mark_of_the_issuing_organ_is_72_mm_below_the_edge(composed):
    """7.2.4: 上边缘至版心上边缘35 mm; red; centred."""
    inks = [ink for ink in glyphs(render(composed(HEAD)).data) if ink.text in "内蒙古自治区某某厅文件"]
    mark = [ink for ink in inks if ink.bottom - ink.top > 8]
    assert min(ink.top for ink in mark) == pytest.approx(72, abs=1)
    middle = (min(ink.left for ink in mark) + max(ink.right for ink in mark)) / 2
    assert middle == pytest.approx(28 + 78, abs=1)


def test_the_red_line_is_as_wide_as_the_type_area(composed):
    """7.2.7: 与版心等宽."""
    (rule,) = strokes(render(composed(HEAD)).data)
    assert rule.right - rule.left == pytest.approx(156, abs=0.5)
    assert rule.left == pytest.approx(28, abs=0.5)


def test_headings_are_indented_by_two_characters(composed):
    """7.3.3: 左空二字."""
    inks = glyphs(render(composed(HEAD)).data)
    for character in "一正":
        first = next(ink for ink in inks if ink.text == character)
        assert first.left == pytest.approx(28 + 2 * 15.8 * MM, abs=1)
