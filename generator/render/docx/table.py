"""Tables as WordprocessingML, written whole: fixed layout, exact widths, merges, repeated heads."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeVar

from generator.layout.tree import Align, Block, Border, Borders, Fit, Table, VAlign
from generator.layout.units import Length
from generator.render.docx.grid import GridRow, Merge, Slot, column_edges, grid_rows
from generator.render.docx.markup import attribute, hex_color
from generator.render.docx.measure import row_heights, slot_width, target_heights
from generator.render.docx.shrink import fitted_blocks

T = TypeVar("T")
CellWriter = Callable[[tuple[Block, ...], float], str]

MAX_ROW_TWIPS: Final = 31680  # the largest height that Word takes
EXACT_TOLERANCE: Final = 0.5  # points by which an estimate may pass a row's height and still count as fitting
_JC: Final = {Align.LEFT: "left", Align.CENTER: "center", Align.RIGHT: "right", Align.JUSTIFY: "left"}
_VALIGN: Final = {
    VAlign.TOP: "",
    VAlign.MIDDLE: '<w:vAlign w:val="center"/>',
    VAlign.BOTTOM: '<w:vAlign w:val="bottom"/>',
}


class TableWriter:
    """Writes one table; `write_cell` turns a cell's blocks into paragraphs.

    `fill` is the height in points that rows marked so get on top; `position` is a `w:tblpPr`.
    """

    def __init__(self, table: Table, write_cell: CellWriter, *, fill: float = 0, position: str = "") -> None:
        self.table = table
        self.write_cell = write_cell
        self.position = position
        self.edges = column_edges(table)
        rows = grid_rows(table)
        self.targets = _targets(table, rows, fill)
        self.rows = _shrunk(table, rows, self.targets)
        slots = [slot for row in self.rows for slot in row.slots]
        self.borders = _most_common([slot.cell.borders for slot in slots], Borders())
        self.padding = _most_common([slot.cell.padding for slot in slots], Length(0))

    def xml(self) -> str:
        """The `w:tbl` element."""
        widths = (right - left for left, right in zip(self.edges, self.edges[1:], strict=False))
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        exact = self._exact_rows()
        rows = "".join(
            self._row(row, target, row_exact)
            for row, target, row_exact in zip(self.rows, self.targets, exact, strict=True)
        )
        return f"<w:tbl>{self._properties()}<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"

    def _exact_rows(self) -> list[bool]:
        """Which rows may have an exact height: those that say so and whose text is sure to fit. Nothing is cut."""
        if not any(row.row.exact for row in self.rows):
            return [False] * len(self.rows)
        needed = row_heights(self.table.columns, self.rows)
        return [
            row.row.exact and need <= target + EXACT_TOLERANCE
            for row, need, target in zip(self.rows, needed, self.targets, strict=True)
        ]

    def _properties(self) -> str:
        margin = self.padding.twip
        sides = "".join(
            f'<w:{side} w:w="{margin}" w:type="dxa"/>' for side in ("top", "left", "bottom", "right")
        )
        description = attribute(self.table.description)
        caption = f'<w:tblDescription w:val="{description}"/>' if description else ""
        jc = "" if self.position else f'<w:jc w:val="{_JC[self.table.align]}"/>'
        return (
            f'<w:tblPr><w:tblStyle w:val="TableGrid"/>{self.position}<w:tblW w:w="{self.edges[-1]}" w:type="dxa"/>'
            f"{jc}<w:tblBorders>{_borders(self.borders)}{_inner_borders(self.borders)}</w:tblBorders>"
            f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{sides}</w:tblCellMar>'
            f'<w:tblLook w:val="0000"/>{caption}</w:tblPr>'
        )

    def _row(self, row: GridRow, target: float, exact: bool) -> str:
        properties = "" if row.row.splits else "<w:cantSplit/>"
        if target > 0:
            rule = "exact" if exact else "atLeast"
            twips = min(Length(target).twip, MAX_ROW_TWIPS)
            properties += f'<w:trHeight w:val="{twips}" w:hRule="{rule}"/>'
        if row.header:
            properties += "<w:tblHeader/>"
        cells = "".join(self._cell(slot) for slot in row.slots)
        return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{cells}</w:tr>"

    def _cell(self, slot: Slot) -> str:
        cell = slot.cell
        width = self.edges[slot.column + cell.colspan] - self.edges[slot.column]
        span = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
        merge = f'<w:vMerge w:val="{slot.merge.value}"/>' if slot.merge is not Merge.NONE else ""
        borders = (
            f"<w:tcBorders>{_borders(cell.borders)}</w:tcBorders>" if cell.borders != self.borders else ""
        )
        margins = _margins(cell.padding) if cell.padding != self.padding else ""
        direction = '<w:textDirection w:val="tbRlV"/>' if cell.vertical else ""
        content = self.write_cell(slot.blocks, slot_width(self.table.columns, slot) - 2 * cell.padding)
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}{borders}{margins}{direction}'
            f"{_VALIGN[cell.valign]}</w:tcPr>{content}</w:tc>"
        )


def _targets(table: Table, rows: list[GridRow], fill: float) -> list[float]:
    targets = target_heights(table.columns, rows)
    filled = [index for index, row in enumerate(rows) if row.row.fill and not row.foot]
    for index in filled:
        targets[index] += fill / len(filled)
    return targets


def _shrunk(table: Table, rows: list[GridRow], targets: list[float]) -> list[GridRow]:
    """The rows with the text of SHRINK cells made small enough for their stated heights."""
    if not any(slot.cell.fit is Fit.SHRINK for row in rows for slot in row.slots):
        return rows
    return [
        replace(row, slots=tuple(_shrunk_slot(table, rows, targets, index, slot) for slot in row.slots))
        for index, row in enumerate(rows)
    ]


def _shrunk_slot(table: Table, rows: list[GridRow], targets: list[float], index: int, slot: Slot) -> Slot:
    if slot.cell.fit is not Fit.SHRINK or slot.merge is Merge.CONTINUE or slot.cell.vertical:
        return slot
    last = index
    while slot.merge is Merge.START and last + 1 < len(rows) and _continues(rows[last + 1], slot.column):
        last += 1
    covered = targets[index : last + 1]
    if not all(covered):
        return slot
    blocks = fitted_blocks(slot.cell, slot_width(table.columns, slot), sum(covered))
    return replace(slot, cell=replace(slot.cell, blocks=blocks))


def _continues(row: GridRow, column: int) -> bool:
    return any(slot.column == column and slot.merge is Merge.CONTINUE for slot in row.slots)


def _most_common(values: list[T], default: T) -> T:
    """The value that occurs most; composed trees share equal values, so identity is enough to count by."""
    if not values:
        return default
    (identity, _), *_ = Counter(map(id, values)).most_common(1)
    return next(value for value in values if id(value) == identity)


def _borders(borders: Borders) -> str:
    """The four sides in schema order."""
    sides = (
        ("top", borders.top),
        ("left", borders.left),
        ("bottom", borders.bottom),
        ("right", borders.right),
    )
    return "".join(_border(name, border) for name, border in sides)


def _inner_borders(borders: Borders) -> str:
    return _border("insideH", borders.top) + _border("insideV", borders.left)


def _border(name: str, border: Border) -> str:
    if border.width <= 0:
        return f'<w:{name} w:val="nil"/>'
    eighths = max(2, round(border.width * 8))
    return f'<w:{name} w:val="single" w:sz="{eighths}" w:space="0" w:color="{hex_color(border.color)}"/>'


def _margins(padding: Length) -> str:
    sides = "".join(
        f'<w:{side} w:w="{padding.twip}" w:type="dxa"/>' for side in ("top", "left", "bottom", "right")
    )
    return f"<w:tcMar>{sides}</w:tcMar>"
