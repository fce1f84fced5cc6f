"""Layouts are data: what an operator may change, and how a wrong file is explained to him."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.certificate import errors
from generator.certificate.cases import CASES, SAMPLE_FACTS, SAMPLE_MARKS
from generator.certificate.face.face import (
    Border,
    Colours,
    Divider,
    LabelledField,
    Mongolian,
    Page,
    Photo,
    QrPlace,
    Rosette,
    SampleMark,
    SealPlace,
    Text,
    Waves,
    Wording,
)
from generator.certificate.face.loading import FACE_FOLDER, face_path, load_face, read_face
from generator.certificate.face.merging import merged
from generator.certificate.face.placeholders import PLACEHOLDERS, parse, sentences, values
from generator.layout.units import Mm, Pt


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Save a layout that extends the standard one."""
    folder = tmp_path / "certificates"
    folder.mkdir()

    def write(text: str, name: str = "own") -> Path:
        path = folder / f"{name}.toml"
        path.write_text('extends = "standard"\n' + text, "utf-8")
        return path

    return write


def test_every_shipped_layout_loads() -> None:
    """The layouts that ship are free of the defects that loading looks for."""
    names = sorted(path.stem for path in FACE_FOLDER.glob("*.toml"))
    assert names == ["bilingual", "standard"]
    assert [load_face(name).name for name in names]


def test_units_are_understood(write: Any) -> None:
    """A bare number is millimetres or points; a text says its unit."""
    face = read_face(write('[photo]\nx = "39.5mm"\ny = "6.15 cm"\n[sample]\nsize = "72pt"\n'))
    found = (face.photo.x, face.photo.y, face.sample.size)
    assert found == pytest.approx((Mm(39.5), Mm(61.5), Pt(72)))


def test_an_extending_layout_changes_only_what_it_says(write: Any) -> None:
    """Colours, one text and a removed field; everything else is the standard layout."""
    standard = load_face()
    face = read_face(
        write(
            'name = "蓝色"\nremove = ["acquisition"]\n[colours]\nred = "#123456"\n'
            '[[texts]]\nid = "heading"\ncontent = "某某市职称证书"\n'
        )
    )
    assert face.colours.red == "#123456"
    assert face.colours.gold == standard.colours.gold
    assert next(text for text in face.texts if text.id == "heading").content == "某某市职称证书"
    assert {field.id for field in standard.fields} - {field.id for field in face.fields} == {"acquisition"}


def test_an_operators_layout_stands_before_the_built_in_one(write: Any, tmp_path: Path) -> None:
    """A file of the same name in the home folder wins, and may extend the one it replaces."""
    write('name = "本地标准版"\n', "standard")
    assert load_face("standard", tmp_path).name == "本地标准版"
    assert face_path("bilingual", tmp_path).parent == FACE_FOLDER


