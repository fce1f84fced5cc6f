"""The certificate as a picture for the phone's album."""

import threading
from io import BytesIO
from typing import Final

DPI: Final = 150
PT_PER_INCH: Final = 72
_lock = threading.Lock()  # PDFium is not made for several threads


def picture_of(data: bytes) -> bytes:
    """The first page of a registered PDF as PNG at 150 dpi. The picture proves nothing: it carries no signature."""
    import pypdfium2

    output = BytesIO()
    with _lock:
        document = pypdfium2.PdfDocument(data)
        try:
            document.init_forms()
            page = document[0]
            page.render(scale=DPI / PT_PER_INCH).to_pil().save(output, "PNG", optimize=True)
        finally:
            document.close()
    return output.getvalue()
