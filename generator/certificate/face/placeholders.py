"""Placeholders (占位符) of a layout: which there are, and their values for one certificate.

A sentence of `[wording]` is itself a placeholder (`{statement}`), so that a value inside it can still be emphasised.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from generator.certificate.errors import PlaceholderUnknown, WordingMissing
from generator.certificate.face.face import Wording
from generator.certificate.parts import CertificateFacts, IssueMarks

SENTENCES: Final = ("statement", "scope_sentence", "predecessor_sentence")
PLACEHOLDERS: Final = (
    "number",
    "licence_identifier",
    "code",
    "code_grouped",
    "url",
    "host",
    "name",
    "sex",
    "birth",
    "identity_kind",
    "identity",
    "series",
    "specialty",
    "title",
    "level",
    "acquisition",
    "obtained",
    "conferrer",
    "conferrer_label",
    "employer",
    "authority",
    "issued",
    "scope",
    "predecessor",
    *SENTENCES,
)
GROUP: Final = 5
_MARK: Final = re.compile(r"\{([a-z_]+)\}")


class Piece(NamedTuple):
    """A part of a text: its characters and the placeholder they came from (None: the layout's own words)."""

    text: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed text: literal parts and placeholder names in turn, `(literal, name or None)`."""

    parts: tuple[tuple[str, str | None], ...]

    @property
    def names(self) -> frozenset[str]:
        """The placeholders in it."""
        return frozenset(name for _, name in self.parts if name)

    def pieces(self, values: Mapping[str, str], sentences: Mapping[str, Template]) -> list[Piece]:
        """The text with its values, sentences opened up."""
        found: list[Piece] = []
        for literal, name in self.parts:
            if literal:
                found.append(Piece(literal, None))
            if name and name in sentences:
                found += sentences[name].pieces(values, {})
            elif name:
                found.append(Piece(values[name], name))
        return found

    def text(self, values: Mapping[str, str], sentences: Mapping[str, Template]) -> str:
        """The text with its values as one string."""
        found = ""
        for literal, name in self.parts:
            found += literal
            if name:
                found += sentences[name].text(values, {}) if name in sentences else values[name]
        return found


@lru_cache(maxsize=512)
def parse(content: str) -> Template:
    """Cut a text at its placeholders.

    Raises:
        PlaceholderUnknown: there is no placeholder of that name.
    """
    parts: list[tuple[str, str | None]] = []
    at = 0
    for match in _MARK.finditer(content):
        if match[1] not in PLACEHOLDERS:
            raise PlaceholderUnknown(placeholder=match[1])
        parts.append((content[at : match.start()], match[1]))
        at = match.end()
    if at < len(content):
        parts.append((content[at:], None))
    return Template(tuple(parts))


@lru_cache(maxsize=512)
def date_text(day: date) -> str:
    """A day as certificates write it: 2025年11月28日."""
    return f"{day.year}年{day.month}月{day.day}日"


def values(facts: CertificateFacts, marks: IssueMarks, wording: Wording) -> dict[str, str]:
    """The value of every placeholder that is not a sentence; what is not stated is empty.

    Raises:
        WordingMissing: the layout has no word for this 取得方式 or level.
    """
    return {
        "number": marks.number,
        "licence_identifier": marks.licence_identifier,
        "code": marks.code,
        "code_grouped": grouped(marks.code),
        "url": marks.url,
        "host": host(marks.url),
        "name": facts.name,
        "sex": facts.sex,
        "birth": facts.birth,
        "identity_kind": facts.identity_kind,
        "identity": facts.identity_masked,
        "series": facts.series,
        "specialty": facts.specialty,
        "title": facts.title,
        "level": _word(wording.level, facts.grade, "level"),
        "acquisition": facts.acquisition,
        "obtained": date_text(facts.obtained_on),
        "conferrer": facts.conferrer,
        "conferrer_label": _word(wording.conferrer_label, facts.acquisition, "conferrer_label"),
        "employer": facts.employer,
        "authority": facts.authority,
        "issued": date_text(marks.issued_on),
        "scope": facts.scope or "",
        "predecessor": marks.predecessor or "",
    }


def sentences(facts: CertificateFacts, marks: IssueMarks, wording: Wording) -> dict[str, Template]:
    """The sentences of this certificate, chosen by 取得方式; an absent scope or predecessor gives an empty one.

    Raises:
        WordingMissing: the layout has no sentence for this 取得方式.
    """
    return {
        "statement": parse(_word(wording.statement, facts.acquisition, "statement")),
        "scope_sentence": parse(wording.scope if facts.scope else ""),
        "predecessor_sentence": parse(wording.predecessor if marks.predecessor else ""),
    }


def grouped(code: str) -> str:
    """A code as people read and type it: by fives, the last group takes what is left over."""
    groups = max(1, len(code) // GROUP)
    return " ".join(
        [code[at * GROUP : (at + 1) * GROUP] for at in range(groups - 1)] + [code[(groups - 1) * GROUP :]]
    )


def host(url: str) -> str:
    """The domain that a visitor must see in his browser, in lower case."""
    return url.partition("://")[2].partition("/")[0].lower()


def _word(table: Mapping[str, str], key: str, part: str) -> str:
    try:
        return table[key]
    except KeyError as error:
        raise WordingMissing(table=part, word=key) from error
