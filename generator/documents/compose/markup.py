"""The HTML subset: text → elements, strictly. What HTML forgives (unclosed tags, unknown names) is an error here."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from typing import Final

from generator.documents.compose.errors import MarkupProblem, Problem

VOID: Final = frozenset(("br", "img"))
TEXT: Final = frozenset(("class", "data-size", "data-role", "data-color", "data-tracking"))
BLOCK: Final = TEXT | {
    *("data-align", "data-indent", "data-left", "data-right", "data-before", "data-after"),
    *("data-line", "data-keep", "data-together"),
}
CELL: Final = frozenset(("data-padding", "data-valign", "data-fit", "data-min-size", "data-border"))
PAGE: Final = BLOCK | {
    *("data-paper", "data-margin", "data-numbers", "data-number-gap", "data-first-number"),
    *("data-header-top", "data-watermark", "data-grid"),
}
ATTRIBUTES: Final = {
    "article": PAGE | {"data-title", "data-id", "data-author", "data-audience", "data-keywords", "lang"},
    "section": PAGE | {"data-continued", "data-top", "data-bottom", "data-width", "data-last"},
    "h1": BLOCK,
    "h2": BLOCK,
    "h3": BLOCK,
    "h4": BLOCK,
    "p": BLOCK | {"data-width", "data-height", "data-length"},
    "ol": BLOCK | {"data-marker", "data-start"},
    "li": BLOCK,
    "table": BLOCK | CELL | {"data-columns", "data-label"},
    "tr": BLOCK | CELL | {"data-height", "data-exact", "data-fill", "data-splits", "data-head"},
    "td": BLOCK | CELL | {"colspan", "rowspan", "data-vertical", "data-continued"},
    "span": TEXT | {"data-width", "data-rule"},
    "br": frozenset[str](),
    "img": frozenset(("src", "alt", "data-width", "data-height", "class")),
}
BLOCKS: Final = frozenset(("h1", "h2", "h3", "h4", "p", "ol", "table"))
INLINE: Final = frozenset(("span", "br", "img"))
CHILDREN: Final = {
    "": frozenset(("article",)),
    "article": BLOCKS | {"section"},
    "section": BLOCKS | {"section"},
    "h1": INLINE,
    "h2": INLINE,
    "h3": INLINE,
    "h4": INLINE,
    "p": INLINE,
    "ol": frozenset(("li",)),
    "li": INLINE,
    "table": frozenset(("tr",)),
    "tr": frozenset(("td",)),
    "td": BLOCKS | INLINE,
    "span": INLINE,
}
NO_TEXT: Final = frozenset(("", "article", "section", "ol", "table", "tr"))

_TOKEN = re.compile(
    r"<!--.*?-->"
    r"|<(?P<close>/)?(?P<tag>[a-zA-Z][a-zA-Z0-9]*)(?P<attributes>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>"
    r"|(?P<text>[^<]+)"
    r"|(?P<stray><)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"\s*(?P<name>[^\s=/\"'<>]+)(?:\s*=\s*(?:\"(?P<a>[^\"]*)\"|'(?P<b>[^']*)'))?|\s*/?\s*$"
)


class Attributes(dict[str, str]):
    """The attributes of a tag as written; equal text gives the same object, so looks are found by identity."""

    __slots__ = ("classes",)
    __hash__ = object.__hash__  # type: ignore[assignment]

    def __init__(self, pairs: dict[str, str]) -> None:
        super().__init__(pairs)
        self.classes = tuple(pairs.get("class", "").split())

    def __eq__(self, other: object) -> bool:
        return self is other


NO_ATTRIBUTES: Final = Attributes({})


class Element:
    """A tag with its attributes and children; `offset` is where it begins in the rendered text."""

    __slots__ = ("attributes", "children", "offset", "tag")

    def __init__(self, tag: str, attributes: Attributes, offset: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element | str] = []
        self.offset = offset

    def get(self, name: str) -> str | None:
        """An attribute's value; `""` for a switch without value, None when absent."""
        return self.attributes.get(name)

    def has(self, name: str) -> bool:
        """Whether a switch is on (`data-exact`; `="no"` and `="false"` turn it off)."""
        return self.attributes.get(name, "no").lower() not in ("no", "false")

    @property
    def classes(self) -> tuple[str, ...]:
        """The class names."""
        return self.attributes.classes

    def elements(self) -> list[Element]:
        """Children that are elements."""
        return [child for child in self.children if isinstance(child, Element)]

    def fail(self, problem: Problem, detail: str = "") -> MarkupProblem:
        """A problem at this element, to be raised."""
        return MarkupProblem(problem, detail or self.tag, self.offset)


