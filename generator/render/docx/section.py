"""Page setups: paper, margins, document grid, headers, footers with page numbers, watermark."""

from dataclasses import dataclass, field, replace
from math import floor
from string import Formatter
from typing import Final

from core.message import catalogue, message
from generator.layout.tree import (
    Align,
    Block,
    FieldKind,
    Fit,
    Inline,
    PageBreak,
    PageField,
    PageNumbers,
    PageSetup,
    Paragraph,
    Pinned,
    Role,
    Run,
    Section,
    Space,
    Table,
    TextStyle,
)
from generator.layout.units import Length, Mm, Pt
from generator.render.docx.blocks import BlockWriter
from generator.render.docx.fonts import EAST_ASIAN
from generator.render.docx.markup import attribute
from generator.render.docx.measure import blocks_height
from generator.render.docx.pinned import Arranged, arrange
from generator.render.docx.styles import Place, hair
from generator.render.docx.text import TextWriter

OFFICIAL_LINES: Final = 22  # GB/T 9704 5.2.3
OFFICIAL_PITCH: Final = Length(Mm(156) / 28)  # of characters, GB/T 9704 5.2.3
OFFICIAL_SIZE: Final = Pt(16)
CHAR_SPACE: Final = round((OFFICIAL_PITCH - OFFICIAL_SIZE) * 4096)
OFFICIAL_NUMBER: Final = TextStyle(Role.SONG, Pt(14))  # GB/T 9704 7.5: 4号半角宋体
OFFICIAL_LINE: Final = Pt(18)
DASH_IN_LINE: Final = Pt(9.4)  # from the line's top to the dash, which the gap of 7.5 is measured to
PLAIN_NUMBER: Final = TextStyle(Role.SONG, Pt(9))
PLAIN_LINE: Final = Pt(12)
LEAST_DISTANCE: Final = Mm(3)  # of headers and footers from the paper's edge
TAIL_ROOM: Final = Mm(1.5)  # for the empty paragraph that Word demands after a table that fills the page
CONTINUED_TITLE: Final = TextStyle(Role.HEI, Pt(12))
WATERMARK_COLOR: Final = "#D0D0D0"
WATERMARK_WIDTH: Final = Mm(120)
WATERMARK_HEIGHT: Final = Mm(60)


@dataclass
class MarginParts:
    """Header and footer parts of the document; equal contents are stored once."""

    parts: dict[tuple[str, str], str] = field(default_factory=dict)

    def relation(self, kind: str, content: str) -> str:
        """The relationship id of a `header` or `footer` part with that content."""
        key = kind, content
        if key not in self.parts:
            self.parts[key] = f"rIdP{len(self.parts) + 1}"
        return self.parts[key]


