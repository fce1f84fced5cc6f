"""Word files: real styles, exact tables, fields, page setups."""

import re
from io import BytesIO
from zipfile import ZipFile

import docx
import office_trees as trees
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office_opened import Opened, W

from generator.layout.tree import (
    Align,
    Document,
    Fit,
    PageBreak,
    PageSetup,
    Paragraph,
    Picture,
    Row,
    Run,
    Section,
    Table,
)
from generator.layout.units import Mm, Pt
from generator.render.docx import render
from generator.render.docx.errors import PictureUnreadable, TextNotWritable

PROPERTY_ORDER = [
    "pStyle",
    "keepNext",
    "keepLines",
    "pageBreakBefore",
    "framePr",
    "widowControl",
    "pBdr",
    "overflowPunct",
    "autoSpaceDE",
    "autoSpaceDN",
    "adjustRightInd",
    "snapToGrid",
    "spacing",
    "ind",
    "jc",
    "outlineLvl",
    "rPr",
    "sectPr",
]
RUN_ORDER = ["rFonts", "b", "bCs", "snapToGrid", "color", "spacing", "sz", "szCs", "u"]
CELL_ORDER = ["tcW", "gridSpan", "vMerge", "tcBorders", "tcMar", "textDirection", "vAlign"]
SECTION_ORDER = ["headerReference", "footerReference", "type", "pgSz", "pgMar", "titlePg", "docGrid"]


def texts(opened: Opened) -> str:
    """All text of the body without white space."""
    return "".join("".join(t.itertext()) for t in opened.all(".//w:t")).replace("　", "")


def test_same_document_gives_same_bytes() -> None:
    """Rendering is reproducible: two runs agree to the byte."""
    assert render(trees.form()) == render(trees.form())


def test_headings_and_named_paragraphs_use_word_styles(official: Opened) -> None:
    """A heading is Word's own 标题 1 with an outline level, and a named paragraph its own style."""
    heading = next(p for p in official.document.paragraphs if p.text.startswith("关于报送"))
    assert heading.style.name == "Heading 1"
    assert heading.style.element.pPr.find(f"{W}outlineLvl").get(f"{W}val") == "0"
    named = Opened(trees.document(trees.para("抄送", style_name="抄送机关")))
    assert named.document.paragraphs[0].style.name == "抄送机关"


@pytest.mark.parametrize(
    ("style", "font"),
    [
        (trees.FANG, "仿宋_GB2312"), (trees.SONG, "宋体"), (trees.HEI, "黑体"), (trees.TITLE, "方正小标宋简体"),
    ],
)  # fmt: skip
def test_east_asian_fonts_have_their_official_names(style: object, font: str) -> None:
    """Each role is set with `w:eastAsia`, on the run or on its style."""
    opened = Opened(trees.document(trees.para("正文"), trees.para("字", style)))  # type: ignore[arg-type]
    paragraph = opened.document.paragraphs[1]
    own = paragraph.runs[0]._r.find(f"{W}rPr/{W}rFonts")
    fonts = own if own is not None else paragraph.style.element.rPr.find(f"{W}rFonts")
    assert fonts.get(f"{W}eastAsia") == font


def test_quotes_and_dashes_are_marked_east_asian(official: Opened) -> None:
    """Characters that Word would take from the Latin font carry w:hint."""
    runs = [run for run in official.all(".//w:r") if "——" in "".join(run.itertext())]
    assert runs
    assert all(run.find(f"{W}rPr/{W}rFonts").get(f"{W}hint") == "eastAsia" for run in runs)


def test_rare_characters_keep_their_text_and_get_the_extension_font(form: Opened) -> None:
    """Characters beyond U+FFFF stand in runs of SimSun-ExtB, and the cell's text is unbroken."""
    assert f"{trees.RARE}·巴特尔" in form.document.tables[0].cell(0, 2).text
    rare = [run for run in form.all(".//w:r") if "𬱖" in "".join(run.itertext())]
    assert [run.find(f"{W}rPr/{W}rFonts").get(f"{W}eastAsia") for run in rare] == ["SimSun-ExtB"]


