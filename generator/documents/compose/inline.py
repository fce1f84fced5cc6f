"""Inline content of a paragraph: text with styles, line breaks, blanks, page fields, pictures."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from generator.documents.compose.errors import Problem
from generator.documents.compose.markup import Element
from generator.documents.compose.measures import measure, millimetres
from generator.documents.compose.styles import Look
from generator.layout import charts
from generator.layout.tree import Blank, Chart, FieldKind, Inline, LineBreak, PageField, Picture, Run
from generator.layout.units import Length

SPACE: Final = " \t\r\n\f"
_SPACES = re.compile(r"[ \t\r\n\f]+")
_NEEDS_WORK = re.compile(r"[\t\r\n\f]|  ")
_CJK_MARKS: Final = frozenset("“”‘’…—·")
_CJK_FROM: Final = 0x2E80
PNG: Final = b"\x89PNG\r\n\x1a\n"
JPEG: Final = b"\xff\xd8\xff"

Derive = Callable[[Element, Look], Look]


def is_wide(character: str) -> bool:
    """Whether a line break beside this character means nothing (Chinese text)."""
    return ord(character) >= _CJK_FROM or character in _CJK_MARKS


class InlineBuilder:
    """Collects the inlines of one paragraph, collapsing white space as HTML does."""

    def __init__(self, derive: Derive, folders: tuple[Path, ...]) -> None:
        self._derive = derive
        self._folders = folders
        self._inlines: list[Inline] = []
        self._pending = ""  # white space met but not yet written
        self._last = ""  # last character written, "" after a line's start

    def build(self, children: list[Element | str], look: Look) -> tuple[Inline, ...]:
        """The inlines of these children.

        Raises:
            MarkupProblem: a picture or a blank without what it needs.
        """
        self._walk(children, look)
        return tuple(self._inlines)

    def _walk(self, children: list[Element | str], look: Look) -> None:
        for child in children:
            if isinstance(child, str):
                self._text(child, look)
            elif child.tag == "br":
                self._inlines.append(LineBreak())
                self._pending = self._last = ""
            elif child.tag == "img":
                self._picture(child, look)
            else:
                self._span(child, self._derive(child, look))

    def _text(self, text: str, look: Look) -> None:
        body = text.strip(SPACE)
        if not body:
            self._pending += text
            return
        lead = text[: len(text) - len(text.lstrip(SPACE))]
        space = self._space(self._pending + lead, body[0])
        self._pending = text[len(text.rstrip(SPACE)) :]
        if _NEEDS_WORK.search(body):
            body = _SPACES.sub(lambda match: _collapsed(body, match), body)
        self._add(space + body, look)

    def _space(self, space: str, following: str) -> str:
        if not space or not self._last:
            return ""
        if "\n" in space and (is_wide(self._last) or is_wide(following)):
            return ""
        return " "

    def _add(self, text: str, look: Look) -> None:
        previous = self._inlines[-1] if self._inlines else None
        if isinstance(previous, Run) and previous.style is look.text:
            self._inlines[-1] = Run(previous.text + text, look.text)
        else:
            self._inlines.append(Run(text, look.text))
        self._last = text[-1]

    def _flush(self, look: Look) -> None:
        space = self._space(self._pending, "x")
        self._pending = ""
        if space:
            self._add(space, look)
        self._last = "x"

    def _span(self, span: Element, look: Look) -> None:
        kinds = {"page": FieldKind.PAGE, "pages": FieldKind.PAGES}
        kind = next((kinds[name] for name in span.classes if name in kinds), None)
        if kind is None and "blank" not in span.classes:
            self._walk(span.children, look)
            return
        self._flush(look)
        if kind is not None:
            self._inlines.append(PageField(kind, look.text))
        else:
            width = _length(span, "data-width", look)
            self._inlines.append(Blank(width, look.text, rule=span.has("data-rule") or look.underline))

    def _picture(self, image: Element, look: Look) -> None:
        if image.get("alt") is None or image.get("src") is None:
            raise image.fail(Problem.NEEDS_ATTRIBUTE, "<img> src, alt")
        width, height = (_length(image, name, look) for name in ("data-width", "data-height"))
        if not image.attributes["src"]:
            return
        self._flush(look)
        if image.attributes["src"].startswith(charts.PREFIX):
            self._inlines.append(_chart(image, width, height))
            return
        data = _image_bytes(image, self._folders)
        if not data.startswith((PNG, JPEG)):
            raise image.fail(Problem.IMAGE_KIND, image.attributes["src"][:40])
        self._inlines.append(Picture(data, width, height, image.attributes["alt"]))


def _collapsed(text: str, match: re.Match[str]) -> str:
    if "\n" in match[0] and (is_wide(text[match.start() - 1]) or is_wide(text[match.end()])):
        return ""
    return " "


def _length(element: Element, name: str, look: Look) -> Length:
    value = element.get(name)
    if value is None:
        raise element.fail(Problem.NEEDS_ATTRIBUTE, f"<{element.tag}> {name}")
    try:
        return measure(value).resolve(look.em) if value.endswith("em") else millimetres(value)
    except ValueError as error:
        raise element.fail(Problem.VALUE, f"{name}={value}") from error


def _chart(image: Element, width: Length, height: Length) -> Chart:
    try:
        return charts.from_source(image.attributes["src"], width, height)
    except ValueError as error:
        raise image.fail(Problem.VALUE, image.attributes["src"][:40]) from error


def _image_bytes(image: Element, folders: tuple[Path, ...]) -> bytes:
    source = image.attributes["src"]
    if source.startswith("data:"):
        try:
            return base64.b64decode(source.partition(",")[2], validate=True)
        except binascii.Error as error:
            raise image.fail(Problem.IMAGE_MISSING, source[:40]) from error
    name = Path(source)
    if name.is_absolute() or ".." in name.parts:
        raise image.fail(Problem.IMAGE_MISSING, source)
    found = next((folder / name for folder in folders if (folder / name).is_file()), None)
    if found is None:
        raise image.fail(Problem.IMAGE_MISSING, source)
    return found.read_bytes()
