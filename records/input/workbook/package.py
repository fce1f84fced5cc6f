"""An OOXML package (OPC) as parts, relationships and content types; just enough to add sheets and comments."""

import io
import zipfile
from posixpath import dirname, join, normpath, relpath
from typing import Any

from lxml import etree

from records.input.workbook.errors import WorkbookDamaged

Element = Any  # lxml has no types of its own
CONTENT_TYPES = "[Content_Types].xml"
WORKBOOK = "xl/workbook.xml"
TYPES_NS = "http://schemas.openxmlformats.org/package/2006/content-types"
RELS_NS = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE_NS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_MAIN_NS = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_OFFICE_NS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_blank_text=False)


def parse(data: bytes) -> Element:
    """Parse a part without entities and without the network."""
    return etree.fromstring(data, _PARSER)


def serialize(root: Element) -> bytes:
    """The bytes of a part."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def child(root: Element, tag: str) -> Element:
    """The child that every workbook has.

    Raises:
        WorkbookDamaged: this one has not.
    """
    found = root.find(tag)
    if found is None:
        raise WorkbookDamaged(path=etree.QName(root).localname, reason=tag)
    return found


class Package:
    """The parts of one workbook file."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self._parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
        self._names = {name.lower(): name for name in self._parts}
        self.workbook = parse(self.read(WORKBOOK))
        strict = etree.QName(self.workbook).namespace == STRICT_MAIN_NS
        self.main = STRICT_MAIN_NS if strict else MAIN_NS
        self.office = STRICT_OFFICE_NS if strict else OFFICE_NS
        self._types = parse(self.read(CONTENT_TYPES))

    def read(self, name: str) -> bytes:
        """The bytes of a part; part names do not depend on case."""
        return self._parts[self._names[name.lower()]]

    def write(self, name: str, data: bytes) -> None:
        """Put a part."""
        actual = self._names.setdefault(name.lower(), name)
        self._parts[actual] = data

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name.lower() in self._names

    def free_name(self, pattern: str) -> str:
        """The first name of `pattern` (with `{}`) that no part has."""
        number = 1
        while self.has(pattern.format(number)):
            number += 1
        return pattern.format(number)

    def tag(self, name: str) -> str:
        """A tag of the main namespace."""
        return f"{{{self.main}}}{name}"

    def relation(self, part: str, kind: str) -> str | None:
        """The part that `part` points at by a relationship whose type ends in `kind`."""
        for item in self._relations(part):
            if item.get("Type", "").endswith("/" + kind) and item.get("TargetMode") != "External":
                return self._target(part, item.get("Target", ""))
        return None

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relationship; returns its id."""
        root = self._relations(part)
        taken = {item.get("Id") for item in root}
        number = 1
        while f"rIdZ{number}" in taken:
            number += 1
        attributes = {
            "Id": f"rIdZ{number}",
            "Type": f"{self.office}/{kind}",
            "Target": relpath(target, dirname(part)),
        }
        etree.SubElement(root, f"{{{RELS_NS}}}Relationship", attributes)
        self.write(_rels_name(part), serialize(root))
        return f"rIdZ{number}"

    def declare(self, part: str, content_type: str) -> None:
        """State the content type of a part."""
        etree.SubElement(
            self._types, f"{{{TYPES_NS}}}Override", {"PartName": f"/{part}", "ContentType": content_type}
        )

    def declare_extension(self, extension: str, content_type: str) -> None:
        """State the content type of an extension unless it is stated."""
        known = {item.get("Extension", "").lower() for item in self._types}
        if extension not in known:
            attributes = {"Extension": extension, "ContentType": content_type}
            self._types.insert(0, self._types.makeelement(f"{{{TYPES_NS}}}Default", attributes))

    def sheets(self) -> list[tuple[str, str]]:
        """Name and part of every worksheet, in order."""
        targets = {item.get("Id"): item for item in self._relations(WORKBOOK)}
        found = []
        for item in self._sheet_list():
            relation = targets[item.get(f"{{{self.office}}}id")]
            if relation.get("Type", "").endswith("/worksheet"):
                found.append((item.get("name", ""), self._target(WORKBOOK, relation.get("Target", ""))))
        return found

    def put_sheet(self, name: str, data: bytes) -> None:
        """Replace the sheet of that name or add it at the end; it is the one shown when the file opens."""
        part = dict(self.sheets()).get(name)
        if part is None:
            part = self.free_name("xl/worksheets/sheet{}.xml")
            self.declare(part, _SHEET_TYPE)
            number = max((int(item.get("sheetId", "0")) for item in self._sheet_list()), default=0) + 1
            attributes = {
                "name": name,
                "sheetId": str(number),
                f"{{{self.office}}}id": self.relate(WORKBOOK, "worksheet", part),
            }
            etree.SubElement(self._sheet_list(), self.tag("sheet"), attributes)
        self.write(part, data)
        place = [item.get("name") for item in self._sheet_list()].index(name)
        for view in self.workbook.iter(self.tag("workbookView")):
            view.set("activeTab", str(place))

    def save(self) -> bytes:
        """The bytes of the whole file."""
        self.write(WORKBOOK, serialize(self.workbook))
        self.write(CONTENT_TYPES, serialize(self._types))
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self._parts.items():
                archive.writestr(name, data)
        return out.getvalue()

    def _sheet_list(self) -> Element:
        return child(self.workbook, self.tag("sheets"))

    def _relations(self, part: str) -> Element:
        name = _rels_name(part)
        return parse(self.read(name)) if self.has(name) else etree.Element(f"{{{RELS_NS}}}Relationships")

    @staticmethod
    def _target(part: str, target: str) -> str:
        return target.lstrip("/") if target.startswith("/") else normpath(join(dirname(part), target))


def _rels_name(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"
