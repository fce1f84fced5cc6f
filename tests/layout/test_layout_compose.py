"""Templates → layout trees: the HTML subset, styles, white space, errors with template and line."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from generator.documents.compose import compose
from generator.documents.compose.engine import BUILT_IN
from generator.documents.compose.errors import (
    MarkupOutside,
    StyleBroken,
    TemplateFailed,
    TemplateMissing,
    TemplateSyntax,
    TemplateUndefined,
)
from generator.layout.tree import (
    Align,
    Blank,
    Fit,
    LineBreak,
    PageBreak,
    PageField,
    PageNumbers,
    Paragraph,
    Picture,
    Pinned,
    Role,
    Rule,
    Run,
    Space,
    Table,
    VAlign,
)


def article(body: str, attributes: str = "") -> str:
    return f'<article data-title="试" {attributes}>\n{body}\n</article>'


def only(document):
    (section,) = document.sections
    (block,) = section.blocks
    return block


def text_of(paragraph: Paragraph) -> str:
    return "".join(inline.text if isinstance(inline, Run) else "|" for inline in paragraph.inlines)


# ── paragraphs and text ─────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("  内蒙古\n   自治区  ", "内蒙古自治区"),
        ("plain  text\nhere", "plain text here"),
        ("一<br>二", "一|二"),
        ("甲&nbsp;乙&#12288;丙 &lt;b&gt;", "甲\u00a0乙\u3000丙 <b>"),
        ('<span class="bold">粗</span>\n细', "粗细"),
        ("A\n<span>B</span>", "A B"),
    ],
)
def test_white_space_is_that_of_html_but_none_beside_chinese(composed, source, text):
    """Runs of spaces collapse; a line break beside a Chinese character is nothing; nbsp and U+3000 stay."""
    assert text_of(only(composed(article(f"<p>{source}</p>")))) == text


def test_records_cannot_inject_markup(composed):
    """A value with markup in it is printed, not obeyed."""
    block = only(composed(article("<p>{{ name }}</p>"), name="<p>张</p>&amp;"))
    assert text_of(block) == "<p>张</p>&amp;"


def test_classes_merge_from_left_to_right(composed):
    """Later classes win; what they do not name stays."""
    block = only(composed(article('<p class="title small left">甲</p>')))
    assert block.style.role is Role.TITLE
    assert block.style.size == pytest.approx(9)
    assert block.align is Align.LEFT


def test_official_articles_follow_the_standard(composed):
    """GB/T 9704: 三号仿宋, two characters indent, 156 × 225 mm, official numbers, 22 lines."""
    document = composed(article("<p>正文</p>", 'class="official"'))
    block, page = only(document), document.sections[0].page
    assert (block.style.role, float(block.style.size)) == (Role.FANG, 16.0)
    assert block.first_indent == pytest.approx(2 * (16 - 0.25))
    assert (page.type_width.mm, page.type_height.mm) == pytest.approx((156, 225))
    assert page.numbers is PageNumbers.OFFICIAL
    assert page.grid_lines == 22


def test_headings_rules_spaces_breaks(composed):
    """Each kind of block has its node."""
    body = (
        "<h2>一、总则</h2><p class='rule' data-width='0.35' data-length='100' data-color='#c00000'></p>"
        "<p class='space' data-height='2em'></p><p class='break'></p>"
    )
    heading, rule, space, page_break = composed(article(body)).sections[0].blocks
    assert (heading.heading, heading.keep_with_next) == (2, True)
    assert isinstance(rule, Rule)
    assert (round(rule.width.mm, 2), round(rule.length.mm), rule.color) == (0.35, 100, "#c00000")
    assert isinstance(space, Space)
    assert space.height == pytest.approx(21)
    assert isinstance(page_break, PageBreak)


@pytest.mark.parametrize(
    ("marker", "texts"),
    [
        ("1.", ["9.甲", "10.乙"]),
        ("（一）", ["（九）甲", "（十）乙"]),
        ("一、", ["九、甲", "十、乙"]),
        ("①", ["⑨甲", "⑩乙"]),
        ("none", ["甲", "乙"]),
    ],
)
def test_lists_number_their_items_and_hang(composed, marker, texts):
    """Markers count from data-start and following lines stand under the text."""
    body = f'<ol data-marker="{marker}" data-start="9"><li>甲</li><li>乙</li></ol>'
    blocks = composed(article(body)).sections[0].blocks
    assert [text_of(block) for block in blocks] == texts
    if marker != "none":
        assert blocks[0].left > 0
        assert blocks[0].first_indent == pytest.approx(-blocks[0].left)


def test_blanks_and_page_fields(composed):
    """Handwriting room has its width; page fields are fields."""
    body = "<p>{{ name or blank(30, rule=True) }}<span class='page'></span></p>"
    _, field = only(composed(article(body), name="")).inlines
    assert isinstance(field, PageField)
    blank = only(composed(article(body), name="")).inlines[0]
    assert isinstance(blank, Blank)
    assert (round(blank.width.mm), blank.rule) == (30, True)


def test_filters_for_records(composed):
    """Dates in Chinese, line breaks, paragraphs."""
    body = '<p>{{ day|date }}{{ nothing|date }}</p><p>{{ words|lines }}</p>{{ words|paragraphs("indent") }}'
    blocks = composed(article(body), day=date(2024, 1, 5), nothing=None, words="甲\n乙").sections[0].blocks
    assert text_of(blocks[0]) == "2024年1月5日"
    assert isinstance(blocks[1].inlines[1], LineBreak)
    assert [text_of(block) for block in blocks[2:]] == ["甲", "乙"]
    assert blocks[2].first_indent > 0


def test_pictures_from_bytes(composed):
    """Bytes become a picture; no bytes, no picture; other files are refused."""
    buffer = BytesIO()
    Image.new("RGB", (2, 3)).save(buffer, "PNG")
    body = '<p><img src="{{ photo|image }}" alt="照片" data-width="25" data-height="35"></p>'
    (picture,) = only(composed(article(body), photo=buffer.getvalue())).inlines
    assert isinstance(picture, Picture)
    assert picture.data == buffer.getvalue()
    assert only(composed(article(body), photo=None)).inlines == ()
    with pytest.raises(MarkupOutside):
        composed(article(body), photo=b"GIF89a")


# ── tables, pages ───────────────────────────────────────────────────────────────────────────────────────────────────
def test_tables_carry_their_geometry(composed):
    """Columns, heights, spans, fit, padding, borders, foot."""
    body = """<table data-columns="10 20 30" data-label="表">
      <tr data-head><td>甲</td><td colspan="2" class="label">乙</td></tr>
      <tr data-height="14.6" data-exact><td rowspan="2" data-vertical>丙</td>
        <td data-fit="shrink" data-min-size="9pt" data-padding="0.5" data-border="none">丁</td>
        <td data-fit="continue" data-continued="续" data-border="1pt 0.5pt none none" class="top">戊
          <p class="foot">签名</p></td></tr>
      <tr data-fill data-splits><td></td><td>己</td></tr>
    </table>"""
    table = only(composed(article(body)))
    assert isinstance(table, Table)
    assert [round(column.mm) for column in table.columns] == [10, 20, 30]
    assert (table.header_rows, table.description) == (1, "表")
    second, third = table.rows[1:]
    assert (round(second.height.mm, 1), second.exact, third.fill, third.splits) == (14.6, True, True, True)
    vertical, shrinking, going_on = second.cells
    assert (vertical.vertical, vertical.rowspan) == (True, 2)
    assert (shrinking.fit, float(shrinking.min_size), shrinking.borders.top.width) == (Fit.SHRINK, 9.0, 0)
    assert (going_on.fit, going_on.continued_title, going_on.valign) == (Fit.CONTINUE, "续", VAlign.TOP)
    assert [float(side.width) for side in (going_on.borders.top, going_on.borders.left)] == [1.0, 0.0]
    assert text_of(going_on.foot[0]) == "签名"
    assert third.cells[0].blocks == ()


def test_sections_have_their_own_paper(composed):
    """A section overrides the article's page; loose blocks make a section of their own."""
    body = """<p>首</p><section data-paper="A3 landscape" data-continued="附"><p>次</p></section>"""
    first, second = composed(article(body, 'data-margin="10"')).sections
    assert (first.page.paper, second.page.paper) == ("A4", "A3")
    assert (round(second.page.width.mm), round(second.page.left.mm)) == (420, 10)
    assert second.continued_title == "附"


