"""What every test in a real browser shares: Debian's Chromium, a served site, axe-core, pictures.

Pictures are made only when `ZHICHENG_TEST_SHOTS` names a folder. Those of README and docs go there as NAME.png, those
of every page that is visited, for people to look at, below `all/` as NAME-WIDTH.png:

    ZHICHENG_TEST_SHOTS=docs/pictures python -m pytest -m browser tests/pages
"""

from __future__ import annotations

import io
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = shutil.which("chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1200, "height": 900}
SHOTS = os.environ.get("ZHICHENG_TEST_SHOTS")
AXE = ROOT / "tests" / "axe-core" / "axe.min.js"
SERIOUS = ("serious", "critical")
COLOURS = 128
FONTS = f"""<?xml version="1.0"?><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{ROOT / "templates" / "fonts"}</dir>
<match target="pattern"><test name="family"><string>sans-serif</string></test>
<edit name="family" mode="append" binding="strong"><string>GW Hei</string></edit></match></fontconfig>"""
"""The machine's fonts and, after them, the program's own: a bare Debian has no Chinese ones to lay a page out with."""
MOST_PICTURE_BYTES = 150_000
PATIENCE_MS = 60_000  # for what must come about on a page, however busy the machine is
in_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser per module; not per session, because Playwright's event loop would stay in the thread of all tests."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as play, tempfile.TemporaryDirectory() as folder:
        fonts = Path(folder, "fonts.conf")
        fonts.write_text(FONTS, "utf-8")
        environment = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
        engine = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, env=environment)
        yield engine
        engine.close()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of a site while it is served."""
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def fits(page: Page) -> bool:
    """Whether nothing reaches beyond the window's width, once the page is there: a click waits for its beginning only."""
    page.wait_for_load_state()
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def axe_findings(page: Page) -> list[str]:
    """What axe-core calls serious or worse, by rule and place; the context must bypass the CSP."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(result => result.violations)")
    return [
        f"{one['id']}: {[node['target'] for node in one['nodes']]}"
        for one in found
        if one["impact"] in SERIOUS
    ]


def shot(page: Page, name: str) -> None:
    """The whole page, to look at."""
    if SHOTS:
        kept = PICTURES.get(name)
        if kept and kept[1] == page.viewport_size:
            picture(page, kept[0])
        width = (page.viewport_size or PHONE)["width"]
        _save(page.screenshot(full_page=True), Path(SHOTS, "all", f"{name}-{width}.png"))


PICTURES = {
    "result-valid": ("result", PHONE),
    "bulk-result": ("bulk", DESKTOP),
    "holder-certificate": ("holder", PHONE),
    "office-overview": ("office-overview", DESKTOP),
    "office-findings": ("office-findings", DESKTOP),
    "office-batch-published": ("office-batch", DESKTOP),
}
"""Pages that README and docs show: visit → name of the picture, and its window."""


def picture(page: Page, name: str, **how: Any) -> None:
    """A picture for README and docs: small, never above 150 KB."""
    if SHOTS:
        size = _save(page.screenshot(**how), Path(SHOTS, f"{name}.png"))
        assert size <= MOST_PICTURE_BYTES, (name, size)


def _save(data: bytes, path: Path) -> int:
    """Write a PNG with a palette; returns its size."""
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    Image.open(io.BytesIO(data)).convert("RGB").quantize(COLOURS).save(path, optimize=True)
    return path.stat().st_size
