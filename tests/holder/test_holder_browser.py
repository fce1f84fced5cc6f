"""Journeys in a real browser: the employer's two taps, the holder's pages, rare names without a font."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from holder_helpers import RARE_NAME, Holder, House
from playwright.sync_api import Browser, Page, expect
from real_browser import DESKTOP, PHONE, fits, in_browser

from registry.clock import local_day, now

pytestmark = in_browser


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(viewport=request.param, locale="zh-CN", bypass_csp=True)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    context.close()
    assert problems == []


def sign_in(page: Page, address: str, holder: Holder) -> None:
    page.goto(f"{address}/holder/")
    page.fill("#name", holder.name)
    page.fill("#id_number", holder.id_number)
    page.fill("#pickup", holder.pickup)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(holder.name)


def test_an_employer_gets_three_answers_in_two_taps(
    browser: Browser, address: str, core: House, tmp_path: Path
) -> None:
    """On a phone: tap one chooses the file, tap two sends it; the answers are on the first screen."""
    holder = core.holders[2]
    file = tmp_path / "证书.pdf"
    file.write_bytes(holder.pdf)
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="zh-CN")
    page = context.new_page()
    page.on("filechooser", lambda _: None)  # asked for early: else the first chooser may be missed
    page.goto(address)
    with page.expect_file_chooser() as chooser:
        page.locator("#file").tap()
    chooser.value.set_files(file)
    page.get_by_role("button", name="核验文件").tap()
    expect(page.locator("h1")).to_have_text("证书真实有效")
    rows = page.locator(".answers li")
    expect(rows).to_have_count(3)
    assert fits(page)
    for index in range(3):
        box = rows.nth(index).bounding_box()
        assert box
        assert box["y"] < PHONE["height"]
    context.close()


def test_the_receipt_is_one_tap_from_the_result(page: Page, address: str, core: House) -> None:
    """It arrives as a PDF, and its own page says the same."""
    page.goto(f"{address}/v/{core.holders[2].certificate.code}")
    with page.expect_download() as download:
        page.click("text=下载核验回执")
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    number = re.search(r"/r/([A-Z2-7]+)\.pdf", download.value.url)
    assert number
    page.goto(f"{address}/r/{number[1]}")
    expect(page.locator("main")).to_contain_text(core.holders[2].certificate.number)
    assert fits(page)


def test_a_holder_makes_a_copy_and_withdraws_it(page: Page, address: str, core: House) -> None:
    """Sign in, open the certificate, one form, one button; by keyboard where a phone has none."""
    holder = core.holders[4]
    sign_in(page, address, holder)
    page.click("text=查看和下载")
    purpose = f"供某某大学聘用核验{page.viewport_size['width'] if page.viewport_size else ''}"
    page.fill("#purpose", purpose)
    page.fill("#expires_on", (local_day(now()) + timedelta(days=20)).isoformat())
    page.get_by_role("button", name="出具加注件").click()
    entry = page.locator(".entry", has_text=purpose)
    expect(entry).to_contain_text("有效")
    with page.expect_download() as download:
        entry.get_by_text("下载").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    assert fits(page)
    entry.get_by_role("button", name="撤回").click()
    expect(page.locator(".entry", has_text=purpose)).to_contain_text("已撤回")
    page.click("text=退出登录")
    page.goto(f"{address}/holder/")
    expect(page.locator("h1")).to_have_text("持证人登录")


def test_a_pasted_table_is_answered_and_downloaded(page: Page, address: str, core: House) -> None:
    """From the home page to the workbook."""
    rows = "\n".join(f"{one.certificate.number}\t{one.name}" for one in core.holders[:2])
    page.goto(address)
    page.click("text=批量核验")
    page.fill("#rows", f"{rows}\nNM20251500205P00012X\t无此人")
    page.click("text=开始核验")
    expect(page.locator("tbody tr")).to_have_count(3)
    assert fits(page)
    with page.expect_download() as download:
        page.click("text=下载 Excel 表")
    assert download.value.path().read_bytes().startswith(b"PK")


def test_a_rare_name_is_drawn_with_the_font_that_the_site_sends(
    page: Page, address: str, core: House
) -> None:
    """Exactly one small font is fetched, and it is loaded for the rare character."""
    fonts: list[str] = []
    page.on("response", lambda answer: fonts.append(answer.url) if ".woff" in answer.url else None)
    page.goto(f"{address}/v/{core.holders[0].certificate.code}")
    page.add_style_tag(content='dl.facts dd { font-family: "zc-rare", monospace; }')
    expect(page.locator("dl.facts")).to_contain_text(RARE_NAME)
    loaded = page.evaluate(
        "document.fonts.ready.then(() => [...document.fonts].filter(one => one.status === 'loaded').length)"
    )
    assert loaded == len(fonts) == 1
