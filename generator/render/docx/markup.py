"""WordprocessingML text helpers: escaping, toggles, lengths."""

import re
from typing import Final

from generator.render.docx.errors import TextNotWritable

W_NAMESPACES: Final = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
XML_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
CONTEXT: Final = 20  # characters shown before one that is refused
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": " ", "\t": " "})
_TEXT_BREAKS: Final = re.compile("[\t\n]")


def escape(text: str) -> str:
    """Text as element content."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(text: str) -> str:
    """Text as an attribute value on one line."""
    return text.translate(_ESCAPES)


def text_elements(text: str) -> str:
    """`w:t` with tabs and line feeds as their own elements."""
    if _TEXT_BREAKS.search(text) is None:
        return f'<w:t xml:space="preserve">{escape(text)}</w:t>'
    parts = re.split("([\t\n])", text)
    marks = {"\t": "<w:tab/>", "\n": "<w:br/>"}
    return "".join(
        marks.get(part) or f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in parts if part
    )


def encode(xml: str) -> bytes:
    """The XML as UTF-8.

    Raises:
        TextNotWritable: a control character, surrogate or non-character is in it.
    """
    found = _FORBIDDEN.search(xml)
    if found is not None:
        context = xml[: found.start()].rpartition(">")[2][-CONTEXT:]
        raise TextNotWritable(code_point=f"U+{ord(found.group()):04X}", context=context)
    return xml.encode("utf-8")


def toggle(tag: str, on: bool) -> str:
    """A switch property, written out in both states."""
    return f"<w:{tag}/>" if on else f'<w:{tag} w:val="0"/>'


def hex_color(color: str) -> str:
    """`#RRGGBB` or `#RGB` as WordprocessingML wants it."""
    digits = color.removeprefix("#").upper()
    return "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
