"""The Word package: fixed parts prepared once, a zip with fixed time stamps (same input, same bytes)."""

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from generator.layout.tree import Document, Role
from generator.render.docx.fonts import font_attributes, font_table
from generator.render.docx.markup import W_NAMESPACES, XML_HEAD, attribute, encode, escape

ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)
COMPRESSION_LEVEL: Final = 3
RELATION_TYPE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"

_STYLES_HEAD: Final = (
    f"<w:styles {W_NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts {font_attributes(Role.SONG)}/>"
    '<w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr>'
    '</w:rPrDefault><w:pPrDefault><w:pPr><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/></w:pPr>'
    "</w:pPrDefault></w:docDefaults>"
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
    '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>'
    '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/>'
    '<w:uiPriority w:val="39"/><w:tblPr><w:tblBorders><w:top w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    '<w:left w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    '<w:bottom w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    '<w:right w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    '<w:insideH w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    '<w:insideV w:val="single" w:sz="4" w:space="0" w:color="auto"/></w:tblBorders></w:tblPr></w:style>'
)


def styles_part(styles: str) -> str:
    """The styles part around the document's own styles."""
    return f"{_STYLES_HEAD}{styles}</w:styles>"


@cache
def settings_part(even_odd: bool) -> str:
    """Word 2013+ mode; no condensing of punctuation, so that lines hold what the print version holds."""
    switch = "<w:evenAndOddHeaders/>" if even_odd else ""
    return (
        f'<w:settings {W_NAMESPACES}><w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/>'
        f'<w:bordersDoNotSurroundFooter/><w:defaultTabStop w:val="420"/>{switch}'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:spaceForUL/>'
        "<w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/>"
        "<w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/><w:useFELayout/>"
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        '</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )


@cache
def font_table_part() -> str:
    """The font table with each font's alternative name."""
    return f"<w:fonts {W_NAMESPACES}>{font_table()}</w:fonts>"


def core_part(document: Document) -> str:
    """Core properties: title, author, language, keywords, the document's id; no time, so that bytes repeat."""
    values = (
        ("dc:title", document.title),
        ("dc:creator", document.author),
        ("cp:keywords", "; ".join(document.keywords)),
        ("dc:identifier", document.document_id),
        ("cp:category", document.audience),
        ("dc:language", document.language),
    )
    inner = "".join(f"<{tag}>{escape(value)}</{tag}>" for tag, value in values if value)
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{inner}</cp:coreProperties>'
    )


def content_types(overrides: Mapping[str, str], defaults: Mapping[str, str]) -> str:
    """The content type of every part by name or suffix."""
    suffixes = "".join(f'<Default Extension="{s}" ContentType="{t}"/>' for s, t in defaults.items())
    parts = "".join(f'<Override PartName="/{name}" ContentType="{t}"/>' for name, t in overrides.items())
    return f'<Types xmlns="{_PACKAGE}/content-types">{suffixes}{parts}</Types>'


def relationships(targets: Mapping[str, tuple[str, str]]) -> str:
    """Relationships by id: (full type, target)."""
    items = "".join(
        f'<Relationship Id="{name}" Type="{kind}" Target="{attribute(target)}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """The package file; texts are XML parts.

    Raises:
        TextNotWritable: a part holds a character that XML cannot carry.
    """
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            data = encode(XML_HEAD + content) if isinstance(content, str) else content
            info = ZipInfo(name, ZIP_TIME)
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, data, compresslevel=COMPRESSION_LEVEL)
    return buffer.getvalue()
