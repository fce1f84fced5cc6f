"""Seals: drawn, from SVG, from PNG; operators only."""

import re
import zlib
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from lxml import etree
from PIL import Image, ImageDraw

from generator.certificate.parts import SealAppearance
from signing.errors import SealTextUndrawable, SealUnusable
from signing.seal import Seal, round_seal, seal_from_file

OPERATORS = {b"q", b"Q", b"cm", b"rg", b"m", b"l", b"c", b"h", b"f", b"f*"}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">{}</svg>'


def picture(seal: Seal, scale: float = 2) -> Image.Image:
    """The seal as a page, rasterised."""
    width, height = seal.width_mm * 72 / 25.4, seal.height_mm * 72 / 25.4
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(width, height))
    page.Contents = pdf.make_stream(seal.content)
    buffer = BytesIO()
    pdf.save(buffer)
    return pypdfium2.PdfDocument(buffer.getvalue())[0].render(scale=scale).to_pil().convert("RGB")


def is_red(colour: tuple[int, ...]) -> bool:
    """Clearly red."""
    return colour[0] > 150 and colour[1] < 110 and colour[2] < 110


@pytest.fixture(scope="module")
def seal() -> Seal:
    """A full name with a line below."""
    return round_seal("锡林郭勒盟人力资源和社会保障局", "职称证书专用章", sample=True)


def test_a_round_seal_uses_path_operators_only(seal: Seal) -> None:
    """No fonts, images or graphics states: what the press demands."""
    words = seal.content.split()
    assert {word for word in words if not re.fullmatch(rb"-?[\d.]+", word)} <= OPERATORS
    assert isinstance(seal, SealAppearance)
    assert (seal.width_mm, seal.height_mm) == (42, 42)


def test_a_round_seal_is_small(seal: Seal) -> None:
    """It is in every certificate."""
    assert len(zlib.compress(seal.content)) < 12_000


def test_ring_and_star_are_where_they_belong(seal: Seal) -> None:
    """Red in the middle and on the ring, nothing outside the circle."""
    image = picture(seal)
    size = image.width
    assert is_red(image.getpixel((size // 2, size // 2)))
    assert is_red(image.getpixel((3, size // 2)))
    assert image.getpixel((2, 2)) == (255, 255, 255)


def test_nothing_leaves_the_ring_or_touches_it(seal: Seal) -> None:
    """A white circle lies between ring and letters, whatever the length of the name."""
    import math

    for name in (
        "一",
        "包头市人力资源和社会保障局",
        "新疆生产建设兵团第十四师昆玉市人力资源和社会保障局职称改革办公室",
    ):
        image = picture(round_seal(name, "1501000001", sample=True))
        middle, radius = image.width / 2, image.width / 42 * 19.2
        for degree in range(360):
            angle = math.radians(degree)
            place = round(middle + radius * math.cos(angle)), round(middle + radius * math.sin(angle))
            assert not is_red(image.getpixel(place)), (name, degree)


def test_the_same_seal_comes_as_svg(seal: Seal) -> None:
    """For pages: one SVG document whose reading gives the same picture."""
    root = etree.fromstring(seal.svg().encode())
    assert root.get("viewBox") == "0 0 42 42"
    assert len(root) == 5


def test_an_svg_seal_draws_as_it_was(seal: Seal, tmp_path: Path) -> None:
    """Round trip: our own SVG read as an operator's file gives the same picture."""
    (tmp_path / "s.svg").write_text(seal.svg())
    read = picture(seal_from_file(tmp_path / "s.svg"))
    drawn = picture(seal)
    assert read.size == drawn.size
    differing = sum(
        is_red(a) != is_red(b)
        for a, b in zip(read.get_flattened_data(), drawn.get_flattened_data(), strict=True)
    )
    assert differing < 0.005 * drawn.width * drawn.height


def test_transforms_and_colours_of_an_svg_are_followed(tmp_path: Path) -> None:
    """Nested groups, rotate about a point, scale, inherited fill, percent colours."""
    inner = '<g fill="#0000ff" transform="translate(5 5) scale(2)"><rect x="0" y="0" width="1" height="1" transform="rotate(90)"/></g>'
    (tmp_path / "s.svg").write_text(SVG.format(inner))
    image = picture(seal_from_file(tmp_path / "s.svg", 20))
    red, _, blue = image.getpixel((round(image.width * 0.4), round(image.height * 0.6)))
    assert (red, blue) == (0, 255)


@pytest.mark.parametrize(
    "inner",
    [
        "<text>章</text>",
        '<image href="http://example.org/x.png"/>',
        '<path d="M0 0 L1 1" stroke="red"/>',
        '<path d="M0 0 Q" />',
        '<path d="M0 0h1v1z" transform="skewX(3)"/>',
        '<path d="M0 0h1v1z" fill="url(#g)"/>',
        "",
    ],
    ids=["text", "image", "stroke", "broken", "skew", "gradient", "empty"],
)
def test_an_svg_with_anything_but_filled_shapes_is_refused(tmp_path: Path, inner: str) -> None:
    """What cannot be drawn faithfully is named, not left out."""
    (tmp_path / "s.svg").write_text(SVG.format(inner))
    with pytest.raises(SealUnusable):
        seal_from_file(tmp_path / "s.svg")


def test_an_svg_that_reads_other_files_is_refused(tmp_path: Path) -> None:
    """External entities are not resolved."""
    (tmp_path / "s.svg").write_text(
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + SVG.format("&x;")
    )
    with pytest.raises(SealUnusable):
        seal_from_file(tmp_path / "s.svg")


def test_a_png_seal_becomes_a_stencil_of_its_ink(tmp_path: Path) -> None:
    """White and transparent pixels are no ink; the ink keeps its mean colour and place."""
    image = Image.new("RGBA", (200, 100), (255, 255, 255, 255))
    ImageDraw.Draw(image).rectangle((0, 0, 99, 99), fill=(200, 20, 30, 255))
    ImageDraw.Draw(image).rectangle((150, 0, 199, 99), fill=(0, 0, 0, 0))
    image.save(tmp_path / "s.png")
    seal = seal_from_file(tmp_path / "s.png", 40)
    assert (seal.width_mm, seal.height_mm) == (40, 20)
    drawn = picture(seal)
    assert drawn.getpixel((10, 10)) == pytest.approx((200, 20, 30), abs=3)
    assert drawn.getpixel((drawn.width - 10, 10)) == (255, 255, 255)
    assert etree.fromstring(seal.svg().encode()) is not None


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\nrubbish", b"GIF89a"])
def test_a_file_that_is_no_seal_is_refused(tmp_path: Path, data: bytes) -> None:
    """Empty, damaged and foreign files."""
    (tmp_path / "s").write_bytes(data)
    with pytest.raises(SealUnusable):
        seal_from_file(tmp_path / "s")


def test_a_blank_png_is_no_seal(tmp_path: Path) -> None:
    """Nothing but white."""
    Image.new("L", (50, 50), 255).save(tmp_path / "s.png")
    with pytest.raises(SealUnusable):
        seal_from_file(tmp_path / "s.png")


def test_a_character_that_no_font_has_is_named() -> None:
    """Never a box or a gap on a seal."""
    with pytest.raises(SealTextUndrawable) as caught:
        round_seal("内蒙古\ue000局")
    assert caught.value.data["code_point"] == "U+E000"
