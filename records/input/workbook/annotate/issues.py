"""The sheet 问题清单: one row per finding, with a link to its cell."""

from collections.abc import Sequence

from lxml import etree

from core.message import message
from records.batch.model import Finding, Severity
from records.input.workbook.annotate.styles import Styles
from records.input.workbook.layout import letters
from records.input.workbook.package import Element, Package, serialize

_WIDTHS = (7, 8, 10, 12, 10, 16, 60, 60, 34, 30)
_KEYS = (
    "number",
    "severity",
    "rule",
    "sheet",
    "cell",
    "applicant",
    "message",
    "remedy",
    "clauses",
    "release",
)
_LINK_COLUMN = 4
LINE_POINTS = 15


def issues_xml(findings: Sequence[Finding], styles: Styles, package: Package) -> bytes:
    """The worksheet part."""
    tag = package.tag
    root = etree.Element(tag("worksheet"), nsmap={None: package.main, "r": package.office})
    properties = etree.SubElement(root, tag("sheetPr"))
    etree.SubElement(properties, tag("pageSetUpPr"), {"fitToPage": "1"})
    views = etree.SubElement(root, tag("sheetViews"))
    view = etree.SubElement(views, tag("sheetView"), {"workbookViewId": "0", "tabSelected": "1"})
    pane = {"ySplit": "1", "topLeftCell": "A2", "activePane": "bottomLeft", "state": "frozen"}
    etree.SubElement(view, tag("pane"), pane)
    columns = etree.SubElement(root, tag("cols"))
    for place, width in enumerate(_WIDTHS, start=1):
        span = {"min": str(place), "max": str(place), "width": str(width), "customWidth": "1"}
        etree.SubElement(columns, tag("col"), span)
    data = etree.SubElement(root, tag("sheetData"))
    heads = [message("records", f"issues.{key}") for key in _KEYS]
    _row(data, 1, heads, [styles.head()] * len(heads), tag("row"), package)
    plain, link = styles.wrapped(), styles.link()
    coloured = {severity: styles.wrapped(severity) for severity in Severity}
    for number, item in enumerate(findings, start=1):
        looks = [plain] * len(_KEYS)
        looks[1] = coloured[item.severity]
        if item.cell:
            looks[_LINK_COLUMN] = link
        _row(data, number + 1, _texts(number, item), looks, tag("row"), package)
    last = f"{letters(len(_KEYS) - 1)}{len(findings) + 1}"
    etree.SubElement(root, tag("autoFilter"), {"ref": f"A1:{last}"})
    _links(root, findings, package)
    etree.SubElement(
        root, tag("pageSetup"), {"paperSize": "9", "orientation": "landscape", "fitToHeight": "0"}
    )
    return serialize(root)


def _texts(number: int, item: Finding) -> list[str]:
    address = item.cell.rpartition("!")[2] if item.cell else ""
    release = ""
    if item.released_by:
        release = message(
            "records", "report.released", by=item.released_by, reason=item.released_reason or "—"
        )
    return [
        str(number),
        item.severity,
        item.rule,
        item.sheet,
        address or str(item.row or ""),
        item.application_number or "",
        item.message,
        item.remedy,
        "、".join(item.clauses),
        release,
    ]


def _row(
    data: Element, number: int, texts: Sequence[str], looks: Sequence[int], tag: str, package: Package
) -> None:
    height = LINE_POINTS * max(map(_lines, texts, _WIDTHS))
    row = etree.SubElement(data, tag, {"r": str(number), "ht": str(height), "customHeight": "1"})
    for place, (text, look) in enumerate(zip(texts, looks, strict=True)):
        attributes = {"r": f"{letters(place)}{number}", "s": str(look), "t": "inlineStr"}
        cell = etree.SubElement(row, package.tag("c"), attributes)
        words = etree.SubElement(etree.SubElement(cell, package.tag("is")), package.tag("t"))
        words.text = "".join(c for c in text if c.isprintable() or c == "\n")
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _lines(text: str, width: int) -> int:
    """Lines that a text takes in a column; an ideograph is two characters wide."""
    return sum(1 + sum(1 + (c > "\u2e7f") for c in part) // width for part in text.split("\n"))


def _links(root: Element, findings: Sequence[Finding], package: Package) -> None:
    linked = [(row, item.cell) for row, item in enumerate(findings, start=2) if item.cell]
    if not linked:
        return
    names = {name.strip(): name for name, _ in package.sheets()}
    links = etree.SubElement(root, package.tag("hyperlinks"))
    for row, cell in linked:
        sheet, _, address = cell.rpartition("!")
        quoted = names.get(sheet, sheet).replace("'", "''")
        attributes = {
            "ref": f"{letters(_LINK_COLUMN)}{row}",
            "location": f"'{quoted}'!{address}",
            "display": address,
        }
        etree.SubElement(links, package.tag("hyperlink"), attributes)
