"""Preview in the browser: the layout tree as one self-contained HTML page that looks like sheets of paper.

Browsers break lines themselves, so a preview shows content and look, not page ends; those are the PDF's.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from html import escape
from typing import Final

from generator.layout.charts import Box, Label, Line, draw
from generator.layout.tree import (
    Align,
    Blank,
    Block,
    Border,
    Cell,
    Chart,
    Document,
    Inline,
    LineBreak,
    PageBreak,
    PageField,
    PageSetup,
    Paragraph,
    Picture,
    Pinned,
    Role,
    Row,
    Rule,
    Run,
    Section,
    Space,
    Table,
    TextStyle,
    VAlign,
)
from generator.layout.units import Length

FAMILIES: Final = {
    Role.TITLE: "'方正小标宋简体','FZXiaoBiaoSong-B05S','Source Han Serif SC','Noto Serif SC','SimSun',serif",
    Role.SONG: "'SimSun','Songti SC','Source Han Serif SC','Noto Serif SC',serif",
    Role.FANG: "'仿宋_GB2312','FangSong','STFangsong',serif",
    Role.KAI: "'楷体_GB2312','KaiTi','STKaiti',serif",
    Role.HEI: "'SimHei','Heiti SC','Source Han Sans SC','Noto Sans SC',sans-serif",
}
BOLD_ROLES: Final = frozenset((Role.TITLE,))
STYLE: Final = """
*{box-sizing:border-box}body{margin:0;background:#e6e6e6}
.sheet{position:relative;background:#fff;margin:6mm auto;box-shadow:0 0 3mm #999;overflow-wrap:anywhere}
p{margin:0;line-height:1.3;white-space:pre-wrap}table{border-collapse:collapse;table-layout:fixed}
td{position:relative;overflow-wrap:anywhere}td>.foot{position:absolute;left:0;right:0;bottom:0}
.upright{writing-mode:vertical-rl;text-orientation:upright;margin:auto}
.pinned{position:absolute}.header{position:absolute}
.watermark{position:absolute;inset:0;display:flex;align-items:center;justify-content:center;pointer-events:none;
font-size:60mm;color:#0001;transform:rotate(-38deg)}
@media print{body{background:none}.sheet{margin:0;box-shadow:none;break-after:page}}
@media (max-width:215mm){body{overflow-x:auto}}
"""


def render(document: Document) -> str:
    """The preview page of a document."""
    sheets = "".join(_section(section) for section in document.sections)
    return (
        f'<!DOCTYPE html><html lang="{escape(document.language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(document.title)}</title><style>{STYLE}</style></head>"
        f"<body><main>{sheets}</main></body></html>"
    )


def _section(section: Section) -> str:
    page = section.page
    box = (
        f"width:{_mm(page.width)};min-height:{_mm(page.height)};"
        f"padding:{_mm(page.top)} {_mm(page.right)} {_mm(page.bottom)} {_mm(page.left)}"
    )
    mark = (
        f'<div class="watermark" aria-hidden="true">{escape(page.watermark)}</div>' if page.watermark else ""
    )
    return f'<section class="sheet" style="{box}">{mark}{_header(page)}{_blocks(section.blocks)}</section>'


def _header(page: PageSetup) -> str:
    if not page.header:
        return ""
    place = f"top:{_mm(page.header_top)};left:{_mm(page.left)};right:{_mm(page.right)}"
    return f'<div class="header" style="{place}">{_blocks(page.header)}</div>'


def _blocks(blocks: Iterable[Block]) -> str:
    return "".join(map(_block, blocks))


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return _paragraph(block)
        case Table():
            return _table(block)
        case Rule():
            return _rule(block)
        case Space():
            return f'<div style="height:{_mm(block.height)}"></div>'
        case PageBreak():
            return '<hr style="border:0;border-top:1px dashed #bbb;margin:6mm 0;break-after:page">'
        case Pinned():
            return _pinned(block)


def _paragraph(paragraph: Paragraph) -> str:
    tag = f"h{paragraph.heading}" if paragraph.heading else "p"
    rules = [
        _text_style(paragraph.style),
        f"text-align:{paragraph.align.value}",
        f"margin:{_pt(paragraph.before)} {_pt(paragraph.right)} {_pt(paragraph.after)} {_pt(paragraph.left)}",
        f"text-indent:{_pt(paragraph.first_indent)}",
    ]
    if paragraph.line_height is not None:
        rules.append(f"line-height:{_pt(paragraph.line_height)}")
    content = "".join(_inline(inline, paragraph.style) for inline in paragraph.inlines) or "&nbsp;"
    return f'<{tag} style="{";".join(rules)}">{content}</{tag}>'


def _text_style(style: TextStyle) -> str:
    rules = [
        f"font-family:{FAMILIES[style.role]}",
        f"font-size:{_pt(style.size)}",
        f"font-weight:{'700' if style.bold or style.role in BOLD_ROLES else '400'}",
    ]
    if style.color != "#000000":
        rules.append(f"color:{style.color}")
    if style.tracking:
        rules.append(f"letter-spacing:{_pt(style.tracking)}")
    if style.underline:
        rules.append("text-decoration:underline")
    return ";".join(rules)


def _inline(inline: Inline, around: TextStyle) -> str:
    match inline:
        case Run():
            text = escape(inline.text)
            return (
                text if inline.style == around else f'<span style="{_text_style(inline.style)}">{text}</span>'
            )
        case LineBreak():
            return "<br>"
        case Blank():
            line = "border-bottom:0.5pt solid" if inline.rule else ""
            return f'<span style="display:inline-block;width:{_mm(inline.width)};{line}">&nbsp;</span>'
        case PageField():
            return '<span class="field">…</span>'
        case Picture():
            return _picture(inline)
        case Chart():
            return _chart(inline)


def _picture(picture: Picture) -> str:
    kind = "png" if picture.data.startswith(b"\x89PNG") else "jpeg"
    source = base64.b64encode(picture.data).decode("ascii")
    box = f"width:{_mm(picture.width)};height:{_mm(picture.height)};object-fit:contain"
    alt = escape(picture.description)
    return f'<img src="data:image/{kind};base64,{source}" alt="{alt}" style="{box}">'


def _chart(chart: Chart) -> str:
    height = float(chart.height)
    parts: list[str] = []
    for shape in draw(chart):
        match shape:
            case Box(x, y, width, tall, color):
                parts.append(
                    f'<rect x="{x:.1f}" y="{height - y - tall:.1f}" width="{width:.1f}" height="{tall:.1f}" fill="{color}"/>'
                )
            case Line(x1, y1, x2, y2, color, width):
                parts.append(
                    f'<line x1="{x1:.1f}" y1="{height - y1:.1f}" x2="{x2:.1f}" y2="{height - y2:.1f}" stroke="{color}" stroke-width="{width}"/>'
                )
            case Label():
                anchor = {Align.CENTER: "middle", Align.RIGHT: "end"}.get(shape.align, "start")
                parts.append(
                    f'<text x="{shape.x:.1f}" y="{height - shape.y:.1f}" font-size="{shape.size}" text-anchor="{anchor}">{escape(shape.text)}</text>'
                )
    size = f'width="{_mm(chart.width)}" height="{_mm(chart.height)}"'
    view = f"0 0 {float(chart.width):.1f} {height:.1f}"
    label = escape(chart.description)
    return f'<svg role="img" aria-label="{label}" {size} viewBox="{view}">{"".join(parts)}</svg>'


def _table(table: Table) -> str:
    sides = {Align.LEFT: "0 auto 0 0", Align.RIGHT: "0 0 0 auto"}
    columns = "".join(f'<col style="width:{_mm(column)}">' for column in table.columns)
    head = "".join(_row(row) for row in table.rows[: table.header_rows])
    body = "".join(_row(row) for row in table.rows[table.header_rows :])
    label = f' aria-label="{escape(table.description)}"' if table.description else ""
    box = f"width:{_mm(table.width)};margin:{sides.get(table.align, '0 auto')}"
    top = f"<thead>{head}</thead>" if head else ""
    return f'<table{label} style="{box}"><colgroup>{columns}</colgroup>{top}<tbody>{body}</tbody></table>'


def _row(row: Row) -> str:
    height = f' style="height:{_mm(row.height)}"' if row.height else ""
    return f"<tr{height}>{''.join(map(_cell, row.cells))}</tr>"


def _cell(cell: Cell) -> str:
    spans = "".join(
        f' {name}="{number}"'
        for name, number in (("colspan", cell.colspan), ("rowspan", cell.rowspan))
        if number > 1
    )
    borders = cell.borders
    sides = (borders.top, borders.right, borders.bottom, borders.left)
    names = ("top", "right", "bottom", "left")
    lines = ";".join(f"border-{name}:{_border(side)}" for name, side in zip(names, sides, strict=True))
    align = "middle" if cell.valign is VAlign.MIDDLE else cell.valign.value
    padding = _mm(cell.padding)
    content = _blocks(cell.blocks)
    if cell.vertical:
        content = f'<div class="upright">{content}</div>'
    foot = f'<div class="foot" style="padding:{padding}">{_blocks(cell.foot)}</div>' if cell.foot else ""
    return f'<td{spans} style="padding:{padding};vertical-align:{align};{lines}">{content}{foot}</td>'


def _border(border: Border) -> str:
    return f"{_pt(border.width)} solid {border.color}" if border.width else "0"


def _rule(rule: Rule) -> str:
    width = _mm(rule.length) if rule.length is not None else "100%"
    return (
        f'<div style="width:{width};margin:{_pt(rule.before)} auto {_pt(rule.after)};'
        f'height:{_pt(rule.width)};background:{rule.color}"></div>'
    )


def _pinned(pinned: Pinned) -> str:
    if (
        pinned.last_page
    ):  # a preview has no page ends: what stands at the foot of the last page follows the text
        return f'<div style="margin-top:10mm">{_blocks(pinned.blocks)}</div>'
    places = {"top": pinned.top, "bottom": pinned.bottom, "left": pinned.left, "width": pinned.width}
    box = ";".join(f"{name}:{_mm(value)}" for name, value in places.items() if value is not None)
    if pinned.width is None:
        box += (
            ";right:20mm"
            if pinned.left is not None
            else ";left:0;right:0;padding:inherit;padding-top:0;padding-bottom:0"
        )
    return f'<div class="pinned" style="{box}">{_blocks(pinned.blocks)}</div>'


def _mm(length: Length) -> str:
    return f"{length.mm:.2f}mm"


def _pt(length: Length) -> str:
    return f"{float(length):.2f}pt"
