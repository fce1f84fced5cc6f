"""Official letters measured on the finished PDF against GB/T 9704-2012."""

import itertools

import pytest
from measuring import glyphs, rows_of, sizes, strokes, text_of

from generator.documents.context.cases import Case, blank_case
from generator.documents.preview import sample_subject

EM = 16 * 25.4 / 72


def rows(data, page=0):
    return rows_of(glyphs(data), page)


def line_with(data, words, page=0):
    """The first line of a page that has these words."""
    return next(row for row in rows(data, page) if words in "".join(ink.text for ink in row))


def signed_page(data):
    """The page with the closing words of the report."""
    return next(
        page
        for page in range(len(sizes(data)))
        if any("特此报告。" in "".join(i.text for i in row) for row in rows(data, page))
    )


@pytest.fixture(scope="module")
def report(made):
    """核准备案报告 with signer and date."""
    case = Case({**blank_case("A701"), "issuer": "巴特尔", "report_day": "2025年9月12日"})
    return made("A701", cases={"A701": (case,)})


def test_the_mark_begins_35_mm_below_the_type_area_and_is_red_and_centred(report):
    """7.2.4."""
    mark = rows(report)[0]
    assert "".join(ink.text for ink in mark).endswith("文件")
    assert min(ink.top for ink in mark) == pytest.approx(37 + 35, abs=1)
    assert (mark[0].left + mark[-1].right) / 2 == pytest.approx(28 + 156 / 2, abs=1)


def test_number_and_signer_stand_two_lines_below_the_mark_one_character_in(report):
    """7.2.5, 7.2.6: 上行文 — 发文字号居左空一字，签发人居右空一字，同一行."""
    mark, number = rows(report)[:2]
    text = "".join(ink.text for ink in number)
    assert "〔2025〕21号" in text
    assert "签发人：巴特尔" in text
    assert number[0].left == pytest.approx(28 + EM, abs=1)
    assert number[-1].right == pytest.approx(184 - EM, abs=1.2)
    gap = min(ink.top for ink in number) - max(ink.bottom for ink in mark)
    assert 2 * 225 / 22 - 1 <= gap <= 2 * 225 / 22 + 4


def test_the_red_line_is_as_wide_as_the_type_area_and_4_mm_below_the_number(report):
    """7.2.7."""
    number = rows(report)[1]
    (line,) = [ink for ink in strokes(report) if ink.page == 0]
    assert (line.left, line.right) == pytest.approx((28, 184), abs=0.5)
    assert line.top - max(ink.bottom for ink in number) == pytest.approx(4, abs=1)


def test_the_title_stands_two_lines_below_the_red_line_in_even_lines(report):
    """7.3.1."""
    (line,) = [ink for ink in strokes(report) if ink.page == 0]
    title = rows(report)[2]
    assert min(ink.top for ink in title) - line.bottom == pytest.approx(2 * 225 / 22, abs=1)
    for row in rows(report)[2:5]:
        assert (row[0].left + row[-1].right) / 2 == pytest.approx(106, abs=2.5)


def test_a_full_page_has_22_lines_inside_the_type_area(report):
    """5.2.3: the second page is full text."""
    body = [row for row in rows(report, 1) if row[0].top < 262]
    assert body[0][0].top == pytest.approx(37, abs=1)
    assert max(ink.bottom for ink in body[-1]) <= 262.5
    tops = [min(ink.top for ink in row) for row in body]
    pitches = [below - above for above, below in itertools.pairwise(tops)]
    assert len(body) == 22
    assert sum(pitches) / len(pitches) == pytest.approx(225 / 22, abs=0.3)
    assert max(ink.right for row in body for ink in row) <= 184 + 1


def test_paragraphs_begin_two_characters_in_and_turn_back_to_the_margin(report):
    """7.3.3."""
    first = line_with(report, "根据《内蒙古自治区职称评审")
    assert first[0].left == pytest.approx(28 + 2 * EM, abs=1)
    turned = next(
        row for row in rows(report)[7:] if row[0].text not in "（〔《“"
    )  # its ink is the right half
    assert turned[0].left == pytest.approx(28, abs=1)


def test_the_addressee_stands_at_the_margin_one_line_below_the_title(report):
    """7.3.2."""
    addressee = rows(report)[5]
    assert addressee[0].left == pytest.approx(28, abs=1)
    assert addressee[-1].text == "："


def test_attachments_hang_two_characters_in_without_a_full_stop(report):
    """7.3.4."""
    last = signed_page(report)
    first, second = line_with(report, "附件：1.", last), line_with(report, "2.评审结果公示情况报告", last)
    assert first[0].left == pytest.approx(28 + 2 * EM, abs=1)
    dot = next(ink for ink in first if ink.text == "1")
    assert second[0].left == pytest.approx(dot.left, abs=1)
    assert first[-1].text != "。"


