"""The PDF file itself: fonts, text, metadata, outline, reproducibility, page furniture."""

from __future__ import annotations

import re
import shutil
import subprocess
from io import BytesIO

import pikepdf
import pytest
from measuring import glyphs, rows_of, sizes, strokes, text_of
from PIL import Image

from generator.layout.text.errors import Undrawable
from generator.layout.tree import (
    Align,
    Blank,
    Document,
    FieldKind,
    PageBreak,
    PageField,
    PageNumbers,
    PageSetup,
    Paragraph,
    Picture,
    Pinned,
    Role,
    Rule,
    Run,
    Section,
    Space,
    TextStyle,
)
from generator.layout.units import Mm, Pt
from generator.render.pdf import render

NAMES = ["㛃𬱖𫖯", "𠅤𪚥·𬭎", "阿拉腾其其格·巴特尔", "𫍯一"]


def paragraph(text: str, style: TextStyle | None = None, **changes) -> Paragraph:
    style = style or TextStyle()
    return Paragraph((Run(text, style),), style, **changes)


def document(*blocks, page: PageSetup | None = None, **changes) -> Document:
    return Document("文书", (Section(page or PageSetup(), tuple(blocks)),), **changes)


def every_role(text: str) -> list[Paragraph]:
    return [paragraph(text, TextStyle(role=role, bold=bold)) for role in Role for bold in (False, True)]


def run_tool(tool: str, data: bytes, tmp_path, *arguments: str) -> str:
    if not shutil.which(tool):
        pytest.skip(f"{tool} (poppler-utils, qpdf) is not installed")
    (tmp_path / "file.pdf").write_bytes(data)
    options = [str(tmp_path / "file.pdf") if argument == "FILE" else argument for argument in arguments]
    return subprocess.run([tool, *options], capture_output=True, check=True).stdout.decode()


@pytest.mark.tools
def test_every_font_is_embedded_with_a_unicode_map(tmp_path):
    """pdffonts: embedded, subset, Unicode map; no Helvetica anywhere."""
    data = render(document(*every_role("申报人𬱖𪚥2024年"))).data
    listing = run_tool("pdffonts", data, tmp_path, "FILE").splitlines()[2:]
    assert len(listing) >= 6
    for line in listing:
        assert re.search(r"CID TrueType\s+Identity-H\s+yes yes yes", line), line


@pytest.mark.tools
def test_copied_text_is_exactly_the_names(tmp_path):
    """Pdftotext gives every name back, rare characters included, without spaces inside."""
    data = render(document(*(block for name in NAMES for block in every_role(name)))).data
    lines = run_tool("pdftotext", data, tmp_path, "FILE", "-").split()
    assert {name: lines.count(name) for name in NAMES} == dict.fromkeys(NAMES, 10)


@pytest.mark.tools
def test_justified_text_is_copied_without_spaces(tmp_path):
    """Stretched lines stay one piece of text for those who copy them."""
    text = "内蒙古自治区专业技术职称评审管理工作（2024年度）实施情况的报告，" * 8
    for size in (9.0, 10.5, 16.0):
        data = render(document(paragraph(text, TextStyle(size=Pt(size)), right=Mm(31)))).data
        lines = run_tool("pdftotext", data, tmp_path, "FILE", "-").splitlines()
        assert "".join(lines).replace("\x0c", "") == text


@pytest.mark.tools
def test_the_structure_is_clean(tmp_path):
    """Qpdf finds nothing to complain about."""
    out = run_tool("qpdf", render(document(*every_role("甲"))).data, tmp_path, "--check", "FILE")
    assert "No syntax or stream encoding errors" in out


def test_metadata_language_and_title():
    """Title, author, subject, keywords and language are set, the viewer shows the title."""
    made = document(paragraph("甲"), document_id="A102", author="某某厅", keywords=("职称", "评审"))
    with pikepdf.open(BytesIO(render(made).data)) as pdf:
        info = pdf.docinfo
        assert (str(info["/Title"]), str(info["/Author"])) == ("文书", "某某厅")
        assert (str(info["/Subject"]), str(info["/Keywords"])) == ("A102", "职称 评审")
        assert str(pdf.Root["/Lang"]) == "zh-CN"
        assert bool(pdf.Root["/ViewerPreferences"]["/DisplayDocTitle"])
        assert "/Trans" not in pdf.pages[0]


