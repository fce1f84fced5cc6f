"""Chinese line breaking, GB/T 15834-2011 and CLREQ."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.layout.text.balance import balanced
from generator.layout.text.linebreak import CLASSES, DOUBLED, NO_END, NO_START, SPACES, break_lines, may_break

TEXT = st.text(
    st.sampled_from("申报人符合条件同意推荐，。；：（）《》“”——……、·年月日abc 12.5%-/\u3000𬱖㛃")
    | st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5),
    max_size=120,
)


def width_of(character: str) -> float:
    return 5.0 if ord(character) < 0x80 else 10.0


def lines(text: str, room: float) -> list[str]:
    return [text[span.start : span.end] for span in spans(text, room)]


def spans(text: str, room: float):
    return break_lines(text, [width_of(character) for character in text], room, room)


@given(TEXT, st.integers(3, 30))
def test_nothing_is_lost_but_spaces_at_the_ends_of_lines(text, ems):
    """All characters come back in order; only spaces that hang at a line's end are left out."""
    found = spans(text, ems * 10.0)
    place = 0
    for span in found:
        assert span.start == place
        assert set(text[span.end : span.next]) <= SPACES
        place = span.next
    assert place == len(text)


@given(TEXT, st.integers(3, 30))
def test_no_line_is_wider_than_its_room(text, ems):
    """The measured width of a line never exceeds the room, squeezed punctuation included."""
    for span in spans(text, ems * 10.0):
        assert span.width <= ems * 10.0 + 0.02


@given(TEXT, st.integers(3, 30))
def test_a_line_ends_where_it_may_unless_no_place_was_left_in_it(text, ems):
    """A break in a forbidden place happens only when the whole line offered no permitted one."""
    found = spans(text, ems * 10.0)
    for span in found[:-1]:
        if span.next > span.end:
            continue
        before, after = text[span.end - 1], text[span.end]
        if not may_break(before, after):
            inside = range(span.start + 1, span.end)
            assert not any(may_break(text[i - 1], text[i]) for i in inside)


@given(TEXT, st.integers(12, 30))
def test_closing_marks_never_start_a_line_and_opening_marks_never_end_one(text, ems):
    """In lines of ordinary length, 行首 and 行末 prohibitions hold wherever a run of marks leaves a choice."""
    found = spans(text, ems * 10.0)
    for span in found[:-1]:
        if span.next >= len(text) or span.end == span.start:
            continue
        part = text[span.start : span.end]
        if all(CLASSES[c] for c in part):
            continue  # a line of marks and Latin only: nothing to choose
        if any(may_break(text[i - 1], text[i]) for i in range(span.start + 1, span.end + 1)):
            assert text[span.next] not in NO_START
            assert text[span.end - 1] not in NO_END


@pytest.mark.parametrize("text", ["见附件1——3号", "省略……号内", "说明——如下"])
def test_dashes_and_ellipses_stay_whole(text):
    """—— and …… are never torn apart, in whatever narrow line they stand."""
    for ems in range(3, 7):
        for line in lines(text, ems * 10.0):
            for mark in DOUBLED:
                assert line.count(mark) in (0, 2) or mark not in text


def test_a_closing_mark_too_many_is_squeezed_to_half_its_width():
    """One mark that does not fit stands on half its width at the line's end."""
    first, second = spans("一二三四五六七，八九", 75.0)
    assert first.squeezed
    assert first.width == pytest.approx(75.0)
    assert second.start == 8


def test_a_box_to_tick_stays_with_its_words():
    """□ never ends a line."""
    assert lines("申报人□配偶", 40) == ["申报人", "□配偶"]


def test_latin_words_and_numbers_are_not_broken():
    """A word that does not fit goes to the next line as a whole."""
    assert lines("根据ISO/IEC规定办理", 50.0) == ["根据", "ISO/IEC规", "定办理"]
    assert lines("身份证号150101199001010005号", 120.0) == ["身份证号", "150101199001010005号"]


def test_a_word_longer_than_the_line_is_broken():
    """What cannot fit any line is broken; nothing is cut off."""
    assert lines("https://rst.example.gov.cn/a", 60.0) == ["https://rst.", "example.gov.", "cn/a"]


def test_spaces_hang_at_the_end_of_a_line():
    """A space never begins a line and takes no room at its end."""
    assert lines("一二三 四五六", 30.0) == ["一二三", "四五六"]


def test_line_feeds_force_lines():
    """A line feed ends a line; an empty line stays; an empty text has one line."""
    assert lines("一\n\n二", 100.0) == ["一", "", "二"]
    assert lines("", 100.0) == [""]


def test_a_character_wider_than_the_line_stands_alone():
    """Nothing is lost in a column narrower than one character."""
    assert lines("一二，", 4.0) == ["一", "二", "，"]


@given(TEXT, st.integers(3, 30))
def test_balanced_lines_lose_nothing_and_fit(text, ems):
    """Centred text in even lines: same characters, same number of lines, each within its room."""
    room = ems * 10.0
    widths = [width_of(character) for character in text]
    before = break_lines(text, widths, room, room)
    after = balanced(text, widths, before, room) if len(before) > 1 else before
    assert len(after) <= len(before)
    place = 0
    for span in after:
        assert span.start == place
        assert set(text[span.end : span.next]) <= SPACES
        assert span.width <= room + 1.02
        place = span.next
    assert place == len(text)


def test_two_centred_lines_meet_at_brackets_or_numbers():
    """A heading breaks where it reads well."""
    for text, first in (("任职资格（时间及机关）", "任职资格"), ("高级工程师2017.03", "高级工程师")):
        widths = [width_of(character) for character in text]
        spans = balanced(text, widths, break_lines(text, widths, 80.0, 80.0), 80.0)
        assert text[spans[0].start : spans[0].end] == first
