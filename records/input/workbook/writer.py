"""Batch → workbook, and the blank workbook: drop-downs, notes at every head, identity numbers as text."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from core.message import message
from records import codes
from records.batch.model import Batch
from records.input.sheets import APPLICATIONS, BATCH, ITEM_HEAD, VALUE_HEAD, Column, Sheet, sheets
from records.input.workbook.reader import CHILDREN, EXPERTS, LISTS
from records.input.workbook.style import VALIDATED_ROWS, Options, Style, comment, open_workbook
from records.input.workbook.values import cell_value, getters, used_columns

STREAM_FROM = 3000  # people
HELP, CODES = "填写说明", "代码表"
HELP_LINES = 10
A3 = 8  # Excel's number of the paper size
_CODE_HEADS = ("地区代码", "地区名称", "所属盟市", "", "职称系列", "专业类别", "层级", "职称名称")


def write_batch(batch: Batch, path: Path, *, full: bool = False) -> None:
    """Write the batch as a workbook that `read_batch` reads back; `full` shows the extra columns too."""
    streaming = len(batch.applications) > STREAM_FROM
    with _whole(path) as partial, open_workbook(partial, streaming=streaming) as workbook:
        _Writer(workbook, batch, full=full).write()


def write_blank(path: Path, *, full: bool = False) -> None:
    """Write a blank workbook; `full` adds the extra columns and sheets, which only some rules need."""
    with _whole(path) as partial, open_workbook(partial) as workbook:
        _Writer(workbook, None, full=full).write()


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A temporary name that becomes `path` only when the workbook is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.stem}.partial.xlsx")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


class _Writer:
    """Writes one workbook, sheet by sheet."""

    def __init__(self, workbook: Workbook, batch: Batch | None, *, full: bool) -> None:
        self._workbook = workbook
        self._batch = batch
        self._full = full
        self._style = Style(workbook)
        self._options = Options(workbook)

    def write(self) -> None:
        """All sheets in order."""
        self._help()
        for declared in sheets():
            records = list(self._records(declared))
            if declared.extra and not records and not self._full:
                continue
            if declared.vertical:
                self._vertical(declared, records)
            else:
                self._horizontal(declared, records)
        self._codes()
        self._options.write()
        self._workbook.get_worksheet_by_name(BATCH if self._batch is None else APPLICATIONS).activate()

    def _records(self, declared: Sheet) -> Iterator[tuple[str | None, Any]]:
        batch = self._batch
        if batch is None:
            return
        if declared.name == BATCH:
            yield None, batch
        elif declared.name == APPLICATIONS:
            yield from ((None, application) for application in batch.applications)
        elif declared.name in CHILDREN:
            field = CHILDREN[declared.name][0]
            for application in batch.applications:
                yield from ((application.number, record) for record in getattr(application, field))
        elif declared.name == EXPERTS:
            yield from ((None, expert) for expert in batch.committee.experts)
        else:
            yield from ((None, record) for record in getattr(batch, LISTS[declared.name][0]))

    def _columns(self, declared: Sheet, records: Sequence[tuple[str | None, Any]]) -> tuple[Column, ...]:
        return used_columns(declared, (record for _, record in records), full=self._full)

    def _vertical(self, declared: Sheet, records: Sequence[tuple[str | None, Any]]) -> None:
        sheet = self._workbook.add_worksheet(declared.name)
        style = self._style
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 48, style.text)
        sheet.set_column(2, 2, 72)
        for place, head in enumerate((ITEM_HEAD, VALUE_HEAD, message("records", "workbook.note"))):
            sheet.write_string(0, place, head, style.optional)
        _for_print(sheet)
        sheet.freeze_panes(1, 1)
        record = records[0][1] if records else None
        for row, (column, get) in enumerate(getters(self._columns(declared, records)), start=1):
            star = "*" if column.required else ""
            sheet.write_string(row, 0, column.head + star, style.item_required if star else style.item)
            self._cell(sheet, row, 1, column, get(record) if record is not None else None, boxed=True)
            sheet.write_string(row, 2, _note(column), style.note)
            if validation := self._options.validation(column):
                sheet.data_validation(row, 1, row, 1, validation)

    def _horizontal(self, declared: Sheet, records: Sequence[tuple[str | None, Any]]) -> None:
        sheet = self._workbook.add_worksheet(declared.name)
        columns = self._columns(declared, records)
        last = max(VALIDATED_ROWS, len(records))
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width, self._style.cells(column))
            if validation := self._options.validation(column):
                sheet.data_validation(1, place, last, place, validation)
        sheet.set_row(0, 30)
        for place, column in enumerate(columns):
            sheet.write_string(
                0, place, column.head + ("*" if column.required else ""), self._style.head(column)
            )
            comment(sheet, 0, place, column)
        _for_print(sheet)
        sheet.freeze_panes(1, 2 if declared.name == APPLICATIONS else 1)
        sheet.autofilter(0, 0, max(len(records), 1), len(columns) - 1)
        self._rows(sheet, columns, records)

    def _rows(
        self, sheet: Worksheet, columns: Sequence[Column], records: Iterable[tuple[str | None, Any]]
    ) -> None:
        plan = [(place, column, get) for place, (column, get) in enumerate(getters(columns))]
        for row, (number, record) in enumerate(records, start=1):
            for place, column, get in plan:
                owned = number is not None and place == 0
                self._cell(sheet, row, place, column, number if owned else get(record))

    def _cell(
        self, sheet: Worksheet, row: int, place: int, column: Column, value: Any, *, boxed: bool = False
    ) -> None:
        shown = cell_value(column, value)
        look = self._style.cells(column, boxed=boxed)
        match shown:
            case None:
                if boxed:
                    sheet.write_blank(row, place, None, look)
            case str():
                sheet.write_string(row, place, shown, look)
            case int():
                sheet.write_number(row, place, shown, look)
            case _:
                sheet.write_datetime(row, place, shown, look)

    def _help(self) -> None:
        sheet = self._workbook.add_worksheet(HELP)
        sheet.hide_gridlines(2)
        _for_print(sheet)
        sheet.set_column(0, 0, 4)
        sheet.set_column(1, 1, 110)
        sheet.write_string(0, 1, message("records", "workbook.title"), self._style.title)
        for number in range(1, HELP_LINES + 1):
            sheet.write_number(number + 1, 0, number, self._style.plain)
            sheet.write_string(
                number + 1, 1, message("records", f"workbook.help_{number}"), self._style.plain
            )
        for row, declared in enumerate(sheets(), start=HELP_LINES + 3):
            if not declared.extra or self._full:
                sheet.write_string(row, 1, f"{declared.name}：{declared.note}", self._style.plain)

    def _codes(self) -> None:
        sheet = self._workbook.add_worksheet(CODES)
        regions = [(item.code, item.name, item.league_name or "") for item in codes.regions()]
        titles = [(item.series, item.branch or "", item.grade.value, item.name) for item in codes.titles()]
        for place, (head, width) in enumerate(zip(_CODE_HEADS, (10, 24, 14, 3, 24, 16, 8, 24), strict=True)):
            sheet.set_column(place, place, width, self._style.text)
            if head:
                sheet.write_string(0, place, head, self._style.optional)
        sheet.freeze_panes(1, 0)
        _for_print(sheet)
        for row in range(max(len(regions), len(titles))):
            cells = (*regions[row : row + 1], *[("", "", "")][: row >= len(regions)])[0]
            names = titles[row] if row < len(titles) else ()
            for place, text in enumerate((*cells, "", *names)):
                if text:
                    sheet.write_string(row + 1, place, text, self._style.text)


def _for_print(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _note(column: Column) -> str:
    parts = [column.note] if column.note else []
    if column.choices and len(column.choices) <= 12:
        parts.append(message("records", "workbook.choices", choices="、".join(column.choices)))
    return " ".join(parts)
