"""How our workbooks look: formats, comments of heads, validation lists."""

from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from core.message import message
from records.input.sheets import Column

FONT = "等线"
CREATED = datetime(2025, 1, 1)  # noqa: DTZ001 - Excel knows no time zones; fixed, so that files are reproducible
DATE_FORMAT, TEXT_FORMAT = "yyyy-mm-dd", "@"
VALIDATED_ROWS = 5000
REQUIRED_FILL, OPTIONAL_FILL, EXTRA_FILL, TITLE_FILL = "#C0504D", "#4F81BD", "#7F7F7F", "#F2F2F2"
OPTIONS = "选项"
_COMMENT = {"font_name": FONT, "font_size": 9, "x_scale": 1.6, "color": "#FFFFE1"}


class Style:
    """The formats of one workbook."""

    def __init__(self, workbook: Workbook) -> None:
        base = {"font_name": FONT, "font_size": 11, "valign": "vcenter"}
        head = {
            **base,
            "bold": True,
            "font_color": "white",
            "align": "center",
            "text_wrap": True,
            "border": 1,
        }

        def make(**more: object) -> Format:
            return workbook.add_format({**base, **more})

        self.required = workbook.add_format({**head, "bg_color": REQUIRED_FILL})
        self.optional = workbook.add_format({**head, "bg_color": OPTIONAL_FILL})
        self.extra = workbook.add_format({**head, "bg_color": EXTRA_FILL})
        self.text = make(num_format=TEXT_FORMAT)
        self.wrapped = make(num_format=TEXT_FORMAT, text_wrap=True)
        self.day = make(num_format=DATE_FORMAT, align="left")
        self.number = make(num_format="0", align="left")
        self.item = make(bg_color=TITLE_FILL, border=1, bold=True)
        self.item_required = make(bg_color=TITLE_FILL, border=1, bold=True, font_color=REQUIRED_FILL)
        self.note = make(font_color="#595959", text_wrap=True, border=1)
        self.boxed_text = make(num_format=TEXT_FORMAT, border=1)
        self.boxed_day = make(num_format=DATE_FORMAT, border=1, align="left")
        self.boxed_number = make(num_format="0", border=1, align="left")
        self.title = make(bold=True, font_size=16)
        self.plain = make(text_wrap=True)

    def head(self, column: Column) -> Format:
        """The format of a head."""
        return self.extra if column.extra else self.required if column.required else self.optional

    def cells(self, column: Column, *, boxed: bool = False) -> Format:
        """The format of a column's cells: text unless it is a number or a day."""
        if column.kind == "day":
            return self.boxed_day if boxed else self.day
        if column.kind == "integer":
            return self.boxed_number if boxed else self.number
        return self.boxed_text if boxed else self.text


def open_workbook(path: Path, *, streaming: bool = False) -> Workbook:
    """A new workbook; `streaming` keeps one row in memory (for many thousand people)."""
    options = {"constant_memory": streaming, "strings_to_urls": False, "strings_to_formulas": False}
    workbook = xlsxwriter.Workbook(str(path), options)
    workbook.set_properties({"title": message("records", "workbook.title"), "created": CREATED})
    return workbook


def comment(sheet: Worksheet, row: int, place: int, column: Column) -> None:
    """The note of a head: what to write, whether it must be filled, the choices."""
    words = [message("records", "workbook.required" if column.required else "workbook.optional")]
    if column.note:
        words.append(column.note)
    if column.choices:
        shown = "、".join(column.choices[:12]) + ("……" if len(column.choices) > 12 else "")
        words.append(message("records", "workbook.choices", choices=shown))
    text = "\n".join(words)
    height = 40 + 18 * (1 + len(text) // 22)
    sheet.write_comment(row, place, text, {**_COMMENT, "height": height})


class Options:
    """The hidden sheet of choices; each distinct list stands in one column of it."""

    def __init__(self, workbook: Workbook) -> None:
        self._sheet: Worksheet | None = None
        self._workbook = workbook
        self._ranges: dict[tuple[str, ...], str] = {}
        self._rows: dict[tuple[str, ...], int] = {}

    def validation(self, column: Column) -> dict[str, Any] | None:
        """The data validation of a column; open tables only warn."""
        if not column.choices:
            return None
        strict = column.kind in ("choice", "yesno")
        if column.choices not in self._ranges:
            place = xlsxwriter.utility.xl_col_to_name(len(self._ranges))
            self._ranges[column.choices] = f"={OPTIONS}!${place}$1:${place}${len(column.choices)}"
        return {
            "validate": "list",
            "source": self._ranges[column.choices],
            "error_type": "stop" if strict else "warning",
            "error_title": column.head,
            "error_message": message("records", "workbook.choose" if strict else "workbook.unlisted"),
        }

    def write(self) -> None:
        """Write the hidden sheet; call it once, last."""
        sheet = self._workbook.add_worksheet(OPTIONS)
        height = max((len(choices) for choices in self._ranges), default=0)
        for row in range(height):
            for place, choices in enumerate(self._ranges):
                if row < len(choices):
                    sheet.write_string(row, place, choices[row])
        sheet.hide()