@dataclass
class SectionWriter:
    """Writes sections: body elements and `w:sectPr`."""

    text: TextWriter
    parts: MarginParts
    even_odd: bool
    margins: bool

    def write(self, section: Section) -> tuple[list[str], str]:
        """The section's body elements and its properties."""
        page = section.page
        blocks = BlockWriter(self.text, page)
        arranged = arrange(section.blocks, page)
        body = blocks.flow(arranged.flow, arranged.last)
        tail = bool(section.blocks) and isinstance(section.blocks[-1], Table) and page.grid_lines is None
        references = first = ""
        if self.margins:
            own_first = arranged.on_first_page or _continues(section) or not page.number_first_page
            references = self._references(section, arranged, blocks, own_first)
            first = "<w:titlePg/>" if own_first else ""
        distances = _header_distance(section, arranged), _footer_distance(page, arranged)
        return body, (
            f'<w:sectPr>{references}<w:type w:val="nextPage"/>{_paper(page)}{_margins(page, tail, *distances)}'
            f"{first}{_grid(page)}</w:sectPr>"
        )

    def _references(self, section: Section, arranged: Arranged, blocks: BlockWriter, own_first: bool) -> str:
        kinds = ["default", *(["even"] if self.even_odd else []), *(["first"] if own_first else [])]
        headers = "".join(
            self._reference("header", kind, self._header(section, kind, arranged, blocks)) for kind in kinds
        )
        return headers + "".join(
            self._reference("footer", kind, self._footer(section.page, kind, arranged, blocks))
            for kind in kinds
        )

    def _reference(self, part: str, kind: str, content: str) -> str:
        relation = self.parts.relation(part, content)
        return f'<w:{part}Reference w:type="{kind}" r:id="{relation}"/>'

    def _header(self, section: Section, kind: str, arranged: Arranged, blocks: BlockWriter) -> str:
        page = section.page
        paragraphs: list[Block] = list(page.header)
        if _continues(section) and kind != "first":
            paragraphs.append(_continued(section.continued_title or ""))
        frames = ""
        if kind == "first":
            frames = "".join(blocks.framed(pinned) for pinned in arranged.framed)
            gap = arranged.head_top - _header_distance(section, arranged)
            gap -= blocks_height(page.header, page.type_width)
            if arranged.head and gap > 0:
                paragraphs.append(Space(Length(gap)))
            paragraphs += arranged.head
        written = blocks.margin(tuple(paragraphs), Place.HEADER) if paragraphs else ""
        mark = _watermark(page.watermark) if page.watermark else ""
        return (frames + written + mark) or self.text.paragraph(hair(), Place.HEADER)

    def _footer(self, page: PageSetup, kind: str, arranged: Arranged, blocks: BlockWriter) -> str:
        distance = _footer_distance(page, arranged)
        if kind == "first" and arranged.foot:
            raised = max(arranged.foot_bottom - distance, 0)
            lift = (Space(Length(raised)),) if raised > 0 else ()
            return blocks.margin((*arranged.foot, *lift), Place.FOOTER)
        if page.numbers is PageNumbers.NONE or (kind == "first" and not page.number_first_page):
            return self.text.paragraph(hair(), Place.FOOTER)
        number = _official_number(kind) if page.numbers is PageNumbers.OFFICIAL else _centred_number()
        return self.text.paragraph(
            replace(number, after=Length(max(_number_distance(page) - distance, 0))), Place.FOOTER
        )


def has_margins(section: Section) -> bool:
    """Whether a section needs headers or footers."""
    page = section.page
    pinned = any(isinstance(block, Pinned) and not block.last_page for block in section.blocks)
    numbered = page.numbers is not PageNumbers.NONE
    return bool(page.header or page.watermark or numbered or pinned or _continues(section))


def _continues(section: Section) -> bool:
    """Whether later pages of the section are continuation pages: a cell may go on there, and no page is broken."""
    if not section.continued_title or any(isinstance(block, PageBreak) for block in section.blocks):
        return False
    tables = (block for block in section.blocks if isinstance(block, Table))
    return any(cell.fit is Fit.CONTINUE for table in tables for row in table.rows for cell in row.cells)


def _continued(title: str) -> Paragraph:
    suffix = message("generator", "layout.annex_title", title="")
    text = message("generator", "layout.annex_title", title=title.removesuffix(suffix))
    return Paragraph((Run(text, CONTINUED_TITLE),), CONTINUED_TITLE, Align.CENTER)


def _official_number(kind: str) -> Paragraph:
    """— 1 —: odd pages right, even pages left, one character in (GB/T 9704 7.5)."""
    even = kind == "even"
    indent = Length(OFFICIAL_NUMBER.size)
    return Paragraph(
        (Run("— ", OFFICIAL_NUMBER), PageField(FieldKind.PAGE, OFFICIAL_NUMBER), Run(" —", OFFICIAL_NUMBER)),
        OFFICIAL_NUMBER,
        Align.LEFT if even else Align.RIGHT,
        left=indent if even else Pt(0),
        right=Pt(0) if even else indent,
        line_height=OFFICIAL_LINE,
    )


