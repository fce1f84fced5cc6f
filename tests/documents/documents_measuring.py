"""Grids of finished tables: where vertical and horizontal lines stand, in millimetres."""

import pypdfium2 as pdfium
from measuring import glyphs, rows_of, strokes

THIN = 0.6


def lines_at(data, page):
    """Horizontal (top, left, right) and vertical (left, top, bottom) lines of a page."""
    drawn = [ink for ink in strokes(data) if ink.page == page]
    flat = [
        (ink.top, ink.left, ink.right) for ink in drawn if ink.bottom - ink.top < THIN < ink.right - ink.left
    ]
    upright = [
        (ink.left, ink.top, ink.bottom) for ink in drawn if ink.right - ink.left < THIN < ink.bottom - ink.top
    ]
    return flat, upright


def distinct(values, apart=0.8):
    """Values without near repetitions, in order."""
    found = []
    for value in sorted(values):
        if not found or value - found[-1] > apart:
            found.append(value)
    return found


def has_near(values, wanted, within=0.5):
    """Whether some value is `within` of the wanted one."""
    return any(abs(value - wanted) <= within for value in values)


def text_lines(data, page):
    """The text of each line of a page, from top to bottom."""
    return ["".join(ink.text for ink in row) for row in rows_of(glyphs(data), page)]


def page_with(data, words, pages):
    """The first page whose text has these words."""
    for page in range(pages):
        if words in "".join(text_lines(data, page)):
            return page
    raise AssertionError(words)


def quick_text(path):
    """All text of a PDF file without white space."""
    document = pdfium.PdfDocument(path.read_bytes())
    parts = []
    for page in document:
        text = page.get_textpage()
        parts.append(text.get_text_range())
        text.close()
    document.close()
    return "".join("".join(parts).split())
