"""Any document with tables as sheets: the same title, heads and rows that the print version has."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from generator.layout.tree import (
    Align,
    Blank,
    Block,
    Chart,
    Document,
    Inline,
    LineBreak,
    PageField,
    Paragraph,
    Picture,
    Run,
    Section,
    Table,
)
from generator.render.docx.grid import GridRow, grid_rows
from generator.render.docx.grid import Merge as SlotMerge
from generator.render.xlsx.sheet import CellValue, Column, Kind, Merge, RosterSheet

MAX_NUMBER_DIGITS: Final = 9
NAME_LENGTH: Final = 31  # of a sheet's name
_NOT_IN_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", ""))


def sheets_of(document: Document, *, numbers: bool = False) -> list[RosterSheet]:
    """One sheet for each section that has a table; with `numbers`, cells of digits become numbers (statistics).

    Several tables of a section with the same columns follow one another in one sheet.
    """
    sheets: list[RosterSheet] = []
    for section in document.sections:
        tables = [block for block in section.blocks if isinstance(block, Table)]
        if tables:
            sheets.append(_sheet(document, section, tables, numbers, {sheet.name for sheet in sheets}))
    return sheets


@dataclass(frozen=True, slots=True)
class _Around:
    """The paragraphs before and after the tables."""

    title: str
    lead: tuple[str, ...]
    notes: tuple[str, ...]


def _sheet(
    document: Document, section: Section, tables: list[Table], numbers: bool, taken: set[str]
) -> RosterSheet:
    main = max(tables, key=lambda table: len(table.columns) * len(table.rows))
    around = _around(section, main, document.title)
    rows = grid_rows(main)
    heads = [row for row in rows if row.header] or rows[:1]
    body = rows[len(heads) :]
    texts = [_texts(row, len(main.columns)) for row in heads]
    kinds = _kinds(body, len(main.columns), numbers)
    page = section.page
    return RosterSheet(
        name=_name(around.title, taken),
        title=around.title,
        columns=tuple(
            Column(head, width, kind)
            for head, width, kind in zip(texts[-1], main.columns, kinds, strict=True)
        ),
        rows=[_values(row, kinds) for row in body],
        lead=around.lead,
        notes=around.notes,
        extra_heads=tuple(tuple(row) for row in texts[:-1]),
        merges=tuple(_merges(heads + body)),
        charts=tuple(_charts(section.blocks)),
        paper=page.paper,
        landscape=page.width > page.height,
        margin=page.left,
        header="　".join(filter(None, [page.watermark or "", *map(text_of, page.header)])),
    )


def text_of(block: Block) -> str:
    """The text of a block; paragraphs and table rows on lines of their own."""
    if isinstance(block, Paragraph):
        return "".join(map(_inline_text, block.inlines))
    if isinstance(block, Table):
        return "\n".join(
            "　".join(filter(None, (_cell_text(cell.blocks + cell.foot) for cell in row.cells)))
            for row in block.rows
        )
    return ""


def _inline_text(inline: Inline) -> str:
    match inline:
        case Run():
            return inline.text
        case LineBreak():
            return "\n"
        case Blank():
            return "　" * max(1, round(inline.width / inline.style.size))
        case PageField() | Picture() | Chart():
            return ""


def _cell_text(blocks: Iterable[Block]) -> str:
    return "\n".join(filter(None, map(text_of, blocks)))


def _around(section: Section, main: Table, fallback: str) -> _Around:
    """The title is the first heading or, without one, the first paragraph; other tables count as lines."""
    place = next(index for index, block in enumerate(section.blocks) if block is main)
    before = [block for block in section.blocks[:place] if text_of(block).strip()]
    after = [text_of(block) for block in section.blocks[place + 1 :]]
    title = next((b for b in before if isinstance(b, Paragraph) and b.heading is not None), None)
    if title is None and before and isinstance(before[0], Paragraph):
        title = before[0]
    lead = tuple(text_of(block) for block in before if block is not title)
    notes = tuple(text for text in after if text.strip())
    return _Around(text_of(title).replace("\n", "") if title is not None else fallback, lead, notes)


def _name(title: str, taken: set[str]) -> str:
    """A sheet name of the title: allowed characters, length, unique."""
    base = title.translate(_NOT_IN_NAMES).strip()[: NAME_LENGTH - 3] or "表"
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}{number}"
    return name


def _texts(row: GridRow, width: int) -> list[str]:
    texts = [""] * width
    for slot in row.slots:
        texts[slot.column] = _cell_text(slot.blocks)
    return texts


def _kinds(body: list[GridRow], width: int, numbers: bool) -> list[Kind]:
    kinds = []
    for column in range(width):
        slots = [slot for row in body for slot in row.slots if slot.column == column]
        texts = [text for text in (_cell_text(slot.blocks) for slot in slots) if text]
        first = next((b for slot in slots for b in slot.blocks if isinstance(b, Paragraph)), None)
        if numbers and texts and all(_is_number(text) for text in texts):
            kinds.append(Kind.INTEGER)
        else:
            kinds.append(Kind.CENTERED if first is not None and first.align is Align.CENTER else Kind.TEXT)
    return kinds


def _is_number(text: str) -> bool:
    plain = text.isascii() and text.isdigit() and len(text) <= MAX_NUMBER_DIGITS
    return plain and (text == "0" or not text.startswith("0"))


def _values(row: GridRow, kinds: list[Kind]) -> list[CellValue]:
    return [
        int(text) if kind is Kind.INTEGER and text else text
        for text, kind in zip(_texts(row, len(kinds)), kinds, strict=True)
    ]


def _merges(rows: list[GridRow]) -> Iterable[Merge]:
    for index, row in enumerate(rows):
        for slot in row.slots:
            if slot.merge is SlotMerge.CONTINUE:
                continue
            height = 1
            while slot.merge is SlotMerge.START and _continues(rows, index + height, slot.column):
                height += 1
            if height > 1 or slot.cell.colspan > 1:
                yield Merge(index, slot.column, height, slot.cell.colspan)


def _continues(rows: list[GridRow], index: int, column: int) -> bool:
    return index < len(rows) and any(
        slot.column == column and slot.merge is SlotMerge.CONTINUE for slot in rows[index].slots
    )


def _charts(blocks: Iterable[Block]) -> Iterable[Chart]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from (inline for inline in block.inlines if isinstance(inline, Chart))
