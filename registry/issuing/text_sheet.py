"""A workbook of one sheet of texts, written row by row: the frame is xlsxwriter's, the rows are put into it.

A list of 100,000 people costs a twentieth of what writing cell by cell costs, and no memory (ECMA-376 18.3.1.4, .53).
"""

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

from core.settings import PRIVATE_MODE

SHEET: Final = "xl/worksheets/sheet1.xml"
LINE_HEIGHT: Final = 15  # points, of the default type
TALLEST: Final = 405  # Excel's limit is 409.5
A4: Final = 9  # ECMA-376 18.3.1.63, paperSize
_END: Final = b"</sheetData>"
_LEVEL: Final = 1
_STYLE: Final = re.compile(rb'<col [^>]*style="(\d+)"')
_PAGES: Final = "&C&P／&N"
_HELD: Final = 512  # rows
_SPECIAL: Final = re.compile(r"[&<>\x00-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_|^\s|\s$")
_NAMED: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


class TextSheet:
    """Writes `path` (mode 0600) with a bold head and then texts only; nothing in it can be taken for a formula.

    It prints on A4 across, all columns on one page, the head on each page, `heading` (else the title) above it.
    """

    def __init__(
        self, path: Path, title: str, head: Sequence[str], widths: Sequence[int], heading: str = ""
    ) -> None:
        path.unlink(missing_ok=True)
        path.touch(mode=PRIVATE_MODE)
        self._columns = [_column(index) for index in range(len(head))]
        self._widths = widths
        self._rows: list[str] = []
        self._row = 1
        with ZipFile(io.BytesIO(_frame(title, head, widths, heading or title))) as frame:
            self._zip = ZipFile(path, "w", ZIP_DEFLATED, compresslevel=_LEVEL)
            for name in frame.namelist():
                if name != SHEET:
                    self._zip.writestr(name, frame.read(name))
            before, self._after = frame.read(SHEET).split(_END)
        style = _STYLE.search(before)
        self._style = f' s="{int(style[1])}"' if style else ""
        self._sheet = self._zip.open(SHEET, "w", force_zip64=True)
        self._sheet.write(before)

    def add(self, row: Sequence[str]) -> None:
        """Write one row of texts."""
        self._row += 1
        number = self._row
        cells = [
            f'<c r="{column}{number}"{self._style} t="inlineStr"><is>{_text(value)}</is></c>'
            for column, value in zip(self._columns, row, strict=True)
        ]
        height = min(LINE_HEIGHT * max(map(_lines, row, self._widths), default=1), TALLEST)
        self._rows.append(f'<row r="{number}" ht="{height}" customHeight="1">{"".join(cells)}</row>')
        if len(self._rows) >= _HELD:
            self._flush()

    def close(self) -> None:
        """Complete the file."""
        self._flush()
        self._sheet.write(_END + self._after)
        self._sheet.close()
        self._zip.close()

    def _flush(self) -> None:
        self._sheet.write("".join(self._rows).encode())
        self._rows.clear()


def _frame(title: str, head: Sequence[str], widths: Sequence[int], heading: str) -> bytes:
    import xlsxwriter

    frame = io.BytesIO()
    book = xlsxwriter.Workbook(frame, {"in_memory": True})
    sheet = book.add_worksheet(title)
    texts = book.add_format({"text_wrap": True, "valign": "vcenter", "border": 1})
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width, texts)
    sheet.freeze_panes(1, 0)
    sheet.write_row(
        0, 0, head, book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"})
    )
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_header("&C&14" + heading.replace("&", "&&"))
    sheet.set_footer(_PAGES)
    book.close()
    return frame.getvalue()


def _lines(text: str, width: int) -> int:
    """The lines that a text takes in a column: a Chinese character is as wide as two digits, words break early."""
    count = len(text)
    if 2 * count < width:
        return 1
    wide = count if text.isascii() else (count + len(text.encode("utf-8", "replace"))) // 2
    return -(-wide // (width - 1))


def _column(index: int) -> str:
    return chr(ord("A") + index)


def _text(value: str) -> str:
    if _SPECIAL.search(value) is None:
        return f"<t>{value}</t>"
    return f'<t xml:space="preserve">{_SPECIAL.sub(_escaped, value)}</t>'


def _escaped(found: re.Match[str]) -> str:
    """Named entities; what XML cannot hold as `_xHHHH_` (ECMA-376 22.9.2.19), and the look of such a code too."""
    text = found[0]
    if text in _NAMED:
        return _NAMED[text]
    if text.isspace() and text in " \t\n\u3000\xa0":
        return text
    if len(text) > 1:
        return f"_x005F{text}"
    return f"_x{ord(text):04X}_"
