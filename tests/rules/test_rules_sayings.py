"""Findings said in English: every rule, every finding of reading, nothing Chinese but what comes from the workbook."""

import json
import re
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from rules_examples import base, with_facts
from test_rules_examples import EXAMPLES
from test_rules_variants import VARIANTS

from core.message import catalogue, placeholders
from records.batch.model import Finding, Place, Release
from records.findings import phrases
from records.findings.saying import said
from records.input.checking import check_file
from records.input.input_rules import InputRule
from records.input.sheets import sheets
from records.regulation.rules import RULES, check, rule
from records.regulation.rules.engine import CALENDAR, UNKNOWN_YEAR, UNKNOWN_YEAR_REMEDY
from records.regulation.rules.releases import MESSAGES, REMEDY
from records.sample.plans import Kind

ROOT = Path(__file__).resolve().parents[2]
FORTY = ROOT / "samples" / "bad" / "forty_planted_defects.xlsx"
CHINESE = re.compile("[\u3001-\u303f\u3400-\u9fff\uff00-\uffef]")
QUOTED = re.compile("“([^”]*)”")
HEADS = {item.name for item in sheets()} | {column.head for item in sheets() for column in item.columns}
OTHERS_QUOTED = {"代码表", "是", "任职资格"}  # a helper sheet, an entry, a word that titles may not have
OWN_WORDS = {
    **dict.fromkeys(("B-E11", "B-E12", "B-E13", "B-E14", "B-E16", "B-E17", "B-E19"), ("missing",)),
    **dict.fromkeys(("B-E20", "B-E21", "B-E26", "B-S07"), ("missing",)),
    **dict.fromkeys(("B-T16", "B-T17", "B-T18"), ("place", "what")),
    **dict.fromkeys(("B-A01", "B-A02"), ("route",)),
    "B-C10": ("rule", "who"),
    "B-C12": ("kind",),
    "B-M03": ("difference",),
    "B-E15": ("who",),
    "B-A03": ("who",),
    "B-S03": ("basis",),
    "B-X03": ("problem",),
    "B-X06": ("relation",),
    "B-X09": ("paper",),
}

english = phrases.language("en")
assert english is not None


def everything_found() -> list[Finding]:
    """The findings of every example of a rule and of every variant of a message."""
    found = [item for one in EXAMPLES for item in check(one.breaking)]
    for one in VARIANTS:
        found += check(with_facts(base(one.kind), one.facts))
    return found


def left(text: str, values: Iterable[str] = ()) -> str:
    """What of a sentence is neither a value nor names something in the workbook."""
    for value in sorted(filter(None, values), key=len, reverse=True):
        text = text.replace(value, "")
    return QUOTED.sub(lambda m: "" if m.group(1) in HEADS | OTHERS_QUOTED else m.group(), text)


def chinese_in(finding: Finding) -> str:
    """The Chinese in the English sentences of a finding that comes from elsewhere than its values."""
    words = said(finding, "en")
    assert (words.lang, bool(words.title)) == ("en", True), finding
    assert finding.told is not None
    own = phrases.input_phrases("en") if finding.rule.startswith("R-IN") else english.phrases
    values = phrases.filled(finding.told.texts, own).values()
    return "".join(CHINESE.findall(left(words.title + words.message + words.remedy, values)))


@pytest.mark.parametrize("item", RULES, ids=lambda item: item.id)
def test_every_rule_has_english_sentences_with_the_same_placeholders(item):
    """Title, message, remedy, variants; Chinese only in quotes, where it names something in the workbook."""
    words = english.rules[item.id]
    assert set(words.variants) == set(item.variants)
    pairs = [(item.message, words.message), (item.remedy, words.remedy), (item.title, words.title)]
    pairs += [(text, words.variants[name]) for name, text in item.variants.items()]
    for source, text in pairs:
        assert text
        assert placeholders(text) == placeholders(source), text
        assert not CHINESE.search(left(text)), text


@pytest.mark.parametrize("item", InputRule, ids=lambda item: item.value.id)
def test_every_finding_of_reading_has_english_sentences_with_the_same_placeholders(item):
    """Title, message and remedy."""
    source, texts = catalogue("records", "zh"), catalogue("records", "en")
    for part in ("title", "message", "remedy"):
        key = f"input.{item.value.key}.{part}"
        assert placeholders(texts[key]) == placeholders(source[key]), key
        assert not CHINESE.search(left(texts[key])), key


def test_what_any_rule_may_say_has_english_sentences_too():
    """A year without a calendar; a release that does not fit. No sentence is left over."""
    assert english.calendar is not None
    assert placeholders(english.calendar.message) == placeholders(UNKNOWN_YEAR)
    assert placeholders(english.calendar.remedy) == placeholders(UNKNOWN_YEAR_REMEDY)
    release = english.rules["放行"]
    assert set(release.variants) == set(MESSAGES)
    for name, text in MESSAGES.items():
        assert placeholders(release.variants[name]) == placeholders(text)
    assert placeholders(release.remedy) == placeholders(REMEDY)
    assert set(english.rules) == {item.id for item in RULES} | {"放行"}


