"""Placeholders in the text of a Word file: found even where Word has split them over runs, and made whole.

`{{ field }}` shows a value; `{% for row in rows %} … {% endfor %}` and `{% if field %} … {% endif %}` govern text;
with `tr` (`{%tr for row in rows %}`) they govern whole table rows, with `p` whole paragraphs.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lxml import etree

from generator.wordforms.places import Spot, Surveyor, W

OPEN: Final = (
    "\ue000"  # private-use characters mark placeholders inside the XML; a form may not hold them itself
)
CLOSE: Final = "\ue001"
MARK: Final = re.compile(f"{OPEN}(\\d+){CLOSE}")
_PLACEHOLDER: Final = re.compile(r"\{\{(?P<value>.*?)\}\}|\{%(?P<block>.*?)%\}", re.DOTALL)
_SCOPE: Final = re.compile(r"(tr|p)\s+", re.DOTALL)
_QUOTES: Final = str.maketrans("“”‘’\u00a0\u3000", "\"\"''  ")
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"


class Scope(StrEnum):
    """What a block tag governs."""

    TEXT = ""
    ROW = "tr"
    PARAGRAPH = "p"


@dataclass(frozen=True, slots=True)
class Tag:
    """One placeholder: its code without braces, whether it is a block, what it governs, where it stands."""

    code: str
    block: bool
    scope: Scope
    spot: Spot
    source: str

    def jinja(self) -> str:
        """The placeholder in the template language, with private delimiters."""
        kind = "b" if self.block else "v"
        return f"{OPEN}{kind} {self.code} {kind}{CLOSE}"


class TagReader:
    """Replaces the placeholders of a story by marks and collects them."""

    def __init__(self, root: etree._Element, story: str, tags: list[Tag]) -> None:
        self._root = root
        self._surveyor = Surveyor(root, story)
        self._tags = tags

    def read(self) -> None:
        """Go through all paragraphs in reading order."""
        for paragraph in list(self._root.iter(f"{W}p")):
            texts = [t for t in paragraph.iter(f"{W}t") if next(t.iterancestors(f"{W}p")) is paragraph]
            whole = "".join(t.text or "" for t in texts)
            if "{{" in whole or "{%" in whole:
                spot = self._surveyor.spot(paragraph)
                matches = list(_PLACEHOLDER.finditer(whole))
                first = len(self._tags)
                self._tags += [_tag(match, spot) for match in matches]
                for number, match in reversed(list(enumerate(matches, first))):
                    _replace(texts, match.start(), match.end(), f"{OPEN}{number}{CLOSE}")


def _tag(match: re.Match[str], spot: Spot) -> Tag:
    block = match["block"] is not None
    code = (match["block"] if block else match["value"]).translate(_QUOTES).strip()
    code = code.removeprefix("-").removesuffix("-").strip()  # white space control means nothing in Word
    scope = Scope.TEXT
    if block and (found := _SCOPE.match(code)):
        scope, code = Scope(found[1]), code[found.end() :]
    return Tag(code, block, scope, spot, match.group())


def _replace(texts: list[etree._Element], start: int, end: int, mark: str) -> None:
    """Put `mark` where the characters `start`…`end` of the joined texts stand; the first run's format stays."""
    offset = 0
    for element in texts:
        text = element.text or ""
        first, last = max(start - offset, 0), min(end - offset, len(text))
        if first < last:
            element.text = text[:first] + mark + text[last:]
            element.set(_SPACE, "preserve")
            mark = ""
        offset += len(text)


def lift(root: etree._Element, tags: list[Tag]) -> None:
    """Move row and paragraph tags out of the text to before, after or in place of what they govern."""
    for scope, name in ((Scope.ROW, f"{W}tr"), (Scope.PARAGRAPH, f"{W}p")):
        for element in list(root.iter(name)):
            _lift_from(element, name, scope, tags)


def _lift_from(element: etree._Element, name: str, scope: Scope, tags: list[Tag]) -> None:
    """A row with opening and closing tag repeats itself; one that only carries tags gives way to them."""
    found = [
        (text, match)
        for text in element.iter(f"{W}t")
        if next(text.iterancestors(name), None) is element
        for match in MARK.finditer(text.text or "")
        if tags[int(match[1])].scope is scope
    ]
    if not found:
        return
    for text, match in found:
        text.text = (text.text or "").replace(match.group(), "")
    marks = [match.group() for _, match in found]
    opening = [mark for mark in marks if not _closes(tags, mark)]
    closing = [mark for mark in marks if _closes(tags, mark)]
    if opening and len(opening) == len(closing):
        _insert_before(element, "".join(opening))
        element.tail = "".join(closing) + (element.tail or "")
    else:
        _insert_before(element, "".join(marks))
        _remove(element)


def _closes(tags: list[Tag], mark: str) -> bool:
    found = MARK.fullmatch(mark)
    return found is not None and tags[int(found[1])].code.startswith("end")


def _insert_before(element: etree._Element, text: str) -> None:
    previous = element.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + text
        return
    parent = element.getparent()
    parent.text = (parent.text or "") + text


def _remove(element: etree._Element) -> None:
    """Take an element out without losing the text after it."""
    if element.tail:
        _insert_before(element, element.tail)
    element.getparent().remove(element)
