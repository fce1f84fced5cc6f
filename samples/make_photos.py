"""Draws the portraits of the sample people: twelve neutral silhouettes, 358 × 441 pixels (25 × 35 mm at 1 寸).

Run it to make `records/data/sample/photos/*.jpg` again; nobody is portrayed.
"""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

SIZE = (358, 441)
SCALE = 4
OUT = Path(__file__).resolve().parent.parent / "records" / "data" / "sample" / "photos"
BACKGROUNDS = (
    (222, 233, 244),
    (232, 237, 240),
    (214, 228, 240),
    (236, 234, 228),
    (220, 232, 226),
    (229, 229, 238),
)
SUITS = ((52, 62, 80), (70, 74, 84), (40, 56, 72), (84, 70, 66), (58, 66, 60), (60, 56, 76))
SKIN, SHADE, HAIR, SHIRT = (203, 190, 180), (186, 172, 162), (72, 70, 72), (244, 245, 247)


@dataclass(frozen=True)
class Look:
    """One portrait: number 0–5, long or short hair."""

    number: int
    long_hair: bool


def box(cx: float, cy: float, rx: float, ry: float) -> tuple[float, float, float, float]:
    """The bounding box of an ellipse, in pixels of the enlarged picture."""
    return ((cx - rx) * SCALE, (cy - ry) * SCALE, (cx + rx) * SCALE, (cy + ry) * SCALE)


def points(*pairs: tuple[float, float]) -> list[tuple[float, float]]:
    """Corners in pixels of the enlarged picture."""
    return [(x * SCALE, y * SCALE) for x, y in pairs]


def background(number: int) -> Image.Image:
    """A wall that is a little lighter at the top."""
    top = tuple(min(255, value + 12) for value in BACKGROUNDS[number])
    gradient = Image.linear_gradient("L").resize((SIZE[0] * SCALE, SIZE[1] * SCALE))
    return Image.composite(
        Image.new("RGB", gradient.size, BACKGROUNDS[number]), Image.new("RGB", gradient.size, top), gradient
    )


def body(draw: ImageDraw.ImageDraw, look: Look) -> None:
    """Shoulders, collar and neck."""
    suit = SUITS[look.number]
    width = 148 if look.long_hair else 162
    draw.ellipse(box(179, 474, width + 6, 154), fill=suit)
    draw.polygon(points((138, 330), (220, 330), (206, 396), (179, 430), (152, 396)), fill=SHIRT)
    draw.polygon(
        points((138, 326), (128, 344), (160, 428), (179, 441), (150, 372)), fill=tuple(v + 14 for v in suit)
    )
    draw.polygon(
        points((220, 326), (230, 344), (198, 428), (179, 441), (208, 372)), fill=tuple(v + 14 for v in suit)
    )
    draw.rounded_rectangle(box(179, 306, 31, 44), radius=24 * SCALE, fill=SHADE)


def head(draw: ImageDraw.ImageDraw, look: Look) -> None:
    """Face and hair, without features."""
    if look.long_hair:
        draw.rounded_rectangle(box(179, 235, 88, 104 + 4 * (look.number % 3)), radius=80 * SCALE, fill=HAIR)
        draw.ellipse(box(179, 228, 66, 84), fill=SKIN)
        draw.chord(box(179, 190, 80, 66), 182, 358, fill=HAIR)
        draw.polygon(points((112, 190), (200 - 8 * (look.number % 3), 150), (114, 238)), fill=HAIR)
        return
    draw.ellipse(box(179, 196, 79, 84), fill=HAIR)
    draw.ellipse(box(179, 226, 70, 88), fill=SKIN)
    draw.ellipse(box(110, 234, 9, 20), fill=SHADE)
    draw.ellipse(box(248, 234, 9, 20), fill=SHADE)
    draw.chord(box(179, 182, 74 + look.number % 3, 60 + 4 * (look.number % 2)), 176, 364, fill=HAIR)


def portrait(look: Look) -> Image.Image:
    """The finished picture."""
    picture = background(look.number)
    draw = ImageDraw.Draw(picture)
    if look.long_hair:
        head(draw, look)
        body(draw, look)
        draw.ellipse(box(179, 228, 66, 84), fill=SKIN)
        draw.chord(box(179, 190, 80, 66), 182, 358, fill=HAIR)
    else:
        body(draw, look)
        head(draw, look)
    return picture.resize(SIZE, Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(0.4))


def main() -> None:
    """Write the twelve files."""
    OUT.mkdir(parents=True, exist_ok=True)
    for number in range(6):
        for letter, long_hair in (("m", False), ("f", True)):
            path = OUT / f"{letter}{number + 1}.jpg"
            portrait(Look(number, long_hair)).save(path, quality=82, optimize=True, dpi=(300, 300))


if __name__ == "__main__":
    main()