def test_the_words_of_the_reader_are_the_same_in_both_languages():
    """Hints and reasons, with their placeholders."""
    source, texts = catalogue("records", "zh"), catalogue("records", "en")
    for key in source:
        if key.startswith(("words.", "photo.")):
            assert placeholders(texts[key]) == placeholders(source[key]), key


def test_every_translated_word_is_one_that_the_program_says():
    """A phrase whose Chinese no longer stands in the code or in a policy file is removed here as well."""
    places = [*(ROOT / "records").rglob("*.py"), *(ROOT / "records/data/policy").rglob("*.toml")]
    code = "".join(path.read_text("utf-8") for path in places)
    code = code.replace('" + (\n            "等"', "等")  # a list of titles that goes on
    tables = [tomllib.loads(path.read_text("utf-8")) for path in (phrases.FOLDER / "en").glob("*.toml")]
    for text in {one for table in tables for pairs in table.get("phrases", {}).values() for one in pairs}:
        literal = [re.escape(part) for part in re.split(r"\{\w+\}", text)]
        assert re.search(r"(?:\{[^}]*\})+".join(literal), code), text


def test_every_message_of_every_rule_can_be_said_in_english():
    """Of each example and each variant; what the program itself fills in is English, too."""
    found = everything_found()
    assert {item.rule for item in found} >= {one.rule for one in EXAMPLES}
    for item in found:
        assert chinese_in(item) == "", (item, said(item, "en"))
        for name in OWN_WORDS.get(item.rule, ()):
            if item.told and name in item.told.data:
                value = phrases.filled(item.told.texts, english.phrases)[name]
                assert value[0].isascii(), (item.rule, name, value)


def test_the_forty_planted_defects_are_said_in_english():
    """Nothing Chinese but names, heads and entries of the workbook; the Chinese findings are as before."""
    findings = check_file(FORTY).findings
    assert len(findings) >= 40
    for item in findings:
        assert chinese_in(item) == "", (item, said(item, "en"))
        assert (said(item, "zh").message, said(item, "zh").remedy) == (item.message, item.remedy)


def test_lists_of_conditions_are_taken_apart_and_their_numbers_stay():
    """Words that hold 、 themselves are known as a whole; a list with an unknown part stays Chinese."""
    given = "在苏木乡镇、嘎查村基层单位工作、工作满2年（现1年）"
    known = phrases.filled({"missing": given, "name": "首次申报职称"}, english.phrases)
    assert known == {
        "missing": "work in a grassroots organisation of a sumu, township, gacha or village, "
        "2 full years of work (now 1)",
        "name": "首次申报职称",
    }
    unknown = phrases.filled({"missing": f"{given}、别的"}, english.phrases)
    assert unknown == {"missing": f"{given}、别的"}


def test_a_year_without_a_calendar_and_a_useless_release_are_said_in_english():
    """They name the rule by its English title."""
    batch = base(Kind.GREEN)
    far = {"publicity.starts": date(2031, 9, 1), "publicity.ends": date(2031, 9, 3)}
    release = Release(place=Place("放行", 2), rule="B-T04", reason="理由", released_by="某人")
    found = [*check(with_facts(batch, far)), *check(batch.model_copy(update={"releases": (release,)}))]
    stopped = [item for item in found if item.told and item.told.variant == CALENDAR]
    assert any("“Publicity of the results”" in said(item, "en").message for item in stopped)
    assert [said(item, "en").message for item in found if item.rule == "放行"] == [
        "No problem fits this release: rule B-T04."
    ]
    assert all(chinese_in(item) == "" for item in found)


def test_outsiders_do_not_get_what_a_sentence_was_made_from():
    """`check --json` and its like are as they were; a finding stored without it is said in Chinese."""
    item = next(item for item in check(EXAMPLES[0].breaking) if item.rule == EXAMPLES[0].rule)
    stored = item.model_dump(mode="json")
    assert "told" not in stored
    old = Finding.model_validate_json(json.dumps(stored))
    assert old.told is None
    assert said(old, "en").lang == "zh"
    assert said(old, "en").message == item.message
    assert said(old, "en").title == rule(item.rule).title


def test_a_language_without_translations_and_a_sentence_that_asks_for_more_stay_chinese():
    """Nothing is said by halves."""
    item = check(EXAMPLES[0].breaking)[0]
    assert said(item, "mn").lang == "zh"
    assert item.told is not None
    poor = item.model_copy(update={"told": type(item.told)(item.told.variant, {})})
    assert said(poor, "en").message == item.message


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.id)
def test_a_remedy_names_only_columns_that_the_workbook_has(one: object) -> None:
    """A head or sheet in quotation marks can be found by whoever has to mend it."""
    quoted = set(QUOTED.findall(one.remedy))  # type: ignore[attr-defined]
    assert {word for word in quoted if not word.startswith("{")} <= HEADS | OTHERS_QUOTED, quoted - HEADS


def test_no_sentence_of_a_finding_keeps_a_placeholder() -> None:
    """Message and remedy of every example and variant are filled in."""
    left = [one for one in everything_found() if re.search("[{}]", f"{one.message}{one.remedy}")]
    assert left == []