def test_official_page_has_the_grid_of_the_standard(official: Opened) -> None:
    """22 × 28 grid, type area 156 × 225 mm, lines of 28.95 pt that fit 22 times, two characters of first indent."""
    (section,) = official.all(".//w:sectPr")
    grid = section.find(f"{W}docGrid")
    assert (grid.get(f"{W}type"), grid.get(f"{W}linePitch")) == ("linesAndChars", "579")
    assert 16 + int(grid.get(f"{W}charSpace")) / 4096 == pytest.approx(442.2 / 28, abs=0.01)
    page = official.document.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    assert (round(page.top_margin.mm), round(page.left_margin.mm)) == (37, 28)
    body = next(p for p in official.document.paragraphs if p.text.startswith("评审会议"))
    spacing = body._p.pPr.find(f"{W}spacing")
    assert spacing is None or int(spacing.get(f"{W}line")) * 22 <= 12756
    indent = (body._p.pPr.find(f"{W}ind"), body.style.element.pPr.find(f"{W}ind"))
    assert next(i for i in indent if i is not None).get(f"{W}firstLineChars") == "200"


def test_official_page_numbers_are_fields_on_odd_and_even_pages(official: Opened) -> None:
    """Odd pages right, even pages left, one character in, with dashes and a PAGE field."""
    section = official.document.sections[0]
    assert official.document.settings.odd_and_even_pages_header_footer
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    for footer, side in ((odd, "right"), (even, "left")):
        assert footer.text == "— 1 —" or "— " in footer.text
        assert footer._p.find(f"{W}fldSimple").get(f"{W}instr").strip() == "PAGE"
        assert _effective(footer, "ind").get(f"{W}{side}") == "280"
    assert _effective(odd, "jc").get(f"{W}val") == "right"
    assert _effective(even, "jc").get(f"{W}val") == "left"


def _effective(paragraph: docx.text.paragraph.Paragraph, tag: str) -> object:
    own = paragraph._p.pPr.find(W + tag) if paragraph._p.pPr is not None else None
    return own if own is not None else paragraph.style.element.pPr.find(W + tag)


def test_pinned_head_stands_in_the_flow_and_the_imprint_at_the_foot(official: Opened) -> None:
    """The mark becomes a paragraph after exactly 35 mm of room; the 版记 a table tied to the type area's foot."""
    paragraphs = official.document.paragraphs
    mark = next(index for index, p in enumerate(paragraphs) if p.text.endswith("文件"))
    room = _effective(paragraphs[mark - 1], "spacing")
    assert int(room.get(f"{W}line")) / 20 / 72 * 25.4 == pytest.approx(35, abs=0.1)
    position = official.all(".//w:tblpPr")[-1]
    assert (position.get(f"{W}vertAnchor"), position.get(f"{W}tblpYSpec")) == ("margin", "bottom")
    assert not official.all(".//w:txbxContent")


def test_letter_head_and_foot_lines_stand_in_the_first_page_only() -> None:
    """What lies above the type area is in the first page's header, the lower line in its footer, no number there."""
    opened = Opened(trees.letter())
    section = opened.document.sections[0]
    assert section.different_first_page_header_footer
    assert section.first_page_header.paragraphs[0].text == "内蒙古自治区测试厅"
    assert round(section.header_distance.mm) == 30
    assert section.first_page_footer._element.findall(f".//{W}fldSimple") == []
    assert round(section.footer_distance.mm) == 20
    assert section.footer._element.findall(f".//{W}fldSimple")


def test_table_widths_and_merges_are_exact(form: Opened) -> None:
    """Grid columns add up to the table's width, spans are gridSpan and vMerge, the layout is fixed."""
    table = form.document.tables[0]._tbl
    columns = [int(column.get(f"{W}w")) for column in table.tblGrid]
    assert sum(columns) == int(table.tblPr.find(f"{W}tblW").get(f"{W}w")) == Mm(165.5).twip
    assert table.tblPr.find(f"{W}tblLayout").get(f"{W}type") == "fixed"
    assert len(form.document.tables[0].rows) == 6, "the row with a signature is two rows in Word"
    for row in form.document.tables[0].rows:
        widths = [int(cell.tcPr.find(f"{W}tcW").get(f"{W}w")) for cell in row._tr.tc_lst]
        assert sum(widths) == sum(columns)
    assert form.document.tables[0].cell(0, 5).text == form.document.tables[0].cell(2, 5).text