def test_equal_input_gives_equal_bytes():
    """Rendering twice gives the same file."""
    made = document(*every_role("申报人𬱖"), PageBreak(), paragraph("乙"))
    assert render(made).data == render(made).data


def test_headings_make_the_outline():
    """Headings are bookmarks, in their order and depth."""
    blocks = [
        paragraph("总则", heading=1),
        paragraph("目的", heading=2),
        PageBreak(),
        paragraph("附则", heading=1),
    ]
    with pikepdf.open(BytesIO(render(document(*blocks)).data)) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == ["总则", "附则"]
        assert [item.title for item in outline.root[0].children] == ["目的"]


def test_a_character_without_glyph_stops_the_document():
    """Nothing is drawn as a box: the document is refused."""
    with pytest.raises(Undrawable):
        render(document(paragraph("张\ue234")))


def test_papers_of_sections():
    """Each section has its paper; pages of all sections are counted together."""
    sections = (
        Section(PageSetup(numbers=PageNumbers.CENTER), (paragraph("甲"),)),
        Section(PageSetup(Mm(420), Mm(297), numbers=PageNumbers.CENTER), (paragraph("乙"),)),
    )
    data = render(Document("文书", sections)).data
    assert [(round(width), round(height)) for width, height in sizes(data)] == [(210, 297), (420, 297)]
    assert "第1页共2页" in text_of(data)
    assert "第2页共2页" in text_of(data)


def test_official_numbers_stand_outside_seven_millimetres_below_the_text():
    """GB/T 9704 7.5: — 1 — on the right, — 2 — on the left, one character in; dash 7 mm below the type area."""
    page = PageSetup(top=Mm(37), right=Mm(26), bottom=Mm(35), left=Mm(28), numbers=PageNumbers.OFFICIAL)
    inks = glyphs(render(document(paragraph("甲"), PageBreak(), paragraph("乙"), page=page)).data)
    one = [ink for ink in inks if ink.page == 0 and ink.text in "—1"]
    two = [ink for ink in inks if ink.page == 1 and ink.text in "—2"]
    character = 14 * 25.4 / 72
    assert "".join(ink.text for ink in one) == "—1—"
    assert one[-1].right == pytest.approx(210 - 26 - character, abs=1)
    assert two[0].left == pytest.approx(28 + character, abs=1)
    assert one[0].top == pytest.approx(297 - 35 + 7, abs=0.5)


def test_the_first_page_may_go_without_number():
    """信函格式: no number on the first page, the second is numbered 2."""
    page = PageSetup(numbers=PageNumbers.OFFICIAL, number_first_page=False)
    inks = glyphs(render(document(paragraph("甲"), PageBreak(), paragraph("乙"), page=page)).data)
    assert [sorted(ink.text for ink in inks if ink.page == page) for page in (0, 1)] == [
        ["甲"],
        ["2", "—", "—", "乙"],
    ]


def test_headers_and_page_fields_stand_on_every_page():
    """A running header with its own page field."""
    style = TextStyle(size=Pt(9))
    head = Paragraph(
        (
            Run("内部资料 ", style),
            PageField(FieldKind.PAGE, style),
            Run("/", style),
            PageField(FieldKind.PAGES, style),
        ),
        style,
        align=Align.RIGHT,
    )
    page = PageSetup(header=(head,))
    data = render(document(paragraph("甲"), PageBreak(), paragraph("乙"), page=page)).data
    assert text_of(data) == "内部资料1/2甲内部资料2/2乙"
    right = max(ink.right for ink in glyphs(data))
    assert right == pytest.approx(190, abs=0.5)


def test_a_watermark_is_seen_but_is_no_text():
    """草稿 is drawn as outlines below the text: it cannot be copied, nor does it hinder searching."""
    plain = render(document(paragraph("甲")))
    marked = render(document(paragraph("甲"), page=PageSetup(watermark="草稿")))
    assert text_of(marked.data) == "甲"
    large = [line for line in strokes(marked.data) if line.bottom - line.top > 30]
    assert len(large) == 2
    assert not [line for line in strokes(plain.data) if line.bottom - line.top > 30]


