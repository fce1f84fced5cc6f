"""An operator's own seal from a file: SVG outlines, or a PNG that becomes a one-colour stencil.

Neither needs a font, an image object or transparency, so the press treats all seals alike.
"""

from pathlib import Path
from typing import Final

from core.reasons import refusal
from signing.errors import SealUnusable
from signing.seal.png import seal_from_png
from signing.seal.shapes import Seal
from signing.seal.svg import seal_from_svg

MAX_FILE: Final = 4 << 20  # bytes


def seal_from_file(path: Path, width_mm: float = 42.0) -> Seal:
    """Read an SVG or PNG seal; the height follows from its proportions.

    Raises:
        SealUnusable: unreadable, too big, empty, or an SVG with text, images or strokes (convert them to paths).
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SealUnusable(place=str(path), reason=refusal(error)) from error
    if len(data) > MAX_FILE:
        raise SealUnusable(place=str(path), reason=f"> {MAX_FILE >> 20} MB")
    read = seal_from_png if data.startswith(b"\x89PNG") else seal_from_svg
    return read(data, width_mm, str(path))
