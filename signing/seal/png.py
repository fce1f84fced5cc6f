"""A PNG seal as a stencil inside the drawing operators.

A seal has one ink: the marked pixels are painted with their mean colour through a 1-bit inline mask, the rest of
the page stays untouched. So even a scan with a white background lies on the certificate like an imprint.
"""

import base64
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Final

from signing.errors import SealUnusable
from signing.seal.shapes import PT_PER_MM, Seal

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS: Final = 1200  # per side; 42 mm at 720 dpi
INK_THRESHOLD: Final = 96  # how far the darkest channel must be from white, 0–255


def seal_from_png(data: bytes, width_mm: float, place: str) -> Seal:
    """Make a seal from a PNG; transparent and near-white pixels are no ink.

    Raises:
        SealUnusable: not a readable PNG, or no ink on it.
    """
    flat = _flattened(data, place)
    mask = _ink_mask(flat)
    box = mask.getbbox()
    if box is None:
        raise SealUnusable(place=place, reason="no ink")
    colour = _mean_colour(flat, mask)
    height_mm = width_mm * flat.height / flat.width
    return Seal(
        width_mm,
        height_mm,
        _stencil(mask, colour, width_mm, height_mm),
        _svg_image(mask, colour, width_mm, height_mm),
    )


def _flattened(data: bytes, place: str) -> "Image":
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(data), formats=("PNG",)) as opened:
            if opened.width * opened.height > 16 * MAX_PIXELS**2:
                raise SealUnusable(place=place, reason=f"{opened.width} × {opened.height}")
            picture = opened.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise SealUnusable(place=place, reason=str(error)) from error
    picture.thumbnail((MAX_PIXELS, MAX_PIXELS))
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")


def _ink_mask(flat: "Image") -> "Image":
    """1-bit image, 255 where there is ink."""
    from PIL import ImageChops

    red, green, blue = flat.split()
    darkest = ImageChops.darker(ImageChops.darker(red, green), blue)
    return darkest.point([255 if value <= 255 - INK_THRESHOLD else 0 for value in range(256)]).convert("1")


def _mean_colour(flat: "Image", mask: "Image") -> tuple[int, int, int]:
    from PIL import ImageStat

    red, green, blue = ImageStat.Stat(flat, mask.convert("L")).mean
    return round(red), round(green), round(blue)


def _stencil(mask: "Image", colour: tuple[int, int, int], width_mm: float, height_mm: float) -> bytes:
    packed = zlib.compress(mask.tobytes(), 9).hex().upper()
    ink = " ".join(f"{part / 255:.3f}" for part in colour)
    width, height = width_mm * PT_PER_MM, height_mm * PT_PER_MM
    return (
        f"q {ink} rg {width:.3f} 0 0 {height:.3f} 0 0 cm\n"
        f"BI /IM true /W {mask.width} /H {mask.height} /BPC 1 /D [1 0] /F [/AHx /Fl]\n"
        f"ID {packed}>\nEI Q"
    ).encode("ascii")


def _svg_image(mask: "Image", colour: tuple[int, int, int], width_mm: float, height_mm: float) -> str:
    from PIL import Image

    picture = Image.new("RGBA", mask.size, (*colour, 0))
    picture.putalpha(mask.convert("L"))
    buffer = BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    text = base64.b64encode(buffer.getvalue()).decode("ascii")
    return f'<image width="{width_mm:g}" height="{height_mm:g}" href="data:image/png;base64,{text}"/>'
