"""One font file (字面): its glyphs, widths and subsets; opened only when a character needs it.

Plain `.ttf` files are mapped into memory, so that worker processes share them; `.ttf.xz` files are unpacked into
memory at first use. Outlines must be TrueType, because reportlab and old printers want them.
"""

from __future__ import annotations

import lzma
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import uharfbuzz as hb

from generator.layout.text.errors import (
    FontDamaged,
    FontMissing,
    FontNotTrueType,
    FontRestricted,
    FontVariable,
)

RESTRICTED_EMBEDDING = 0x0002  # OpenType OS/2 fsType, bit 1
FS_TYPE_OFFSET = 8
TABLES_NOT_NEEDED = tuple(
    int.from_bytes(tag, "big")
    for tag in (b"OS/2", b"name", b"cmap", b"GSUB", b"GPOS", b"GDEF", b"vhea", b"vmtx", b"gasp", b"DSIG")
)


@dataclass(frozen=True, slots=True)
class Subset:
    """A cut-down font program: `data` is a TrueType file, `glyph_ids` maps old glyph numbers to its own."""

    data: bytes
    glyph_ids: dict[int, int]


class Face:
    """A font file. `name` is the file's name without suffix and unique in a font book."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name.split(".")[0]

    def __repr__(self) -> str:
        return f"Face({self.name})"

    @cached_property
    def hb_face(self) -> hb.Face:
        """The HarfBuzz face.

        Raises:
            FontUnusable: missing, damaged, variable, CFF, or embedding forbidden.
        """
        if not self.path.is_file():
            raise FontMissing(path=str(self.path))
        try:
            blob = self._packed if self.path.suffix == ".xz" else hb.Blob.from_file_path(str(self.path))
            face = hb.Face(blob)
        except (OSError, lzma.LZMAError, hb.HarfBuzzError) as error:
            raise FontDamaged(path=str(self.path)) from error
        self._refuse_what_cannot_be_embedded(face)
        return face

    def _refuse_what_cannot_be_embedded(self, face: hb.Face) -> None:
        tags = set(face.table_tags)
        if "cmap" not in tags or not face.glyph_count:
            raise FontDamaged(path=str(self.path))
        if "fvar" in tags:
            raise FontVariable(path=str(self.path))
        if "glyf" not in tags:
            raise FontNotTrueType(path=str(self.path))
        os2 = face.reference_table("OS/2").data if "OS/2" in tags else b""
        if len(os2) > FS_TYPE_OFFSET + 2:
            (fs_type,) = struct.unpack_from(">H", os2, FS_TYPE_OFFSET)
            if fs_type & 0x000F == RESTRICTED_EMBEDDING:
                raise FontRestricted(path=str(self.path))

    @cached_property
    def _packed(self) -> hb.Blob:
        return hb.Blob(lzma.decompress(self.path.read_bytes()))

    @cached_property
    def _font(self) -> hb.Font:
        return hb.Font(self.hb_face)

    @cached_property
    def _prepared(self) -> hb.Face:
        return hb.subset_preprocess(self.hb_face)

    @property
    def units(self) -> int:
        """Font units per em."""
        return int(self.hb_face.upem)

    @cached_property
    def _vertical(self) -> tuple[float, float]:
        extents = self._font.get_font_extents("ltr")
        return 1000 * extents.ascender / self.units, 1000 * extents.descender / self.units

    @property
    def ascent(self) -> float:
        """Thousandths of an em above the baseline."""
        return self._vertical[0]

    @property
    def descent(self) -> float:
        """Thousandths of an em below the baseline, negative."""
        return self._vertical[1]

    @property
    def reportlab_name(self) -> str:
        """The name under which reportlab draws with this face; registered on first use."""
        from generator.layout.text.embedding import register

        return register(self)

    def glyph(self, code_point: int) -> int:
        """Glyph number of a code point; 0 when the face has none."""
        return self._font.get_nominal_glyph(code_point) or 0

    def advance(self, glyph: int) -> float:
        """Width of a glyph in thousandths of an em."""
        return 1000 * float(self._font.get_glyph_h_advance(glyph)) / self.units

    def covers(self, character: str) -> bool:
        """Whether the face draws the character."""
        return self.glyph(ord(character)) != 0

    def code_points(self) -> set[int]:
        """Every code point that the face draws."""
        return set(self.hb_face.unicodes)

    def face_bytes(self) -> bytes:
        """The whole font file, unpacked."""
        return bytes(self.hb_face.blob.data)

    def subset(self, glyphs: Iterable[int]) -> Subset:
        """A font program with these glyphs (and glyph 0) only, without hinting, layout and names."""
        wanted = hb.SubsetInput()
        wanted.glyph_set.update(set(glyphs) | {0})
        wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
        wanted.drop_table_tag_set.update(TABLES_NOT_NEEDED)
        plan = hb.SubsetPlan(self._prepared, wanted)
        data = plan.execute().blob.data
        mapping = plan.old_to_new_glyph_mapping
        return Subset(bytes(data), {old: mapping[old] for old in mapping})
