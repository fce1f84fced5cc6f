"""Table elements → tables: rows, cells, spans that fill the grid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from generator.documents.compose.errors import Problem
from generator.documents.compose.markup import INLINE, Element
from generator.documents.compose.measures import millimetres
from generator.documents.compose.styles import Look, Own
from generator.documents.compose.workshop import Workshop, optional, paragraph, required
from generator.layout.tree import Align, Block, Cell, Row, Table
from generator.layout.units import Length

MOST_SPAN: Final = 200
BuildBlock = Callable[[Workshop, Element, Look], tuple[Block, ...]]


def build_table(shop: Workshop, element: Element, parent: Look, build_block: BuildBlock) -> Table:
    """A table; `build_block` makes what stands in its cells.

    Raises:
        MarkupProblem: columns are missing, spans do not fill the grid, head rows do not come first.
    """
    look, _ = shop.look(element, parent)
    columns = required(element, "data-columns", _columns)
    rows = element.elements()
    if not rows:
        raise element.fail(Problem.EMPTY, "table")
    _check_grid(rows, len(columns))
    return Table(
        columns=columns,
        rows=tuple(_row(shop, row, look, build_block) for row in rows),
        header_rows=_header_rows(rows),
        align=optional(element, "data-align", Align) or Align.CENTER,
        description=element.get("data-label") or "",
    )


def _columns(text: str) -> tuple[Length, ...]:
    return tuple(millimetres(column) for column in text.split())


def _span(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST_SPAN:
        raise ValueError(text)
    return number


def _header_rows(rows: list[Element]) -> int:
    heads = [row.has("data-head") for row in rows]
    count = heads.index(False) if False in heads else 0
    late = next((row for row, head in zip(rows[count:], heads[count:], strict=True) if head), None)
    if late is not None and count:
        raise late.fail(Problem.HEAD_ROWS)
    if late is not None and heads.count(True) < len(heads):
        raise late.fail(Problem.HEAD_ROWS)
    return count


def _spans(cell: Element) -> tuple[int, int]:
    return optional(cell, "colspan", _span) or 1, optional(cell, "rowspan", _span) or 1


def _check_grid(rows: list[Element], columns: int) -> None:
    """Every grid place is covered exactly once; otherwise the row at fault is named."""
    open_rows = [0] * columns  # how many more rows each column is covered by a cell above
    for row in rows:
        column = 0
        for cell in row.elements():
            while column < columns and open_rows[column]:
                column += 1
            across, down = _spans(cell)
            if column + across > columns or any(open_rows[column : column + across]):
                raise cell.fail(Problem.GRID, f"{column + across} > {columns}")
            open_rows[column : column + across] = [down] * across
            column += across
        if not all(open_rows):
            raise row.fail(Problem.GRID, f"{open_rows.index(0)} < {columns}")
        open_rows = [left - 1 for left in open_rows]
    if any(open_rows):
        raise rows[-1].fail(Problem.GRID, "rowspan")


def _row(shop: Workshop, element: Element, parent: Look, build_block: BuildBlock) -> Row:
    look, _ = shop.look(element, parent)
    return Row(
        cells=tuple(_cell(shop, cell, look, build_block) for cell in element.elements()),
        height=optional(element, "data-height", millimetres),
        exact=element.has("data-exact"),
        splits=element.has("data-splits"),
        fill=element.has("data-fill"),
    )


def _cell(shop: Workshop, element: Element, parent: Look, build_block: BuildBlock) -> Cell:
    look, own = shop.look(element, parent)
    blocks, foot = _content(shop, element, look, own, build_block)
    colspan, rowspan = _spans(element)
    return Cell(
        blocks=blocks,
        foot=foot,
        colspan=colspan,
        rowspan=rowspan,
        valign=look.valign,
        padding=look.padding,
        borders=look.border,
        fit=look.fit,
        min_size=look.min_size,
        vertical=element.has("data-vertical"),
        continued_title=element.get("data-continued"),
    )


def _content(
    shop: Workshop, cell: Element, look: Look, own: Own, build_block: BuildBlock
) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    flow: list[Block] = []
    foot: list[Block] = []
    loose: list[Element | str] = []
    for child in cell.children:
        if isinstance(child, str) or child.tag in INLINE:
            loose.append(child)
            continue
        flow += _loose(shop, loose, look, own)
        is_foot = child.tag == "p" and "foot" in child.classes
        (foot if is_foot else flow).extend(build_block(shop, child, look))
    flow += _loose(shop, loose, look, own)
    return tuple(flow), tuple(foot)


def _loose(shop: Workshop, loose: list[Element | str], look: Look, own: Own) -> list[Block]:
    """Text that stands in a cell without a `p` is a paragraph of the cell's own look."""
    inlines = shop.inlines(loose, look) if loose else ()
    loose.clear()
    return [paragraph(inlines, look, own)] if inlines else []
