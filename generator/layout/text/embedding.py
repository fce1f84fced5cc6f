"""Fonts inside a PDF: composite fonts with a subset of each face and an exact Unicode map.

`CompositeFont` is a dynamic font as reportlab understands it: `canvas.setFont(face.reportlab_name, 12)` and
`drawString` just work. Codes are two bytes, numbered in the order of first use per document, so that each code means
exactly one character: copied text is what was written, beyond U+FFFF too, even where two characters share a glyph.
ISO 32000-1 9.7.4 (CIDFontType2), 9.10.3 (ToUnicode).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from weakref import WeakKeyDictionary

from isal import isal_zlib
from reportlab.pdfbase import pdfdoc, pdfmetrics

from generator.layout.text.errors import Undrawable
from generator.layout.text.faces import Face
from generator.layout.text.fonts import SPACES

ROWS_PER_BLOCK: Final = 100  # Adobe Technical Note 5014: at most 100 rows a bfchar block
COMPRESSION: Final = 1
SYMBOLIC: Final = 4
STEM: Final = 80
CAP_HEIGHT: Final = 733


def to_unicode(characters: Sequence[str], name: str = "Adobe-Identity-UCS") -> bytes:
    """A ToUnicode CMap that maps code 1, 2, 3 … to the given characters (UTF-16BE, surrogate pairs)."""
    rows = [
        f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>"
        for code, character in enumerate(characters, 1)
    ]
    blocks = (rows[start : start + ROWS_PER_BLOCK] for start in range(0, len(rows), ROWS_PER_BLOCK))
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        f"/CMapName /{name} def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")


def widths_array(advances: Sequence[float], default: int = 1000) -> str:
    """The /W array of codes 1, 2, 3 …; codes of the default width are left out."""
    parts: list[str] = []
    open_at = -1
    for code, advance in enumerate(advances, 1):
        width = round(advance)
        if width == default:
            continue
        if code != open_at:
            parts.append(f"{']' if parts else ''}{code}[{width}")
        else:
            parts.append(f" {width}")
        open_at = code + 1
    return f"[{''.join(parts)}{']' if parts else ''}]"


def subset_tag(index: int) -> str:
    """Six capital letters that mark a subset font (ISO 32000-1 9.6.4)."""
    letters = []
    for _ in range(6):
        index, letter = divmod(index, 26)
        letters.append(chr(65 + letter))
    return "".join(reversed(letters))


class CodeTable(dict[str, str]):
    """Character → four hexadecimal digits of its code in one document; numbers characters as they come."""

    def __missing__(self, character: str) -> str:
        code = self[character] = f"{len(self) + 1:04X}"
        return code


class _FaceInfo:
    """What reportlab asks a typeface: a name and the vertical metrics (thousandths of an em)."""

    builtIn = False  # noqa: N815 - reportlab's name

    def __init__(self, face: Face) -> None:
        self.name = face.name
        self.ascent = face.ascent
        self.descent = face.descent
        self.requiredEncoding = None


class _Encoding:
    name = "Identity-H"


class CompositeFont:
    """A face as reportlab's dynamic font; one font object per document, whatever the number of characters."""

    _multiByte = 1  # noqa: N815 - reportlab's names, here and below
    _dynamicFont = 1  # noqa: N815
    shapable = False
    encoding = _Encoding()

    def __init__(self, face: Face) -> None:
        self.source = face
        self.fontName = face.name
        self.face = _FaceInfo(face)
        self._documents: WeakKeyDictionary[Any, CodeTable] = WeakKeyDictionary()
        self._names: WeakKeyDictionary[Any, str] = WeakKeyDictionary()

    def stringWidth(self, text: str, size: float, encoding: str = "utf-8") -> float:  # noqa: N802
        """Width in points."""
        del encoding
        face = self.source
        return sum(face.advance(face.glyph(_code_point(c))) for c in text) * size / 1000

    def codes(self, document: Any) -> CodeTable:
        """The code table of this font in a reportlab document."""
        table = self._documents.get(document)
        if table is None:
            table = self._documents[document] = CodeTable()
        return table

    def splitString(self, text: str, doc: Any, encoding: str = "utf-8") -> list[tuple[int, bytes]]:  # noqa: N802
        """The text as two-byte codes, in reportlab's form: (subset number, bytes).

        Raises:
            Undrawable: the face has no glyph for a character; choose faces with `FontBook.runs`.
        """
        del encoding
        for character in text:
            if not self.source.glyph(_code_point(character)):
                raise Undrawable(character=character)
        table = self.codes(doc)
        return [(0, bytes.fromhex("".join([table[character] for character in text])))]

    def getSubsetInternalName(self, subset: int, doc: Any) -> str:  # noqa: N802
        """The font's resource name in the document (`/F2+0`)."""
        del subset
        name = self._names.get(doc)
        if name is None:
            name = self._names[doc] = f"F{len(doc.fontMapping) + 1}+0"
            doc.fontMapping[self.fontName] = f"/{name}"
            doc.delayedFonts.append(self)
        return f"/{name}"

    def addObjects(self, doc: Any) -> None:  # noqa: N802
        """Write the font with the characters used; reportlab calls it when the document is saved."""
        name = self._names.pop(doc)
        characters = list(self._documents.pop(doc, ()))
        tag = subset_tag(list(doc.fontMapping).index(self.fontName))
        font = doc.Reference(_pdf_font(self.source, characters, tag, doc), f"font:{name}")
        doc.idToObject["BasicFonts"].dict[name] = font


