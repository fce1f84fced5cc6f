"""How far a sheet reaches: one stray cell at XFD1048576 would make the reader's engine allocate billions of cells.

A cheap look at every chunk of a sheet tells whether it may reach too far; only then its cells are looked at one by one.
Strays that hold nothing but blanks are left out of a copy in memory; others are named.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import pairwise
from pathlib import Path

from records.input.sheets import sheets
from records.input.workbook.errors import SheetTooLarge
from records.input.workbook.layout import letters
from records.input.workbook.package import Package

MOST_CELLS = 24_000_000  # rows × columns of one sheet: 100,000 people with 240 columns
FAR_ROW = 100_000
GAP_ROWS, GAP_COLUMNS = 2_000, 100  # nothing over so many rows or columns: what follows is astray
MOST_STRAYS = 1_000
SHARED_STRINGS = "xl/sharedStrings.xml"
_CELL = re.compile(rb"<c [^>]*?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^>]*?(?:/>|>(.*?)</c>)", re.DOTALL)
_STRING = re.compile(rb"<(?:\w+:)?si\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_VALUE = re.compile(rb"<v[^>]*>([^<]*)</v>")
_SHARED = re.compile(rb"\bt=[\"']s[\"']")


def column_number(text: bytes) -> int:
    """A is 1, XFD is 16,384."""
    number = 0
    for letter in text:
        number = number * 26 + letter - ord("A") + 1
    return number


@dataclass(slots=True)
class Extent:
    """The furthest row and column of cells that hold anything, as far as they matter, chunk by chunk."""

    row: int = 0
    column: int = 0
    _further: re.Pattern[bytes] = field(default_factory=lambda: _further(0))

    def see(self, text: bytes) -> None:
        """Look at a chunk that begins and ends between cells."""
        at = 0
        while found := self._further.search(text, at):
            at = found.end()
            row, column = int(found[2]), column_number(found[1])
            if (row <= self.row and column <= self.column) or not _is_filled(text, at):
                continue
            self.row = max(self.row, row if row >= FAR_ROW else 0)
            if column > self.column:
                self.column, self._further = column, _further(column)

    @property
    def may_be_too_large(self) -> bool:
        """Whether rows × columns may exceed what is allowed; rows are only known to be fewer than `FAR_ROW`."""
        return max(self.row, FAR_ROW) * self.column > MOST_CELLS


def _is_filled(text: bytes, at: int) -> bool:
    """Whether the cell whose tag goes on at `at` holds anything."""
    end = text.find(b">", at)
    return end > 0 and text[end - 1 : end] != b"/" and not text.startswith(b"</c>", end + 1)


def _further(column: int) -> re.Pattern[bytes]:
    """Matches the address of any cell in a column after that one or in a far row: letters and number."""
    name = letters(column - 1) if column else ""
    longer = [f"[A-Z]{{{len(name) + 1},3}}"] if len(name) < len("XFD") else []
    after = [
        f"{name[:place]}[{chr(ord(letter) + 1)}-Z]{'[A-Z]' * (len(name) - place - 1)}"
        for place, letter in enumerate(name)
        if letter < "Z"
    ]
    beyond = "|".join([*after, *longer]) or "[^A-Z]"
    return re.compile(rf"r=[\"']((?:{beyond})(?=\d)|[A-Z]{{1,3}}(?=\d{{6}}))(\d{{1,7}})".encode())


@dataclass(frozen=True, slots=True)
class _Cell:
    row: int
    column: int
    span: tuple[int, int]
    text: bytes

    @property
    def address(self) -> str:
        return f"{letters(self.column - 1)}{self.row}"


def trimmed(path: Path, parts: Iterable[str]) -> io.BytesIO | None:
    """A copy of the workbook without stray cells that hold only blanks; None when no sheet reaches too far.

    Raises:
        SheetTooLarge: a stray cell holds something, or the sheet really is that large.
    """
    package = Package(path.read_bytes())
    known = {item.name for item in sheets()}
    changed: dict[str, bytes] = {}
    for name, part in package.sheets():
        if part in parts and name.strip() in known:
            data = package.read(part)
            strays = _strays(data)
            filled = next((cell for cell in strays if not _is_blank(cell, package)), None)
            if filled is not None or len(strays) > MOST_STRAYS:
                cell = (filled or strays[0]).address
                raise SheetTooLarge(path=path.name, sheet=name, cell=cell)
            if strays:
                changed[part] = _without(data, strays)
    return _copied(path, changed) if changed else None


def _cells(data: bytes) -> Iterator[_Cell]:
    for found in _CELL.finditer(data):
        if found[3]:
            yield _Cell(int(found[2]), column_number(found[1]), found.span(), found[0])


def _strays(data: bytes) -> list[_Cell]:
    """The cells that stand apart of all others; empty when rows × columns are as many as allowed."""
    rows: set[int] = set()
    columns: set[int] = set()
    for cell in _cells(data):
        rows.add(cell.row)
        columns.add(cell.column)
    if not rows or _spread(rows) * _spread(columns) <= MOST_CELLS:
        return []
    last_row, last_column = _body(rows, GAP_ROWS), _body(columns, GAP_COLUMNS)
    astray = [cell for cell in _cells(data) if cell.row > last_row or cell.column > last_column]
    if astray and last_row * last_column <= MOST_CELLS:
        return astray
    return [max(_cells(data), key=lambda cell: (cell.row, cell.column))]


def _spread(numbers: set[int]) -> int:
    return max(numbers) - min(numbers) + 1


def _body(numbers: set[int], gap: int) -> int:
    """The last number before the first gap."""
    ordered = sorted(numbers)
    for number, following in pairwise(ordered):
        if following - number > gap:
            return number
    return ordered[-1]


def _is_blank(cell: _Cell, package: Package) -> bool:
    value = _VALUE.search(cell.text)
    if _SHARED.search(cell.text.split(b">", 1)[0]) and value:
        strings = _STRING.findall(package.read(SHARED_STRINGS))
        index = int(value[1]) if value[1].isdigit() else len(strings)
        text = strings[index] if index < len(strings) else b"?"
    else:
        text = cell.text
    return not unescape(_TAG.sub("", text.decode("utf-8", "replace"))).strip()


def _without(data: bytes, cells: list[_Cell]) -> bytes:
    kept, at = [], 0
    for cell in cells:
        start, end = cell.span
        kept.append(data[at:start])
        at = end
    return b"".join([*kept, data[at:]])


def _copied(path: Path, changed: dict[str, bytes]) -> io.BytesIO:
    copy = io.BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in archive.infolist():
            target.writestr(entry, changed.get(entry.filename) or archive.read(entry))
    copy.seek(0)
    return copy