def test_headers_and_pinned_blocks(composed):
    """Running headers belong to the page; pinned blocks keep their place."""
    body = """<section class="header"><p>内部</p></section><p>甲</p>
    <section class="pinned" data-bottom="35" data-last><p class="imprint">版记</p></section>"""
    (section,) = composed(article(body)).sections
    assert text_of(section.page.header[0]) == "内部"
    pinned = section.blocks[1]
    assert isinstance(pinned, Pinned)
    assert (round(pinned.bottom.mm), pinned.last_page) == (35, True)


def test_document_metadata(composed):
    """Title, identifier, author, audience and keywords come from the root."""
    document = composed(
        article("<p>甲</p>", 'data-id="A102" data-audience="confidential" data-keywords="一 二"')
    )
    assert (document.title, document.document_id, document.audience) == ("试", "A102", "confidential")
    assert document.keywords == ("一", "二")


def test_the_home_folder_stands_before_the_built_in_templates_and_styles(tmp_path):
    """A template of the same name replaces the built-in one; styles.toml is laid over."""
    (tmp_path / "A102.html").write_text(article('<p class="mine title">甲</p>'), "utf-8")
    (tmp_path / "styles.toml").write_text('[mine]\nsize = "20pt"\n[title]\nsize = "30pt"\n', "utf-8")
    block = only(compose("A102", {}, folders=[tmp_path]))
    assert (float(block.style.size), block.style.role) == (30.0, Role.TITLE)


# ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<div>甲</div>", "unknown_element"),
        ("<script>1</script>", "unknown_element"),
        ('<p onclick="1">甲</p>', "unknown_attribute"),
        ('<p style="color:red">甲</p>', "unknown_attribute"),
        ("<p class=>甲</p>", "attribute_syntax"),
        ('<p class="nosuch">甲</p>', "unknown_class"),
        ("甲", "text_here"),
        ("<p>甲", "wrong_close"),
        ("<p>甲</h1>", "wrong_close"),
        ("<p>1 < 2</p>", "stray"),
        ("<p><table></table></p>", "nesting"),
        ("<section><section><p>甲</p></section></section>", "nesting"),
        ("<table><tr><td>甲</td></tr></table>", "needs_attribute"),
        ('<table data-columns="10"></table>', "empty"),
        ('<table data-columns="10 20"><tr><td>甲</td></tr></table>', "grid"),
        ('<table data-columns="10"><tr><td rowspan="2">甲</td></tr></table>', "grid"),
        ('<table data-columns="10"><tr><td>甲</td></tr><tr data-head><td>乙</td></tr></table>', "head_rows"),
        ('<table data-columns="十"><tr><td>甲</td></tr></table>', "value"),
        ('<p data-align="middle">甲</p>', "value"),
        ('<p data-size="巨号">甲</p>', "value"),
        ('<p><span class="blank"></span></p>', "needs_attribute"),
        ('<p><img src="x.png" data-width="1" data-height="1"></p>', "needs_attribute"),
        ('<p><img src="../x.png" alt="" data-width="1" data-height="1"></p>', "image_missing"),
        ('<section class="pinned"><p>甲</p></section>', "pinned_place"),
        ('<ol data-marker="a."><li>甲</li></ol>', "value"),
    ],
)
def test_whatever_leaves_the_subset_is_refused_with_template_and_line(composed, body, problem):
    """The error names problem, template and line of the template (not of its output)."""
    loop = "{% for number in range(7) %}\n<p>{{ number }}</p>\n{% endfor %}\n"
    with pytest.raises(MarkupOutside) as caught:
        composed(article(loop + body))
    assert caught.value.data["problem"] == problem
    assert caught.value.data["template"] == "sample.html"
    # an element that is never closed is noticed at the end tag that does not match it
    assert caught.value.data["line"] == (6 if body == "<p>甲" else 5)
    assert "sample.html" in caught.value.diagnostics()
    assert "sample.html" in caught.value.diagnostics("en")


