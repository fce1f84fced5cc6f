"""Reads one sheet row by row: finds the heads, parses the cells, reports what is odd."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from core.message import message
from records.batch.model import Finding
from records.input.input_rules import InputRule
from records.input.sheets import ITEM_HEAD, VALUE_HEAD, Column, Sheet, plain_head
from records.input.workbook.cells import Parser, Remarks, parser
from records.input.workbook.errors import HeadsMissing
from records.input.workbook.layout import SheetLayout, letters

HEADS_WITHIN = 10  # rows in which the heads may stand, below a title
MANY_REQUIRED = 12  # columns; a sheet with fewer has no rows that are nearly empty
HARDLY_FILLED = 0.25
HEADS_NAMED = 6
_EXAMPLES = frozenset({"例", "示例", "样例"})
Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Slot:
    """A column as found: its 0-based place in the row, what it is, how to parse it, whether it must be filled."""

    index: int
    column: Column
    parse: Parser
    required: bool


class Heads:
    """The row of heads of a horizontal sheet, matched with the declared columns."""

    def __init__(self, sheet: Sheet, rows: Sequence[Row], offset: int, path: str) -> None:
        self.sheet = sheet
        self.offset = offset
        self.findings: list[Finding] = []
        self.found: dict[str, int] = {}
        best = max(range(len(rows)), key=lambda i: self._known(rows[i]), default=0)
        if not rows or self._known(rows[best]) < min(2, len(sheet.columns)):
            raise HeadsMissing(
                path=path, sheet=sheet.name, heads="、".join(c.head for c in sheet.columns[:6])
            )
        self.row = best + 1
        for index, text in enumerate(rows[best]):
            if isinstance(text, str) and text.strip():
                self._take(index, text)

    def _known(self, row: Row) -> int:
        return sum(isinstance(text, str) and self.sheet.column(text) is not None for text in row)

    def _take(self, index: int, text: str) -> None:
        column = self.sheet.column(text)
        cell = f"{self.sheet.name}!{letters(index + self.offset)}{self.row}"
        if column is None:
            hint = unknown_head_hint(self.sheet, text)
            self._report(InputRule.COLUMN_UNKNOWN, text.strip(), cell, hint=hint)
        elif column.head in self.found:
            self._report(InputRule.COLUMN_TWICE, column.head, cell)
        else:
            self.found[column.head] = index

    def _report(self, rule: InputRule, column: str, cell: str | None, **data: object) -> None:
        self.findings.append(rule.finding(self.sheet.name, self.row, column, cell, **data))

    def slots(self, model: type[Any], *, review: bool) -> list[Slot | None]:
        """A slot per declared column, None where the sheet lacks it; lacking required ones are reported."""
        found: list[Slot | None] = []
        for column in self.sheet.columns:
            required = column.required and (review or not column.review)
            index = self.found.get(column.head)
            if index is None:
                if required:
                    self._report(InputRule.COLUMN_MISSING, column.head, None)
                found.append(None)
            else:
                found.append(Slot(index, column, parser(column, model), required))
        return found

    @property
    def layout(self) -> SheetLayout:
        """For naming cells later."""
        columns = {head: index + self.offset for head, index in self.found.items()}
        return SheetLayout(columns=columns, head_row=self.row)


def unknown_head_hint(sheet: Sheet, text: str) -> str:
    """What an unknown head may have been meant for."""
    heads = {plain_head(column.head): column.head for column in sheet.columns}
    close = get_close_matches(plain_head(text), list(heads), n=1, cutoff=0.6)
    if close:
        return message("records", "words.perhaps", head=heads[close[0]])
    return message("records", "words.surplus")


@dataclass(slots=True)
class Parsed:
    """One row: its number in the sheet and a value per declared column."""

    row: int
    cells: list[Any]


class RowReader:
    """Parses the rows below the heads; remarks become findings with their cell."""

    def __init__(self, heads: Heads, model: type[Any], key: str | None, *, review: bool) -> None:
        self._heads = heads
        self._slots = heads.slots(model, review=review)
        self._key = next(
            (place for place, slot in enumerate(self._slots) if slot and slot.column.field == key), None
        )
        self.findings = heads.findings

    def read(self, rows: Iterable[Row]) -> Iterator[Parsed]:
        """Every row that holds anything; rows of examples (例) are left out."""
        remarks: Remarks = []
        slots = self._slots
        for number, row in enumerate(rows, start=1):
            if number <= self._heads.row or not any(row):
                continue
            cells: list[Any] = []
            notes: list[tuple[Slot, Remarks]] = []
            gaps = False
            for slot in slots:
                value = None
                if slot is not None:
                    raw = row[slot.index]
                    if raw != "":
                        value = slot.parse(raw, remarks)
                    if value is None and slot.required:
                        gaps = True
                    if remarks:
                        notes.append((slot, remarks))
                        remarks = []
                cells.append(value)
            if self._key is not None and cells[self._key] in _EXAMPLES:
                continue
            if gaps or notes:
                if not any(value is not None for value in cells) and not notes:
                    continue
                self._remark(number, cells, notes)
            yield Parsed(number, cells)

    def _remark(self, row: int, cells: list[Any], notes: list[tuple[Slot, Remarks]]) -> None:
        about = cells[self._key] if self._key is not None else None
        if self._is_no_record(cells):
            self._nearly_empty(row, cells, about)
            return
        reported = {slot.index for slot, _ in notes}
        for noted, remarks in notes:
            for rule, data in remarks:
                self._report(rule, row, noted, about, data)
        for slot, value in zip(self._slots, cells, strict=True):
            if slot and slot.required and value is None and slot.index not in reported:
                self._report(InputRule.CELL_MISSING, row, slot, about, {})

    def _is_no_record(self, cells: list[Any]) -> bool:
        """A total (合计) or an explanation among the records: of many required cells hardly any is filled."""
        required = [value for slot, value in zip(self._slots, cells, strict=True) if slot and slot.required]
        filled = sum(value is not None for value in required)
        return len(required) >= MANY_REQUIRED and filled <= len(required) * HARDLY_FILLED

    def _nearly_empty(self, row: int, cells: list[Any], about: str | None) -> None:
        there = [
            slot for slot, value in zip(self._slots, cells, strict=True) if slot and value not in (None, "")
        ]
        first = there[0] if there else next(slot for slot in self._slots if slot)
        heads = "、".join(slot.column.head for slot in there[:HEADS_NAMED]) or first.column.head
        self._report(InputRule.ROW_NEARLY_EMPTY, row, first, about, {"heads": heads})

    def _report(
        self, rule: InputRule, row: int, slot: Slot, about: str | None, data: dict[str, object]
    ) -> None:
        sheet, column = self._heads.sheet.name, slot.column
        if column.field == self._heads.sheet.columns[0].field and rule is InputRule.CELL_MISSING:
            rule = InputRule.ROW_WITHOUT_NUMBER if self._key is not None else rule
        cell = f"{sheet}!{letters(slot.index + self._heads.offset)}{row}"
        self.findings.append(rule.finding(sheet, row, column.head, cell, about, **data))


def read_vertical(
    sheet: Sheet, rows: Iterable[Row], offset: int, model: type[Any], path: str
) -> tuple[list[Any], list[Finding], SheetLayout]:
    """The values of a vertical sheet (项目 | 内容) in the order of its columns."""
    table = list(rows)
    head_row, item_at, value_at = _vertical_heads(sheet, table, path)
    reader = _VerticalReader(sheet, model, letters(value_at + offset))
    for number, row in enumerate(table, start=1):
        if number > head_row and isinstance(row[item_at], str) and row[item_at].strip():
            reader.take(number, row[item_at], row[value_at] if value_at < len(row) else "")
    layout = SheetLayout(rows=reader.rows, head_row=head_row, value_column=value_at + offset)
    return reader.finish(), reader.findings, layout


def _vertical_heads(sheet: Sheet, table: Sequence[Row], path: str) -> tuple[int, int, int]:
    for number, row in enumerate(table[:HEADS_WITHIN], start=1):
        heads = [plain_head(text) if isinstance(text, str) else "" for text in row]
        if ITEM_HEAD in heads and VALUE_HEAD in heads:
            return number, heads.index(ITEM_HEAD), heads.index(VALUE_HEAD)
    if any(row and isinstance(row[0], str) and sheet.column(row[0]) for row in table):
        return 0, 0, 1
    raise HeadsMissing(path=path, sheet=sheet.name, heads=f"{ITEM_HEAD}、{VALUE_HEAD}")


class _VerticalReader:
    """Collects the items of a vertical sheet."""

    def __init__(self, sheet: Sheet, model: type[Any], value_letters: str) -> None:
        self.sheet = sheet
        self.findings: list[Finding] = []
        self.rows: dict[str, int] = {}
        self._model = model
        self._letters = value_letters
        self._values: dict[str, Any] = {}
        self._reported: set[str] = set()

    def take(self, row: int, item: str, raw: Any) -> None:
        """One row of the sheet."""
        column = self.sheet.column(item)
        cell = f"{self.sheet.name}!{self._letters}{row}"
        if column is None:
            hint = unknown_head_hint(self.sheet, item)
            self._report(InputRule.COLUMN_UNKNOWN, row, item.strip(), cell, hint=hint)
        elif column.head in self.rows:
            self._report(InputRule.ITEM_TWICE, row, column.head, cell)
        else:
            self.rows[column.head] = row
            remarks: Remarks = []
            self._values[column.head] = None if raw == "" else parser(column, self._model)(raw, remarks)
            for rule, data in remarks:
                self._reported.add(column.head)
                self._report(rule, row, column.head, cell, **data)

    def _report(
        self, rule: InputRule, row: int | None, column: str, cell: str | None, **data: object
    ) -> None:
        self.findings.append(rule.finding(self.sheet.name, row, column, cell, **data))

    def finish(self) -> list[Any]:
        """A value per declared column; items that are missing are reported."""
        review = str(self._values.get("取得方式") or "评审") == "评审"
        for column in self.sheet.columns:
            needed = column.required and (review or not column.review)
            if needed and self._values.get(column.head) is None and column.head not in self._reported:
                row = self.rows.get(column.head)
                cell = f"{self.sheet.name}!{self._letters}{row}" if row else None
                rule = InputRule.CELL_MISSING if row else InputRule.COLUMN_MISSING
                self._report(rule, row, column.head, cell)
        return [self._values.get(column.head) for column in self.sheet.columns]
