"""Composite fonts as PDF objects: codes are glyph numbers, and every code says exactly which character it means.

ISO 32000-1 9.7.4 (CIDFontType2), 9.8 (descriptor), 9.10.3 (ToUnicode).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from generator.certificate.pdf.painting import FontUse
from generator.layout.text.faces import Face

KEPT: Final = 256  # fonts of one face
_PAGE: Final = 256  # ISO 32000-1 9.10.3: the codes of a range differ in their last byte only
_CMAP_HEAD: Final = (
    "/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n"
    "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
    "/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n"
    "1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n"
)
_CMAP_FOOT: Final = "endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n"
_TAGS: Final = str.maketrans("0123456789", "KABCDEFGHI")


def base_font(use: FontUse) -> str:
    """The font's name with its subset tag (ISO 32000-1 9.6.4)."""
    return f"/ZCFO{use.resource.translate(_TAGS)[-2:]}+{use.sliced.face.name}"


@lru_cache(maxsize=256)
def descriptor(base: str, face: Face, file: int) -> bytes:
    """The font descriptor; `file` is the number of the font program."""
    ascent, descent = round(face.ascent), round(face.descent)
    return (
        f"<</Type/FontDescriptor/FontName{base}/Flags 4/FontBBox[-200 {descent - 200} 1200 {ascent + 200}]"
        f"/ItalicAngle 0/Ascent {ascent}/Descent {descent}/CapHeight 733/StemV 80/FontFile2 {file} 0 R>>"
    ).encode("ascii")


class FontBytes(NamedTuple):
    """What of a font follows from its characters alone: program, map to Unicode, widths."""

    program: bytes
    to_unicode: bytes
    widths: str


def font_bytes(use: FontUse) -> FontBytes:
    """The bytes for the characters in use; kept, because sentences come again and bring the same ones."""
    kept, key = use.sliced.kept, "".join(use)
    found = kept.get(key)
    if found is None:
        if len(kept) >= KEPT:
            kept.clear()
        widths = " ".join([item.width for item in use.slices])
        found = kept[key] = FontBytes(use.sliced.program(use.slices), to_unicode(use), widths)
    return found


def composite(base: str, widths: str, descriptor_number: int, unicode_number: int) -> bytes:
    """The composite font with its descendant."""
    return (
        f"<</Type/Font/Subtype/Type0/BaseFont{base}/Encoding/Identity-H/ToUnicode {unicode_number} 0 R"
        f"/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont{base}"
        f"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        f"/FontDescriptor {descriptor_number} 0 R/DW 1000/W[1[{widths}]]/CIDToGIDMap/Identity>>]>>"
    ).encode("ascii")


def to_unicode(use: FontUse) -> bytes:
    """The map from codes to Unicode, beyond U+FFFF as surrogate pairs: lists for the codes from 1 on."""
    texts = ["", *[item.unicode for item in use.slices]]
    ranges = [
        _range(texts, max(page, 1), min(page + _PAGE, len(texts))) for page in range(0, len(texts), _PAGE)
    ]
    body = "\n".join(ranges)
    return f"{_CMAP_HEAD}{len(ranges)} beginbfrange\n{body}\nendbfrange\n{_CMAP_FOOT}".encode("ascii")


def _range(texts: Sequence[str], first: int, end: int) -> str:
    return f"<{first:04X}><{end - 1:04X}>[<{'><'.join(texts[first:end])}>]"
