"""Sayings in other languages than Chinese, kept as data: of rules in `messages/findings/LANGUAGE/*.toml`.

Rules also fill their sentences with words of their own (申报中级职称). Such a word has a translation under
`[phrases.PLACEHOLDER]`; what comes from a workbook (names, heads, entries) has none and stays as it is.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from core.message import DEFAULT_LANGUAGE, catalogue

FOLDER = Path(__file__).resolve().parents[1] / "messages" / "findings"
FAMILIES = {
    "hint": "words.",
    "reason": "photo.",
}  # placeholders of input findings → their words in the catalogue
_BETWEEN = "、"
_PLAIN = str.maketrans({"、": ", ", "；": "; ", "（": " (", "）": ")", "：": ": "})
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
Phrases = Mapping[str, tuple["Phrase", ...]]


@dataclass(frozen=True, slots=True)
class Sentences:
    """What can be said of one rule: its title, its message, what to do, further messages."""

    title: str
    message: str
    remedy: str
    variants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A program's own word with its translation; both may have placeholders."""

    source: re.Pattern[str]
    words: str


@dataclass(frozen=True, slots=True)
class Language:
    """Everything that findings of rules need to be said in one language."""

    rules: Mapping[str, Sentences]
    calendar: Sentences | None
    phrases: Phrases


@cache
def language(code: str) -> Language | None:
    """What findings of rules say in that language; None where nobody has translated them."""
    tables = [tomllib.loads(path.read_text("utf-8")) for path in sorted((FOLDER / code).glob("*.toml"))]
    if not tables:
        return None
    own: dict[str, Any] = {}
    phrases: dict[str, dict[str, str]] = {}
    for table in tables:
        for placeholder, pairs in table.pop("phrases", {}).items():
            phrases.setdefault(placeholder, {}).update(pairs)
        own |= table
    calendar = own.pop("calendar", None)
    return Language(
        rules={rule: Sentences(**texts) for rule, texts in own.items()},
        calendar=Sentences(title="", **calendar) if calendar else None,
        phrases={placeholder: _phrases(pairs) for placeholder, pairs in phrases.items()},
    )


@cache
def input_phrases(code: str) -> Phrases:
    """The words with which the reader fills its sentences, by placeholder."""
    chinese, other = catalogue("records", DEFAULT_LANGUAGE), catalogue("records", code)
    return {
        placeholder: _phrases({chinese[key]: text for key, text in other.items() if key.startswith(family)})
        for placeholder, family in FAMILIES.items()
    }


def filled(data: Mapping[str, str], phrases: Phrases) -> dict[str, str]:
    """The values of placeholders with the program's own words translated."""
    return {name: _value(text, name, phrases) for name, text in data.items()}


def _phrases(pairs: Mapping[str, str]) -> tuple[Phrase, ...]:
    longest = sorted(pairs, key=len, reverse=True)
    return tuple(Phrase(re.compile(_pattern(source)), pairs[source]) for source in longest)


def _pattern(source: str) -> str:
    return "".join(
        re.escape(text) + (f"(?P<{name}>.+?)" if name else "")
        for text, name, _, _ in Formatter().parse(source)
    )


def _value(text: str, name: str, phrases: Phrases) -> str:
    known = phrases.get(name, ())
    for phrase in known:
        if found := phrase.source.fullmatch(text):
            return phrase.words.format_map(filled(found.groupdict(), phrases))
    if known and (parts := _parts(text, known)):
        return ", ".join(_value(part, name, phrases) for part in parts)
    return text if _HAN.search(text) else text.translate(_PLAIN)


def _parts(text: str, known: tuple[Phrase, ...]) -> list[str]:
    """A list of phrases taken apart (they may hold 、 themselves); empty when it is none."""
    parts: list[str] = []
    while text:
        for phrase in known:
            found = re.match(f"(?:{phrase.source.pattern})(?={_BETWEEN}|$)", text)
            if found:
                parts.append(found.group())
                text = text[found.end() + len(_BETWEEN) :]
                break
        else:
            return []
    return parts if len(parts) > 1 else []
