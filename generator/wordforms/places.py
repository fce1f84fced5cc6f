"""Where a placeholder stands in a Word file, in words that a person can follow with his finger."""

from dataclasses import dataclass
from typing import Final

from lxml import etree

from core.message import DEFAULT_LANGUAGE, message

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True, slots=True)
class Spot:
    """A paragraph of a story, or a table cell. Numbers start at 1; a spot outside tables has no table."""

    story: str
    paragraph: int
    table: int = 0
    row: int = 0
    cell: int = 0

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The place in words."""
        story = message("generator", f"office.story_{self.story}", lang)
        key = "office.place_cell" if self.table else "office.place_paragraph"
        return message(
            "generator",
            key,
            lang,
            story=story,
            paragraph=self.paragraph,
            table=self.table,
            row=self.row,
            cell=self.cell,
        )


class Surveyor:
    """Knows the places of a story's paragraphs."""

    def __init__(self, root: etree._Element, story: str) -> None:
        self._story = story
        self._tables = {table: number for number, table in enumerate(root.iter(f"{W}tbl"), 1)}
        outside = (p for p in root.iter(f"{W}p") if next(p.iterancestors(f"{W}tbl"), None) is None)
        self._paragraphs = {paragraph: number for number, paragraph in enumerate(outside, 1)}

    def spot(self, paragraph: etree._Element) -> Spot:
        """The place of a paragraph."""
        table = next(paragraph.iterancestors(f"{W}tbl"), None)
        if table is None:
            return Spot(self._story, self._paragraphs[paragraph])
        row = next(paragraph.iterancestors(f"{W}tr"))
        cell = next(paragraph.iterancestors(f"{W}tc"))
        return Spot(self._story, 0, self._tables[table], _number(row, f"{W}tr"), _number(cell, f"{W}tc"))


def _number(element: etree._Element, tag: str) -> int:
    return 1 + sum(1 for _ in element.itersiblings(tag, preceding=True))
