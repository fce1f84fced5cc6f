"""Font roles, fallback faces, characters that cannot be drawn, embedding."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from generator.layout.text.embedding import subset_tag, to_unicode, widths_array
from generator.layout.text.errors import FontDamaged, FontMissing, FontNotTrueType, FontVariable, Undrawable
from generator.layout.text.faces import Face
from generator.layout.text.fonts import FONT_FOLDER, FontBook
from generator.layout.tree import Role

RARE = "㛃𬱖𫖯𠅤𪚥𬭎𫍯·"


def test_every_role_draws_rare_names(book):
    """Names of the sample with rare characters are drawn in every role, whole."""
    for role in Role:
        assert "".join(run.text for run in book.runs(RARE, role)) == RARE


def test_digits_inside_fangsong_come_from_songti(book):
    """仿宋 and 楷体 borrow digits and Latin letters from 宋体; 黑体 has its own."""
    assert [(run.face.name, run.text) for run in book.runs("年2024", Role.FANG)] == [
        ("GWFangLite", "年"),
        ("GWSong", "2024"),
    ]
    assert [run.face.name for run in book.runs("年2024", Role.HEI)] == ["GWHei"]


@pytest.mark.parametrize("character", ["\ue234", "\ud800", "\ufffe", "\u200b", "\x07", "\U000f0000", "☃"])
def test_what_no_font_draws_is_refused_with_its_code_point(book, character):
    """Private use, surrogates, controls and glyphless characters raise with character and code point."""
    with pytest.raises(Undrawable) as caught:
        book.width("甲" + character, Role.SONG, 12)
    assert caught.value.data["code_point"] == f"U+{ord(character):04X}"


def test_the_error_can_say_whose_character_it_is():
    """Person and field are added by whoever knows them, and stand in the sentence."""
    error = Undrawable(character="\ue234").located(person="张三", field="姓名")
    assert "张三" in error.diagnostics()
    assert "U+E234" in error.diagnostics()


def test_width_is_the_sum_of_the_glyphs(book):
    """Full-width characters are one em wide."""
    assert book.width("内蒙古，", Role.SONG, 16) == pytest.approx(64)


def test_an_operators_own_font_stands_before_the_built_in_one(tmp_path):
    """A file named after the role in the home folder is used for it."""
    (tmp_path / "fonts").mkdir()
    shutil.copy(FONT_FOLDER / "GWHei.ttf", tmp_path / "fonts" / "仿宋.ttf")
    own = FontBook.default(tmp_path)
    assert own.runs("甲", Role.FANG)[0].face.path == tmp_path / "fonts" / "仿宋.ttf"
    assert own.runs("甲", Role.SONG)[0].face.path == FONT_FOLDER / "GWSong.ttf"


def test_unusable_font_files_are_told_apart(tmp_path, book):
    """Missing, damaged, CFF and variable fonts each have their own error."""
    from fontTools.ttLib import TTFont

    with pytest.raises(FontMissing):
        Face(tmp_path / "none.ttf").glyph(65)
    (tmp_path / "bad.ttf").write_bytes(b"no font at all")
    with pytest.raises(FontDamaged):
        Face(tmp_path / "bad.ttf").glyph(65)
    for table, expected in (("glyf", FontNotTrueType), ("fvar", FontVariable)):
        font = TTFont(FONT_FOLDER / "GWHei.ttf")
        if table == "glyf":
            del font["glyf"], font["loca"]
        else:
            from fontTools.ttLib import newTable

            font["fvar"] = newTable("fvar")
        font.save(tmp_path / f"{table}.ttf")
        with pytest.raises(expected):
            Face(tmp_path / f"{table}.ttf").glyph(65)


def test_a_subset_keeps_only_what_is_asked_for(book):
    """The embedded program of a few characters is a few kilobytes."""
    face = book.roles[Role.SONG]
    subset = face.subset([face.glyph(ord(c)) for c in "职称"])
    assert len(subset.data) < 5000
    assert len(subset.glyph_ids) == 3


@given(
    st.text(
        st.characters(min_codepoint=0x4E00, max_codepoint=0x2A6DF, exclude_categories=["Cs", "Cn"]),
        min_size=1,
        max_size=300,
    )
)
def test_the_unicode_map_has_every_character_in_utf16(text):
    """Rows of a ToUnicode map decode to the characters, at most 100 rows in a block."""
    characters = list(dict.fromkeys(text))
    lines = to_unicode(characters).decode("ascii").splitlines()
    rows = [line.split("> <")[1].rstrip(">") for line in lines if line.startswith("<") and "> <" in line]
    decoded = [bytes.fromhex(row).decode("utf-16-be") for row in rows if row != "FFFF"]
    assert decoded == characters
    assert all(int(line.split()[0]) <= 100 for line in lines if line.endswith("beginbfchar"))


def test_widths_of_full_width_characters_are_left_out():
    """Only codes that differ from one em stand in the array."""
    assert widths_array([1000, 500, 556, 1000, 250]) == "[2[500 556]5[250]]"
    assert widths_array([1000]) == "[]"


def test_subset_tags_are_six_capitals():
    """The tags differ and have the form that readers expect."""
    assert subset_tag(0) == "AAAAAA"
    assert subset_tag(27) == "AAAABB"


@pytest.mark.tools
def test_reportlab_draws_with_a_face_and_copied_text_is_exact(book, tmp_path: Path):
    """DrawString through reportlab embeds the face; pdftotext gives rare characters back."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    buffer = BytesIO()
    canvas = Canvas(buffer, invariant=1, initialFontName=book.roles[Role.SONG].reportlab_name)
    x = 50.0
    for run in book.runs("㛃𬱖𪚥·斯琴", Role.KAI):
        canvas.setFont(run.face.reportlab_name, 20)
        canvas.drawString(x, 700, run.text)
        x += canvas.stringWidth(run.text)
    canvas.save()
    (tmp_path / "a.pdf").write_bytes(buffer.getvalue())
    text = subprocess.run(["pdftotext", tmp_path / "a.pdf", "-"], capture_output=True, check=True).stdout
    assert text.decode().strip() == "㛃𬱖𪚥·斯琴"
