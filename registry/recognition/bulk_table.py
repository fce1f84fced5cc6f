"""Rows for a bulk check out of an Excel or CSV table: 地区代码, 证书编号, 姓名, 证件号码, 核验码, 资格等级 in any order."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar, Final

from core.message import message
from registry.errors import RegistryError
from registry.recognition.bulk import MAX_ROWS, BulkRow, files_in
from registry.recognition.presenting import Presented

COLUMNS: Final = {
    "地区代码": "region",
    "证书编号": "number",
    "姓名": "name",
    "证件号码": "id_number",
    "核验码": "code",
    "网址": "code",
    "资格等级": "level",
}
ID_DIGITS_THAT_EXCEL_KEEPS: Final = 15


class TableUnusable(RegistryError):
    """Raised when a table cannot be read, has none of the columns, or too many rows; data: `path`, `reason`."""

    key: ClassVar[str] = "table_unusable"


def rows_of(source: Path) -> list[BulkRow]:
    """The rows of a table, or one row per PDF of a folder.

    Raises:
        TableUnusable: see there.
    """
    if source.is_dir():
        return [
            BulkRow(str(path.relative_to(source)), Presented(file=path.read_bytes()))
            for path in files_in(source)[:MAX_ROWS]
        ]
    lines = _lines(source)
    head = [str(cell).strip().rstrip("*") for cell in next(lines, [])]
    fields = [COLUMNS.get(name) for name in head]
    if not any(fields):
        raise TableUnusable(path=source.name, reason=message("registry", "bulk.no_columns"))
    rows = [
        _row(number, fields, cells)
        for number, cells in enumerate(lines, 2)
        if any(str(c).strip() for c in cells)
    ]
    if len(rows) > MAX_ROWS:
        raise TableUnusable(path=source.name, reason=message("registry", "bulk.too_many", most=MAX_ROWS))
    return rows


def _lines(source: Path) -> Iterator[Sequence[Any]]:
    if source.suffix.lower() == ".csv":
        yield from _csv_lines(source)
        return
    from python_calamine import CalamineError, load_workbook

    try:
        book = load_workbook(source)
        yield from book.get_sheet_by_index(0).to_python()
    except (CalamineError, OSError) as error:
        raise TableUnusable(path=source.name, reason=message("registry", "bulk.no_workbook")) from error


def _csv_lines(source: Path) -> Iterator[Sequence[Any]]:
    data = source.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    yield from csv.reader(text.splitlines())


def _row(number: int, fields: Sequence[str | None], cells: Sequence[Any]) -> BulkRow:
    place = message("registry", "bulk.row", number=number)
    values: dict[str, Any] = {}
    for field, cell in zip(fields, cells, strict=False):
        if field is None:
            continue
        if isinstance(cell, float) and field == "id_number" and abs(cell) >= 10**ID_DIGITS_THAT_EXCEL_KEEPS:
            return BulkRow(place, Presented(), message("registry", "bulk.id_as_number"))
        text = f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
        if text and not values.get(field):
            values[field] = text
    return BulkRow(place, Presented(**values))