def parse(text: str) -> Element:
    """The root `article` of a rendered template.

    Raises:
        MarkupProblem: unknown element or attribute, wrong nesting, text where none may stand, unclosed element.
    """
    root = Element("", NO_ATTRIBUTES, 0)
    stack = [root]
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "text":
            _add_text(stack[-1], token.group(), token.start())
        elif kind == "stray":
            raise MarkupProblem(Problem.STRAY, text[token.start() : token.start() + 20], token.start())
        elif token["tag"]:
            if token["close"]:
                _close(stack, token["tag"].lower(), token.start())
            else:
                _open(stack, token["tag"].lower(), token["attributes"], token.start())
    if len(stack) > 1:
        raise stack[-1].fail(Problem.UNCLOSED)
    if not root.children:
        raise MarkupProblem(Problem.EMPTY, "article", 0)
    if len(root.children) > 1:
        raise root.elements()[1].fail(Problem.SECOND_ROOT)
    return root.elements()[0]


def _add_text(parent: Element, text: str, offset: int) -> None:
    if parent.tag in NO_TEXT:
        if text.isspace():
            return
        shift = len(text) - len(text.lstrip())
        raise MarkupProblem(Problem.TEXT_HERE, f"{text.strip()[:20]}（{parent.tag or '—'}）", offset + shift)
    parent.children.append(unescape(text) if "&" in text else text)


def _open(stack: list[Element], tag: str, attributes: str, offset: int) -> None:
    if tag not in ATTRIBUTES:
        raise MarkupProblem(Problem.UNKNOWN_ELEMENT, tag, offset)
    parent = stack[-1]
    if tag not in CHILDREN[parent.tag]:
        raise MarkupProblem(Problem.NESTING, f"<{tag}> ∉ <{parent.tag or '—'}>", offset)
    try:
        found = _attributes(tag, attributes) if attributes else NO_ATTRIBUTES
    except MarkupProblem as problem:
        raise MarkupProblem(problem.problem, problem.detail, offset) from None
    element = Element(tag, found, offset)
    parent.children.append(element)
    if tag not in VOID:
        stack.append(element)


def _close(stack: list[Element], tag: str, offset: int) -> None:
    if stack[-1].tag != tag:
        raise MarkupProblem(Problem.WRONG_CLOSE, f"</{tag}> ≠ <{stack[-1].tag or '—'}>", offset)
    stack.pop()


@lru_cache(4096)
def _attributes(tag: str, source: str) -> Attributes:
    found: dict[str, str] = {}
    position = 0
    while position < len(source):
        match = _ATTRIBUTE.match(source, position)
        if match is None or match.end() == position:
            raise MarkupProblem(Problem.ATTRIBUTE_SYNTAX, source[position:].strip()[:30], 0)
        position = match.end()
        if match["name"]:
            name = match["name"].lower()
            if name not in ATTRIBUTES[tag]:
                raise MarkupProblem(Problem.UNKNOWN_ATTRIBUTE, f"{name} ∉ <{tag}>", 0)
            value = match["a"] if match["a"] is not None else match["b"]
            found[name] = unescape(value) if value else ""
    return Attributes(found)
