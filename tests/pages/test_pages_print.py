"""A result on paper: one sheet that says which site answered, without anything to press."""

from __future__ import annotations

import io

import pikepdf
import pytest
from playwright.sync_api import Browser
from real_browser import in_browser
from world import World

pytestmark = in_browser
STATES = ("valid", "suspended", "revoked", "superseded")


@pytest.mark.parametrize("state", STATES)
def test_a_result_is_printed_on_one_sheet(browser: Browser, address: str, world: World, state: str) -> None:
    """The certificate with the longest name among them; the site's name and address stand on it."""
    page = browser.new_page(locale="zh-CN")
    page.goto(f"{address}/v/{world.holder(state).certificate.code}")
    with pikepdf.open(io.BytesIO(page.pdf(format="A4"))) as paper:
        assert len(paper.pages) == 1
    page.emulate_media(media="print")
    assert page.locator(".masthead a").first.is_visible()
    assert page.get_by_text("开头。其他网址上的").is_visible()
    for pressed in page.locator(".actions, .door, details:not([open]), .slim").all():
        assert not pressed.is_visible()
    page.close()
