"""The three people's journeys without a mouse: Tab, Enter, Space, arrows and typing only, with the site's own policy on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from real_browser import DESKTOP, PHONE, in_browser
from world import NAMES, World, workbook_of

from registry.accounts.model import Role
from registry.clock import local_day, now

pytestmark = in_browser
MOST_TABS = 60
LONG_MS = 60_000
FOCUS = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {name: one.outerHTML.slice(0, 120), seen: drawn && inside && box.width > 0};
}"""


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(viewport=request.param, locale="zh-CN")
    yield context.new_page()
    context.close()


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the element has the focus; on the way every stop is on the screen with a drawn focus.

    The browser gives the focus to the target of a fragment again when the page is complete, hence the waiting.
    """
    page.wait_for_load_state()
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        assert stop["seen"], stop["name"]
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"{wanted} is not reached")


def skip_to_text(page: Page) -> None:
    """The first stop leads past the head of the page."""
    page.wait_for_load_state()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("跳到正文")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def type_into(page: Page, wanted: str, text: str) -> None:
    tab_to(page, wanted)
    page.keyboard.type(text)


def in_order(page: Page) -> None:
    """No element jumps the queue."""
    assert page.evaluate("[...document.querySelectorAll('[tabindex]')].every(one => one.tabIndex <= 0)")


def test_an_employer_asks_and_is_answered(page: Page, address: str, world: World) -> None:
    """From the home page by name and ID number to the answer, which has the focus."""
    holder = world.holder("revoked")
    page.goto(address)
    in_order(page)
    skip_to_text(page)
    type_into(page, "#name", holder.name)
    type_into(page, "#id_number", holder.id_number)
    tab_to(page, "form[action='/query'] summary")
    page.keyboard.press("Space")
    type_into(page, "#query-organisation", "某某中学")
    tab_to(page, "form[action='/query'] button")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("查到 1 份证书")
    expect(page.locator("h1")).to_be_focused()
    expect(page.locator("main .tag")).to_have_text("已撤销")
    tab_to(page, "main a.button")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("核验电子职称证书")


def test_an_employer_types_a_code_and_is_answered(page: Page, address: str, world: World) -> None:
    """The verdict has the focus."""
    page.goto(address)
    skip_to_text(page)
    type_into(page, "#code", world.holders[0].certificate.code)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("登记有效")
    expect(page.locator("h1")).to_be_focused()


def test_a_holder_makes_an_annotated_copy(page: Page, address: str, world: World) -> None:
    """Sign in, open the certificate, say what for and until when; a mistake is told where the focus is."""
    holder = world.holders[5]
    page.goto(f"{address}/holder/")
    skip_to_text(page)
    type_into(page, "#name", holder.name)
    type_into(page, "#id_number", holder.id_number)
    type_into(page, "#pickup", "ABCDEFGHIJKL")
    page.keyboard.press("Enter")
    expect(page.locator(".notice.bad")).to_be_focused()
    for field, text in (("#name", holder.name), ("#id_number", holder.id_number), ("#pickup", holder.pickup)):
        type_into(page, field, text)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_focused()
    tab_to(page, "main section a.button")
    page.keyboard.press("Enter")
    expect(page.locator("#purpose")).to_be_visible()
    skip_to_text(page)
    purpose = f"供某某医院聘用核验{page.viewport_size['width'] if page.viewport_size else ''}"
    type_into(page, "#purpose", purpose)
    last = local_day(now()) + timedelta(days=20)
    tab_to(page, "#expires_on")
    page.keyboard.type(
        f"{last:%m%d%Y}"
    )  # the order of parts in Debian's Chromium, whose own language is English
    expect(page.locator("#expires_on")).to_have_value(last.isoformat())
    tab_to(page, "form[action$='/copies'] button")
    page.keyboard.press("Space")
    expect(page.locator(".entry", has_text=purpose)).to_contain_text("有效")
    expect(page.locator("#copies")).to_be_focused()
    tab_to(page, ".entry a.button")


def test_the_secretariat_uploads_a_workbook_and_reads_the_findings(
    page: Page, address: str, world: World, tmp_path: Path
) -> None:
    """Sign in, upload, the page of the batch with its message, the findings, the filter by arrow keys."""
    page.goto(f"{address}/office/")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type(NAMES[Role.OPERATOR])
    type_into(page, "#password", "abc-wrong-12345")
    page.keyboard.press("Enter")
    expect(page.locator(".notice.bad")).to_be_focused()
    type_into(page, "#name", NAMES[Role.OPERATOR])
    type_into(page, "#password", world.passwords[Role.OPERATOR])
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("总览")
    in_order(page)
    skip_to_text(page)
    tab_to(page, "a.button[href$='/batches/new']")
    page.keyboard.press("Enter")
    page.on("filechooser", lambda _: None)  # asked for early: else the first chooser may be missed
    expect(page.locator("h1")).to_have_text("上传工作簿")
    skip_to_text(page)
    tab_to(page, "#workbook")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(workbook_of(tmp_path, 40 + (page.viewport_size or PHONE)["width"]))
    tab_to(page, "main form[enctype] button")
    page.keyboard.press("Enter")
    expect(page.locator(".notice[role=status]").first).to_contain_text("已上传并校验", timeout=LONG_MS)
    expect(page.locator(".notice[role=status]").first).to_be_focused()
    tab_to(page, "a[href$='/findings']")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("校验结果")
    skip_to_text(page)
    tab_to(page, "#severity")
    page.keyboard.press("ArrowDown")
    tab_to(page, ".filters button")
    page.keyboard.press("Enter")
    expect(page.locator("main .empty")).to_contain_text("没有符合筛选条件的问题")
