"""Photos: good JPEGs pass unchanged but without metadata, everything else is made one, hostile files are refused."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from generator.certificate.cases import CASES, portrait
from generator.certificate.errors import PhotoUnusable
from generator.certificate.pdf.photo import plain_jpeg, prepare_photo
from generator.layout.units import Mm

BOX = (Mm(25), Mm(35))


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_portrait_of_the_usual_size_passes_as_it_is() -> None:
    """Not one pixel is coded again."""
    data = portrait(CASES[0])
    assert data is not None
    photo = prepare_photo(data, *BOX)
    assert (photo.width, photo.height, photo.colour_space) == (358, 441, "/DeviceRGB")
    assert opened(photo.data).tobytes() == opened(data).tobytes()


def test_metadata_is_cut_off() -> None:
    """Neither camera nor place nor comment goes into a certificate."""
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    data = encoded(Image.new("RGB", (358, 441), "#88AACC"), "JPEG", exif=exif, comment=b"secret comment")
    photo = plain_jpeg(data)
    assert photo is not None
    assert b"Secret" not in photo.data
    assert b"secret" not in photo.data
    assert opened(photo.data).size == (358, 441)


def test_a_turned_photo_is_turned_upright() -> None:
    """EXIF orientation is obeyed, because a page does not know it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = Image.new("RGB", (500, 400), "white")
    picture.paste("black", (0, 0, 250, 400))
    photo = prepare_photo(encoded(picture, "JPEG", exif=exif), *BOX)
    upright = opened(photo.data).convert("L")
    assert (photo.width, photo.height) == (295, 413)
    assert upright.getpixel((147, 20)) < 60 < 200 < upright.getpixel((147, 390))


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "CMYK"])
def test_other_pictures_become_rgb_jpegs(mode: str) -> None:
    """PNG with transparency, palettes, grey and CMYK."""
    kind = "JPEG" if mode == "CMYK" else "PNG"
    photo = prepare_photo(encoded(Image.new(mode, (600, 840)), kind), *BOX)
    assert (photo.width, photo.height, opened(photo.data).mode) == (295, 413, "RGB")


def test_a_grey_jpeg_stays_grey() -> None:
    """A grey photo needs no colours."""
    photo = prepare_photo(encoded(Image.new("L", (295, 413), 128), "JPEG"), *BOX)
    assert photo.colour_space == "/DeviceGray"


def test_a_huge_photo_is_brought_to_print_size() -> None:
    """A 12-megapixel photo becomes 300 dpi."""
    photo = prepare_photo(encoded(Image.new("RGB", (3000, 4000), "#7799BB"), "JPEG"), *BOX)
    assert (photo.width, photo.height) == (295, 413)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        b"\xff\xd8\xff\xe0 broken",
        b"\xff\xd8\xff\xda\x00\x02",
        b"%PDF-1.7",
        encoded(Image.new("RGB", (20, 30)), "JPEG"),
        encoded(Image.new("RGB", (20, 30)), "PNG"),
        encoded(Image.new("RGB", (400, 500)), "PNG")[:200],
    ],
)
def test_what_is_no_usable_photo_is_refused(data: bytes) -> None:
    """Broken, foreign and tiny files end with one kind of error."""
    with pytest.raises(PhotoUnusable):
        prepare_photo(data, *BOX)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    """A small file that claims enormous size is not opened up."""
    bomb = encoded(Image.new("1", (20000, 20000)), "PNG")
    with pytest.raises(PhotoUnusable):
        prepare_photo(bomb, *BOX)
