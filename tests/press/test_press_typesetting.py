"""Texts stay in their boxes: smaller, on more lines, but never cut and never over the edge."""

from __future__ import annotations

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from generator.certificate.errors import TextTooLong
from generator.certificate.face.face import CertificateFace, Emphasis, Text
from generator.certificate.face.placeholders import Piece
from generator.certificate.typesetting.fitting import Setting, Slot, make_slot, set_pieces
from generator.layout.text.fonts import FontBook
from generator.layout.tree import Align, Role
from generator.layout.units import Mm, Pt

CHARACTERS = "内蒙古自治区职称证书评审委员会（资格），。“”·ABC 123𪚥㛃"


def slot_of(fonts: FontBook, face: CertificateFace, **changes: object) -> Slot:
    entries: dict[str, object] = {
        "id": "t",
        "content": "",
        "x": Mm(10),
        "y": Mm(10),
        "width": Mm(60),
        "height": Mm(12),
        "size": Pt(14),
        "min_size": Pt(6),
        "lines": 3,
        "line_height": Pt(16),
    }
    return make_slot(Text(**{**entries, **changes}), face, fonts)  # type: ignore[arg-type]


def width_of(setting: Setting, index: int) -> float:
    line = setting.lines[index]
    ems = sum(span.style.table[c].advance * span.style.scale for span in line.spans for c in span.text)
    count = sum(len(span.text) for span in line.spans)
    return ems * setting.size + line.tracking * max(count - 1, 0)


@settings(deadline=None, max_examples=150)
@given(text=st.text(alphabet=CHARACTERS, min_size=1, max_size=60), align=st.sampled_from(Align))
def test_every_text_that_fits_stays_inside_its_box(
    fonts: FontBook, face: CertificateFace, text: str, align: Align
) -> None:
    """All characters are there, in order, between the box's edges; what does not fit is refused."""
    slot = slot_of(fonts, face, align=align)
    try:
        setting = set_pieces(slot, [Piece(text, None)])
    except TextTooLong:
        reject()
    assert "".join(span.text for line in setting.lines for span in line.spans) == text
    for index, line in enumerate(setting.lines):
        assert line.x >= slot.x - 0.1
        assert line.x + width_of(setting, index) <= slot.x + slot.width + 0.1
        assert slot.top - slot.height <= line.y <= slot.top
    assert 6 <= setting.size <= 14


def test_a_short_text_keeps_its_size_and_one_line(fonts: FontBook, face: CertificateFace) -> None:
    """Nothing shrinks without need."""
    setting = set_pieces(slot_of(fonts, face), [Piece("高级工程师", None)])
    assert (setting.size, len(setting.lines)) == (14, 1)


def test_a_long_text_shrinks_before_it_is_refused(fonts: FontBook, face: CertificateFace) -> None:
    """Three lines at the smallest size are the limit, and the error says which item."""
    slot = slot_of(fonts, face)
    assert len(set_pieces(slot, [Piece("称" * 50, None)]).lines) > 1
    with pytest.raises(TextTooLong) as caught:
        set_pieces(slot, [Piece("称" * 400, None)])
    assert caught.value.data["item"] == "t"


def test_lines_do_not_begin_with_closing_marks(fonts: FontBook, face: CertificateFace) -> None:
    """GB/T 15834: no ，。） at a line's start, no （ at its end."""
    slot = slot_of(fonts, face, width=Mm(30), lines=12, height=Mm(80), line_height=Pt(15))
    setting = set_pieces(slot, [Piece("职称（资格），证书。" * 6, None)])
    texts = ["".join(span.text for span in line.spans) for line in setting.lines]
    assert len(texts) > 3
    assert not any(text[0] in "，。）" or text[-1] == "（" for text in texts[:-1])


def test_an_emphasised_value_is_not_torn_apart(fonts: FontBook, face: CertificateFace) -> None:
    """A title that would straddle two lines moves to the next one whole."""
    slot = slot_of(fonts, face, emphasis={"title": Emphasis(role=Role.TITLE)})
    pieces = [Piece("经评审委员会通过，具备", None), Piece("高级工程师", "title"), Piece("职称", None)]
    setting = set_pieces(slot, pieces)
    texts = ["".join(span.text for span in line.spans) for line in setting.lines]
    assert texts == ["经评审委员会通过，具备", "高级工程师职称"]


def test_alignment_places_the_line(fonts: FontBook, face: CertificateFace) -> None:
    """Left, centre and right differ by the line's slack."""
    xs = {
        align: set_pieces(slot_of(fonts, face, align=align), [Piece("证书", None)]).lines[0].x
        for align in (Align.LEFT, Align.CENTER, Align.RIGHT)
    }
    slack = float(Mm(60)) - 28
    assert xs[Align.CENTER] - xs[Align.LEFT] == pytest.approx(slack / 2, abs=0.01)
    assert xs[Align.RIGHT] - xs[Align.LEFT] == pytest.approx(slack, abs=0.01)