def test_pinned_blocks_stand_at_their_place():
    """A block pinned to a height is there, whatever the text; 版记 is on the last page at its foot."""
    top = Pinned((paragraph("上"),), top=Mm(72))
    foot = Pinned((Rule(Mm(0.35)), paragraph("版记"), Rule(Mm(0.35))), bottom=Mm(35), last_page=True)
    data = render(document(top, paragraph("甲"), PageBreak(), paragraph("乙"), foot)).data
    inks = {ink.text: ink for ink in glyphs(data)}
    assert inks["上"].page == 0
    assert inks["上"].top == pytest.approx(72 + 0.9, abs=0.6)
    lines = [line for line in strokes(data) if line.page == 1]
    assert max(line.bottom for line in lines) == pytest.approx(297 - 35, abs=0.1)
    assert inks["版"].page == 1


def test_a_last_page_block_gets_its_own_page_when_the_text_reaches_it():
    """Text is never printed under the 版记."""
    foot = Pinned((paragraph("版记"),), bottom=Mm(35), last_page=True)
    full = [paragraph("满") for _ in range(50)]
    inks = glyphs(render(document(*full, foot)).data)
    assert max(ink.page for ink in inks if ink.text == "满") == 0
    assert {ink.page for ink in inks if ink.text == "版"} == {1}


def test_headings_are_not_left_alone_at_the_foot_of_a_page():
    """A heading goes to the next page with the first lines of what follows."""
    for count in range(44, 60):
        blocks = [
            *(paragraph("文") for _ in range(count)),
            paragraph("题", keep_with_next=True),
            paragraph("后" * 200),
        ]
        inks = glyphs(render(document(*blocks)).data)
        title = next(ink for ink in inks if ink.text == "题")
        following = [ink for ink in inks if ink.text == "后" and ink.page == title.page]
        assert len({round(ink.top) for ink in following}) >= 2


def test_pictures_keep_their_proportions_and_box():
    """A picture is drawn in its box, not distorted."""
    buffer = BytesIO()
    Image.new("RGB", (50, 70), "red").save(buffer, "JPEG")
    picture = Picture(buffer.getvalue(), Mm(25), Mm(35), "照片")
    data = render(document(Paragraph((picture,)), paragraph("下"))).data
    with pikepdf.open(BytesIO(data)) as pdf:
        assert len(pdf.pages[0].get_images()) == 1
    below = glyphs(data)[0]
    assert below.top > 25 + 35


def test_ruled_blanks_have_their_width():
    """Room for handwriting is drawn as a line of the width asked for."""
    style = TextStyle()
    line = Paragraph(
        (Run("签名：", style), Blank(Mm(40), style, rule=True), Run("日", style)), style, Align.LEFT
    )
    data = render(document(line)).data
    (rule,) = strokes(data)
    assert rule.right - rule.left == pytest.approx(40, abs=0.1)
    signed, day = (ink for ink in glyphs(data) if ink.text in "名日")
    assert day.left - signed.right > 40


def test_space_stays_at_the_head_of_a_page():
    """Room asked for is given, also on a new page; distance before a paragraph is not."""
    data = render(
        document(PageBreak(), Space(Mm(30)), paragraph("甲"), PageBreak(), paragraph("乙", before=Mm(30)))
    ).data
    first, second = glyphs(data)
    assert first.top == pytest.approx(25 + 30 + 1, abs=1)
    assert second.top == pytest.approx(25 + 1, abs=1)


def test_centred_lines_are_of_even_length():
    """A heading of two lines does not leave one character alone."""
    data = render(document(paragraph("职" * 46, TextStyle(size=Pt(10.5)), align=Align.CENTER))).data
    lines = rows_of(glyphs(data), 0)
    assert sorted(len(line) for line in lines) == [23, 23]


def test_room_for_handwriting_gives_way_before_a_signature_line_is_broken():
    """A line a little too long takes its excess from the blanks; one far too long is broken as any other."""
    style = TextStyle()
    parts = (
        Run("负责人：", style),
        Blank(Mm(80), style),
        Run("（公章）", style),
        Blank(Mm(90), style),
        Run("年月日", style),
    )
    assert len(rows_of(glyphs(render(document(Paragraph(parts, style))).data), 0)) == 1
    parts = (Run("负责人" * 20, style), Blank(Mm(20), style), Run("年月日", style))
    assert len(rows_of(glyphs(render(document(Paragraph(parts, style))).data), 0)) == 2