def test_an_included_template_is_named_in_the_error(tmp_path):
    """Line and name are those of the part, not of the whole."""
    (tmp_path / "whole.html").write_text(article('{% include "part.html" %}'), "utf-8")
    (tmp_path / "part.html").write_text("<p>甲</p>\n<div></div>\n", "utf-8")
    with pytest.raises(MarkupOutside) as caught:
        compose("whole", {}, folders=[tmp_path])
    assert (caught.value.data["template"], caught.value.data["line"]) == ("part.html", 2)


def test_undefined_names_failed_expressions_and_syntax_have_their_errors(composed):
    """Each names template and line."""
    cases = [
        ("\n<p>{{ nobody }}</p>", TemplateUndefined, 3),
        ("\n\n<p>{{ 1 / 0 }}</p>", TemplateFailed, 4),
        ("<p>{% if %}</p>", TemplateSyntax, 2),
    ]
    for body, expected, line in cases:
        with pytest.raises(expected) as caught:
            composed(article(body))
        assert caught.value.data["line"] == line


def test_templates_cannot_reach_python(composed):
    """The sandbox refuses the ways out, and files outside the folders."""
    for trick in ("{{ ''.__class__.__mro__ }}", "{{ {}.update(a=1) }}", "{% include '/etc/passwd' %}"):
        with pytest.raises((TemplateFailed, TemplateUndefined, TemplateMissing)):
            composed(article(f"<p>{trick}</p>"))


def test_a_missing_template_and_a_broken_style_sheet(tmp_path):
    """Both say which file."""
    with pytest.raises(TemplateMissing):
        compose("no-such-document", {})
    (tmp_path / "a.html").write_text(article("<p>甲</p>"), "utf-8")
    (tmp_path / "styles.toml").write_text('[mine]\nfont = "x"\n', "utf-8")
    with pytest.raises(StyleBroken) as caught:
        compose("a", {}, folders=[tmp_path])
    assert "font" in caught.value.data["detail"]


def test_the_example_of_the_documentation_works(tmp_path):
    """The worked example in docs/templates.md composes."""
    guide = (BUILT_IN.parent.parent / "docs" / "templates.md").read_text("utf-8")
    example = guide.split("```html\n")[1].split("```")[0]
    (tmp_path / "example.html").write_text(example, "utf-8")
    person = {"name": "阿拉腾·乌拉", "employer": "某校"}
    document = compose(
        "example", {"person": person, "summary": "甲\n乙", "opinion": None}, folders=[tmp_path]
    )
    assert document.title == "考核登记表"


def test_every_class_that_the_documentation_names_exists():
    """The guide's list of classes and the style sheet agree."""
    from generator.documents.compose.styles import StyleSheet

    guide = (BUILT_IN.parent.parent / "docs" / "templates.md").read_text("utf-8")
    listed = guide.split("Article classes:")[1].split("## What Jinja")[0]
    sheet = StyleSheet([BUILT_IN / "styles.toml"])
    names = [word for word in listed.split("`")[1::2] if not word.startswith("data-")]
    assert len(names) > 30
    assert [name for name in names if not sheet.knows(name)] == []
