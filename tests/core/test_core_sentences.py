"""Stored sentences: said in Chinese, and in the reader's language as far as they can be."""

import pickle

from core.errors import HomeNotReady
from core.sentences import Sentence
from generator.documents.compose.errors import MarkupOutside, Problem

NOT_READY = {"path": "/srv/zc", "reason": "权限不足"}


def test_a_stored_sentence_is_chinese_for_everybody_who_does_not_ask() -> None:
    """What was made from the catalogue is the same string as ever, also after it was stored."""
    sentence = HomeNotReady(**NOT_READY).sentence()
    again = Sentence.read(sentence.stored())
    assert again == sentence == HomeNotReady(**NOT_READY).diagnostics()
    assert again.in_words("zh") == (str(sentence), "zh")


def test_a_stored_sentence_is_said_in_the_language_of_its_reader() -> None:
    """From the code and the data that stand beside it."""
    again = Sentence.read(HomeNotReady(**NOT_READY).sentence().stored())
    assert again.in_words("en") == (HomeNotReady(**NOT_READY).diagnostics("en"), "en")


def test_a_sentence_inside_a_sentence_is_said_as_well() -> None:
    """A chunk's note quotes the error that stopped it; an error in markup quotes what is wrong there."""
    inner = HomeNotReady(**NOT_READY).sentence()
    outer = Sentence.read(Sentence.of("registry", "chunk.note", position=3, note=inner).stored())
    assert HomeNotReady(**NOT_READY).diagnostics("en") in (outer.said("en") or "")
    wrong = MarkupOutside(template="A102.html", line=3, problem=Problem.UNKNOWN_ELEMENT, detail="<b>")
    assert wrong.sentence() == wrong.diagnostics()
    assert Sentence.read(wrong.sentence().stored()).said("en") == wrong.diagnostics("en")


def test_a_sentence_of_an_earlier_version_stays_chinese() -> None:
    """It was stored bare; so was one whose key is gone, or whose sentence asks for more now."""
    bare = Sentence.read("磁盘空间不足")
    assert (bare, bare.origin, bare.stored()) == ("磁盘空间不足", None, "磁盘空间不足")
    assert bare.in_words("en") == ("磁盘空间不足", "zh")
    gone = Sentence.read('{"told":{"text":"甲","room":"web","key":"no.such","data":{}}}')
    more = Sentence.read('{"told":{"text":"乙","room":"core","key":"errors.home_not_ready","data":{}}}')
    assert [one.in_words("en") for one in (gone, more)] == [("甲", "zh"), ("乙", "zh")]


def test_a_sentence_travels_between_processes_with_its_origin() -> None:
    """Workers hand reasons to the process that stores them."""
    sentence = HomeNotReady(**NOT_READY).sentence()
    assert pickle.loads(pickle.dumps(sentence)).origin == sentence.origin