def _centred_number() -> Paragraph:
    style = PLAIN_NUMBER
    fields = {"page": FieldKind.PAGE, "pages": FieldKind.PAGES}
    inlines: list[Inline] = []
    for text, field_name, _, _ in Formatter().parse(catalogue("generator", "zh")["layout.page_of"]):
        inlines.append(Run(text, style))
        if field_name:
            inlines.append(PageField(fields[field_name], style))
    return Paragraph(tuple(inlines), style, Align.CENTER, line_height=PLAIN_LINE)


def _paper(page: PageSetup) -> str:
    orient = ' w:orient="landscape"' if page.width > page.height else ""
    return f'<w:pgSz w:w="{page.width.twip}" w:h="{page.height.twip}"{orient}/>'


def _margins(page: PageSetup, tail: bool, header: Length, footer: Length) -> str:
    bottom = Length(page.bottom - TAIL_ROOM) if tail and page.bottom > TAIL_ROOM else page.bottom
    return (
        f'<w:pgMar w:top="{page.top.twip}" w:right="{page.right.twip}" w:bottom="{bottom.twip}" '
        f'w:left="{page.left.twip}" w:header="{header.twip}" w:footer="{footer.twip}" w:gutter="0"/>'
    )


def _header_distance(section: Section, arranged: Arranged) -> Length:
    """From the paper's edge to the header; where only a pinned head stands in it, the head's own place."""
    page = section.page
    if arranged.head and not page.header and not _continues(section):
        return arranged.head_top
    return Length(max(min(page.header_top, page.top - Mm(2)), 0))


def _footer_distance(page: PageSetup, arranged: Arranged) -> Length:
    """From the footer's lower edge to the paper's."""
    number = _number_distance(page)
    return Length(min(number, arranged.foot_bottom)) if arranged.foot else number


def _number_distance(page: PageSetup) -> Length:
    """From the lower edge of the page number's line to the paper's edge."""
    official = page.numbers is PageNumbers.OFFICIAL
    below = page.number_gap + (OFFICIAL_LINE - DASH_IN_LINE if official else PLAIN_LINE)
    return Length(max(page.bottom - below, min(LEAST_DISTANCE, page.bottom / 2)))


def _grid(page: PageSetup) -> str:
    if page.grid_lines is None:
        return ""
    pitch = floor(page.type_height * 20 / page.grid_lines)  # rounded up, the last line would not fit
    if page.grid_lines != OFFICIAL_LINES:
        return f'<w:docGrid w:type="lines" w:linePitch="{pitch}"/>'
    return f'<w:docGrid w:type="linesAndChars" w:linePitch="{pitch}" w:charSpace="{CHAR_SPACE}"/>'


def _watermark(text: str) -> str:
    """A turned text behind the page, as Word's own watermarks are."""
    size = f"width:{WATERMARK_WIDTH.pt:.1f}pt;height:{WATERMARK_HEIGHT.pt:.1f}pt"
    return (
        '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr><w:r><w:pict>'
        '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
        'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
        '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/>'
        '<v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/>'
        '<v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/>'
        '<v:f eqn="sum @6 0 @5"/></v:formulas><v:path textpathok="t" o:connecttype="custom" '
        'o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>'
        '<v:textpath on="t" fitshape="t"/></v:shapetype>'
        f'<v:shape id="Watermark" o:spid="_x0000_s2049" type="#_x0000_t136" alt="{attribute(text)}" '
        f'style="position:absolute;margin-left:0;margin-top:0;{size};rotation:315;z-index:-251658752;'
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        'mso-position-vertical:center;mso-position-vertical-relative:margin" o:allowincell="f" '
        f'fillcolor="{WATERMARK_COLOR}" stroked="f"><v:fill opacity=".5"/>'
        f'<v:textpath style="font-family:&quot;{EAST_ASIAN[Role.HEI]}&quot;;font-size:1pt" '
        f'string="{attribute(text)}"/></v:shape></w:pict></w:r></w:p>'
    )
