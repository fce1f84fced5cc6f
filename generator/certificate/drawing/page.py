"""The page of a batch as reportlab draws it once: ground, sample mark, Mongolian heading; and its numbered marks."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from generator.certificate.drawing.curves import number, polyline, rgb
from generator.certificate.drawing.ground import draw_furniture, draw_ground
from generator.certificate.drawing.mongolian import draw_mongolian
from generator.certificate.drawing.tagging import FIGURE, Mark
from generator.certificate.face.face import CertificateFace
from generator.certificate.face.loading import all_texts
from generator.certificate.typesetting.fitting import MIDDLE, Slot, make_slot
from generator.layout.text.fonts import FontBook
from generator.layout.tree import Role

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

HATCH: Final = 1.7
HATCH_WIDTH: Final = 0.5
BODY: Final = 0.3


@dataclass(frozen=True, slots=True)
class PageMarks:
    """The marks of a page: texts by slot, and the pictures."""

    sample: Mark | None
    mongolian: Mark | None
    texts: tuple[Mark, ...]
    photo: Mark
    code: Mark

    @property
    def reading_order(self) -> tuple[Mark, ...]:
        """Every mark as a screen reader meets it."""
        first = [mark for mark in (self.sample, self.mongolian) if mark]
        return (*first, *self.texts, self.photo, self.code)


def page_slots(face: CertificateFace, fonts: FontBook) -> tuple[Slot, ...]:
    """Every text of the face as a slot, in reading order."""
    return tuple(make_slot(item, face, fonts) for item in all_texts(face))


def page_marks(face: CertificateFace, slots: Sequence[Slot], *, sample: bool) -> PageMarks:
    """Number everything on the page that can be read."""
    numbers = iter(range(len(slots) + 4))
    return PageMarks(
        sample=Mark(next(numbers), "P") if sample else None,
        mongolian=Mark(next(numbers), FIGURE, face.mongolian.text) if face.mongolian else None,
        texts=tuple(Mark(next(numbers), slot.item.tag) for slot in slots),
        photo=Mark(next(numbers), FIGURE, face.photo.description),
        code=Mark(next(numbers), FIGURE, face.qr.description),
    )


def draw_page(face: CertificateFace, fonts: FontBook, marks: PageMarks) -> bytes:
    """The page without its texts, as a PDF of its own."""
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(
        buffer,
        pagesize=(float(face.page.width), float(face.page.height)),
        pageCompression=0,
        invariant=1,
        initialFontName=fonts.roles[Role.SONG].reportlab_name,
    )
    draw_ground(canvas, face)
    if marks.sample:
        _draw_sample(canvas, face, fonts, marks.sample)
    draw_furniture(canvas, face)
    if marks.mongolian and face.mongolian:
        draw_mongolian(canvas, face, face.mongolian, fonts, marks.mongolian)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw_sample(canvas: Canvas, face: CertificateFace, fonts: FontBook, mark: Mark) -> None:
    """样本 in a light tint, hatched with fine lines, slanted across the face under the texts."""
    spec, palette = face.sample, face.palette
    size, width, height = float(spec.size), float(face.page.width), float(face.page.height)
    body, lines = palette.tint(palette.red, spec.strength * BODY), palette.tint(palette.red, spec.strength)
    table = fonts.table(Role.TITLE)
    extent = size * sum(table[character].advance for character in spec.text)
    canvas.addLiteral(f"{mark.opening()}\nq {rgb(body)} rg {rgb(lines)} RG {number(HATCH_WIDTH)} w")
    canvas.translate(width / 2, height / 2)
    canvas.rotate(spec.angle)
    text = canvas.beginText()
    text.setTextOrigin(-extent / 2, -size * MIDDLE)
    text.setFont(table[spec.text[0]].face.reportlab_name, size)
    text.setTextRenderMode(4)  # fill, and clip what follows
    text.textOut(spec.text)
    canvas.drawText(text)
    canvas.addLiteral(f"{_hatching(extent, size)}\nS Q\nEMC")


def _hatching(width: float, height: float) -> str:
    """Fine lines that fill the letters."""
    count = math.ceil(height * 1.3 / HATCH)
    rows = (-height * 0.65 + row * HATCH for row in range(count))
    return "\n".join(polyline([(-width / 2 - 10, y), (width / 2 + 10, y)]) for y in rows)
