"""A copy of the sample workbook that defects are planted in, with openpyxl alone."""

import io
import re
import zipfile
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

HERE = Path(__file__).resolve().parent
BASE, BAD = HERE / "sample-36.xlsx", HERE / "bad"
SHEETS = (
    "批次",
    "申报人员",
    "学习经历",
    "工作经历",
    "业绩",
    "论文著作",
    "奖励",
    "考核",
    "评委",
    "举报",
    "放行",
)
CHILDREN = SHEETS[2:8]
CORE = "docProps/core.xml"
FEW = 6  # people


class Book:
    """A plain copy of the sample: its first people, without drop-downs, comments and photos."""

    def __init__(self, people: int = FEW) -> None:
        source = load_workbook(BASE)
        self.book = Workbook()
        self.book.remove(self.book.active)
        kept = {source["申报人员"].cell(row, 1).value for row in range(2, people + 2)}
        for name in SHEETS:
            self._copy(source[name], self.book.create_sheet(name), kept)
        for row in range(2, people + 2):
            self.at("申报人员", "照片", row).value = None

    def _copy(self, old: Worksheet, new: Worksheet, kept: set[object]) -> None:
        by_number = old["A1"].value == "申报编号*"
        out = 0
        for row in old.iter_rows():
            if by_number and row[0].row > 1 and row[0].value not in kept:
                continue
            out += 1
            for cell in row[: 2 if old.title == "批次" else None]:
                made = new.cell(out, cell.column, cell.value)
                made.number_format = cell.number_format
        if old.title == "举报" and new.cell(3, 3).value not in kept:
            new.cell(3, 3).value = new.cell(2, 3).value

    def at(self, sheet: str, head: str, row: int = 0) -> Cell:
        """The cell of a head in a row; on 批次 the cell beside the item."""
        page = self.book[sheet]
        if sheet == "批次":
            found = next(
                r for r in range(1, page.max_row + 1) if str(page.cell(r, 1).value).rstrip("*") == head
            )
            return page.cell(found, 2)
        column = next(
            c for c in range(1, page.max_column + 1) if str(page.cell(1, c).value).rstrip("*") == head
        )
        return page.cell(row, column)

    def person(self, head: str, row: int, value: object) -> None:
        """Put a value into an applicant's row."""
        cell = self.at("申报人员", head, row)
        cell.value = value
        if not isinstance(value, str):
            cell.number_format = "General"

    def forget(self, row: int) -> None:
        """Delete the child rows of an applicant, so that only the row itself is wrong."""
        number = self.at("申报人员", "申报编号", row).value
        for name in CHILDREN:
            page = self.book[name]
            for place in range(page.max_row, 1, -1):
                if page.cell(place, 1).value == number:
                    page.delete_rows(place)

    def data(self) -> bytes:
        """The file."""
        out = io.BytesIO()
        self.book.save(out)
        with zipfile.ZipFile(out) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        parts[CORE] = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"2025-01-01T00:00:00Z", parts[CORE])
        return archive_of(parts)


def archive_of(parts: dict[str, bytes]) -> bytes:
    """A ZIP archive that is the same at every run."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return out.getvalue()
