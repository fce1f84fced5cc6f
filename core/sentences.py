"""Sentences that are stored and read later by somebody else: in Chinese, with what they were made from beside them.

A stored sentence is one JSON object in the text column that used to hold the bare Chinese sentence. A bare sentence (of an
earlier version, or of a program that is not ours) has no origin and is read in Chinese.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from core.message import DEFAULT_LANGUAGE, catalogue, message

MARK: Final = '{"told":'  # no sentence begins like this


@dataclass(frozen=True, slots=True)
class Origin:
    """The catalogue's key and the values of its placeholders, which may be sentences themselves."""

    room: str
    key: str
    data: Mapping[str, str | int | float]


class Sentence(str):
    """A Chinese sentence that knows what it was made from; everywhere else it is an ordinary string."""

    origin: Origin | None

    def __new__(cls, text: str = "", origin: Origin | None = None) -> Self:
        """The sentence as it is, and where it comes from."""
        made = super().__new__(cls, text)
        made.origin = origin
        return made

    @classmethod
    def of(cls, room: str, key: str, /, **data: object) -> Self:
        """A sentence of a catalogue.

        Raises:
            KeyError: the Chinese catalogue has no such key, or a placeholder has no value.
        """
        values = {name: one if isinstance(one, str | int | float) else str(one) for name, one in data.items()}
        return cls(message(room, key, DEFAULT_LANGUAGE, **values), Origin(room, key, values))

    @classmethod
    def read(cls, stored: str) -> Self:
        """A sentence out of its column."""
        return cls._restored(json.loads(stored)["told"]) if stored.startswith(MARK) else cls(stored)

    def in_words(self, lang: str) -> tuple[str, str]:
        """The sentence in that language, or else in Chinese, and which of the two it is."""
        said = self.said(lang)
        return (str(self), DEFAULT_LANGUAGE) if said is None else (said, lang)

    def stored(self) -> str:
        """The sentence for its column."""
        if self.origin is None:
            return str(self)
        return json.dumps({"told": _plain(self)}, ensure_ascii=False, separators=(",", ":"))

    def said(self, lang: str) -> str | None:
        """The sentence in that language; None where it cannot be said."""
        if lang == DEFAULT_LANGUAGE:
            return str(self)
        if self.origin is None or self.origin.key not in catalogue(self.origin.room, lang):
            return None
        try:
            return message(self.origin.room, self.origin.key, lang, **in_language(self.origin.data, lang))
        except KeyError:  # stored before the sentence asked for more
            return None

    @classmethod
    def _restored(cls, given: Mapping[str, Any]) -> Self:
        data = {
            name: cls._restored(one) if isinstance(one, dict) else one for name, one in given["data"].items()
        }
        return cls(given["text"], Origin(given["room"], given["key"], data))


def stored(text: str) -> str:
    """Any sentence for where sentences are stored."""
    return text.stored() if isinstance(text, Sentence) else text


def in_language(data: Mapping[str, object], lang: str) -> dict[str, object]:
    """The values of placeholders, sentences among them in that language as far as they can be said."""
    return {name: (one.said(lang) or one) if isinstance(one, Sentence) else one for name, one in data.items()}


def _plain(one: str | int | float) -> object:
    """What JSON can hold of a value."""
    if not isinstance(one, Sentence) or one.origin is None:
        return one
    data = {name: _plain(value) for name, value in one.origin.data.items()}
    return {"text": str(one), "room": one.origin.room, "key": one.origin.key, "data": data}
