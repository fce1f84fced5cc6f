"""Journeys in a real browser: an employer with a phone and with a desktop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
import qrcode
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from real_browser import ARGUMENTS, CHROMIUM, DESKTOP, PHONE, fits, in_browser, served
from web_helpers import Issued

from registry.identifiers import scannable

pytestmark = in_browser


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    with served(app) as found:
        yield found


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(viewport=request.param, locale="zh-CN")
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda entry: problems.append(entry.text) if entry.type == "error" else None)
    yield page
    context.close()
    assert [text for text in problems if "404" not in text] == []


def test_an_employer_drops_a_file_and_gets_three_answers(page: Page, address: str, issued: Issued) -> None:
    """Two taps: choose the file, press the button."""
    certificate = issued.certificates[0]
    page.goto(address)
    assert fits(page)
    page.set_input_files("#file", issued.files / f"{certificate.number}.pdf")
    page.click("text=核验文件")
    expect(page.locator("h1")).to_have_text("证书真实有效")
    expect(page.locator(".answers li")).to_have_count(3)
    expect(page.locator("dl.facts")).to_contain_text(certificate.facts.name)
    assert fits(page)


def test_an_employer_scans_the_code_of_a_rendered_certificate(
    page: Page, address: str, issued: Issued, tmp_path: Path
) -> None:
    """A screenshot of the certificate is decoded in the page and named when it belongs to another site."""
    certificate = issued.certificates[1]
    document = pypdfium2.PdfDocument(issued.pdf(certificate))
    picture = tmp_path / "screen.png"
    document[0].render(scale=1.5).to_pil().save(picture)
    document.close()
    page.goto(address)
    page.set_input_files("#scan-image", picture)
    expect(page.locator("#scanner-state")).to_contain_text("指向另一个网站 127.0.0.1:8765")
    expect(page.locator("#scanner-state")).to_have_class("notice warn")


def test_a_typed_code_leads_to_the_result_by_keyboard_alone(page: Page, address: str, issued: Issued) -> None:
    """Tab to the field, type, press Enter."""
    certificate = issued.certificates[0]
    page.goto(address)
    page.focus("#code")
    page.keyboard.type(certificate.code.lower())
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("登记有效")
    assert page.url == f"{address}/v/{certificate.code}"
    assert fits(page)


def test_the_first_tab_stop_skips_to_the_text(page: Page, address: str) -> None:
    """A screen reader need not read the head of every page."""
    page.goto(address)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("跳到正文")


def test_the_page_works_without_javascript(browser: Browser, address: str, issued: Issued) -> None:
    """Upload and query are plain forms."""
    context = browser.new_context(java_script_enabled=False, viewport=PHONE, locale="zh-CN")
    page = context.new_page()
    page.goto(address)
    expect(page.locator("#scan-start")).to_be_hidden()
    page.set_input_files("#file", issued.files / f"{issued.certificates[0].number}.pdf")
    page.click("text=核验文件")
    expect(page.locator("h1")).to_have_text("证书真实有效")
    context.close()


def test_the_camera_of_the_page_reads_a_code_and_opens_its_result(
    browser: Browser, address: str, issued: Issued, tmp_path: Path
) -> None:
    """An image file stands for the camera; one tap, and the page of the certificate opens by itself."""
    code = issued.certificates[0].code
    frame = qrcode.make(scannable(f"{address}/v/{code}"), border=4, box_size=8).convert("RGB")
    frame.resize((480, 480)).save(tmp_path / "frame.jpg", quality=90)
    film = tmp_path / "camera.mjpeg"
    film.write_bytes((tmp_path / "frame.jpg").read_bytes() * 3)
    camera = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    engine = browser.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *camera])
    page = engine.new_context(viewport=PHONE, locale="zh-CN", permissions=["camera"]).new_page()
    page.goto(address)
    page.click("#scan-start")
    page.wait_for_url(f"**/v/{code}")
    expect(page.locator("h1")).to_have_text("登记有效")
    engine.close()
