"""What GB/T 9704-2012 says of type, colour, attachments, 版记, letters and 纪要, measured on finished PDFs."""

from dataclasses import replace

import pytest
from measuring import faces, glyphs, rows_of, sizes, strokes

from generator.documents.bundle.build_document import layout_of
from generator.documents.catalogue import CATALOGUE
from generator.documents.context.cases import Case, blank_case, sample_case
from generator.documents.preview import sample_subject
from generator.render.pdf import render

EM = 156 / 28
PITCH = 225 / 22
RED = "#e60012"
SONG, FANG, KAI, HEI, TITLE = "GWSong", "GWFangLite", "GWKai", "GWHei", "GWTitle"


@pytest.fixture(scope="module")
def sample(batch):
    """Make a document with the sample values of its case fields, some of them replaced."""

    def make(document, **case):
        entry = CATALOGUE[document]
        subject = sample_subject(entry, batch)
        return render(layout_of(entry, replace(subject, case={**sample_case(document), **case}))).data

    return make


@pytest.fixture(scope="module")
def report(sample):
    """核准备案报告: 上行文 with signer, attachments and 版记."""
    return sample("A701", with_charts="是")


@pytest.fixture(scope="module")
def answer(sample):
    """批复: 下行文 with 抄送 that needs two lines."""
    return sample("A013-2", delegate="自治区水利专业高级职称评审委员会、自治区交通运输专业高级职称评审委员会")


def lines(data, page=0):
    """Text and glyphs of each line of a page."""
    return [("".join(ink.text for ink in row), row) for row in rows_of(glyphs(data), page)]


def line(data, words, page=0):
    """The first line of a page that has these words."""
    return next(row for text, row in lines(data, page) if words in text)


def faces_of(data, words):
    """Fonts, sizes and colours of the Chinese characters of a passage (digits and Latin letters are set in 宋体)."""
    found = faces(data)
    start = "".join(face.text for face in found).index(words)
    return {
        (face.font, face.size, face.color)
        for face in found[start : start + len(words)]
        if "\u4e00" <= face.text <= "\u9fff"
    }


def top(row):
    """Upper edge of a line's ink."""
    return min(ink.top for ink in row)


@pytest.mark.parametrize("document", ["A102", "A103", "A304", "A702", "A701", "A512"])
def test_no_type_is_smaller_than_eight_points(made, document):
    """Forms, rosters and charts for the first of 36 people."""
    assert min(face.size for face in faces(made(document))) >= 8


def test_paper_is_a4(report):
    """5.1."""
    assert all(size == pytest.approx((210, 297), abs=0.2) for size in sizes(report))


def test_the_mark_is_red_and_set_in_title_type(report):
    """7.2.4: 推荐使用小标宋体字，颜色为红色; not larger than 小初."""
    (face,) = faces_of(report, "文件")
    assert face[0] == TITLE
    assert face[1] <= 36
    assert face[2] == RED


@pytest.mark.parametrize(
    ("words", "face"),
    [
        ("签发人：", (FANG, 16.0)),  # 7.2.6
        ("巴特尔", (KAI, 16.0)),  # 7.2.6
        ("评审结果核准备案的报告", (TITLE, 22.0)),  # 7.3.1
        ("已完成2025年度", (FANG, 16.0)),  # 5.2.2
        ("一、评审委员会组建情况", (HEI, 16.0)),  # 7.3.3
        ("公示情况报告", (FANG, 16.0)),  # 7.3.4
        ("附件4", (HEI, 16.0)),  # 7.3.7
        ("联系人：", (FANG, 16.0)),  # 7.3.6
        ("印发", (FANG, 14.0)),  # 7.4.3
    ],
)
def test_each_part_is_set_in_its_type(report, words, face):
    """黑体 for the first level, 楷体 for the signer, 小标宋 for the title, 四号 for the 版记, all of it black."""
    assert faces_of(report, words) == {(*face, "#000000")}


