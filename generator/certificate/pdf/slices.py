"""Font programs put together from ready slices: each glyph is cut out of its face once and kept.

A certificate needs some hundred glyphs of three faces. Its font programs are the kept slices in the order of first
use, so that the code of a character in the text is also its glyph number (`/CIDToGIDMap /Identity`). Glyphs carry no
hinting and no components. OpenType `glyf`, `loca`, `hmtx`, `head`, `hhea`, `maxp`; ISO 32000-1 9.9 (FontFile2).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from generator.layout.text.faces import Face
from generator.layout.text.fonts import SPACES

if TYPE_CHECKING:
    from generator.certificate.pdf.fontobjects import FontBytes

_TABLES: Final = (b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp")
_START: Final = (0x00010000, len(_TABLES), 64, 2, 32)
_DIRECTORY: Final = struct.Struct(">IHHHH" + 6 * "4sIII")
_DIRECTORY_WORDS: Final = struct.Struct(">27I")
_HEAD_SIZE, _HHEA_SIZE, _MAXP_SIZE = 54, 36, 32
_MAGIC: Final = 0xB1B0AFBA
_WORD: Final = 0xFFFFFFFF
_LONG_LOCA: Final = 1
_EMPTY_CONTOURS: Final = 0


class Slice(NamedTuple):
    """One glyph, ready to be joined: its padded outline and metrics with their checksums, and its Unicode text."""

    outline: bytes
    checksum: int
    metrics: bytes
    metrics_sum: int
    width: str
    unicode: str


class SlicedFace(dict[str, Slice]):
    """A face cut into slices: character → slice, cut at first use. `program` joins slices into a TrueType file.

    `kept` is where `fontobjects` keeps fonts that it has made of this face, by their characters.
    """

    def __init__(self, face: Face) -> None:
        super().__init__()
        self.face = face
        self.kept: dict[str, FontBytes] = {}

    def __missing__(self, character: str) -> Slice:
        glyph = self.face.glyph(ord(SPACES.get(character, character)))
        found = self[character] = self._cut(glyph, character)
        return found

    @cached_property
    def _notdef(self) -> Slice:
        return self._cut(0, "\ufffd")

    def _cut(self, glyph: int, character: str) -> Slice:
        outline = self._outline(glyph)
        advance, bearing = self._metrics(glyph)
        metrics = struct.pack(">Hh", advance, bearing)
        return Slice(
            outline,
            _checksum(outline),
            metrics,
            _checksum(metrics),
            str(round(1000 * advance / self._units)),
            character.encode("utf-16-be").hex().upper(),
        )

    def _outline(self, glyph: int) -> bytes:
        start, end = self._loca[glyph], self._loca[glyph + 1]
        if start == end:
            return b""
        data = self._glyf[start:end]
        (contours,) = struct.unpack_from(">h", data)
        if contours < _EMPTY_CONTOURS:
            data = self._flattened(glyph)
            (contours,) = struct.unpack_from(">h", data)
        at = 10 + 2 * contours
        (instructions,) = struct.unpack_from(">H", data, at)
        bare = data[:at] + b"\0\0" + data[at + 2 + instructions :]
        return bare + b"\0" * (-len(bare) % 4)

    def _flattened(self, glyph: int) -> bytes:
        """The outline of a composite glyph with its components drawn out."""
        from fontTools.pens.recordingPen import DecomposingRecordingPen
        from fontTools.pens.ttGlyphPen import TTGlyphPen
        from fontTools.ttLib import TTFont

        font = TTFont(io.BytesIO(self.face.face_bytes()), lazy=True)
        glyphs = font.getGlyphSet()
        recording = DecomposingRecordingPen(glyphs)
        glyphs[font.getGlyphName(glyph)].draw(recording)
        pen = TTGlyphPen(None)
        recording.replay(pen)
        drawn = pen.glyph()
        return bytes(drawn.compile(font["glyf"], recalcBBoxes=True))

    def _metrics(self, glyph: int) -> tuple[int, int]:
        """Advance and left side bearing in font units; glyphs past the last long entry repeat its advance."""
        count = self._long_metrics
        if glyph < count:
            advance, bearing = struct.unpack_from(">Hh", self._hmtx, 4 * glyph)
            return advance, bearing
        (advance,) = struct.unpack_from(">H", self._hmtx, 4 * (count - 1))
        (bearing,) = struct.unpack_from(">h", self._hmtx, 4 * count + 2 * (glyph - count))
        return advance, bearing

    def _table(self, tag: str) -> bytes:
        return bytes(self.face.hb_face.reference_table(tag).data)

    @cached_property
    def _units(self) -> int:
        return self.face.units

    @cached_property
    def _glyf(self) -> bytes:
        return self._table("glyf")

    @cached_property
    def _hmtx(self) -> bytes:
        return self._table("hmtx")

    @cached_property
    def _long_metrics(self) -> int:
        return int.from_bytes(self._table("hhea")[34:36], "big")

    @cached_property
    def _loca(self) -> Sequence[int]:
        data = self._table("loca")
        if int.from_bytes(self._table("head")[50:52], "big") == _LONG_LOCA:
            return struct.unpack(f">{len(data) // 4}I", data)
        return tuple(2 * offset for offset in struct.unpack(f">{len(data) // 2}H", data))

    @cached_property
    def _head(self) -> tuple[bytes, bytes, int]:
        """What stands before and after the file's checksum, and the table's own."""
        head = bytearray(self._table("head")[:_HEAD_SIZE])
        head[8:12] = bytes(4)
        head[50:52] = _LONG_LOCA.to_bytes(2, "big")
        whole = bytes(head) + b"\0\0"
        return whole[:8], whole[12:], _checksum(whole)

    @cached_property
    def _hhea(self) -> tuple[bytes, int]:
        """What stands before the number of metrics, and the checksum without it."""
        hhea = self._table("hhea")[: _HHEA_SIZE - 2]
        return hhea, _checksum(hhea + b"\0\0")

    @cached_property
    def _maxp(self) -> tuple[bytes, bytes, int]:
        """What stands before and after the number of glyphs, checksum without it; no hinting programs."""
        maxp = bytearray(self._table("maxp")[:_MAXP_SIZE])
        maxp[4:6] = bytes(2)
        maxp[14:28] = struct.pack(">7H", 1, 0, 0, 0, 0, 0, 0)
        maxp[28:32] = bytes(4)
        return bytes(maxp[:4]), bytes(maxp[6:]), _checksum(bytes(maxp))

    def program(self, slices: Sequence[Slice]) -> bytes:
        """A TrueType file whose glyph 0 is .notdef and whose glyphs 1, 2, 3 … are the slices."""
        outlines, outline_sums, metrics, metrics_sums, _, _ = zip(self._notdef, *slices, strict=True)
        number = len(outlines)
        count = number.to_bytes(2, "big")
        offsets = [0, *accumulate(map(len, outlines))]
        (head_before, head_after, head_sum) = self._head
        (maxp_before, maxp_after, maxp_sum) = self._maxp
        hhea, hhea_sum = self._hhea
        sums = (
            sum(outline_sums),
            head_sum,
            hhea_sum + number,  # the low half of the last word
            sum(metrics_sums),
            sum(offsets),
            maxp_sum + (number << 16),  # the high half of the second word
        )
        sizes = (offsets[-1], _HEAD_SIZE, _HHEA_SIZE, 4 * number, 4 * (number + 1), _MAXP_SIZE)
        directory = _directory(sizes, sums)
        adjustment = (_MAGIC - sum(sums) - sum(_DIRECTORY_WORDS.unpack(directory))) & _WORD
        return b"".join(
            (
                directory,
                *outlines,
                head_before,
                adjustment.to_bytes(4, "big"),
                head_after,
                hhea,
                count,
                *metrics,
                struct.pack(f">{number + 1}I", *offsets),
                maxp_before,
                count,
                maxp_after,
            )
        )


def _directory(sizes: Sequence[int], sums: Sequence[int]) -> bytes:
    """The table directory; every table begins at a multiple of four."""
    at = _DIRECTORY.size
    entries: list[bytes | int] = []
    for tag, size, total in zip(_TABLES, sizes, sums, strict=True):
        entries += (tag, total & _WORD, at, size)
        at += size + -size % 4
    return _DIRECTORY.pack(*_START, *entries)


def _checksum(data: bytes) -> int:
    """Sum of big-endian 32-bit words; the length is a multiple of four."""
    words: tuple[int, ...] = struct.unpack(f">{len(data) // 4}I", data)
    return sum(words) & _WORD