def signed(report):
    """Name line, date line and the end of the text above, on the report's last page."""
    last = signed_page(report)
    date = line_with(report, "2025年9月12日", last)
    name = next(row for row in rows(report, last) if 5 < date[0].top - row[0].top < 15)
    above = max(ink.bottom for row in rows(report, last) for ink in row if ink.bottom < name[0].top - 1)
    return name, date, above


def test_signature_and_date_leave_room_for_the_seal(batch, made):
    """7.3.5.1: date four characters from the right, name centred over it, a seal of 42 mm within one line of the text."""
    committee = batch.committee.model_copy(update={"organizer": "包头市水务局"})
    case = Case({**blank_case("A701"), "report_day": "2025年9月12日"})
    short = made("A701", of=batch.model_copy(update={"committee": committee}), cases={"A701": (case,)})
    name, date, above = signed(short)
    assert date[-1].right == pytest.approx(184 - 4 * EM, abs=1.5)
    assert (name[0].left + name[-1].right) / 2 == pytest.approx((date[0].left + date[-1].right) / 2, abs=1)
    assert (name[0].bottom + date[0].top) / 2 - 21 - above <= 225 / 22 + 1


def test_a_long_name_stays_inside_the_type_area_with_the_date_centred_below(report):
    """A name that would pass the right edge moves the date, not itself, out of place."""
    name, date, above = signed(report)
    assert name[-1].right <= 184.5
    assert (name[0].left + name[-1].right) / 2 == pytest.approx((date[0].left + date[-1].right) / 2, abs=1)
    assert (name[0].bottom + date[0].top) / 2 - 21 - above <= 225 / 22 + 1


def test_the_imprint_closes_the_last_page_of_the_type_area(report):
    """7.4: lines of 156 mm, the last one on the type area's lower edge."""
    last = len(sizes(report)) - 1
    lines = [ink for ink in strokes(report) if ink.page == last and ink.right - ink.left > 150]
    assert [(line.left, line.right) for line in lines] == [pytest.approx((28, 184), abs=0.5)] * 2
    assert max(line.bottom for line in lines) == pytest.approx(262, abs=1)
    assert [line.bottom - line.top for line in lines] == pytest.approx([0.35, 0.35], abs=0.1)
    assert "印发" in "".join(ink.text for ink in rows(report, last)[-2])


def test_page_numbers_stand_7_mm_below_odd_right_even_left(report):
    """7.5."""
    odd, even = rows(report, 0)[-1], rows(report, 1)[-1]
    assert "".join(ink.text for ink in odd) == "—1—"
    assert odd[0].top == pytest.approx(262 + 7, abs=1)
    assert odd[-1].right == pytest.approx(184 - 14 * 25.4 / 72, abs=1)
    assert even[0].left == pytest.approx(28 + 14 * 25.4 / 72, abs=1)


def test_the_report_can_be_a_request_instead(made):
    """H 26: 报告 by default, 请示 on demand; a report asks for nothing."""
    case = Case({**blank_case("A701"), "as_request": "是"})
    report, request = text_of(made("A701")), text_of(made("A701", cases={"A701": (case,)}))
    assert "核准备案的报告" in report
    assert "特此报告。" in report
    assert "批示" not in report
    assert "核准备案的请示" in request
    assert "妥否，请批示。" in request


def test_a_letter_has_its_red_double_lines_and_no_number_on_its_first_page(batch):
    """10.1 信函格式."""
    from generator.documents.bundle.build_document import layout_of
    from generator.documents.catalogue import CATALOGUE
    from generator.render.pdf import render

    entry = CATALOGUE["A014"]
    data = render(layout_of(entry, sample_subject(entry, batch))).data
    mark, number = rows(data)[:2]
    lines = sorted((ink for ink in strokes(data) if ink.page == 0), key=lambda ink: ink.top)
    assert min(ink.top for ink in mark) == pytest.approx(30, abs=1)
    assert lines[0].top - max(ink.bottom for ink in mark) == pytest.approx(4, abs=1)
    assert [round(line.bottom - line.top, 2) for line in lines] == [1.0, 0.35, 0.35, 1.0]
    assert all((line.left, line.right) == pytest.approx((20, 190), abs=0.5) for line in lines)
    assert lines[-1].bottom == pytest.approx(297 - 20, abs=1)
    assert min(ink.top for ink in number) - lines[1].bottom == pytest.approx(4.9, abs=1)
    assert number[-1].right == pytest.approx(184, abs=1)
    assert not [row for row in rows(data) if row[0].top > 262]


def test_a_public_notice_has_no_head_and_stands_on_the_grid(made):
    """A601: no 版头, title, text, signature and list."""
    data = made("A601")
    assert not [ink for ink in strokes(data) if ink.page == 0]
    first = rows(data)[0]
    assert first[0].top < 50
    assert "公示" in text_of(data)