def _code_point(character: str) -> int:
    return ord(SPACES.get(character, character))


def stream(doc: Any, data: bytes, name: str, **entries: object) -> Any:
    """A compressed stream object of a reportlab document; returns its reference."""
    content = pdfdoc.PDFStream(dictionary=pdfdoc.PDFDictionary(dict(entries)), filters=[])
    content.content = isal_zlib.compress(data, COMPRESSION)
    content.dictionary["Filter"] = pdfdoc.PDFName("FlateDecode")
    return doc.Reference(content, name)


def _pdf_font(face: Face, characters: list[str], tag: str, doc: Any) -> Any:
    glyphs = [face.glyph(_code_point(character)) for character in characters]
    subset = face.subset(glyphs)
    base = f"{tag}+{face.name}"
    to_gid = b"\0\0" + b"".join(subset.glyph_ids[glyph].to_bytes(2, "big") for glyph in glyphs)
    descriptor = pdfdoc.PDFDictionary(
        {
            "Type": "/FontDescriptor",
            "FontName": f"/{base}",
            "Flags": SYMBOLIC,
            "FontBBox": pdfdoc.PDFArray([-200, round(face.descent) - 200, 1200, round(face.ascent) + 200]),
            "ItalicAngle": 0,
            "Ascent": round(face.ascent),
            "Descent": round(face.descent),
            "CapHeight": CAP_HEIGHT,
            "StemV": STEM,
            "FontFile2": stream(doc, subset.data, f"fontFile:{base}", Length1=len(subset.data)),
        }
    )
    descendant = pdfdoc.PDFDictionary(
        {
            "Type": "/Font",
            "Subtype": "/CIDFontType2",
            "BaseFont": f"/{base}",
            "CIDSystemInfo": pdfdoc.PDFDictionary(
                {
                    "Registry": pdfdoc.PDFString("Adobe"),
                    "Ordering": pdfdoc.PDFString("Identity"),
                    "Supplement": 0,
                }
            ),
            "FontDescriptor": doc.Reference(descriptor, f"fontDescriptor:{base}"),
            "DW": 1000,
            "W": widths_array([face.advance(glyph) for glyph in glyphs]),
            "CIDToGIDMap": stream(doc, to_gid, f"cidToGid:{base}"),
        }
    )
    return pdfdoc.PDFDictionary(
        {
            "Type": "/Font",
            "Subtype": "/Type0",
            "BaseFont": f"/{base}",
            "Encoding": "/Identity-H",
            "DescendantFonts": pdfdoc.PDFArray([doc.Reference(descendant, f"cidFont:{base}")]),
            "ToUnicode": stream(doc, to_unicode(characters), f"toUnicode:{base}"),
        }
    )


def register(face: Face) -> str:
    """Make a face known to reportlab; harmless when it is. Returns the name to draw with."""
    known = pdfmetrics._fonts.get(face.name)  # noqa: SLF001 - reportlab has no look-up that does not load
    if known is None or known.source is not face:
        pdfmetrics._fonts[face.name] = CompositeFont(face)  # noqa: SLF001
        pdfmetrics.registerFontFamily(face.name)
    return face.name


def composite(face: Face) -> CompositeFont:
    """The registered font of a face."""
    return pdfmetrics._fonts[register(face)]  # type: ignore[no-any-return]  # noqa: SLF001
