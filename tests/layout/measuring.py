"""Measures finished PDFs: where each glyph's ink and each line stands, in millimetres from the upper left corner."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

MM = 25.4 / 72


class Ink(NamedTuple):
    """A glyph's ink or a drawn line: page (from 0), character (empty for lines), edges in mm."""

    page: int
    text: str
    left: float
    top: float
    right: float
    bottom: float


def glyphs(data: bytes) -> list[Ink]:
    """Every visible glyph of a PDF in reading order."""
    document = pdfium.PdfDocument(data)
    found = [ink for number in range(len(document)) for ink in _page_glyphs(document[number], number)]
    document.close()
    return found


def _page_glyphs(page: pdfium.PdfPage, number: int) -> Iterator[Ink]:
    height = page.get_height()
    text = page.get_textpage()
    high = ""
    for index in range(text.count_chars()):
        if raw.FPDFText_IsGenerated(text, index):
            continue
        character = high + chr(raw.FPDFText_GetUnicode(text, index))
        high = ""
        if character == "\x02":
            character = "-"  # pdfium takes a hyphen at a line's end for a division of the word
        if len(character) == 1 and "\ud800" <= character < "\udc00":
            high = character  # pdfium counts in UTF-16
            continue
        left, bottom, right, top = text.get_charbox(index)
        if character.strip() and right > left:
            whole = character.encode("utf-16-be", "surrogatepass").decode("utf-16-be")
            yield Ink(number, whole, left * MM, (height - top) * MM, right * MM, (height - bottom) * MM)
    text.close()


class Face(NamedTuple):
    """How a character is set: its font's name, size in points, colour as #rrggbb."""

    text: str
    font: str
    size: float
    color: str


def faces(data: bytes) -> list[Face]:
    """Font, size and colour of every character of a PDF in reading order."""
    document = pdfium.PdfDocument(data)
    found = []
    for page in document:
        text = page.get_textpage()
        for index in range(text.count_chars()):
            character = chr(raw.FPDFText_GetUnicode(text, index))
            if not raw.FPDFText_IsGenerated(text, index) and character.strip():
                found.append(_face(text, index, character))
        text.close()
    document.close()
    return found


def _face(text: pdfium.PdfTextPage, index: int, character: str) -> Face:
    name = ctypes.create_string_buffer(100)
    raw.FPDFText_GetFontInfo(text, index, name, 100, None)
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    raw.FPDFText_GetFillColor(text, index, red, green, blue, alpha)
    color = f"#{red.value:02x}{green.value:02x}{blue.value:02x}"
    size = raw.FPDFText_GetFontSize(text, index)
    return Face(character, name.value.decode().rpartition("+")[2], round(size, 2), color)


def strokes(data: bytes) -> list[Ink]:
    """Every drawn line or rectangle of a PDF."""
    document = pdfium.PdfDocument(data)
    found = []
    for number in range(len(document)):
        page = document[number]
        height = page.get_height()
        for thing in page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH,)):
            left, bottom, right, top = thing.get_bounds()
            found.append(Ink(number, "", left * MM, (height - top) * MM, right * MM, (height - bottom) * MM))
    document.close()
    return found


def text_of(data: bytes) -> str:
    """All text of a PDF without white space."""
    return "".join(ink.text for ink in glyphs(data))


def sizes(data: bytes) -> list[tuple[float, float]]:
    """Width and height of each page, mm."""
    document = pdfium.PdfDocument(data)
    found = [(page.get_width() * MM, page.get_height() * MM) for page in document]
    document.close()
    return found


def rows_of(inks: list[Ink], page: int) -> list[list[Ink]]:
    """Glyphs of a page gathered into text lines, from top to bottom."""
    lines: list[list[Ink]] = []
    for ink in sorted((ink for ink in inks if ink.page == page), key=lambda ink: (ink.top + ink.bottom) / 2):
        middle = (ink.top + ink.bottom) / 2
        if lines and abs(middle - sum((i.top + i.bottom) / 2 for i in lines[-1]) / len(lines[-1])) < 2.5:
            lines[-1].append(ink)
        else:
            lines.append([ink])
    return [sorted(line, key=lambda ink: ink.left) for line in lines]