def test_heads_repeat_and_rows_stay_whole(form: Opened) -> None:
    """The head row is marked to repeat, and no row breaks over pages unless it may."""
    rows = form.document.tables[1].rows
    assert rows[0]._tr.trPr.find(f"{W}tblHeader") is not None
    assert all(row._tr.trPr.find(f"{W}cantSplit") is not None for row in rows)


def test_signature_stands_at_the_foot_of_its_cell(form: Opened) -> None:
    """The cell with a foot is two cells without a line between, the lower one bottom-aligned."""
    body, foot = form.document.tables[0].rows[3]._tr.tc_lst[1], form.document.tables[0].rows[4]._tr.tc_lst[1]
    assert body.tcPr.find(f"{W}tcBorders/{W}bottom").get(f"{W}val") == "nil"
    assert foot.tcPr.find(f"{W}tcBorders/{W}top").get(f"{W}val") == "nil"
    assert foot.tcPr.find(f"{W}vAlign").get(f"{W}val") == "bottom"


def test_text_that_must_shrink_fits_an_exact_row(form: Opened) -> None:
    """A SHRINK cell's sizes go down to fit, never below its least size, and the row stays exact."""
    row = form.document.tables[0].rows[2]._tr
    assert row.trPr.find(f"{W}trHeight").get(f"{W}hRule") == "exact"
    sizes = [int(size.get(f"{W}val")) / 2 for size in row.tc_lst[1].iter(f"{W}sz")]
    assert sizes
    assert all(8 <= size < 10.5 for size in sizes)


def test_text_that_does_not_fit_makes_the_row_grow() -> None:
    """An exact row whose text cannot fit is written as a least height: nothing is cut."""
    row = Row((trees.cell("很长的文字" * 40),), Mm(8), exact=True)
    opened = Opened(trees.document(Table((Mm(30),), (row,))))
    assert opened.document.tables[0].rows[0]._tr.trPr.find(f"{W}trHeight").get(f"{W}hRule") == "atLeast"


def test_vertical_labels_are_set_vertically(form: Opened) -> None:
    """竖排 labels have a text direction."""
    assert (
        form.document.tables[0].rows[0]._tr.tc_lst[0].tcPr.find(f"{W}textDirection").get(f"{W}val") == "tbRlV"
    )


def test_a3_sheet_has_its_paper_and_orientation(sheet_a3: Opened) -> None:
    """The sheet is A3 on its side with all rows exact."""
    section = sheet_a3.document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (420, 297)
    assert section.orientation == docx.enum.section.WD_ORIENT.LANDSCAPE
    rules = {height.get(f"{W}hRule") for height in sheet_a3.all(".//w:trHeight")}
    assert rules == {"exact"}


def test_page_break_is_a_property_and_not_an_empty_paragraph() -> None:
    """The paragraph after a break starts a page itself."""
    opened = Opened(trees.document(trees.para("一"), PageBreak(), trees.para("二")))
    assert [p.text for p in opened.document.paragraphs] == ["一", "二"]
    assert opened.document.paragraphs[1]._p.pPr.find(f"{W}pageBreakBefore") is not None


def test_neighbouring_tables_stay_apart_and_a_paragraph_ends_the_body() -> None:
    """Word would join two tables in a row, and demands a paragraph at the end."""
    table = Table((Mm(50),), (Row((trees.cell("甲"),)),))
    opened = Opened(trees.document(table, table))
    tags = [child.tag.removeprefix(W) for child in opened.body]
    assert tags == ["tbl", "p", "tbl", "p", "sectPr"]


def test_pictures_are_inline_with_a_description(form: Opened) -> None:
    """The photo keeps its shape, is described, and stored once."""
    (shape,) = form.document.inline_shapes
    assert (round(shape.width.mm), round(shape.height.mm)) == (25, 35)
    assert form.all(".//wp:docPr")[0].get("descr") == "近期免冠照片"


def test_watermark_is_a_header_shape_on_every_page(form: Opened) -> None:
    """样本 stands behind the text of every section."""
    for section in form.document.sections:
        assert 'string="样本"' in section.header._element.xml


def test_core_properties_say_title_author_and_language(form: Opened) -> None:
    """Title, author, identifier and language are in the core properties; no time stamp betrays a run."""
    core = form.document.core_properties
    assert (core.title, core.author, core.identifier, core.language) == (
        "专业技术职称评审表", "某某评委会", "A102", "zh-CN",
    )  # fmt: skip


