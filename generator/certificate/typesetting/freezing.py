"""What of the texts is frozen into the plan: the constant ones, and the characters that certificates share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from string import ascii_uppercase, digits
from typing import Final, TypeAlias

from generator.certificate.drawing.tagging import Mark
from generator.certificate.face.face import CertificateFace
from generator.certificate.face.placeholders import Piece, Template, sentences, values
from generator.certificate.parts import CertificateFacts, IssueMarks
from generator.certificate.pdf.painting import Brush, FontCase, face_runs
from generator.certificate.typesetting.fitting import Slot, set_pieces

Example: TypeAlias = tuple[CertificateFacts, IssueMarks]

PERSONAL: Final = frozenset({"name", "employer"})
USUAL: Final = {
    "number": digits + ascii_uppercase,
    "licence_identifier": f"{digits}{ascii_uppercase}.",
    "code": digits + ascii_uppercase,
    "identity": f"{digits}X*",
    "birth": f"{digits}年月",
    "obtained": f"{digits}年月日",
    "issued": f"{digits}年月日",
    "sex": "男女",
}


def constant_texts(slots: Sequence[Slot], marks: Sequence[Mark]) -> Brush:
    """Draw the texts that are the same on every certificate; a widely spaced one is copied without its spaces."""
    case = FontCase({})
    brush = Brush(case, "B")
    for slot, mark in zip(slots, marks, strict=True):
        if slot.constant:
            text = slot.item.content
            setting = set_pieces(slot, [Piece(text, None)])
            spaced = any(line.tracking for line in setting.lines)
            brush.text(case.operators(setting, mark.opening(text if spaced else None)))
    return brush


def freeze_characters(
    brush: Brush, slots: Sequence[Slot], face: CertificateFace, like: Iterable[Example]
) -> None:
    """Take into the brush's fonts what usually stands in the variable texts, and what the examples share."""
    for slot in slots:
        if not slot.constant and not slot.item.when:
            _take(brush, slot, slot.template.pieces(_Usual(), {}))
    for facts, marks in like:
        words, phrases = values(facts, marks, face.wording), sentences(facts, marks, face.wording)
        for slot in slots:
            when = slot.item.when
            if not slot.constant and (not when or words[when]):
                _take(brush, slot, _shared(slot.template, words, phrases))


class _Usual(dict[str, str]):
    """The usual characters of each placeholder; none of the others."""

    def __missing__(self, name: str) -> str:
        return USUAL.get(name, "")


def _shared(template: Template, words: Mapping[str, str], phrases: Mapping[str, Template]) -> list[Piece]:
    return [piece for piece in template.pieces(words, phrases) if piece.name not in PERSONAL]


def _take(brush: Brush, slot: Slot, pieces: Iterable[Piece]) -> None:
    for piece in pieces:
        style = slot.emphasis.get(piece.name or "", slot.style)
        if piece.text:
            for face, characters in face_runs(style, piece.text):
                brush.use(face).encoded(characters)