def test_the_second_level_is_set_in_kai(sample):
    """7.3.3: 一、黑体；（一）楷体；the text after them 仿宋."""
    data = sample("A501")
    assert faces_of(data, "一、") == {(HEI, 16.0, "#000000")}
    assert faces_of(data, "（一）会前准备") == {(KAI, 16.0, "#000000")}
    assert faces_of(data, "复核申报材料") == {(FANG, 16.0, "#000000")}


def test_only_mark_and_lines_of_the_head_are_red(report, sample):
    """5.2.4: everything else is black."""
    for data in (report, sample("A014"), sample("A512-2")):
        coloured = [face for face in faces(data) if face.color != "#000000"]
        assert {face.color for face in coloured} == {RED}
        assert {face.font for face in coloured} == {TITLE}


def test_the_number_is_centred_and_has_angular_brackets(answer):
    """7.2.5: 下行文居中; 年份用六角括号〔〕, no 第, no leading zero."""
    number = line(answer, "〔2025〕")
    assert (number[0].left + number[-1].right) / 2 == pytest.approx(106, abs=1)
    assert "".join(ink.text for ink in number) == "内人社职评函〔2025〕9号"


def test_dates_are_written_in_digits_without_leading_zeros(answer):
    """7.3.5.4."""
    last = len(sizes(answer)) - 1
    assert "".join(ink.text for ink in line(answer, "2025年6月12日", last)) == "2025年6月12日"


def test_one_attachment_stands_without_a_number(sample, batch):
    """7.3.4: one line below the text, two characters in; no punctuation after its name."""
    data = sample("A1008")
    last = len(sizes(data)) - 1
    note, above = line(data, "附件：", last), line(data, "特此报告。", last)
    assert "".join(ink.text for ink in note) == "附件：整改佐证材料"
    assert note[0].left == pytest.approx(28 + 2 * EM, abs=1)
    assert top(note) - top(above) == pytest.approx(2 * PITCH, abs=1)


@pytest.mark.parametrize(("document", "label"), [("A701", "附件4"), ("A708", "附件"), ("A601", "附件")])
def test_attachments_begin_overleaf_with_label_and_title(made, document, label):
    """7.3.7: 另面编排，“附件”顶格第一行，标题居中编排在版心第三行."""
    case = Case({**blank_case("A701"), "with_charts": "是"})
    data = made(document, cases={"A701": (case,)})
    page, rows = next(
        (page, lines(data, page)) for page in range(1, len(sizes(data))) if lines(data, page)[0][0] == label
    )
    head, title = rows[0][1], rows[1][1]
    assert head[0].left == pytest.approx(28, abs=1)
    assert top(head) == pytest.approx(37, abs=1)
    assert top(title) - top(head) == pytest.approx(2 * PITCH, abs=1.2)
    assert (title[0].left + title[-1].right) / 2 == pytest.approx(106, abs=1)
    assert page > 0


def test_the_annotation_stands_below_the_date_in_brackets(report):
    """7.3.6: 居左空二字加圆括号编排在成文日期下一行."""
    page = next(n for n in range(len(sizes(report))) if any("联系电话" in t for t, _ in lines(report, n)))
    note, date = line(report, "联系电话", page), line(report, "2025年9月12日", page)
    assert note[0].text == "（"
    assert note[-1].text == "）"
    assert note[0].right == pytest.approx(
        28 + 3 * EM, abs=1
    )  # the ink of a bracket is the right half of its square
    assert top(note) - top(date) == pytest.approx(PITCH, abs=1)


