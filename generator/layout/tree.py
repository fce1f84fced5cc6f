"""The layout tree (版面树): what `compose` makes of a template and what every renderer draws.

The tree says what stands where and how it looks; it holds no records and no template logic. Lengths carry their
unit. All nodes are frozen. Renderers: `pdf` (exact print), `docx` (editable), `html` (preview).

A document is a sequence of sections; a section starts on a new page with its own paper; its blocks flow down the
type area. Text style is resolved: a renderer never looks up a class name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from generator.layout.units import Length, Mm, Pt


class Role(StrEnum):
    """Font roles of official documents; which file draws a role is the font book's business."""

    TITLE = "小标宋"
    SONG = "宋体"
    FANG = "仿宋"
    KAI = "楷体"
    HEI = "黑体"


class Align(StrEnum):
    """Horizontal alignment of lines; JUSTIFY spreads all but the last line."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    JUSTIFY = "justify"


class VAlign(StrEnum):
    """Vertical alignment inside a cell."""

    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"


class Fit(StrEnum):
    """What a cell does with text that is too long for its fixed height.

    GROW makes the row higher; SHRINK reduces the type size in half-point steps down to `Cell.min_size` and grows
    after that; CONTINUE keeps what fits and moves the rest to a continuation page (附页) under the section's head.
    Nothing is ever cut.
    """

    GROW = "grow"
    SHRINK = "shrink"
    CONTINUE = "continue"


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How characters look. `tracking` is extra space after each character (GB/T 9704 grid: about −0.2 pt)."""

    role: Role = Role.SONG
    size: Length = Pt(10.5)
    bold: bool = False
    color: str = "#000000"
    tracking: Length = Pt(0)
    underline: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one style."""

    text: str
    style: TextStyle


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A forced new line (`br`)."""


@dataclass(frozen=True, slots=True)
class Blank:
    """Room to write by hand: a space of `width`, underlined when `rule` is set."""

    width: Length
    style: TextStyle
    rule: bool = False


class FieldKind(StrEnum):
    """Values known only when pages are made."""

    PAGE = "page"
    PAGES = "pages"


@dataclass(frozen=True, slots=True)
class PageField:
    """Page number or number of pages; a real field in DOCX."""

    kind: FieldKind
    style: TextStyle


@dataclass(frozen=True, slots=True)
class Picture:
    """An image file (PNG or JPEG bytes) in a box; scaled to fit, never distorted."""

    data: bytes
    width: Length
    height: Length
    description: str


class ChartKind(StrEnum):
    """How a chart's values are drawn: upright columns or lying bars (for long names)."""

    COLUMNS = "columns"
    BARS = "bars"


@dataclass(frozen=True, slots=True)
class Series:
    """One set of values of a chart, one for each category."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart in a box: vector in PDF (`generator.layout.charts.draw`), native in DOCX and XLSX."""

    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    width: Length
    height: Length
    kind: ChartKind = ChartKind.COLUMNS

    @property
    def description(self) -> str:
        """The chart in words, for those who cannot see it."""
        lines = (
            f"{category}：" + "，".join(f"{series.name}{series.values[index]:g}" for series in self.series)
            for index, category in enumerate(self.categories)
        )
        return f"{self.title}。{'；'.join(lines)}"