def test_charts_are_native() -> None:
    """A chart is a chart part with its values, not a picture."""
    data = render(trees.charts())
    with ZipFile(BytesIO(data)) as archive:
        parts = [name for name in archive.namelist() if "charts/" in name]
        first = archive.read(parts[0]).decode("utf-8")
    assert len(parts) == 2
    assert "卫生系列" in first
    assert "<c:v>22</c:v>" in first


@pytest.mark.parametrize("tree", [trees.form(), trees.official(), trees.letter(), trees.sheet_a3()])
def test_properties_stand_in_schema_order(tree: Document) -> None:
    """Word refuses properties out of order: every property element keeps the schema's sequence."""
    with ZipFile(BytesIO(render(tree))) as archive:
        parts = [
            docx.oxml.parse_xml(archive.read(n)) for n in archive.namelist() if re.match(r"word/\w+\.xml", n)
        ]
    orders = {"pPr": PROPERTY_ORDER, "rPr": RUN_ORDER, "tcPr": CELL_ORDER, "sectPr": SECTION_ORDER}
    checked = 0
    for part in parts:
        for tag, order in orders.items():
            for element in part.iter(W + tag):
                if element.getparent().tag == f"{W}rPrDefault":
                    continue
                places = [order.index(child.tag.removeprefix(W)) for child in element]
                if tag != "sectPr":
                    assert places == sorted(places)
                checked += 1
    assert checked > 20


def test_control_character_is_refused_with_its_code_point() -> None:
    """XML cannot carry U+0007: the document is refused, with the text before it."""
    with pytest.raises(TextNotWritable) as raised:
        render(trees.document(trees.para("姓名：包\x07玲")))
    assert raised.value.data == {"code_point": "U+0007", "context": "姓名：包"}
    assert "U+0007" in raised.value.diagnostics()


def test_picture_that_is_none_is_refused() -> None:
    """Bytes that are neither PNG nor JPEG are refused by description."""
    broken = Paragraph((Picture(b"not a picture", Mm(25), Mm(35), "照片"),))
    with pytest.raises(PictureUnreadable, match="照片"):
        render(trees.document(broken))


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=60)
)
def test_any_text_comes_back_unchanged(text: str) -> None:
    """Whatever a record holds, python-docx reads the same text back, in a paragraph and in a cell."""
    table = Table((Mm(40),), (Row((trees.cell(text),), Mm(8)),))
    opened = Opened(trees.document(trees.para(text), table))
    assert opened.document.paragraphs[0].text == text
    assert opened.document.tables[0].cell(0, 0).text == text


def test_line_breaks_and_alignment_survive() -> None:
    """A forced line break is a break inside the paragraph."""
    opened = Opened(trees.document(trees.broken_line()))
    assert opened.document.paragraphs[0].text == "上\n下"


def test_direct_formatting_is_only_what_differs() -> None:
    """The second paragraph of a style says nothing that the style says already."""
    look = {"align": Align.CENTER, "before": Pt(6), "style_name": "落款"}
    opened = Opened(trees.document(trees.para("甲", trees.HEI, **look), trees.para("乙", trees.HEI, **look)))
    for paragraph in opened.document.paragraphs:
        assert [child.tag for child in paragraph._p.pPr] == [f"{W}pStyle"]
        assert paragraph.runs[0]._r.rPr is None


def test_one_run_of_text_stays_one_paragraph() -> None:
    """Several runs of different styles stay one paragraph, in order."""
    mixed = Paragraph((Run("姓名：", trees.HEI), Run("巴特尔", trees.SONG)), trees.SONG)
    opened = Opened(trees.document(mixed))
    assert opened.document.paragraphs[0].text == "姓名：巴特尔"
    assert texts(opened) == "姓名：巴特尔"


def test_continuation_pages_of_a_form_are_headed() -> None:
    """Where a cell may go on (附页), the later pages' header names the section; the first page's does not."""
    long = trees.cell("业绩。" * 900, fit=Fit.CONTINUE)
    table = Table((Mm(160),), (Row((long,), Mm(200), splits=True),))
    section = Section(PageSetup(), (table,), continued_title="工作业绩")
    page = Opened(Document("表", (section,))).document.sections[0]
    assert page.header.paragraphs[0].text == "工作业绩（附页）"
    assert page.first_page_header.paragraphs[0].text == ""
