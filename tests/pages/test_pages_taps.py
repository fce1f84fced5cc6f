"""An employer with a phone: from the home page to the three answers in two taps, whatever became of a certificate."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from real_browser import PHONE, fits, in_browser, shot
from world import World

pytestmark = in_browser
FIRST_SCREEN = PHONE["height"] - 60  # a browser that shows its own bars again
STATES = ("valid", "suspended", "revoked", "superseded")
HEADLINES = {
    "suspended": "证书已暂停使用",
    "revoked": "证书已被撤销",
    "superseded": "证书已被新证书取代",
}


def on_a_phone(engine: Browser) -> Page:
    """A browser that is tapped with a finger and may use the camera."""
    context = engine.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="zh-CN")
    return context.new_page()


def three_answers(page: Page) -> list[str]:
    """What the three answers say; all of them are on the first screen, and nothing reaches beyond its side."""
    rows = page.locator(".answers li")
    expect(rows).to_have_count(3)
    assert fits(page)
    lowest = page.evaluate(
        "Math.max(...[...document.querySelectorAll('.answers li')].map(e => e.getBoundingClientRect().bottom))"
    )
    assert lowest <= FIRST_SCREEN, lowest
    return rows.all_inner_texts()


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[Page]:
    page = on_a_phone(browser)
    yield page
    page.context.close()


@pytest.mark.parametrize("state", STATES)
def test_a_file_is_answered_in_two_taps(phone: Page, address: str, world: World, state: str) -> None:
    """The field, then the button; the file is picked in the phone's own list in between."""
    one = world.holder(state)
    phone.on("filechooser", lambda _: None)  # asked for early: else the first chooser may be missed
    phone.goto(address)
    with phone.expect_file_chooser() as chooser:
        phone.tap("#file")
    chooser.value.set_files({"name": "证书.pdf", "mimeType": "application/pdf", "buffer": world.file(one)})
    phone.tap("#file-send")
    expect(phone.locator("h1")).to_have_text(HEADLINES.get(state, "证书真实有效"))
    answers = three_answers(phone)
    shot(phone, f"taps-file-{state}")
    assert all(answers)


@pytest.mark.parametrize("state", STATES)
def test_a_code_is_answered_at_once(phone: Page, address: str, world: World, state: str) -> None:
    """The phone's own camera opens the address that the code holds, in capitals; no tap is left."""
    one = world.holder(state)
    phone.goto(f"{address}/V/{one.certificate.code}")
    expect(phone.locator("h1")).to_have_text(HEADLINES.get(state, "登记有效"))
    answers = three_answers(phone)
    shot(phone, f"taps-code-{state}")
    assert all(answers)
