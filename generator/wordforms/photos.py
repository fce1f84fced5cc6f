"""Pictures that values bring into a form: media parts, relationships, inline drawings."""

from typing import Final

from lxml import etree

from generator.layout.tree import Picture
from generator.layout.units import Mm
from generator.render.docx.media import Media
from generator.wordforms.package import WordPackage, parse

PHOTO_WIDTH: Final = Mm(25)  # 近期免冠照片 25×35 mm
PHOTO_HEIGHT: Final = Mm(35)
PHOTO_NAME: Final = "照片"
_NAMESPACES: Final = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_RELATIONS: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_IMAGE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_TYPES: Final = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_FOLDER: Final = "photos/"  # apart from the form's own pictures
_TYPES_PART: Final = "[Content_Types].xml"
_EMPTY_RELATIONS: Final = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
)


class Photos:
    """The pictures of one filled form."""

    def __init__(self, package: WordPackage) -> None:
        self._package = package
        self._media = Media(prefix="rIdPhoto")
        self._uses: dict[str, set[str]] = {}
        self._story = ""

    def begin(self, story: str) -> None:
        """Pictures from now on belong to this story."""
        self._story = story

    def inline(self, data: bytes) -> str:
        """A drawing that stands between two `w:t` of a run.

        Raises:
            PictureUnreadable: neither PNG nor JPEG.
        """
        run = self._media.inline(Picture(data, PHOTO_WIDTH, PHOTO_HEIGHT, PHOTO_NAME))
        drawing = run.removeprefix("<w:r>").removesuffix("</w:r>")
        used = next(file for file in self._media.files.values() if f'"{file.relation}"' in drawing)
        self._uses.setdefault(self._story, set()).add(used.relation)
        named = drawing.replace("<wp:inline ", f"<wp:inline {_NAMESPACES} ", 1)
        return f'</w:t>{named}<w:t xml:space="preserve">'

    def parts(self) -> dict[str, bytes]:
        """The parts that the pictures add or change."""
        if not self._media.files:
            return {}
        parts = {f"word/media/{_FOLDER}{file.name}": file.data for file in self._media.files.values()}
        for story, relations in self._uses.items():
            name = _relations_part(story)
            parts[name] = self._with_relations(name, relations)
        parts[_TYPES_PART] = self._with_types()
        return parts

    def _with_relations(self, name: str, used: set[str]) -> bytes:
        root = parse(self._package.parts.get(name, _EMPTY_RELATIONS), self._package.name)
        for file in self._media.files.values():
            if file.relation in used:
                attributes = {
                    "Id": file.relation,
                    "Type": _IMAGE,
                    "Target": f"/word/media/{_FOLDER}{file.name}",
                }
                etree.SubElement(root, f"{_RELATIONS}Relationship", attributes)
        return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))

    def _with_types(self) -> bytes:
        root = parse(self._package.parts[_TYPES_PART], self._package.name)
        known = {element.get("Extension", "").lower() for element in root.iter(f"{_TYPES}Default")}
        for suffix in ("png", "jpeg"):
            if suffix not in known:
                default = etree.Element(
                    f"{_TYPES}Default", {"Extension": suffix, "ContentType": f"image/{suffix}"}
                )
                root.insert(0, default)
        return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _relations_part(story: str) -> str:
    folder, _, name = story.rpartition("/")
    return f"{folder}/_rels/{name}.rels"
