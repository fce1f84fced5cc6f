"""Sheets → XLSX through XlsxWriter: printable as they are, and no cell ever becomes a formula."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property
from io import BytesIO
from math import ceil
from typing import Any, Final

import xlsxwriter

from generator.layout.units import Length
from generator.render.xlsx.charts import add_charts
from generator.render.xlsx.errors import CellNotWritable, RowDoesNotFit
from generator.render.xlsx.sheet import CellValue, Column, Kind, RosterSheet

CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed stamp: the same sheets give the same bytes
MAX_TEXT: Final = 32767  # characters in a cell
PAPERS: Final = {"A4": 9, "A3": 8}
TITLE_FONT: Final = "方正小标宋简体"
HEAD_FONT: Final = "黑体"
TEXT_FONT: Final = "宋体"
TITLE_SIZE: Final = 18
LINE: Final = 1.4  # height of a line as a multiple of the type size
ROW_AIR: Final = 6.0
CELL_SIDES: Final = 6.0  # points that a cell keeps free left and right
NARROW: Final = 0.56  # em, a Latin character
TITLE_HEIGHT: Final = 36.0
MAX_ROW_HEIGHT: Final = 409.0  # Excel's limit
PIXELS_PER_INCH: Final = 96
HEADER_ROOM: Final = 0.3  # inches
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def render(sheets: Sequence[RosterSheet], *, title: str = "", author: str = "") -> bytes:
    """The sheets as one workbook; the same sheets give the same bytes.

    Raises:
        CellNotWritable: a text is longer than a cell holds, or has characters that no file can carry.
        RowDoesNotFit: a row has not as many cells as there are columns.
    """
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, dict(_OPTIONS)) as book:
        book.set_properties(
            {"title": title or sheets[0].title, "author": author, "created": CREATED, "language": "zh-CN"}
        )
        formats = {size: Formats(book, size) for size in dict.fromkeys(float(sheet.size) for sheet in sheets)}
        for sheet in sheets:
            SheetWriter(book, formats[float(sheet.size)], sheet).write()
    return buffer.getvalue()


class Formats:
    """The cell formats of a workbook for one type size."""

    def __init__(self, book: Any, size: float) -> None:
        self.book = book
        self.size = size

    def _format(self, **properties: Any) -> Any:
        base = {"font_name": TEXT_FONT, "font_size": self.size, "valign": "vcenter", "text_wrap": True}
        return self.book.add_format(base | properties)

    @cached_property
    def title(self) -> Any:
        """The sheet's title."""
        return self._format(font_name=TITLE_FONT, font_size=TITLE_SIZE, align="center", num_format="@")

    @cached_property
    def line(self) -> Any:
        """Lead lines and notes."""
        return self._format(align="left", num_format="@")

    @cached_property
    def head(self) -> Any:
        """Column heads."""
        return self._format(font_name=HEAD_FONT, align="center", border=1, num_format="@")

    @cached_property
    def kinds(self) -> dict[Kind, Any]:
        """The format of each kind of column."""
        looks: dict[Kind, dict[str, Any]] = {
            Kind.TEXT: {"align": "left", "num_format": "@"},
            Kind.CENTERED: {"align": "center", "num_format": "@"},
            Kind.INTEGER: {"align": "center", "num_format": "0"},
            Kind.DECIMAL: {"align": "right", "num_format": "0.00"},
            Kind.DATE: {"align": "center", "num_format": "yyyy-mm-dd"},
        }
        return {kind: self._format(border=1, **look) for kind, look in looks.items()}


