"""A rendered Word file, opened for tests."""

from io import BytesIO

import docx
from lxml import etree

from generator.layout.tree import Document
from generator.render.docx import render

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class Opened:
    """A rendered Word file: as python-docx sees it and as XML."""

    def __init__(self, tree: Document) -> None:
        self.data = render(tree)
        self.document = docx.Document(BytesIO(self.data))
        self.body = self.document.element.body

    def all(self, path: str) -> list[etree._Element]:
        """Elements by an XPath with the prefix `w`."""
        return self.body.xpath(path)

    def value(self, element: etree._Element, name: str) -> str | None:
        """A `w:` attribute."""
        return element.get(W + name)
