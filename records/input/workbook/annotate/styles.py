"""Fills for marked cells: each original cell format gets a copy that differs only in its fill."""

from copy import deepcopy

from lxml import etree

from records.batch.model import Severity
from records.input.workbook.package import Element, Package, child, parse, serialize

STYLES = "xl/styles.xml"
FILLS = {  # colours nobody else uses exactly, so that an earlier run's marks are known again
    Severity.MANDATORY: "FFFFC7D1",
    Severity.PRINCIPLE: "FFFFE9A8",
    Severity.HINT: "FFD6EAF9",
    Severity.COMPUTED: "FFDDEBD7",
}
_FONT_ORDER = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign"),
    *("sz", "color", "name", "family", "charset", "scheme"),
)
_FIRST_FREE_FILL = 2  # Excel reserves the fills 0 (none) and 1 (gray125)


class Styles:
    """The workbook's cell formats, and the marked copies made of them."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._part = package.relation("xl/workbook.xml", "styles") or STYLES
        self._root = parse(package.read(self._part))
        self._formats = self._section("cellXfs")
        self._fills = self._section("fills")
        self._fonts = self._section("fonts")
        self._marked: dict[tuple[int, Severity | None], int] = {}
        self._ours = {place for place, fill in enumerate(self._fills) if self._colour(fill) in FILLS.values()}
        self._fill_of = {severity: self._fill(colour) for severity, colour in FILLS.items()}

    def marked(self, original: int, severity: Severity) -> int:
        """The format `original` with the fill of that severity."""
        return self._copy(original, severity)

    def unmarked(self, style: int) -> int:
        """The format without a fill of ours; the same one when it has none."""
        if not self._ours or int(self._formats[style].get("fillId", "0")) not in self._ours:
            return style
        return self._copy(style, None)

    def head(self) -> int:
        """A bold format on grey, for the head of our own sheet."""
        return self._append(font=self._font("b"), fill=self._fill("FFD9D9D9"))

    def wrapped(self, severity: Severity | None = None) -> int:
        """A wrapping, top-aligned text format, coloured for a severity."""
        return self._append(fill=self._fill_of[severity] if severity else 0)

    def link(self) -> int:
        """A blue underlined format."""
        return self._append(font=self._font("u", colour="FF0563C1"))

    def store(self) -> None:
        """Put the part back."""
        for section in (self._formats, self._fills, self._fonts):
            section.set("count", str(len(section)))
        self._package.write(self._part, serialize(self._root))

    def _section(self, name: str) -> Element:
        return child(self._root, self._package.tag(name))

    def _font(self, mark: str, colour: str | None = None) -> int:
        """The workbook's ordinary font with one more mark (`b`, `u`), in another colour if wanted."""
        font = deepcopy(self._fonts[0])
        parts = {etree.QName(part).localname: part for part in font}
        parts[mark] = font.makeelement(self._package.tag(mark), {})
        if colour:
            parts["color"] = font.makeelement(self._package.tag("color"), {"rgb": colour})
        font[:] = [parts[name] for name in _FONT_ORDER if name in parts]
        self._fonts.append(font)
        return len(self._fonts) - 1

    def _colour(self, fill: Element) -> str | None:
        colour = fill.find(f"{self._package.tag('patternFill')}/{self._package.tag('fgColor')}")
        found: str | None = colour.get("rgb") if colour is not None else None
        return found

    def _fill(self, colour: str) -> int:
        for place, fill in enumerate(self._fills):
            if place >= _FIRST_FREE_FILL and self._colour(fill) == colour:
                return place
        fill = etree.SubElement(self._fills, self._package.tag("fill"))
        pattern = etree.SubElement(fill, self._package.tag("patternFill"), {"patternType": "solid"})
        etree.SubElement(pattern, self._package.tag("fgColor"), {"rgb": colour})
        etree.SubElement(pattern, self._package.tag("bgColor"), {"indexed": "64"})
        return len(self._fills) - 1

    def _copy(self, original: int, severity: Severity | None) -> int:
        key = (original, severity)
        if key not in self._marked:
            copy = deepcopy(self._formats[original])
            copy.set("fillId", str(self._fill_of[severity] if severity else 0))
            copy.set("applyFill", "1")
            self._formats.append(copy)
            self._marked[key] = len(self._formats) - 1
        return self._marked[key]

    def _append(self, *, font: int = 0, fill: int = 0) -> int:
        attributes = {"numFmtId": "0", "fontId": str(font), "fillId": str(fill), "borderId": "0", "xfId": "0"}
        applied = {"applyFont": "1", "applyFill": "1", "applyAlignment": "1"}
        made = etree.SubElement(self._formats, self._package.tag("xf"), {**attributes, **applied})
        etree.SubElement(made, self._package.tag("alignment"), {"vertical": "top", "wrapText": "1"})
        return len(self._formats) - 1
