"""The code on a certificate is read: from a screen, and from a bad copy, by two libraries and the page's own scanner."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageFilter
from press_tools import MOMENT, needs

from generator.certificate.cases import SAMPLE_FACTS, SAMPLE_MARKS
from generator.certificate.face.placeholders import grouped
from generator.certificate.press import Press
from registry.identifiers import normal_code

ROOT = Path(__file__).resolve().parents[2]
DECODER = ROOT / "templates" / "web" / "static" / "vendor" / "qr" / "decode.js"
LONG_HOST = "zhicheng.nmgrck.gov.cn"
URLS = {
    "version 3": SAMPLE_MARKS.url,
    "version 4": f"https://{LONG_HOST.upper()}/V/{SAMPLE_MARKS.code}",
    "capitals": SAMPLE_MARKS.url.upper(),
}
SCRIPT = """
import { readFileSync } from "node:fs";
const [decoder, file, width, height] = process.argv.slice(2);
const { decodeQR } = await import(decoder);
const data = new Uint8ClampedArray(readFileSync(file));
console.log(decodeQR({ data, width: Number(width), height: Number(height) }));
"""


def by_zxing(picture: Image.Image, folder: Path) -> str:
    del folder
    return " ".join(found.text for found in zxingcpp.read_barcodes(picture))


def by_zbar(picture: Image.Image, folder: Path) -> str:
    picture.save(folder / "picture.png")
    return run("zbarimg", "-q", "--raw", str(folder / "picture.png")).strip()


def by_the_page(picture: Image.Image, folder: Path) -> str:
    (folder / "read.mjs").write_text(SCRIPT, "utf-8")
    (folder / "picture.raw").write_bytes(picture.convert("RGBA").tobytes())
    size = [str(side) for side in picture.size]
    script, raw = str(folder / "read.mjs"), str(folder / "picture.raw")
    return run("node", script, str(DECODER), raw, *size).strip()


def run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120).stdout


READERS = {"zxing": by_zxing, "zbar": by_zbar, "page": by_the_page}


def from_a_screen(page: Path, folder: Path) -> Image.Image:
    """96 dpi."""
    return drawn(page, folder, 96)


def from_a_bad_copy(page: Path, folder: Path) -> Image.Image:
    """200 dpi, askew, out of focus, squeezed."""
    turned = drawn(page, folder, 200).rotate(7, Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    turned.filter(ImageFilter.GaussianBlur(1.2)).save(folder / "copy.jpg", quality=40)
    return Image.open(folder / "copy.jpg").convert("RGB")


def drawn(page: Path, folder: Path, dpi: int) -> Image.Image:
    run("pdftoppm", "-r", str(dpi), "-png", "-singlefile", str(page), str(folder / "page"))
    return Image.open(folder / "page.png").convert("RGB")


PICTURES: dict[str, Callable[[Path, Path], Any]] = {"screen": from_a_screen, "bad copy": from_a_bad_copy}


@pytest.mark.tools
@needs("pdftoppm")
@needs("zbarimg")
@needs("node")
@pytest.mark.parametrize("kind", URLS)
@pytest.mark.parametrize("seen", PICTURES)
def test_the_code_is_read_by_every_reader(press: Press, tmp_path: Path, kind: str, seen: str) -> None:
    """The whole address comes back, the scheme in the case in which it was printed."""
    marks = replace(SAMPLE_MARKS, url=URLS[kind])
    page = tmp_path / "certificate.pdf"
    page.write_bytes(press.make(SAMPLE_FACTS, marks, signed_at=MOMENT).data)
    picture = PICTURES[seen](page, tmp_path)
    assert {name: read(picture, tmp_path) for name, read in READERS.items()} == dict.fromkeys(
        READERS, URLS[kind]
    )


def test_the_printed_code_is_grouped_and_typed_back() -> None:
    """By fives, the last group takes the rest; the site reads it with its blanks."""
    assert grouped(SAMPLE_MARKS.code) == "A2B3C 4D5E6 F7G2H 3J4K5 L6M7N2"
    assert normal_code(grouped(SAMPLE_MARKS.code)) == SAMPLE_MARKS.code
