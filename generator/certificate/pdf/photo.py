"""Photos (照片): a JPEG that is good as it is goes in unchanged but for its metadata; anything else is made one once.

Nothing but the picture goes into the certificate: no camera, no place, no comment (EXIF and its like are cut off).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from generator.certificate.errors import PhotoUnusable
from generator.layout.units import Length

DPI: Final = 300
MAX_DPI: Final = 450
MIN_PIXELS: Final = 60
MAX_PIXELS: Final = 40_000_000
MAX_BYTES: Final = 120_000
QUALITY: Final = 88
_SOI: Final = b"\xff\xd8"
_COMPONENTS: Final = {1: "/DeviceGray", 3: "/DeviceRGB"}
_FRAMES: Final = frozenset((0xC0, 0xC1, 0xC2))
_SCAN: Final = 0xDA
_KEPT: Final = frozenset((0xDB, 0xC4, 0xDD, *_FRAMES))
_LOOKED_AT: Final = 4096  # bytes in which the marks of other software stand
_JFIF: Final = bytes.fromhex("ffe000104a46494600010100000100010000")


@dataclass(frozen=True, slots=True)
class Photo:
    """A JPEG ready for the page: its bytes, pixels and PDF colour space."""

    data: bytes
    width: int
    height: int
    colour_space: str


def prepare_photo(data: bytes, width: Length, height: Length) -> Photo:
    """The photo for a box of that size: at most 450 dpi passes as it is, more is brought to 300 dpi.

    Raises:
        PhotoUnusable: no image, too few or too many pixels.
    """
    plain = plain_jpeg(data)
    if plain is not None and len(plain.data) <= MAX_BYTES and plain.width <= width / 72 * MAX_DPI:
        if min(plain.width, plain.height) < MIN_PIXELS:
            raise PhotoUnusable(reason=f"{plain.width}×{plain.height}")
        return plain
    return _remade(data, width, height)


def plain_jpeg(data: bytes) -> Photo | None:
    """A grey or YCbCr JPEG without its metadata, or None when it must be made anew (CMYK, turned, odd, no JPEG)."""
    if not data.startswith(_SOI) or data.find(b"Adobe\0", 0, _LOOKED_AT) >= 0 or _is_turned(data):
        return None
    kept, at = [_SOI, _JFIF], 2
    size: tuple[int, int, str] | None = None
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        segment = data[at : at + 2 + length]
        if marker == _SCAN:
            return Photo(b"".join([*kept, memoryview(data)[at:]]), *size) if size else None
        if marker in _FRAMES:
            size = _frame(segment)
        if marker in _KEPT:
            kept.append(segment)
        at += 2 + length
    return None


def _frame(segment: bytes) -> tuple[int, int, str] | None:
    height, width = int.from_bytes(segment[5:7], "big"), int.from_bytes(segment[7:9], "big")
    space = _COMPONENTS.get(segment[9])
    return (width, height, space) if space and segment[4] == 8 else None


def _is_turned(data: bytes) -> bool:
    """Whether EXIF asks for a rotation, which a page would not obey."""
    if data.find(b"Exif\0\0", 0, _LOOKED_AT) < 0:
        return False
    try:
        orientation = Image.open(io.BytesIO(data)).getexif().get(0x0112, 1)
    except (OSError, SyntaxError, ValueError):
        return True
    return bool(orientation != 1)


def _remade(data: bytes, width: Length, height: Length) -> Photo:
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > MAX_PIXELS or min(image.size) < MIN_PIXELS:
                raise PhotoUnusable(reason=f"{image.width}×{image.height}")
            upright = ImageOps.exif_transpose(image)
            flat = _on_white(upright)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PhotoUnusable(reason=str(error)) from error
    target = (round(width / 72 * DPI), round(height / 72 * DPI))
    fitted = ImageOps.fit(flat, target, Image.Resampling.LANCZOS, centering=(0.5, 0.4))
    buffer = io.BytesIO()
    fitted.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    return Photo(buffer.getvalue(), *fitted.size, "/DeviceRGB")


def _on_white(image: Image.Image) -> Image.Image:
    """RGB without transparency."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
    return image.convert("RGB")
