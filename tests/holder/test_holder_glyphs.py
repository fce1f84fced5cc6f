"""Fonts for rare characters: named by the page, small, for exactly those characters."""

from __future__ import annotations

import io
import re

import pytest
from flask.testing import FlaskClient
from fontTools.ttLib import TTFont
from holder_helpers import RARE_NAME, House

from web.public.fallback_fonts import font_of, rare_blocks


def test_only_rare_ideographs_ask_for_a_font() -> None:
    """Everyday text asks for none; neighbours share a block; the order of the page does not matter."""
    assert rare_blocks("内蒙古自治区 · abc 证书") == []
    assert rare_blocks(RARE_NAME) == ["2CC5"]
    assert rare_blocks("𬱖㛃") == rare_blocks("㛃𬱖𬱗") == ["36C", "2CC5"]


def test_a_page_with_a_rare_name_links_its_font(client: FlaskClient, core: House) -> None:
    """Page, style sheet and font agree; the font draws the character."""
    page = client.get(f"/v/{core.holders[0].certificate.code}").text
    link = re.search(r'href="(/fonts/rare-[^"]+\.css)"', page)
    assert link
    sheet = client.get(link[1])
    assert "immutable" in sheet.headers["Cache-Control"]
    rule = next(line for line in sheet.text.splitlines() if f"U+{ord(RARE_NAME[1]):X}" in line)
    address = re.search(r'url\("([^"]+)"\)', rule)
    assert address
    assert "font-display: swap" in rule  # with `block`, browsers hide the whole line until the font is there
    font = client.get(address[1])
    assert font.mimetype == "font/woff"
    assert len(font.data) < 12_000
    assert ord(RARE_NAME[1]) in TTFont(io.BytesIO(font.data)).getBestCmap()


def test_a_page_without_rare_names_links_none(client: FlaskClient, core: House) -> None:
    """Nothing to load for nearly everybody."""
    everyday = next(one for one in core.holders if not rare_blocks(one.name)).certificate
    assert "/fonts/" not in client.get(f"/v/{everyday.code}").text


def test_the_same_block_gives_the_same_bytes() -> None:
    """So that caches may keep it for a year."""
    first = font_of("GWSong", "36C")
    font_of.cache_clear()
    assert font_of("GWSong", "36C") == first


@pytest.mark.parametrize(
    "path",
    [
        "/fonts/rare-4E0.css/..",
        "/fonts/rare-ZZZ.css",
        "/fonts/rare-" + "-".join(["36C"] * 41) + ".css",
        "/fonts/GWSong-2CC5.woff",
        "/fonts/GWSong-4E0.woff",
        "/fonts/Nobody-36C.woff",
        "/fonts/GWSong-36C-36D.woff",
        "/fonts/GWSong-FFFF.woff",
    ],
)
def test_no_other_fonts_can_be_asked_for(client: FlaskClient, path: str) -> None:
    """Common characters, other faces, endless lists."""
    assert client.get(path).status_code == 404
