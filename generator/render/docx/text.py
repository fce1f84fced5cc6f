"""Paragraphs and their inlines as WordprocessingML."""

import re
from dataclasses import dataclass, field, replace
from typing import Final

from generator.layout.tree import (
    Blank,
    Chart,
    FieldKind,
    Inline,
    LineBreak,
    PageField,
    Paragraph,
    Picture,
    Run,
    TextStyle,
)
from generator.layout.units import Length
from generator.render.docx.markup import text_elements
from generator.render.docx.media import Media
from generator.render.docx.styles import Place, Style, StyleSheet, has_blank, look_of

AMBIGUOUS: Final = re.compile("[\u00a1-\u2e7f]")  # drawn from the Latin font unless w:hint says otherwise
SUPPLEMENTARY: Final = re.compile("([\U00020000-\U0002ffff]+|[\U00030000-\U0003ffff]+)")
LAST_BMP: Final = "\uffff"
NO_BREAK_SPACE: Final = "\u00a0"
SPACE_WIDTH: Final = 0.25  # em, Times New Roman
_INSTRUCTIONS: Final = {FieldKind.PAGE: "PAGE", FieldKind.PAGES: "NUMPAGES"}


@dataclass
class TextWriter:
    """Writes paragraphs against a style sheet."""

    styles: StyleSheet
    media: Media
    _openings: dict[tuple[object, ...], tuple[str, Style]] = field(default_factory=dict)

    def paragraph(self, paragraph: Paragraph, place: Place, *, extra: str = "") -> str:
        """`w:p`; `extra` are further properties that stand between switches and spacing (`w:framePr`, `w:pBdr`)."""
        opening, style = self._opening(paragraph, place, extra)
        runs = "".join(self._inline(inline, style.text) for inline in paragraph.inlines)
        return f"<w:p>{opening}{runs}</w:p>"

    def _opening(self, paragraph: Paragraph, place: Place, extra: str) -> tuple[str, Style]:
        """The `w:pPr` of a paragraph, cached by everything that it depends on."""
        key = (
            place, extra, paragraph.style, paragraph.align, paragraph.left, paragraph.right,
            paragraph.first_indent, paragraph.before, paragraph.after, paragraph.line_height,
            paragraph.keep_with_next, paragraph.keep_together, paragraph.heading, paragraph.style_name,
            _tallest(paragraph), has_blank(paragraph),
        )  # fmt: skip
        if key not in self._openings:
            style = self.styles.style_of(paragraph, place)
            self._openings[key] = self._properties(paragraph, style, extra), style
        return self._openings[key]

    def _properties(self, paragraph: Paragraph, style: Style, extra: str) -> str:
        switches, rest = look_of(paragraph).differences(style.look)
        name = "" if style.style_id == "Normal" else f'<w:pStyle w:val="{style.style_id}"/>'
        mark = self.styles.run_properties(paragraph.style, style.text)
        inner = name + switches + extra + rest + mark
        return f"<w:pPr>{inner}</w:pPr>" if inner else ""

    def _inline(self, inline: Inline, base: TextStyle) -> str:
        match inline:
            case Run():
                return self.run(inline.text, inline.style, base)
            case LineBreak():
                return "<w:r><w:br/></w:r>"
            case Blank():
                return self._blank(inline, base)
            case PageField():
                properties = self.styles.run_properties(inline.style, base)
                return field_run(_INSTRUCTIONS[inline.kind], properties)
            case Picture():
                return self.media.inline(inline)
            case Chart():
                return self.media.chart(inline)

    def run(self, text: str, style: TextStyle, base: TextStyle) -> str:
        """`w:r` elements for a text; characters beyond U+FFFF get the extension fonts."""
        if not text:
            return ""
        if max(text) <= LAST_BMP:
            return self._plain_run(text, style, base)
        parts = [part for part in SUPPLEMENTARY.split(text) if part]
        return "".join(
            self._rare_run(part, style, base) if part[0] > LAST_BMP else self._plain_run(part, style, base)
            for part in parts
        )

    def _plain_run(self, text: str, style: TextStyle, base: TextStyle) -> str:
        hint = AMBIGUOUS.search(text) is not None
        properties = self.styles.run_properties(style, base, hint=hint)
        return f"<w:r>{properties}{text_elements(text)}</w:r>"

    def _rare_run(self, text: str, style: TextStyle, base: TextStyle) -> str:
        return f"<w:r>{self.styles.rare_properties(style, base, text)}{text_elements(text)}</w:r>"

    def _blank(self, blank: Blank, base: TextStyle) -> str:
        """No-break spaces, spread to the exact width: they stay together and stay visible at a line's end."""
        count = max(1, round(blank.width / (SPACE_WIDTH * blank.style.size)))
        tracking = Length(blank.width / count - SPACE_WIDTH * blank.style.size)
        style = replace(blank.style, tracking=tracking, underline=blank.rule)
        properties = self.styles.blank_properties(style, base)
        return f"<w:r>{properties}{text_elements(NO_BREAK_SPACE * count)}</w:r>"


def field_run(instruction: str, properties: str) -> str:
    """A field that Word computes, such as PAGE."""
    return f'<w:fldSimple w:instr=" {instruction} "><w:r>{properties}<w:t>1</w:t></w:r></w:fldSimple>'


def _tallest(paragraph: Paragraph) -> float | None:
    """What `look_of` takes from the inlines: the largest size, or None for a picture or chart."""
    if paragraph.line_height is not None and not any(
        isinstance(i, Picture | Chart) for i in paragraph.inlines
    ):
        return 0.0
    sizes = [0.0]
    for inline in paragraph.inlines:
        if isinstance(inline, Picture | Chart):
            return None
        if isinstance(inline, Run):
            sizes.append(inline.style.size)
    return max(sizes)
