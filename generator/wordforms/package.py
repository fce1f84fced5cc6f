"""A Word file as its parts, opened with limits: what a stranger uploads may be broken or a bomb."""

from dataclasses import dataclass
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

import docx
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from generator.wordforms.errors import FormUnreadable

MAX_FILE: Final = 20 * 1024 * 1024  # bytes
MAX_UNPACKED: Final = 100 * 1024 * 1024  # bytes, all parts together
MAX_PARTS: Final = 2000
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
STORIES: Final = {  # content type -> catalogue key of the story's name
    f"{_WORD}.document.main+xml": "body",
    f"{_WORD}.header+xml": "header",
    f"{_WORD}.footer+xml": "footer",
    f"{_WORD}.footnotes+xml": "footnotes",
}
MACRO_PART: Final = "word/vbaProject.bin"


@dataclass(frozen=True)
class WordPackage:
    """The parts of a Word file by name; `stories` are those with text: name → kind."""

    name: str
    parts: dict[str, bytes]
    stories: dict[str, str]

    @classmethod
    def read(cls, data: bytes, name: str) -> "WordPackage":
        """Open a .docx.

        Raises:
            FormUnreadable: too large, no Word document, with macros, or damaged.
        """
        if len(data) > MAX_FILE:
            raise FormUnreadable(name=name, reason=f"> {MAX_FILE // 1024 // 1024} MB")
        try:
            parts = _unpacked(data, name)
            opened = docx.Document(BytesIO(data))
        except (
            BadZipFile, PackageNotFoundError, KeyError, ValueError, OSError, EOFError, etree.XMLSyntaxError,
        ) as error:  # fmt: skip
            raise FormUnreadable(name=name, reason=str(error) or type(error).__name__) from error
        stories = {
            str(part.partname).lstrip("/"): STORIES[part.content_type]
            for part in opened.part.package.iter_parts()
            if part.content_type in STORIES
        }
        return cls(name, parts, {story: kind for story, kind in stories.items() if story in parts})

    def with_parts(self, changed: dict[str, bytes]) -> bytes:
        """The file with some parts replaced or added; everything else byte for byte."""
        buffer = BytesIO()
        with ZipFile(buffer, "w") as archive:
            for name, data in (self.parts | changed).items():
                info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                info.compress_type = ZIP_DEFLATED
                archive.writestr(info, data, compresslevel=3)
        return buffer.getvalue()


def _unpacked(data: bytes, name: str) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    room = MAX_UNPACKED
    with ZipFile(BytesIO(data)) as archive:
        infos = archive.infolist()
        if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > room:
            raise FormUnreadable(name=name, reason=f"> {MAX_UNPACKED // 1024 // 1024} MB / {MAX_PARTS}")
        for info in infos:
            if info.filename == MACRO_PART:
                raise FormUnreadable(name=name, reason="VBA")
            with archive.open(info) as part:
                content = part.read(room + 1)
            room -= len(content)
            if room < 0:
                raise FormUnreadable(name=name, reason=f"> {MAX_UNPACKED // 1024 // 1024} MB")
            parts[info.filename] = content
    return parts


def parse(data: bytes, name: str) -> etree._Element:
    """The root of an XML part; no entities, no network.

    Raises:
        FormUnreadable: the part is not XML.
    """
    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise FormUnreadable(name=name, reason=str(error)) from error
