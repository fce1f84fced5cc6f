"""The flow of a section: blocks in order, with the separators that Word needs between them."""

from dataclasses import dataclass
from typing import Final

from generator.layout.tree import (
    Align,
    Block,
    PageBreak,
    PageSetup,
    Paragraph,
    Pinned,
    Rule,
    Space,
    Table,
)
from generator.layout.units import Length, Mm, Pt
from generator.render.docx.markup import hex_color
from generator.render.docx.measure import block_height, blocks_height
from generator.render.docx.pinned import as_table, frame_properties, table_position
from generator.render.docx.styles import HAIR, SEPARATOR, SMALL, Place, hair
from generator.render.docx.table import TableWriter
from generator.render.docx.text import TextWriter

MAX_LINE: Final = Pt(1584)  # the largest exact line height that Word takes
FILL_SAFETY: Final = Mm(3)  # left free at the page's foot, for fonts that set a little higher
PAGE_BREAK_BEFORE: Final = "<w:pageBreakBefore/>"
EMPTY_CELL: Final = f'<w:p><w:pPr><w:pStyle w:val="{Place.TABLE.value}"/></w:pPr></w:p>'


@dataclass
class BlockWriter:
    """Writes blocks of one section."""

    text: TextWriter
    page: PageSetup

    def flow(self, blocks: tuple[Block, ...], last: tuple[Pinned, ...] = ()) -> list[str]:
        """The section's body elements; it always ends with a paragraph, as Word demands."""
        out: list[str] = []
        broken = False
        for index, block in enumerate(blocks):
            if isinstance(block, PageBreak):
                broken = True
                continue
            if isinstance(block, Table) and (broken or _ends_with_table(out)):
                out.append(self._separator(broken))
                broken = False
            fill = self._free_height(blocks, index) if _fills(block) else 0.0
            out.append(self._block(block, Place.BODY, PAGE_BREAK_BEFORE if broken else "", fill))
            broken = False
        for pinned in last:
            if _ends_with_table(out):  # two tables in a row would become one
                out.append(self._separator())
            out.append(self._pinned_table(pinned))
        if broken or not out or _ends_with_table(out):
            out.append(self._separator(broken))
        return out

    def cell(self, blocks: tuple[Block, ...], width: float) -> str:
        """The content of a table cell, which ends with a paragraph."""
        del width
        if not blocks:
            return EMPTY_CELL
        out = [self._block(block, Place.TABLE) for block in blocks if not isinstance(block, PageBreak)]
        if not out or _ends_with_table(out):
            out.append(self._separator())
        return "".join(out)

    def margin(self, blocks: tuple[Block, ...], place: Place) -> str:
        """Blocks in a header or footer, which ends with a paragraph."""
        out = [self._block(block, place) for block in blocks]
        return "".join([*out, self._separator()] if _ends_with_table(out) else out)

    def framed(self, block: Pinned) -> str:
        """A pinned block of the first page, for its header: a frame, or a table where there is one in it."""
        if any(isinstance(item, Table) for item in block.blocks):
            return self._pinned_table(block)
        frame = frame_properties(block, self.page)
        return "".join(self._block(item, Place.HEADER, frame) for item in block.blocks)

    def _pinned_table(self, block: Pinned) -> str:
        position = table_position(block, self.page)
        return TableWriter(as_table(block, self.page), self.cell, position=position).xml()

    def _block(self, block: Block, place: Place, extra: str = "", fill: float = 0) -> str:
        match block:
            case Paragraph():
                return self.text.paragraph(block, place, extra=extra)
            case Table():
                return TableWriter(block, self.cell, fill=fill).xml()
            case Rule():
                return self._rule(block, extra)
            case Space():
                return self.text.paragraph(hair(Length(min(block.height, MAX_LINE))), place, extra=extra)
            case PageBreak() | Pinned():
                return ""

    def _separator(self, broken: bool = False) -> str:
        return self.text.paragraph(hair(), Place.BODY, extra=PAGE_BREAK_BEFORE if broken else "")

    def _rule(self, rule: Rule, extra: str) -> str:
        """A line as the lower border of an empty paragraph; longer or shorter than the type area by its indents."""
        eighths = max(2, round(rule.width * 8))
        border = (
            f'<w:pBdr><w:bottom w:val="single" w:sz="{eighths}" w:space="0" '
            f'w:color="{hex_color(rule.color)}"/></w:pBdr>'
        )
        side = Pt(0) if rule.length is None else Length((self.page.type_width - rule.length) / 2)
        before = Length(max(rule.before - HAIR, 0))
        carrier = Paragraph(
            (), SMALL, Align.LEFT, side, side,
            before=before, after=rule.after, line_height=HAIR, style_name=SEPARATOR,
        )  # fmt: skip
        return self.text.paragraph(carrier, Place.BODY, extra=extra + border)

    def _free_height(self, blocks: tuple[Block, ...], index: int) -> float:
        """Height in points that is left on the page of the table at `index` for its filling rows."""
        start = max((i + 1 for i in range(index) if isinstance(blocks[i], PageBreak)), default=0)
        end = next((i for i in range(index, len(blocks)) if isinstance(blocks[i], PageBreak)), len(blocks))
        above = self._position_after(blocks[start:index])
        rest = blocks_height(blocks[index:end], self.page.type_width)
        return max(self.page.type_height - above - rest - FILL_SAFETY, 0.0)

    def _position_after(self, blocks: tuple[Block, ...]) -> float:
        """How far down the page the flow is after these blocks."""
        height = sum(block_height(block, self.page.type_width) for block in blocks)
        return height % self.page.type_height


def _fills(block: Block) -> bool:
    return isinstance(block, Table) and any(row.fill for row in block.rows)


def _ends_with_table(out: list[str]) -> bool:
    return bool(out) and out[-1].endswith("</w:tbl>")