def test_the_imprint_has_thick_lines_outside_and_thin_ones_between(answer):
    """7.4.1, 7.4.2: 0.35 and 0.25 mm; the last line on the type area's edge; 抄送 turns back below its first name."""
    last = len(sizes(answer)) - 1
    drawn = sorted((ink for ink in strokes(answer) if ink.page == last), key=lambda ink: ink.top)
    assert [ink.bottom - ink.top for ink in drawn] == pytest.approx([0.35, 0.25, 0.35], abs=0.05)
    assert all((ink.left, ink.right) == pytest.approx((28, 184), abs=0.5) for ink in drawn)
    assert drawn[-1].bottom == pytest.approx(262, abs=1)
    (words, first), (_, second) = [
        (text, row) for text, row in lines(answer, last) if drawn[0].top < top(row) < drawn[1].top
    ]
    one = 14 * 25.4 / 72
    assert words.startswith("抄送：")
    assert first[0].left == pytest.approx(28 + one, abs=1)
    assert second[0].left == pytest.approx(28 + 4 * one, abs=1)
    assert max(ink.right for ink in first) <= 184 - one + 1
    assert second[-1].text == "。"


def test_who_prints_and_when_stand_one_character_in(answer):
    """7.4.3: the organ at the left, the date with 印发 at the right."""
    last = len(sizes(answer)) - 1
    row = line(answer, "印发", last)
    one = 14 * 25.4 / 72
    assert row[0].left == pytest.approx(28 + one, abs=1)
    assert row[-1].right == pytest.approx(184 - one, abs=1)


def test_page_numbers_are_song_of_size_four(report):
    """7.5: 4号半角宋体阿拉伯数字, a dash left and right, on every page, outside."""
    for page in range(len(sizes(report))):
        text, row = lines(report, page)[-1]
        assert text == f"—{page + 1}—"
        assert row[0].top == pytest.approx(262 + 7, abs=1)
        left, right = row[0].left - 28, 184 - row[-1].right
        assert (right if page % 2 == 0 else left) == pytest.approx(14 * 25.4 / 72, abs=1)
    found = faces(report)
    assert {(face.font, face.size) for face in found if face.text == "—" and face.size == 14.0} == {
        (SONG, 14.0)
    }


def test_a_letter_s_title_stands_two_lines_below_its_number(sample):
    """10.1: 标题居中编排，与其上最后一个要素相距二行."""
    data = sample("A014-2")
    number, title = line(data, "〔2025〕28号"), lines(data)[2][1]
    assert top(title) - top(number) == pytest.approx(3 * PITCH, abs=1)
    assert (title[0].left + title[-1].right) / 2 == pytest.approx(106, abs=1)
    assert faces_of(data, "意见的复函") == {(TITLE, 22.0, "#000000")}


def test_a_letter_s_lines_stand_on_its_first_page_only(sample):
    """10.1: 首页不显示页码; later pages are numbered and have no lines."""
    data = sample("A014", reason="承担重点工程建设任务，高层次人才断档，" * 30 + "确有需要")
    assert len(sizes(data)) >= 2
    assert {ink.page for ink in strokes(data)} == {0}
    assert "—" not in lines(data, 0)[-1][0]
    assert lines(data, 1)[-1][0] == "—2—"


def test_minutes_have_their_mark_and_those_present(sample):
    """10.3: 标志“×××纪要” 35 mm below the type area's top, red; 出席、请假、列席 in 黑体, names turned back below the first."""
    data = sample("A512-2")
    mark = next(row for text, row in lines(data) if text == "职称评审会议纪要" and top(row) < 90)
    assert top(mark) == pytest.approx(37 + 35, abs=1)
    assert (mark[0].left + mark[-1].right) / 2 == pytest.approx(106, abs=1)
    last = len(sizes(data)) - 1
    rows = lines(data, last)
    place = next(n for n, (text, _) in enumerate(rows) if text.startswith("出席："))
    present, following = rows[place][1], rows[place + 1][1]
    assert present[0].left == pytest.approx(28 + 2 * EM, abs=1)
    assert following[0].left == pytest.approx(28 + 5 * EM, abs=1.2)
    assert top(present) - top(rows[place - 1][1]) == pytest.approx(2 * PITCH, abs=1)
    for label in ("出席", "请假", "列席"):
        assert faces_of(data, label + "：") == {(HEI, 16.0, "#000000")}
