"""Styles: every paragraph names a Word style and carries only what differs from it.

The first paragraph of a name defines the style, as a person would who formats one heading and makes it the style.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import floor
from typing import Final

from generator.layout.tree import Align, Blank, Chart, Paragraph, Picture, Role, Run, TextStyle
from generator.layout.units import Length, Pt
from generator.render.docx.fonts import LATIN, font_attributes, only, rare_attributes
from generator.render.docx.markup import attribute, hex_color, toggle

NORMAL: Final = "Normal"
BUILT_IN: Final = ("Heading", "Header", "Footer")
AUTO_LINE_FACTOR: Final = 1.3  # layout.Paragraph.line_height
CHAR_TOLERANCE: Final = 0.03
ROUNDING: Final = 1e-6
SEPARATOR: Final = "分隔"  # style of paragraphs that only separate or carry a line
HAIR: Final = Pt(1)
SMALL: Final = TextStyle(size=HAIR)
_JC: Final = {Align.LEFT: "left", Align.CENTER: "center", Align.RIGHT: "right", Align.JUSTIFY: "both"}


class Place(StrEnum):
    """Where a paragraph stands; decides the style of one that names none."""

    BODY = NORMAL
    TABLE = "TableText"
    HEADER = "Header"
    FOOTER = "Footer"


PLACE_NAMES: Final = {
    Place.BODY: "Normal",
    Place.TABLE: "表格文字",
    Place.HEADER: "header",
    Place.FOOTER: "footer",
}


@dataclass(frozen=True, slots=True)
class Look:
    """Paragraph properties as WordprocessingML components."""

    keep_next: bool
    keep_lines: bool
    spacing: str
    indent: str
    jc: str

    def differences(self, base: "Look") -> tuple[str, str]:
        """What must be written over `base`: the parts before and after other properties."""
        switches = "".join(
            toggle(tag, mine)
            for tag, mine, theirs in (
                ("keepNext", self.keep_next, base.keep_next),
                ("keepLines", self.keep_lines, base.keep_lines),
            )
            if mine != theirs
        )
        pairs = ((self.spacing, base.spacing), (self.indent, base.indent), (self.jc, base.jc))
        return switches, "".join(mine for mine, theirs in pairs if mine != theirs)


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style in the making."""

    style_id: str
    name: str
    text: TextStyle
    look: Look
    xml: str = ""


def hair(height: Length = HAIR) -> Paragraph:
    """An empty paragraph of exactly that height."""
    return Paragraph((), SMALL, Align.LEFT, line_height=height, style_name=SEPARATOR)


def line_twips(paragraph: Paragraph) -> int | None:
    """The exact line height in twips; None when a picture stands in the line, which then makes its own height."""
    if any(isinstance(inline, Picture | Chart) for inline in paragraph.inlines):
        return None
    if paragraph.line_height is not None:
        return floor(paragraph.line_height * 20 + ROUNDING)  # 22 rounded-up lines would not fit the page
    sizes = [inline.style.size for inline in paragraph.inlines if isinstance(inline, Run)]
    return Length(max(sizes, default=paragraph.style.size) * AUTO_LINE_FACTOR).twip


def look_of(paragraph: Paragraph) -> Look:
    """A paragraph's properties, every component spelt out."""
    line = line_twips(paragraph)
    rule = f'w:line="{line}" w:lineRule="exact"' if line else 'w:line="240" w:lineRule="auto"'
    spacing = f'<w:spacing w:before="{paragraph.before.twip}" w:after="{paragraph.after.twip}" {rule}/>'
    spread = paragraph.align is Align.JUSTIFY and has_blank(
        paragraph
    )  # would tear the text before a blank apart
    jc = f'<w:jc w:val="{_JC[Align.LEFT if spread else paragraph.align]}"/>'
    return Look(paragraph.keep_with_next, paragraph.keep_together, spacing, _indent(paragraph), jc)


def has_blank(paragraph: Paragraph) -> bool:
    """Whether there is room for handwriting in a paragraph."""
    return any(isinstance(inline, Blank) for inline in paragraph.inlines)


def _indent(paragraph: Paragraph) -> str:
    first = paragraph.first_indent
    sides = f'w:left="{paragraph.left.twip}" w:right="{paragraph.right.twip}"'
    if first < 0:
        return f'<w:ind {sides} w:hanging="{-first.twip}"/>'
    chars = first / (paragraph.style.size + paragraph.style.tracking)
    whole = round(chars)
    in_chars = whole * 100 if abs(chars - whole) < CHAR_TOLERANCE else 0
    return f'<w:ind {sides} w:firstLineChars="{in_chars}" w:firstLine="{first.twip}"/>'


