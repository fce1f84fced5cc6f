"""Cleaning of names and texts."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.input.cleaning import clean, clean_name, private_use

IDEOGRAPHS = st.characters(categories=["Lo"], min_codepoint=0x3400)


@pytest.mark.parametrize("dot", "•‧∙⋅・･．.˙●")
def test_a_lookalike_dot_becomes_the_interpunct(dot: str) -> None:
    """U+00B7 is the 间隔号 of names."""
    found = clean_name(f"孛儿只斤{dot}巴特尔")
    assert found.text == "孛儿只斤·巴特尔"
    assert found.dots


def test_a_dot_between_latin_letters_stays() -> None:
    """A. Ivanov is no Mongol name."""
    assert clean_name("A. Ivanov").text == "A. Ivanov"
    assert not clean_name("A. Ivanov").dots


@pytest.mark.parametrize("text", ["王  伟", "王\u3000伟", "\ufeff王\u200b伟", "王\u00a0伟", "王伟\u202c"])
def test_blanks_and_invisible_characters_go(text: str) -> None:
    """They come from padding and from the web."""
    found = clean_name(text)
    assert found.text == "王伟"
    assert found.invisible


def test_a_clean_name_passes_unremarked() -> None:
    """Rare characters and the right dot are no reason for a remark."""
    for name in ("李㛃", "王𬱖", "额尔德尼巴雅尔·斯琴毕力格图·那仁满都呼", "澈"):
        found = clean_name(f" {name} ")
        assert found.text == name
        assert (found.dots, found.invisible, found.mapped, found.refused) == (False, False, (), ())


def test_known_private_use_characters_are_mapped() -> None:
    """䶮 was U+E863 in old fonts; the table holds 91 of them."""
    assert clean_name("李\ue863").text == "李䶮"
    assert clean_name("李\ue863").mapped == (("\ue863", "䶮"),)
    assert private_use()["\ue816"] == "𠂇"
    assert len(private_use()) == 91


def test_unknown_private_use_characters_are_refused() -> None:
    """Only the bearer can say what was meant."""
    assert clean_name("李\ue000").refused == ("\ue000",)


def test_a_radical_is_refused_in_a_name_and_mended_in_a_text() -> None:
    """⼯ pasted from a PDF looks like 工 and is another character."""
    assert clean_name("⼯程").refused == ("⼯",)
    assert clean("⼯程").text == "工程"
    assert clean("⼯程").mapped == (("⼯", "工"),)


def test_bullets_of_symbol_fonts_go_from_texts() -> None:
    """Word pastes them from Wingdings."""
    assert clean("\uf0b7主持项目").text == "主持项目"


@given(st.text(IDEOGRAPHS, min_size=1, max_size=12))
def test_no_ideograph_is_ever_changed(name: str) -> None:
    """Neither NFC nor NFKC: compatibility ideographs of a name stay what they are."""
    assert clean_name(name).text == name
    assert clean(name).text == name


def test_compatibility_ideographs_differ_from_their_normal_forms() -> None:
    """The reason for the rule above."""
    assert unicodedata.normalize("NFC", "\ufa19") != "\ufa19"
    assert clean_name("\ufa19").text == "\ufa19"


@given(st.text(max_size=30))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    """Cleaning is idempotent."""
    for cleaner in (clean, clean_name):
        once = cleaner(text).text
        assert cleaner(once).text == once
