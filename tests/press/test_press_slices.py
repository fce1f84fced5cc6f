"""Font programs put together from slices are fonts that others can read."""

from __future__ import annotations

import io

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.sfnt import SFNTReader

from generator.certificate.pdf.slices import SlicedFace
from generator.layout.text.faces import Face
from generator.layout.text.fonts import FontBook

TEXT = "内蒙古自治区职称证书0123ABC（资格）·"


def outlines(font: TTFont, name: str) -> list[object]:
    pen = DecomposingRecordingPen(font.getGlyphSet())
    font.getGlyphSet()[name].draw(pen)
    return pen.value


def assert_same_glyphs(face: Face, text: str) -> None:
    sliced = SlicedFace(face)
    program = TTFont(io.BytesIO(sliced.program([sliced[character] for character in text])))
    origin = TTFont(io.BytesIO(face.face_bytes()))
    assert program["maxp"].numGlyphs == len(text) + 1
    for number, character in enumerate(text, 1):
        old = origin.getBestCmap()[ord(character)]
        new = program.getGlyphName(number)
        assert outlines(program, new) == outlines(origin, old)
        assert program["hmtx"][new] == origin["hmtx"][old]


def test_every_glyph_keeps_its_outline_and_metrics(fonts: FontBook) -> None:
    """Glyph n of the program draws the n-th character as the face itself draws it."""
    assert_same_glyphs(fonts.face("GWSong"), TEXT)


def test_rare_characters_come_out_of_packed_faces(fonts: FontBook) -> None:
    """Faces that are stored compressed are cut the same way, beyond U+FFFF too."""
    assert_same_glyphs(fonts.face("GWRareG"), "𪚥")


def test_composite_glyphs_are_drawn_out(fonts: FontBook) -> None:
    """Components become plain outlines, so that slices stand alone."""
    assert_same_glyphs(fonts.mongolian, "ÀÉü")


def test_all_checksums_are_right(fonts: FontBook) -> None:
    """A font tool that checks sums finds every table, and the file as a whole, in order."""
    sliced = SlicedFace(fonts.face("GWKai"))
    data = sliced.program([sliced[character] for character in "经评审通过"])
    reader = SFNTReader(io.BytesIO(data), checkChecksums=2)
    assert {tag: bool(reader[tag]) for tag in reader.keys()}  # noqa: SIM118 - not a mapping
    words = [int.from_bytes(data[at : at + 4], "big") for at in range(0, len(data), 4)]
    assert sum(words) & 0xFFFFFFFF == 0xB1B0AFBA


def test_a_space_has_no_outline_and_keeps_its_width(fonts: FontBook) -> None:
    """Characters without ink are slices too."""
    sliced = SlicedFace(fonts.face("GWSong"))
    space = sliced["\u3000"]
    assert space.outline == b""
    assert space.width == "1000"