@dataclass
class StyleSheet:
    """The styles of one document, defined by first use; also the cache of run properties."""

    body: TextStyle
    styles: dict[str, Style] = field(default_factory=dict)
    _runs: dict[tuple[TextStyle, TextStyle, bool], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        plain = Paragraph((), self.body)
        normal = Style(NORMAL, NORMAL, self.body, look_of(plain))
        self.styles[NORMAL] = replace(normal, xml=_normal_xml(normal))
        self.style_of(hair(), Place.BODY)

    def style_of(self, paragraph: Paragraph, place: Place) -> Style:
        """The style that a paragraph belongs to, made on first use."""
        key, name, outline = self._identity(paragraph, place)
        if key not in self.styles:
            style_id = f"Style{len(self.styles)}" if key == paragraph.style_name else key
            style = Style(style_id, name, paragraph.style, look_of(paragraph))
            self.styles[key] = replace(style, xml=self._style_xml(style, outline))
        return self.styles[key]

    def _identity(self, paragraph: Paragraph, place: Place) -> tuple[str, str, int | None]:
        if paragraph.heading is not None:
            level = paragraph.heading
            return f"Heading{level}", f"heading {level}", level - 1
        if paragraph.style_name:
            return paragraph.style_name, paragraph.style_name, None
        return place.value, PLACE_NAMES[place], None

    def run_properties(self, style: TextStyle, base: TextStyle, *, hint: bool = False) -> str:
        """`w:rPr` for characters of `style` in a paragraph whose style has `base`; empty when nothing differs."""
        key = (style, base, hint)
        if key not in self._runs:
            self._runs[key] = _wrap(_differences(style, base, hint=hint))
        return self._runs[key]

    def blank_properties(self, style: TextStyle, base: TextStyle) -> str:
        """`w:rPr` for spaces whose width must be known: they are the Latin font's, whatever stands beside them."""
        return _wrap(_differences(style, base, fonts=only(LATIN)))

    def rare_properties(self, style: TextStyle, base: TextStyle, text: str) -> str:
        """`w:rPr` for characters beyond U+FFFF."""
        inner = _differences(style, base, fonts=rare_attributes(text))
        return _wrap(inner)

    def xml(self) -> str:
        """All styles of use, as `w:style` elements."""
        return "".join(style.xml for style in self.styles.values())

    def _style_xml(self, style: Style, outline: int | None) -> str:
        base = self.styles[NORMAL]
        switches, rest = style.look.differences(base.look)
        level = f'<w:outlineLvl w:val="{outline}"/>' if outline is not None else ""
        custom = "" if style.style_id.startswith(BUILT_IN) else ' w:customStyle="1"'
        properties = _differences(style.text, base.text)
        return (
            f'<w:style w:type="paragraph"{custom} w:styleId="{style.style_id}">'
            f'<w:name w:val="{attribute(style.name)}"/><w:basedOn w:val="{NORMAL}"/><w:qFormat/>'
            f"<w:pPr>{switches}{rest}{level}</w:pPr>{_wrap(properties)}</w:style>"
        )


def _differences(style: TextStyle, base: TextStyle, *, hint: bool = False, fonts: str = "") -> str:
    """The run properties of `style` that `base` does not have, in schema order."""
    parts = [_fonts(style.role, base.role, hint, fonts)]
    if style.bold != base.bold:
        parts.append(toggle("b", style.bold) + toggle("bCs", style.bold))
    if style.color != base.color:
        parts.append(f'<w:color w:val="{hex_color(style.color)}"/>')
    if style.tracking != base.tracking:
        parts.append(f'<w:spacing w:val="{style.tracking.twip}"/>')
    if style.size != base.size:
        half_points = round(style.size * 2)
        parts.append(f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>')
    if style.underline != base.underline:
        parts.append(f'<w:u w:val="{"single" if style.underline else "none"}"/>')
    return "".join(parts)


def _fonts(role: Role, base: Role, hint: bool, fonts: str) -> str:
    attributes = fonts or (font_attributes(role) if role != base else "")
    if hint:
        attributes = f'w:hint="eastAsia" {attributes}'.rstrip()
    return f"<w:rFonts {attributes}/>" if attributes else ""


def _wrap(inner: str) -> str:
    return f"<w:rPr>{inner}</w:rPr>" if inner else ""


def _normal_xml(style: Style) -> str:
    """正文. Lines have exact heights and characters their own spacing, so nothing snaps to the document grid."""
    plain = TextStyle(style.text.role, Pt(0))
    return (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        '<w:pPr><w:widowControl w:val="0"/><w:overflowPunct/><w:autoSpaceDE w:val="0"/>'
        '<w:autoSpaceDN w:val="0"/><w:adjustRightInd w:val="0"/><w:snapToGrid w:val="0"/>'
        f"{style.look.spacing}{style.look.jc}</w:pPr><w:rPr><w:rFonts {font_attributes(style.text.role)}/>"
        f'<w:snapToGrid w:val="0"/>{_differences(style.text, plain)}</w:rPr></w:style>'
    )
