"""Sheets → a PDF file: pages, fonts, pictures, outline, metadata."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final

from isal import isal_zlib
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from generator.layout.tree import Document, PageField, Paragraph, Role, Run
from generator.render.pdf.flow import Sheet
from generator.render.pdf.furniture import draw_furniture
from generator.render.pdf.measure import Measurer
from generator.render.pdf.pen import DocumentFonts, Pen
from generator.render.pdf.slabs import LineSlab, PageFacts

rl_config.useA85 = 0  # pictures as they are, not as text a quarter larger
PRODUCER: Final = "zhicheng"
PDF_VERSION: Final = (1, 7)
COMPRESSION: Final = 1  # isal level; one tenth of zlib's time for some per cent more bytes


def write(document: Document, sheets: Sequence[Sheet], measurer: Measurer) -> bytes:
    """The PDF file of these sheets; equal input gives equal bytes."""
    song = measurer.pot.book.roles[Role.SONG].reportlab_name
    buffer = BytesIO()
    canvas = Canvas(
        buffer,
        invariant=1,
        pageCompression=1,
        initialFontName=song,
        lang=document.language,
        pdfVersion=PDF_VERSION,
    )
    _describe(canvas, document)
    fonts = DocumentFonts(canvas._doc)  # noqa: SLF001 - reportlab's document has no public name
    writer = _Writer(canvas, fonts, measurer, len(sheets))
    for number, sheet in enumerate(sheets, 1):
        writer.page(sheet, number)
    canvas.save()
    return buffer.getvalue()


def _describe(canvas: Any, document: Document) -> None:
    canvas.setTitle(document.title)
    canvas.setAuthor(document.author)
    canvas.setSubject(document.document_id)
    canvas.setKeywords(" ".join(document.keywords))
    canvas.setCreator(PRODUCER)
    canvas.setProducer(PRODUCER)
    canvas.setViewerPreference("DisplayDocTitle", "true")


class _Writer:
    """Writes pages one after the other."""

    def __init__(self, canvas: Any, fonts: DocumentFonts, measurer: Measurer, pages: int) -> None:
        self._canvas = canvas
        self._fonts = fonts
        self._measurer = measurer
        self._pages = pages
        self._level = -1
        self._images: dict[bytes, ImageReader] = {}

    def page(self, sheet: Sheet, number: int) -> None:
        """Write one page."""
        facts = PageFacts(number, self._pages)
        height = float(sheet.setup.height)
        pen = Pen(self._fonts, height)
        draw_furniture(pen, sheet, facts, self._measurer)
        for item in sheet.items:
            slab = item.slab
            if isinstance(slab, LineSlab):
                if slab.refresh:
                    slab = slab.refresh(facts)
                if slab.heading:
                    self._outline(slab, f"{number}-{item.y:.1f}", height - item.y)
            slab.draw(pen, item.x, item.y)
        self._finish(sheet, pen)

    def _outline(self, slab: LineSlab, key: str, top: float) -> None:
        if not isinstance(slab.source, Paragraph):
            return
        title = "".join(
            inline.text
            for inline in slab.source.inlines
            if isinstance(inline, Run) and not isinstance(inline, PageField)
        ).strip()
        if not title:
            return
        self._level = min(slab.heading - 1, self._level + 1)
        self._canvas.bookmarkHorizontalAbsolute(key, top)
        self._canvas.addOutlineEntry(title, key, self._level, closed=False)

    def _finish(self, sheet: Sheet, pen: Pen) -> None:
        canvas = self._canvas
        canvas.setPageSize((float(sheet.setup.width), float(sheet.setup.height)))
        for x, y, width, height, data in pen.pictures:
            image = self._image(data)
            canvas.drawImage(image, x, y, width, height, mask="auto", preserveAspectRatio=True)
        canvas._code.append(pen.finish())  # noqa: SLF001 - ready operators; reportlab offers no other way in
        canvas.showPage()
        _compress(canvas._doc.Pages.pages[-1], canvas._doc)  # noqa: SLF001

    def _image(self, data: bytes) -> ImageReader:
        key = hashlib.sha256(data).digest()
        if key not in self._images:
            self._images[key] = ImageReader(BytesIO(data))
        return self._images[key]


def _compress(page: Any, document: Any) -> None:
    if not isinstance(page, pdfdoc.PDFPage):
        page = document.idToObject[page.name]
    content = pdfdoc.PDFStream(filters=[])
    content.content = isal_zlib.compress(page.stream.encode("latin-1"), COMPRESSION)
    content.dictionary["Filter"] = pdfdoc.PDFName("FlateDecode")
    page.Contents = content
    page.Trans = None
