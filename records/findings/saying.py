"""A finding said in another language than Chinese: made again from what its own sentence was made from.

A stored finding of an earlier version, or a language without translations, keeps the Chinese sentence; `lang` says so.
"""

from dataclasses import dataclass
from functools import cache

from core.message import DEFAULT_LANGUAGE, catalogue
from records.batch.model import Finding
from records.findings.phrases import Phrases, Sentences, filled, input_phrases, language
from records.input.input_rules import InputRule
from records.regulation import rules
from records.regulation.rules.engine import CALENDAR


@dataclass(frozen=True, slots=True)
class Saying:
    """A finding's rule in a few words, what was found and what to do, and the language of the three."""

    lang: str
    title: str
    message: str
    remedy: str


def said(finding: Finding, lang: str) -> Saying:
    """The finding in that language; in Chinese where it cannot be said."""
    title = _titles().get(finding.rule, finding.rule)
    chinese = Saying(DEFAULT_LANGUAGE, title, finding.message, finding.remedy)
    if lang == DEFAULT_LANGUAGE or finding.told is None:
        return chinese
    known = _known(finding.rule, finding.told.variant, lang)
    if known is None:
        return chinese
    sentences, phrases = known
    try:
        values = filled(finding.told.texts, phrases)
        if finding.told.variant == CALENDAR:
            values["title"] = sentences.title
        return Saying(
            lang, sentences.title, sentences.message.format_map(values), sentences.remedy.format_map(values)
        )
    except KeyError:  # stored before a sentence asked for more
        return chinese


def _known(rule: str, variant: str | None, lang: str) -> tuple[Sentences, Phrases] | None:
    """The sentences for a rule and a variant of its message, and the program's words that may fill them."""
    if rule in _keys():
        own = _input(_keys()[rule], lang)
        return (own, input_phrases(lang)) if own else None
    spoken = language(lang)
    if spoken is None or rule not in spoken.rules:
        return None
    own = spoken.rules[rule]
    if variant == CALENDAR:
        if spoken.calendar is None:
            return None
        own = Sentences(own.title, spoken.calendar.message, spoken.calendar.remedy)
    elif variant:
        if variant not in own.variants:
            return None
        own = Sentences(own.title, own.variants[variant], own.remedy)
    return own, spoken.phrases


@cache
def _input(key: str, lang: str) -> Sentences | None:
    texts = catalogue("records", lang)
    title, message, remedy = (texts.get(f"input.{key}.{part}") for part in ("title", "message", "remedy"))
    return Sentences(title, message, remedy) if title and message and remedy else None


@cache
def _keys() -> dict[str, str]:
    return {one.value.id: one.value.key for one in InputRule}


@cache
def _titles() -> dict[str, str]:
    return {one.value.id: one.title for one in InputRule} | {one.id: one.title for one in rules.RULES}