class SheetWriter:
    """Writes one sheet."""

    def __init__(self, book: Any, formats: Formats, sheet: RosterSheet) -> None:
        self.book = book
        self.formats = formats
        self.sheet = sheet
        self.page = book.add_worksheet(sheet.name)
        self.head_row = 1 + len(sheet.lead)
        self.first_row = self.head_row + sheet.head_rows
        self.last_column = len(sheet.columns) - 1

    def write(self) -> None:
        """Everything on the sheet, then its print setup."""
        self._widths()
        self._banner(0, self.sheet.title, self.formats.title, TITLE_HEIGHT)
        for number, line in enumerate(self.sheet.lead, 1):
            self._banner(number, line, self.formats.line, self._banner_height(line))
        self._heads()
        for number, row in enumerate(self.sheet.rows):
            self._row(self.first_row + number, row)
        self._merges()
        end = self.first_row + len(self.sheet.rows)
        for number, note in enumerate(self.sheet.notes):
            self._banner(end + number, note, self.formats.line, self._banner_height(note))
        self._print_setup()
        add_charts(self.book, self.page, self.sheet, end + len(self.sheet.notes) + 1)

    def _widths(self) -> None:
        for index, column in enumerate(self.sheet.columns):
            self.page.set_column_pixels(index, index, round(column.width.mm / 25.4 * PIXELS_PER_INCH))

    def _banner(self, row: int, text: str, style: Any, height: float) -> None:
        """A line across all columns."""
        self.page.set_row(row, height)
        if self.last_column > 0:
            self.page.merge_range(row, 0, row, self.last_column, "", style)
        self._text(row, 0, text, style)

    def _banner_height(self, text: str) -> float:
        width = sum(column.width for column in self.sheet.columns)
        return self._height(_lines(text, Length(width), self.sheet.size))

    def _heads(self) -> None:
        rows = (*self.sheet.extra_heads, tuple(column.head for column in self.sheet.columns))
        for number, heads in enumerate(rows):
            self.page.set_row(self.head_row + number, self._row_height(heads))
            for index, head in enumerate(heads):
                self._text(self.head_row + number, index, head, self.formats.head)

    def _row(self, row: int, values: Sequence[CellValue]) -> None:
        if len(values) != len(self.sheet.columns):
            raise RowDoesNotFit(sheet=self.sheet.name, row=row + 1)
        self.page.set_row(row, self._row_height(values))
        for index, (value, column) in enumerate(zip(values, self.sheet.columns, strict=True)):
            self._cell(row, index, value, column)

    def _row_height(self, values: Sequence[CellValue]) -> float:
        lines = (
            _lines(str(value), column.width, self.sheet.size) if value is not None else 1
            for value, column in zip(values, self.sheet.columns, strict=True)
        )
        return self._height(max(lines, default=1))

    def _height(self, lines: int) -> float:
        return min(lines * self.sheet.size * LINE + ROW_AIR, MAX_ROW_HEIGHT)

    def _cell(self, row: int, index: int, value: CellValue, column: Column) -> None:
        style = self.formats.kinds[column.kind]
        match value:
            case None | "":
                self.page.write_blank(row, index, None, style)
            case str():
                text_style = style if column.kind is Kind.TEXT else self.formats.kinds[Kind.CENTERED]
                self._text(row, index, value, text_style)
            case date():
                self.page.write_datetime(row, index, value, self.formats.kinds[Kind.DATE])
            case int() | float():
                self.page.write_number(row, index, value, style)

    def _text(self, row: int, column: int, text: str, style: Any) -> None:
        """A string cell, whatever the string looks like.

        Raises:
            CellNotWritable: too long, or lone surrogates.
        """
        reason = ""
        if len(text) > MAX_TEXT:
            reason = f"> {MAX_TEXT}"
        elif any("\ud800" <= character <= "\udfff" for character in text):
            reason = "U+D800–U+DFFF"
        if reason:
            raise CellNotWritable(sheet=self.sheet.name, row=row + 1, column=column + 1, reason=reason)
        self.page.write_string(row, column, text, style)

    def _merges(self) -> None:
        for merge in self.sheet.merges:
            top, left = self.head_row + merge.row, merge.column
            is_head = merge.row < self.sheet.head_rows
            style = self.formats.head if is_head else self.formats.kinds[self.sheet.columns[left].kind]
            bottom, right = top + merge.rows - 1, left + merge.columns - 1
            value = self._value_at(merge.row, left)
            self.page.merge_range(top, left, bottom, right, "", style)
            self._cell(top, left, value, self.sheet.columns[left]) if not is_head else self._text(
                top, left, str(value), style
            )

    def _value_at(self, row: int, column: int) -> CellValue:
        heads = (*self.sheet.extra_heads, tuple(one.head for one in self.sheet.columns))
        return heads[row][column] if row < len(heads) else self.sheet.rows[row - len(heads)][column]

    def _print_setup(self) -> None:
        page, sheet = self.page, self.sheet
        page.set_paper(PAPERS.get(sheet.paper, PAPERS["A4"]))
        if sheet.landscape:
            page.set_landscape()
        inches = sheet.margin.mm / 25.4
        page.set_margins(left=inches, right=inches, top=max(inches, 0.6), bottom=max(inches, 0.6))
        page.fit_to_pages(1, 0)
        page.center_horizontally()
        page.repeat_rows(self.head_row, self.first_row - 1)
        last = max(self.first_row + len(sheet.rows) - 1, self.first_row - 1)
        page.autofilter(self.first_row - 1, 0, last, self.last_column)
        page.freeze_panes(self.first_row, sheet.frozen_columns)
        page.set_footer("&C第 &P 页 共 &N 页", {"margin": HEADER_ROOM})
        if sheet.header:
            page.set_header(f"&R{sheet.header.replace('&', '&&')}", {"margin": HEADER_ROOM})


def _lines(text: str, width: Length, size: Length) -> int:
    """How many lines a text takes in a column; East Asian characters are one em, others a little over half."""
    room = max((width.pt - CELL_SIDES) / size, 1.0)
    return sum(
        max(1, ceil(sum(1.0 if c > "\u1fff" else NARROW for c in line) / room)) for line in text.split("\n")
    )
