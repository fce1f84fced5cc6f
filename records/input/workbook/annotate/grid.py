"""The cells of one worksheet part: found, made where missing, given another format."""

import re
from bisect import bisect_left

from lxml import etree

from records.batch.model import Severity
from records.input.workbook.annotate.styles import Styles
from records.input.workbook.package import Element, Package, parse, serialize

_ADDRESS = re.compile(r"([A-Z]+)(\d+)")
_AFTER_LEGACY_DRAWING = (
    *("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems"),
    *("tableParts", "extLst"),
)


def split(address: str) -> tuple[int, int]:
    """0-based column and 1-based row of `D7`.

    Raises:
        ValueError: it is no address.
    """
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError(address)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1, int(match[2])


class Grid:
    """One worksheet."""

    def __init__(self, package: Package, part: str) -> None:
        self._package = package
        self._part = part
        self.root = parse(package.read(part))
        self._data = self.root.find(package.tag("sheetData"))
        self._rows: dict[int, Element] = {}
        self._cells: dict[int, dict[int, Element]] = {}
        self._index()
        for view in self.root.iter(package.tag("sheetView")):
            view.attrib.pop("tabSelected", None)

    def _index(self) -> None:
        number = 0
        for row in self._data if self._data is not None else ():
            number = int(row.get("r", number + 1))
            self._rows[number] = row

    def unmark(self, styles: Styles) -> None:
        """Take the fills of an earlier run off."""
        if self._data is None:
            return
        for cell in self._data.iter(self._package.tag("c")):
            style = int(cell.get("s", "0"))
            plain = styles.unmarked(style)
            if plain != style:
                cell.set("s", str(plain))

    def mark(self, address: str, styles: Styles, severity: Severity) -> None:
        """Colour one cell, which is made when nothing stands there."""
        column, row = split(address)
        cell = self._cell(address, column, row)
        cell.set("s", str(styles.marked(int(cell.get("s", "0")), severity)))

    def _cell(self, address: str, column: int, number: int) -> Element:
        row = self._row(number)
        cells = self._cells.get(number)
        if cells is None:
            cells = self._cells[number] = _columns_of(row, self._package)
        if column not in cells:
            cell = row.makeelement(self._package.tag("c"), {"r": address})
            style = self._style_of_gap(row, column)
            if style != "0":
                cell.set("s", style)
            places = sorted(cells)
            at = bisect_left(places, column)
            if at < len(places):
                cells[places[at]].addprevious(cell)
            else:
                row.append(cell)
            row.attrib.pop("spans", None)
            cells[column] = cell
        return cells[column]

    def _row(self, number: int) -> Element:
        if number not in self._rows:
            if self._data is None:
                self._data = etree.SubElement(self.root, self._package.tag("sheetData"))
            row = self._data.makeelement(self._package.tag("row"), {"r": str(number)})
            later = [other for other in self._rows if other > number]
            if later:
                self._rows[min(later)].addprevious(row)
            else:
                self._data.append(row)
            self._rows[number] = row
        return self._rows[number]

    def _style_of_gap(self, row: Element, column: int) -> str:
        if row.get("customFormat") in ("1", "true"):
            return str(row.get("s", "0"))
        for span in self.root.iter(self._package.tag("col")):
            if int(span.get("min", "0")) <= column + 1 <= int(span.get("max", "0")):
                return str(span.get("style", "0"))
        return "0"

    def point_at_drawing(self, relation: str) -> None:
        """State which legacy drawing holds the comments' boxes, at the place that the schema wants."""
        made = self.root.makeelement(
            self._package.tag("legacyDrawing"), {f"{{{self._package.office}}}id": relation}
        )
        later = {self._package.tag(name) for name in _AFTER_LEGACY_DRAWING}
        for child in self.root:
            if child.tag in later:
                child.addprevious(made)
                return
        self.root.append(made)

    def store(self) -> None:
        """Put the part back."""
        self._package.write(self._part, serialize(self.root))


def _columns_of(row: Element, package: Package) -> dict[int, Element]:
    found = {}
    last = -1
    for cell in row.iter(package.tag("c")):
        address = cell.get("r")
        last = split(address)[0] if address else last + 1
        found[last] = cell
    return found
