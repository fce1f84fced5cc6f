"""Papers that somebody brings are drawn again as pictures before the core signs them: what is seen is what is signed.

Nothing of the brought file gets through but its pixels: no invisible text, attachment, form, script, action or layer.
"""

import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from signing.errors import PdfUnsignable
from signing.pades.pdf_reasons import pdf_reason, pdf_refusal

if TYPE_CHECKING:
    from PIL.Image import Image

POINTS: Final = 72  # per inch
DRAWN_DPI: Final = 300  # for pages with text or lines, which have no resolution of their own
LEAST_DPI: Final = 150
MOST_DPI: Final = 600
MOST_PIXELS: Final = 36_000_000  # a page; A4 at 600 dpi
MOST_PAGES: Final = 200
MOST_OBJECTS: Final = 2_000  # of a page, looked at for its resolution
MOST_DEPTH: Final = 4
QUALITY: Final = 88  # JPEG


def redrawn(data: bytes) -> bytes:
    """The pages as pictures in a new PDF, each at the resolution of its largest scan, within 150–600 dpi.

    Raises:
        PdfUnsignable: no readable PDF, encrypted, signed already, without pages or with more than 200.
    """
    import pikepdf
    import pypdfium2

    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            _refuse(pdf)
        document = pypdfium2.PdfDocument(data)
        try:
            document.init_forms()
            return _bound(_drawn(document[number]) for number in range(len(document)))
        finally:
            document.close()
    except (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError, TypeError, KeyError, RuntimeError) as error:
        raise PdfUnsignable(reason=pdf_reason(error)) from error


def _refuse(pdf: Any) -> None:
    if pdf.is_encrypted:
        raise PdfUnsignable(reason=pdf_refusal("encrypted"))
    if not 0 < len(pdf.pages) <= MOST_PAGES:
        raise PdfUnsignable(reason=pdf_refusal("pages"))
    form = pdf.Root.get("/AcroForm") or {}
    if any(field.get("/FT") == "/Sig" and "/V" in field for field in form.get("/Fields") or ()):
        raise PdfUnsignable(reason=pdf_refusal("signed"))


def _drawn(page: Any) -> tuple["Image", tuple[float, float]]:
    """The page's picture and its size in points."""
    width, height = page.get_size()
    inches = width * height / POINTS**2
    dpi = min(_dpi(page), (MOST_PIXELS / inches) ** 0.5)
    picture: Image = page.render(scale=dpi / POINTS).to_pil().convert("RGB")
    page.close()
    return picture, (width, height)


def _dpi(page: Any) -> float:
    """Of the finest picture on the page; 300 where something else is drawn, too."""
    import pypdfium2.raw as pdfium

    finest = float(LEAST_DPI)
    for one in islice(page.get_objects(max_depth=MOST_DEPTH), MOST_OBJECTS):
        if one.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = one.get_bounds()
            columns, rows = one.get_px_size()
            if right > left and top > bottom:
                finest = max(finest, POINTS * columns / (right - left), POINTS * rows / (top - bottom))
        else:
            finest = max(finest, DRAWN_DPI)
    return min(finest, MOST_DPI)


def _bound(pages: Iterator[tuple["Image", tuple[float, float]]]) -> bytes:
    import pikepdf

    pdf, output = pikepdf.new(), BytesIO()
    for picture, (width, height) in pages:
        page = pdf.add_blank_page(page_size=(width, height))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=_picture(pdf, picture)))
        page.Contents = pdf.make_stream(f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /Scan Do Q".encode())
    pdf.save(output)
    return output.getvalue()


def _picture(pdf: Any, picture: "Image") -> Any:
    """The picture as an object: bilevel and lossless where it is black and white, else JPEG in grey or colour."""
    import pikepdf

    grey = picture.convert("L")
    if grey.convert("RGB").tobytes() != picture.tobytes():
        space, bits, coded, how = "/DeviceRGB", 8, _jpeg(picture), "/DCTDecode"
    elif sum(grey.histogram()[1:255]) == 0:
        plain = grey.point(lambda value: 255 * (value > 127), "1").tobytes()
        space, bits, coded, how = "/DeviceGray", 1, zlib.compress(plain, 9), "/FlateDecode"
    else:
        space, bits, coded, how = "/DeviceGray", 8, _jpeg(grey), "/DCTDecode"
    return pikepdf.Stream(
        pdf,
        coded,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=pikepdf.Name(space),
        BitsPerComponent=bits,
        Filter=pikepdf.Name(how),
    )


def _jpeg(picture: "Image") -> bytes:
    output = BytesIO()
    picture.save(output, "JPEG", quality=QUALITY)
    return output.getvalue()
