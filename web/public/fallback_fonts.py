"""Rare characters on visitors' devices (生僻字): small fonts for what phones and computers often cannot draw.

A name such as 𬱖 is an empty box on a device without a large font. A page that holds such characters gets a link to
a style sheet, and that one to font files with the block of sixteen code points in which each character lies. Blocks
keep names out of addresses and logs, bound how many files there can be, and let them be kept for a year.
"""

import re
from collections import defaultdict
from functools import lru_cache
from io import BytesIO
from typing import Final

import uharfbuzz as hb
from flask import Blueprint, Response, abort, url_for

from generator.layout.text.errors import Undrawable
from generator.layout.text.fonts import FontBook
from generator.layout.tree import Role
from web.http.limits import limiter, result_limit

pages = Blueprint("glyphs", __name__)
FAMILY: Final = "zc-rare"
BLOCK: Final = 16
BLOCKS_PER_SHEET: Final = 40
YEAR_S: Final = 365 * 24 * 3600
RARE: Final = re.compile("[\u3400-\u4dbf\u9fa6-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
SHEET: Final = re.compile(r"[0-9A-F]{3,4}(-[0-9A-F]{3,4})*")
HEAD_END: Final = "</head>"
SHEETS: Final = "/fonts/rare-"
"""Beginning of a style sheet's address; the short way to a result page has no request to ask for it."""
_KEPT: Final = 512


def rare_blocks(text: str) -> list[str]:
    """The blocks of a page's rare characters, as hexadecimal numbers without the last digit, in order."""
    return [f"{number:X}" for number in sorted({ord(one) // BLOCK for one in set(RARE.findall(text))})]


@lru_cache(_KEPT)
def faces_of(block: str) -> dict[str, tuple[int, ...]]:
    """Face name → the code points of a block that it draws; empty for a block without rare characters."""
    table = FontBook.default().table(Role.HEI)
    found: dict[str, list[int]] = defaultdict(list)
    first = int(block, 16) * BLOCK
    for code_point in range(first, first + BLOCK):
        character = chr(code_point)
        if not RARE.fullmatch(character):
            continue
        try:
            found[table[character].face.name].append(code_point)
        except Undrawable:
            continue
    return {name: tuple(points) for name, points in found.items()}


@lru_cache(_KEPT)
def font_of(face: str, block: str) -> bytes:
    """A WOFF file with one face's characters of a block; the same bytes every time.

    Raises:
        KeyError: the face draws nothing of the block.
    """
    wanted = hb.SubsetInput()
    wanted.unicode_set.update(faces_of(block)[face])
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
    subset = hb.subset(FontBook.default().face(face).hb_face, wanted)
    return _packed(bytes(subset.blob.data))


def _packed(font: bytes) -> bytes:
    from fontTools.ttLib import TTFont

    with TTFont(BytesIO(font), recalcTimestamp=False) as program:
        program.flavor = "woff"
        output = BytesIO()
        program.save(output)
    return output.getvalue()


@pages.get("/fonts/rare-<blocks>.css")
@limiter.limit(result_limit)
def sheet(blocks: str) -> Response:
    """The style sheet that names the fonts of some blocks, each for exactly its characters."""
    if not SHEET.fullmatch(blocks) or blocks.count("-") >= BLOCKS_PER_SHEET:
        abort(404)
    rules = [
        f'@font-face {{ font-family: "{FAMILY}"; font-display: swap; '
        f'src: url("{url_for("glyphs.font", face=face, block=block)}") format("woff"); '
        f"unicode-range: {', '.join(f'U+{one:X}' for one in points)}; }}"
        for block in blocks.split("-")
        for face, points in faces_of(block).items()
    ]
    return _kept(Response("\n".join(rules), content_type="text/css; charset=utf-8"))


@pages.get("/fonts/<face>-<block>.woff")
@limiter.limit(result_limit)
def font(face: str, block: str) -> Response:
    """One font file."""
    if not SHEET.fullmatch(block) or "-" in block or face not in faces_of(block):
        abort(404)
    return _kept(Response(font_of(face, block), content_type="font/woff"))


def with_fonts(page: str) -> str:
    """The page with a link to the fonts of its rare characters; unchanged where it has none, or the link already."""
    blocks = rare_blocks(page)
    if not blocks or SHEETS in page:
        return page
    parts = [blocks[at : at + BLOCKS_PER_SHEET] for at in range(0, len(blocks), BLOCKS_PER_SHEET)]
    links = "".join(f'<link rel="stylesheet" href="{SHEETS}{"-".join(part)}.css">\n' for part in parts)
    return page.replace(HEAD_END, links + HEAD_END, 1)


@pages.after_app_request
def _link_fonts(response: Response) -> Response:
    """Every page with rare characters names their fonts; other answers stay as they are."""
    if response.mimetype != "text/html" or response.direct_passthrough or not response.is_sequence:
        return response
    text = response.get_data(as_text=True)
    if (linked := with_fonts(text)) != text:
        response.set_data(linked)
    return response


def _kept(response: Response) -> Response:
    response.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
    return response
