"""What the builders of blocks share: styles, scope classes, image folders, fonts; and how attributes are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TypeVar

from generator.documents.compose.errors import Problem
from generator.documents.compose.inline import InlineBuilder
from generator.documents.compose.markup import Attributes, Element
from generator.documents.compose.styles import Look, Own, StyleSheet
from generator.layout.text.fonts import FontBook
from generator.layout.tree import Inline, LineBreak, Paragraph

T = TypeVar("T")
STRUCTURAL: Final = frozenset(
    ("rule", "space", "break", "foot", "pinned", "header", "blank", "page", "pages", "form")
)


@dataclass(frozen=True)
class Workshop:
    """Shared by all builders of one document (`scopes` are the classes of article and section)."""

    styles: StyleSheet
    folders: tuple[Path, ...]
    fonts: FontBook
    scopes: tuple[str, ...] = ()
    looks: dict[tuple[Look, str, Attributes], tuple[Look, Own]] = field(default_factory=dict)

    def inside(self, scopes: Sequence[str]) -> Workshop:
        """The same workshop inside an article or section of these classes."""
        return replace(self, scopes=(*self.scopes, *scopes), looks={})

    def look(self, element: Element, parent: Look) -> tuple[Look, Own]:
        """The element's look.

        Raises:
            MarkupProblem: an unknown class or an unreadable value.
        """
        key = (parent, element.tag, element.attributes)
        found = self.looks.get(key)
        if found is None:
            found = self.looks[key] = self._look(element, parent)
        return found

    def _look(self, element: Element, parent: Look) -> tuple[Look, Own]:
        for name in element.classes:
            if name not in STRUCTURAL and not self._knows(name):
                raise element.fail(Problem.UNKNOWN_CLASS, name)
        try:
            return self.styles.look(parent, element.tag, element.classes, self.scopes, element.attributes)
        except ValueError as error:
            raise element.fail(Problem.VALUE, str(error)) from error

    def _knows(self, name: str) -> bool:
        return self.styles.knows(name) or any(self.styles.knows(f"{scope} {name}") for scope in self.scopes)

    def inlines(self, children: list[Element | str], look: Look) -> tuple[Inline, ...]:
        """The inlines of a paragraph."""
        return InlineBuilder(lambda element, parent: self.look(element, parent)[0], self.folders).build(
            children, look
        )


def optional(element: Element, name: str, reader: Callable[[str], T]) -> T | None:
    """An attribute's value, or None when it is absent or empty.

    Raises:
        MarkupProblem: the value cannot be read.
    """
    value = element.get(name)
    if not value:
        return None
    try:
        return reader(value)
    except ValueError as error:
        raise element.fail(Problem.VALUE, f"{name}={value}") from error


def required(element: Element, name: str, reader: Callable[[str], T]) -> T:
    """An attribute's value.

    Raises:
        MarkupProblem: it is missing or cannot be read.
    """
    found = optional(element, name, reader)
    if found is None:
        raise element.fail(Problem.NEEDS_ATTRIBUTE, f"<{element.tag}> {name}")
    return found


def paragraph(inlines: tuple[Inline, ...], look: Look, own: Own) -> Paragraph:
    """A paragraph of this look; `br` at its end means nothing."""
    while len(inlines) > 1 and isinstance(inlines[-1], LineBreak):
        inlines = inlines[:-1]
    return Paragraph(
        inlines=inlines,
        style=look.text,
        align=look.align,
        left=own.left,
        right=own.right,
        first_indent=look.first_indent.resolve(look.em),
        before=own.before,
        after=own.after,
        line_height=look.line,
        keep_with_next=own.keep,
        keep_together=own.together,
        heading=own.heading,
        style_name=own.style,
    )
