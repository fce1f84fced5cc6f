"""Where things stood in the input workbook, so that a finding can name the cell."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from records.batch.model import Finding
from records.input.sheets import sheet, sheets

_LETTERS = 26


def letters(index: int) -> str:
    """Column letters of a 0-based index: A, Z, AA."""
    found = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, _LETTERS)
        found = chr(ord("A") + rest) + found
    return found


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """One sheet: the 0-based column of each head, or for a vertical sheet the row of each head; the row of heads."""

    columns: Mapping[str, int] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    head_row: int = 1
    value_column: int = 1

    def cell(self, row: int | None, column: str | None) -> str | None:
        """The address (without sheet) of a head's cell; None when the workbook has no such place."""
        if column is None:
            return None
        if column in self.rows:
            return f"{letters(self.value_column)}{self.rows[column]}"
        if column in self.columns:
            return f"{letters(self.columns[column])}{row or self.head_row}"
        return None

    def at(self, address: str) -> tuple[int, str | None]:
        """Row and head of a cell's address; no head where no column of ours stands."""
        name = address.rstrip("0123456789")
        row = int(address[len(name) :])
        heads = self.rows if name == letters(self.value_column) else {}
        by_row = next((head for head, place in heads.items() if place == row), None)
        by_column = next((head for head, place in self.columns.items() if letters(place) == name), None)
        return row, by_row or (by_column if row > self.head_row else None)


Layout = Mapping[str, SheetLayout]


def standard_layout() -> Layout:
    """Where our own blank workbook has everything; used for batches that were never a workbook."""
    layouts = {}
    for item in sheets():
        heads = [column.head for column in item.columns if not column.extra]
        if item.vertical:
            layouts[item.name] = SheetLayout(rows={head: place for place, head in enumerate(heads, start=2)})
        else:
            layouts[item.name] = SheetLayout(columns={head: place for place, head in enumerate(heads)})
    return layouts


def locate(finding: Finding, layout: Layout) -> Finding:
    """The finding with its cell address, where the layout knows it."""
    place = layout.get(finding.sheet)
    if place is None or finding.cell is not None:
        return finding
    address = place.cell(finding.row, finding.column)
    if address is None:
        return finding
    row = finding.row or place.rows.get(finding.column or "")
    return finding.model_copy(update={"cell": f"{finding.sheet}!{address}", "row": row})


def head_of(sheet_name: str, field_path: str) -> str:
    """The head of the column that fills a field."""
    return sheet(sheet_name).of_field(field_path).head