Inline: TypeAlias = Run | LineBreak | Blank | PageField | Picture | Chart


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Inlines set in lines.

    `line_height` None means 1.3 × the largest size in the line; a value means exactly that (固定值).
    `first_indent` is added to `left` on the first line (may be negative: hanging).
    `heading` 1–4 marks a heading for outlines and DOCX styles; `style_name` is the DOCX style it maps to.
    """

    inlines: tuple[Inline, ...]
    style: TextStyle = TextStyle()
    align: Align = Align.JUSTIFY
    left: Length = Pt(0)
    right: Length = Pt(0)
    first_indent: Length = Pt(0)
    before: Length = Pt(0)
    after: Length = Pt(0)
    line_height: Length | None = None
    keep_with_next: bool = False
    keep_together: bool = False
    heading: int | None = None
    style_name: str | None = None


@dataclass(frozen=True, slots=True)
class Border:
    """A line of a cell or rule; width 0 draws nothing."""

    width: Length = Pt(0.5)
    color: str = "#000000"


@dataclass(frozen=True, slots=True)
class Borders:
    """The four sides of a cell."""

    top: Border = Border()
    right: Border = Border()
    bottom: Border = Border()
    left: Border = Border()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table at its place in reading order; spans count grid columns and rows.

    `foot` is set at the cell's bottom edge whatever the content's length (signatures, seals, dates).
    `continued_title` heads this cell's part of the continuation page (`Fit.CONTINUE`); None: the section's title.
    """

    blocks: tuple[Block, ...] = ()
    foot: tuple[Block, ...] = ()
    colspan: int = 1
    rowspan: int = 1
    valign: VAlign = VAlign.MIDDLE
    padding: Length = Mm(1)
    borders: Borders = Borders()
    fit: Fit = Fit.GROW
    min_size: Length = Pt(8)
    vertical: bool = False
    continued_title: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A table row. `height` is the least height; with `exact` it is the height. `splits`: may break over pages.

    `fill` gives the row what is left of the page (at least `height`).
    """

    cells: tuple[Cell, ...]
    height: Length | None = None
    exact: bool = False
    splits: bool = False
    fill: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A grid with fixed column widths. The first `header_rows` rows are repeated on every page."""

    columns: tuple[Length, ...]
    rows: tuple[Row, ...]
    header_rows: int = 0
    align: Align = Align.CENTER
    description: str = ""

    @property
    def width(self) -> Length:
        """Sum of the columns."""
        return Length(sum(self.columns))


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line (版头分隔线, 版记线): `length` None spans the type area."""

    width: Length
    color: str = "#000000"
    length: Length | None = None
    before: Length = Pt(0)
    after: Length = Pt(0)


@dataclass(frozen=True, slots=True)
class Space:
    """Vertical room; kept at the head of a page too."""

    height: Length


@dataclass(frozen=True, slots=True)
class PageBreak:
    """Start a new page."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """Blocks at a fixed place, independent of the flow.

    Measured from the page's edges: `top` or `bottom` (one of them), and `left` (None: the type area's left edge).
    On the section's first page, or its last with `last_page` (版记). The flow does not avoid it, except that
    `last_page` content gets a page of its own when the text would run into it, and with `even_page` also when the
    document's last page is odd (版记 of what is printed on both sides).
    """

    blocks: tuple[Block, ...]
    top: Length | None = None
    bottom: Length | None = None
    left: Length | None = None
    width: Length | None = None
    last_page: bool = False
    even_page: bool = False


Block: TypeAlias = Paragraph | Table | Rule | Space | PageBreak | Pinned


class PageNumbers(StrEnum):
    """Page number styles: none, centred “第 x 页 共 y 页”, or GB/T 9704 7.5 (— 1 —, odd right, even left)."""

    NONE = "none"
    CENTER = "center"
    OFFICIAL = "official"


@dataclass(frozen=True, slots=True)
class PageSetup:
    """Paper and type area. A4 portrait by default.

    `header` starts `header_top` below the paper's edge, page numbers `number_gap` below the type area (GB/T 9704
    7.5); `number_first_page` False leaves the first page without one (信函格式). `grid_lines` is the number of
    lines of fixed height that fill the type area exactly (GB/T 9704 5.2.3: 22).
    """

    width: Length = Mm(210)
    height: Length = Mm(297)
    top: Length = Mm(25)
    right: Length = Mm(20)
    bottom: Length = Mm(20)
    left: Length = Mm(25)
    numbers: PageNumbers = PageNumbers.NONE
    header: tuple[Paragraph, ...] = ()
    watermark: str | None = None
    header_top: Length = Mm(12)
    number_gap: Length = Mm(7)
    number_first_page: bool = True
    grid_lines: int | None = None

    @property
    def type_width(self) -> Length:
        """Width of the type area."""
        return Length(self.width - self.left - self.right)

    @property
    def type_height(self) -> Length:
        """Height of the type area."""
        return Length(self.height - self.top - self.bottom)

    @property
    def paper(self) -> str:
        """`A4` or `A3`, by size; otherwise `WIDTHxHEIGHT` in millimetres."""
        sizes = {(210, 297): "A4", (297, 420): "A3"}
        short, long = sorted((round(self.width.mm), round(self.height.mm)))
        return sizes.get((short, long), f"{short}x{long}")


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks that flow over pages of one setup. `continued_title` heads its continuation pages (附页)."""

    page: PageSetup
    blocks: tuple[Block, ...]
    continued_title: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A finished layout: what renderers are given. `audience` and `document_id` go into metadata."""

    title: str
    sections: tuple[Section, ...]
    document_id: str = ""
    author: str = ""
    language: str = "zh-CN"
    audience: str = "internal"
    keywords: tuple[str, ...] = field(default=())