def test_items_are_merged_by_id() -> None:
    """Known items change, new ones are added at the end."""
    base = {"texts": [{"id": "a", "x": 1}, {"id": "b", "x": 2}], "n": [1]}
    own = {"texts": [{"id": "b", "x": 3}, {"id": "c"}], "n": [2], "remove": ["a"]}
    assert merged(base, own) == {"texts": [{"id": "b", "x": 3}, {"id": "c"}], "n": [2]}


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ('[[texts]]\nid = "name"\nwidth = "184em"\n', errors.FaceUnit, ("texts.name.width", "em")),
        ('[[texts]]\nid = "name"\nwidht = 3\n', errors.FaceInvalid, ("texts.name.widht", "没有这一项")),
        ('[[texts]]\nid = "name"\nsize = "gross"\n', errors.FaceInvalid, ("texts.name.size", "长度")),
        ('[[texts]]\nid = "extra"\ncontent = "x"\n', errors.FaceInvalid, ("texts.extra.x", "缺少此项")),
        ('[[texts]]\nid = "name"\nx = 200\n', errors.FaceOutside, ("name",)),
        ('[[texts]]\nid = "name"\nheight = 0\n', errors.FaceOutside, ("name",)),
        ('[[texts]]\nid = "number"\ny = 62\n', errors.FaceOverlap, ("number", "name")),
        ("[qr]\ny = 80\n", errors.FaceOverlap, ("photo", "qr")),
        ("[seal]\nx = 400\n", errors.FaceOutside, ("seal",)),
        (
            '[[fields]]\nid = "name"\nlabel = "a"\nvalue = "b"\nx = 1\ny = 1\nwidth = 9\n',
            errors.FaceTwice,
            ("name",),
        ),
        (
            '[[texts]]\nid = "name"\ncontent = "{nmae}"\n',
            errors.FaceInvalid,
            ("texts.name.content", "{nmae}"),
        ),
        ('[[texts]]\nid = "scope"\nwhen = "votes"\n', errors.FaceInvalid, ("texts.scope", "{votes}")),
        (
            '[wording.statement]\n"评审" = "经{who}通过"\n',
            errors.FaceInvalid,
            ("wording.statement.评审", "{who}"),
        ),
        ('[colours]\nred = "crimson"\n', errors.FaceInvalid, ("colours.red", "#98191E")),
        ('reading_order = ["nobody"]\n', errors.FaceInvalid, ("reading_order", "nobody")),
        ("[rosette\n", errors.FaceUnreadable, ("own.toml",)),
    ],
)
def test_defects_are_named_with_their_place(
    write: Any, text: str, kind: type[errors.FaceError], words: tuple[str, ...]
) -> None:
    """The message names the item and what is wrong with it, in both languages."""
    with pytest.raises(kind) as caught:
        read_face(write(text))
    assert all(word in caught.value.diagnostics() for word in words)
    assert caught.value.diagnostics("en")


def test_unknown_layouts_and_bases_are_told(write: Any, tmp_path: Path) -> None:
    """A wrong name lists the known ones; a layout cannot extend itself."""
    with pytest.raises(errors.FaceMissing, match="standard"):
        load_face("landscape", tmp_path)
    path = write("")
    path.write_text('extends = "own"\n', "utf-8")
    with pytest.raises(errors.FaceInvalid, match="own"):
        read_face(path)


def test_every_placeholder_has_a_value() -> None:
    """The list of placeholders and what a certificate provides are the same."""
    face = load_face()
    for case in CASES:
        given = set(values(case.facts, case.marks, face.wording))
        given |= set(sentences(case.facts, case.marks, face.wording))
        assert given == set(PLACEHOLDERS)


def test_statements_follow_the_way_of_acquisition() -> None:
    """The sentence of 评审, 认定 and 重新确认, with its values."""
    face = load_face()
    words = values(SAMPLE_FACTS, SAMPLE_MARKS, face.wording)
    phrases = sentences(SAMPLE_FACTS, SAMPLE_MARKS, face.wording)
    assert (
        parse("{statement}").text(words, phrases)
        == "经内蒙古自治区工程系列高级职称评审委员会评审通过，具备高级工程师职称（资格）。"
    )
    for case in CASES:
        found = parse(face.wording.statement[case.facts.acquisition]).names
        assert found == {"conferrer", "title"}


def test_a_layout_without_a_word_says_which(write: Any) -> None:
    """A 取得方式 that the layout has no sentence for is an error of the layout."""
    face = load_face()
    wording = face.wording.model_copy(update={"statement": {"评审": "x"}})
    with pytest.raises(errors.WordingMissing, match="statement"):
        sentences(CASES[3].facts, SAMPLE_MARKS, wording)


def test_the_documentation_names_everything_that_can_be_set() -> None:
    """Placeholders, tables and keys of a layout stand in docs/certificates.md."""
    text = (FACE_FOLDER.parents[1] / "docs" / "certificates.md").read_text("utf-8")
    for placeholder in PLACEHOLDERS:
        assert f"`{{{placeholder}}}`" in text
    parts = (Page, Colours, Border, Waves, Rosette, Divider, Text, Photo, QrPlace, SealPlace, Mongolian)
    for part in (*parts, SampleMark, Wording, LabelledField):
        for key in part.model_fields:
            assert f"`{key}`" in text or f"`{key}." in text, (part.__name__, key)
