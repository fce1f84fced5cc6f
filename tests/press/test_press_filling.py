"""Filling texts: the short ways give exactly what the long way gives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from generator.certificate.cases import CASES, SAMPLE_FACTS, SAMPLE_MARKS
from generator.certificate.drawing.page import page_marks, page_slots
from generator.certificate.face.placeholders import sentences, values
from generator.certificate.pdf.painting import Brush, FontCase, FontUse, FrozenFont
from generator.certificate.typesetting.filling import Filler, depends, fillers
from generator.certificate.typesetting.fitting import set_pieces

if TYPE_CHECKING:
    from generator.certificate.face.face import CertificateFace
    from generator.certificate.parts import CertificateFacts, IssueMarks
    from generator.certificate.typesetting.fitting import Slot
    from generator.layout.text.fonts import FontBook

FROZEN = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.*年月日男女证书编号：核验网址电子照标识内蒙古自治区"


@pytest.fixture(scope="module")
def openings(face: CertificateFace, fonts: FontBook) -> list[tuple[Slot, str]]:
    slots = page_slots(face, fonts)
    marks = page_marks(face, slots, sample=True)
    pairs = zip(slots, marks.texts, strict=True)
    return [(slot, mark.opening()) for slot, mark in pairs if not slot.constant]


@pytest.fixture(scope="module")
def case(fonts: FontBook) -> FontCase:
    """Fonts of which one face is frozen with some characters, as a plan does it."""
    song = FontUse(FontCase({}).sliced(fonts.face("GWSong")), "B3")
    song.encoded(FROZEN)
    return FontCase({"GWSong": FrozenFont("B3", dict(song))})


def long_way(
    openings: list[tuple[Slot, str]],
    case: FontCase,
    face: CertificateFace,
    facts: CertificateFacts,
    marks: IssueMarks,
) -> bytes:
    brush = Brush(case)
    words, phrases = values(facts, marks, face.wording), sentences(facts, marks, face.wording)
    for slot, opening in openings:
        if slot.item.when and not words[slot.item.when]:
            brush.literal(f"{opening}\nEMC")
        else:
            brush.text(case.operators(set_pieces(slot, slot.template.pieces(words, phrases)), opening))
    return brush.content()


def test_every_variant_is_filled_as_the_long_way_fills_it(
    openings: list[tuple[Slot, str]], case: FontCase, face: CertificateFace
) -> None:
    """All cases of the contact sheet, twice, so that remembered texts are met too."""
    found = fillers(openings, face.wording, case)
    everybody = [(case_.facts, case_.marks) for case_ in CASES]
    assert len(everybody) > 5
    for facts, marks in everybody * 2:
        brush = Brush(case)
        words, phrases = values(facts, marks, face.wording), sentences(facts, marks, face.wording)
        for filler in found:
            filler.draw(brush, words, phrases)
        assert brush.content() == long_way(openings, case, face, facts, marks)


def test_a_remembered_sentence_changes_with_every_value_behind_it(
    openings: list[tuple[Slot, str]], case: FontCase, face: CertificateFace
) -> None:
    """取得方式, scope and predecessor choose sentences; the memory must not mix them up."""
    found = fillers(openings, face.wording, case)
    facts, marks = SAMPLE_FACTS, SAMPLE_MARKS
    variants = [
        (facts, marks),
        (replace(facts, acquisition="认定"), marks),
        (replace(facts, scope="兴安盟"), marks),
        (facts, replace(marks, predecessor="NM20241500202P00001X")),
    ]
    drawn = []
    for each in variants:
        brush = Brush(case)
        words, phrases = values(*each, face.wording), sentences(*each, face.wording)
        for filler in found:
            filler.draw(brush, words, phrases)
        drawn.append(brush.content())
    assert len(set(drawn)) == len(variants)


def test_texts_of_one_person_only_are_not_remembered(
    openings: list[tuple[Slot, str]], case: FontCase, face: CertificateFace
) -> None:
    """Number, code, name and identity stand alone; the neighbours of level and title are one run."""
    runs: list[Filler] = fillers(openings, face.wording, case)
    assert 1 < len(runs) < len(openings)
    unique = [
        slot.item.id
        for slot, _ in openings
        if depends(slot, face.wording) & {"number", "code_grouped", "name"}
    ]
    assert {"number", "code", "name"} <= set(unique)
