"""The page's own scanner before a camera that sees a rendered certificate."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest
from holder_helpers import House
from PIL import Image
from playwright.sync_api import Route, expect, sync_playwright
from real_browser import ARGUMENTS, CHROMIUM, PATIENCE_MS, PHONE

PRINTED = "http://127.0.0.1:8765"  # where the QR codes of a fresh home lead
DPI = 110
FRAME = (1280, 960)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]


def seen(pdf: bytes) -> bytes:
    """What a camera sees that is held over the certificate: one JPEG frame, the sheet in its middle."""
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    sheet = document[0].render(scale=DPI / 72).to_pil().convert("RGB")
    document.close()
    sheet.thumbnail(FRAME)
    frame = Image.new("RGB", FRAME, (96, 88, 80))
    frame.paste(sheet, ((FRAME[0] - sheet.width) // 2, (FRAME[1] - sheet.height) // 2))
    output = io.BytesIO()
    frame.save(output, "JPEG", quality=92)
    return output.getvalue()


def test_the_scanner_reads_a_certificate_before_the_camera(address: str, core: House, tmp_path: Path) -> None:
    """One tap on a phone opens the camera; the code is decoded on the device and its page opens."""
    holder = core.holders[2]
    film = tmp_path / "camera.mjpeg"
    film.write_bytes(seen(holder.pdf))
    camera = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]

    def serve(route: Route) -> None:
        route.fulfill(response=route.fetch(url=route.request.url.replace(PRINTED, address)))

    with sync_playwright() as play:
        engine = play.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *camera])
        context = engine.new_context(
            viewport=PHONE, has_touch=True, is_mobile=True, locale="zh-CN", permissions=["camera"]
        )
        context.route(f"{PRINTED}/**", serve)
        page = context.new_page()
        page.goto(PRINTED)
        page.locator("#scan-start").tap()
        page.wait_for_url(f"{PRINTED}/v/{holder.certificate.code}", timeout=PATIENCE_MS)
        expect(page.locator("h1")).to_contain_text("有效")
        expect(page.locator("main")).to_contain_text(holder.certificate.number)
        engine.close()
