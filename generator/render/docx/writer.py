"""From layout tree to Word file."""

from collections import Counter
from typing import Final

from generator.layout.tree import Document, PageNumbers, Paragraph, Role, Section, TextStyle
from generator.layout.units import Pt
from generator.render.docx import package
from generator.render.docx.chart import CHART_RELATION, CHART_TYPE
from generator.render.docx.chart import part as chart_part
from generator.render.docx.markup import W_NAMESPACES
from generator.render.docx.media import Media
from generator.render.docx.section import MarginParts, SectionWriter, has_margins
from generator.render.docx.styles import StyleSheet
from generator.render.docx.text import TextWriter

OFFICIAL_TEXT: Final = TextStyle(Role.FANG, Pt(16))
FORM_TEXT: Final = TextStyle(Role.SONG, Pt(10.5))


def render(document: Document) -> bytes:
    """The document as a DOCX file; the same document gives the same bytes.

    Raises:
        TextNotWritable: a text holds a control character or a surrogate.
        PictureUnreadable: a picture is neither PNG nor JPEG.
    """
    styles, media, margins = StyleSheet(_body_text(document)), Media(), MarginParts()
    even_odd = any(section.page.numbers is PageNumbers.OFFICIAL for section in document.sections)
    writer = SectionWriter(
        TextWriter(styles, media),
        margins,
        even_odd,
        any(has_margins(section) for section in document.sections),
    )
    body = _body(writer, document.sections)
    parts: dict[str, str | bytes] = {
        "word/document.xml": f"<w:document {W_NAMESPACES}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": package.styles_part(styles.xml()),
        "word/settings.xml": package.settings_part(even_odd),
        "word/fontTable.xml": package.font_table_part(),
        "docProps/core.xml": package.core_part(document),
    }
    return package.zipped(_framed(parts, media, margins))


def _body_text(document: Document) -> TextStyle:
    """What 正文 looks like: the most frequent style of the unnamed paragraphs outside tables."""
    first = document.sections[0].page if document.sections else None
    fallback = OFFICIAL_TEXT if first is not None and first.grid_lines else FORM_TEXT
    styles = Counter(
        block.style
        for section in document.sections
        for block in section.blocks
        if isinstance(block, Paragraph) and block.heading is None and block.inlines
    )
    return styles.most_common(1)[0][0] if styles else fallback


def _body(writer: SectionWriter, sections: tuple[Section, ...]) -> str:
    out: list[str] = []
    for index, section in enumerate(sections):
        elements, properties = writer.write(section)
        if index + 1 < len(sections):
            elements[-1] = _with_section(elements[-1], properties)
        else:
            elements.append(properties)
        out += elements
    return "".join(out)


def _with_section(paragraph: str, properties: str) -> str:
    """The last paragraph of a section carries the section's properties."""
    if paragraph.startswith("<w:p><w:pPr>"):
        return paragraph.replace("</w:pPr>", f"{properties}</w:pPr>", 1)
    return paragraph.replace("<w:p>", f"<w:p><w:pPr>{properties}</w:pPr>", 1)


def _framed(parts: dict[str, str | bytes], media: Media, margins: MarginParts) -> dict[str, str | bytes]:
    """All parts of the package: the given ones, headers, footers, pictures, relationships, content types."""
    kinds = {"styles": "styles", "settings": "settings", "fontTable": "fontTable"}
    relations = {f"rId{n}": (f"{package.RELATION_TYPE}/{k}", f"{k}.xml") for n, k in enumerate(kinds, 1)}
    overrides = {f"word/{k}.xml": f"{package.CONTENT_TYPE}.{k}+xml" for k in kinds}
    overrides["word/document.xml"] = f"{package.CONTENT_TYPE}.document.main+xml"
    overrides["docProps/core.xml"] = "application/vnd.openxmlformats-package.core-properties+xml"
    media_relations = {
        file.relation: (f"{package.RELATION_TYPE}/image", f"media/{file.name}")
        for file in media.files.values()
    }
    for number, (chart, relation) in enumerate(media.charts.items(), 1):
        parts[f"word/charts/chart{number}.xml"] = chart_part(chart)
        overrides[f"word/charts/chart{number}.xml"] = CHART_TYPE
        relations[relation] = CHART_RELATION, f"charts/chart{number}.xml"
    for number, ((kind, content), relation) in enumerate(margins.parts.items(), 1):
        name = f"{kind}{number}.xml"
        tag = "hdr" if kind == "header" else "ftr"
        parts[f"word/{name}"] = f"<w:{tag} {W_NAMESPACES}>{content}</w:{tag}>"
        overrides[f"word/{name}"] = f"{package.CONTENT_TYPE}.{kind}+xml"
        relations[relation] = (f"{package.RELATION_TYPE}/{kind}", name)
        used = {r: target for r, target in media_relations.items() if f'"{r}"' in content}
        if used:
            parts[f"word/_rels/{name}.rels"] = package.relationships(used)
    parts |= {f"word/media/{file.name}": file.data for file in media.files.values()}
    head: dict[str, str | bytes] = {
        "[Content_Types].xml": package.content_types(overrides, _DEFAULT_TYPES),
        "_rels/.rels": package.relationships(_ROOT_RELATIONS),
        "word/_rels/document.xml.rels": package.relationships(relations | media_relations),
    }
    return head | parts


_DEFAULT_TYPES: Final = {
    "rels": "application/vnd.openxmlformats-package.relationships+xml",
    "xml": "application/xml",
    "png": "image/png",
    "jpeg": "image/jpeg",
}
_ROOT_RELATIONS: Final = {
    "rId1": (f"{package.RELATION_TYPE}/officeDocument", "word/document.xml"),
    "rId2": (
        "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
        "docProps/core.xml",
    ),
}
