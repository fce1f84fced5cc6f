"""Comments (批注) of one worksheet: the text part and the VML boxes; a comment that stands there already is kept."""

import re
from collections.abc import Sequence

from lxml import etree

from core.message import message
from records.batch.model import Finding
from records.input.workbook.annotate.grid import Grid, split
from records.input.workbook.package import Element, Package, child, parse, serialize

MARK = "【核对问题】"
AUTHOR = "zhicheng"
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_FIRST_SHAPE = 2000
_COLUMNS_WIDE, _LINE, _MOST_LINES = 4, 24, 20
_EMPTY_VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="2"/>'
    '</o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
_SHAPE = (
    '<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;visibility:hidden"'
    ' fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
    '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_ANY_SHAPE = re.compile(r"<v:shape\b.*?</v:shape>", re.DOTALL)
_SHAPE_ID = re.compile(r'id="_x0000_s(\d+)"')


class SheetComments:
    """The comments of one worksheet part; nothing is written unless something changes."""

    def __init__(self, package: Package, sheet_part: str, grid: Grid) -> None:
        self._package = package
        self._sheet = sheet_part
        self._grid = grid
        self._part = package.relation(sheet_part, "comments")
        self._drawing = package.relation(sheet_part, "vmlDrawing")
        self._root = parse(package.read(self._part)) if self._part else None
        self._vml = package.read(self._drawing).decode("utf-8", "replace") if self._drawing else _EMPTY_VML
        self._shapes: list[str] = []
        self._changed = False
        numbers = [int(number) for number in _SHAPE_ID.findall(self._vml)]
        self._next_shape = max([_FIRST_SHAPE, *numbers]) + 1

    def take_off(self) -> None:
        """Remove what an earlier run wrote."""
        if self._root is None:
            return
        for comment in list(self._root.iter(self._package.tag("comment"))):
            if MARK in "".join(comment.itertext()):
                self._changed = True
                if not _cut(comment, self._package):
                    column, row = split(comment.get("ref", "A1"))
                    comment.getparent().remove(comment)
                    self._drop_shape(row - 1, column)

    def add(self, address: str, findings: Sequence[Finding]) -> None:
        """Say at one cell what was found."""
        self._changed = True
        text = "\n".join([MARK, *(_sentence(number, item) for number, item in enumerate(findings, start=1))])
        own = self._existing(address)
        if own is not None:
            self._run(own, "\n" + text)
            return
        comments = self._list()
        made = etree.SubElement(
            comments, self._package.tag("comment"), {"ref": address, "authorId": self._author()}
        )
        self._run(etree.SubElement(made, self._package.tag("text")), text)
        column, row = split(address)
        lines = min(_MOST_LINES, sum(1 + len(part) // _LINE for part in text.split("\n")))
        anchor = f"{column + 1},15,{row - 1},4,{column + 1 + _COLUMNS_WIDE},15,{row - 1 + max(4, lines)},4"
        self._shapes.append(_SHAPE.format(number=self._next_shape, anchor=anchor, row=row - 1, column=column))
        self._next_shape += 1

    def store(self) -> None:
        """Put the parts back, relating them to the sheet when they are new."""
        if not self._changed or self._root is None:
            return
        if self._part is None:
            self._part = self._package.free_name("xl/comments{}.xml")
            self._package.declare(self._part, COMMENTS_TYPE)
            self._package.relate(self._sheet, "comments", self._part)
        if self._drawing is None:
            self._drawing = self._package.free_name("xl/drawings/vmlDrawing{}.vml")
            self._package.declare_extension("vml", VML_TYPE)
            self._grid.point_at_drawing(self._package.relate(self._sheet, "vmlDrawing", self._drawing))
        body, closing, rest = self._vml.rpartition("</xml>")
        vml = body + "".join(self._shapes) + closing + rest
        self._package.write(self._drawing, vml.encode("utf-8"))
        self._package.write(self._part, serialize(self._root))

    def _list(self) -> Element:
        tag = self._package.tag
        if self._root is None:
            self._root = etree.Element(tag("comments"), nsmap={None: self._package.main})
            etree.SubElement(self._root, tag("authors"))
            etree.SubElement(self._root, tag("commentList"))
        found = self._root.find(tag("commentList"))
        return found if found is not None else etree.SubElement(self._root, tag("commentList"))

    def _author(self) -> str:
        authors = child(self._root, self._package.tag("authors"))
        names = [author.text for author in authors]
        if AUTHOR not in names:
            etree.SubElement(authors, self._package.tag("author")).text = AUTHOR
            names.append(AUTHOR)
        return str(names.index(AUTHOR))

    def _existing(self, address: str) -> Element | None:
        if self._root is None:
            return None
        for comment in self._root.iter(self._package.tag("comment")):
            if comment.get("ref") == address:
                return comment.find(self._package.tag("text"))
        return None

    def _run(self, text: Element, words: str) -> None:
        run = etree.SubElement(text, self._package.tag("r"))
        piece = etree.SubElement(run, self._package.tag("t"))
        piece.text = words
        piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")

    def _drop_shape(self, row: int, column: int) -> None:
        place = (f"<x:Row>{row}</x:Row>", f"<x:Column>{column}</x:Column>")

        def keep(match: re.Match[str]) -> str:
            return "" if all(part in match[0] for part in place) else match[0]

        self._vml = _ANY_SHAPE.sub(keep, self._vml)


def _cut(comment: Element, package: Package) -> bool:
    """Cut our words off the end of a comment; False when nothing else is left."""
    ours = False
    for piece in list(comment.iter(package.tag("t"))):
        words = piece.text or ""
        if ours or MARK in words:
            piece.text = "" if ours else words.split(MARK)[0].rstrip("\n")
            ours = True
    return bool("".join(comment.itertext()).strip())


def _sentence(number: int, item: Finding) -> str:
    lines = [
        f"{number}. [{item.severity} {item.rule}] {item.message}",
        message("records", "report.remedy", remedy=item.remedy),
        message("records", "report.clauses", clauses="、".join(item.clauses)),
    ]
    return "\n".join(lines)
