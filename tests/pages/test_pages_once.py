"""A form is sent once, however often its button is pressed, and long work says that it is under way."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, Request, expect
from real_browser import in_browser
from visits import Visit, at
from walking import pages_of
from world import World, workbook_of

from registry.accounts.model import Role

pytestmark = in_browser
REMEMBER = """() => {
  const button = document.querySelector("button[data-busy]");
  new MutationObserver(() => { sessionStorage.said = button.textContent; }).observe(button, { childList: true });
}"""

STAY = (
    "document.addEventListener('submit', (event) => event.preventDefault())"  # after the page's own listener
)


def posts(page: Page) -> list[Request]:
    """The forms that the browser sends from now on."""
    sent: list[Request] = []
    page.on("request", lambda one: sent.append(one) if one.method == "POST" else None)
    return sent


def test_a_double_click_uploads_a_workbook_once(browser: Browser, address: str, world: World) -> None:
    """The button says what is going on; after Back it is ready again."""
    visit = Visit("upload", "office.upload_form", at("/office/batches/new"), role=Role.OPERATOR)
    with pages_of(browser, address, world, visit) as page:
        page.goto(f"{address}/office/batches/new")
        page.set_input_files("#workbook", workbook_of(world.folder, 77))
        sent = posts(page)
        send = page.locator("button[data-busy]")
        page.evaluate(REMEMBER)
        send.dblclick(no_wait_after=True)
        page.wait_for_url("**/office/batches/*?done=uploaded")
        assert page.evaluate("sessionStorage.said") == "正在上传和校验……"
        assert len(sent) == 1
        page.go_back()
        expect(send).to_have_text("上传并校验")
        assert not send.get_attribute("aria-disabled")


def test_pressing_again_later_sends_again(browser: Browser, address: str, world: World) -> None:
    """A form that yields a file leaves its page where it is: it may be sent anew."""
    visit = Visit("bulk", "bulk.form", at("/bulk"))
    with pages_of(browser, address, world, visit) as page:
        page.goto(f"{address}/bulk")
        page.fill("#rows", f"{world.holders[0].certificate.number} {world.holders[0].name}")
        sent = posts(page)
        page.locator("main form button[type=submit]").dblclick(no_wait_after=True)
        page.wait_for_selector("table.rows")
        assert len(sent) == 1


def test_a_stopped_upload_can_be_sent_again(browser: Browser, address: str, world: World) -> None:
    """Nothing comes back; Escape stops the loading, and the button is ready again."""
    visit = Visit("upload", "office.upload_form", at("/office/batches/new"), role=Role.OPERATOR)
    with pages_of(browser, address, world, visit) as page:
        page.goto(f"{address}/office/batches/new")
        page.set_input_files("#workbook", workbook_of(world.folder, 78))
        page.evaluate(STAY)
        send = page.locator("button[data-busy]")
        send.click()
        expect(send).to_have_text("正在上传和校验……")
        page.keyboard.press("Escape")
        expect(send).to_have_text("上传并校验")
        assert not send.get_attribute("aria-disabled")
