"""Filters that answer while one chooses: without loading the page anew, and the same by plain forms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from office_helpers import Office
from playwright.sync_api import Page, expect
from test_office_browser import CHROMIUM, DESKTOP, LONG_MS, address, browser, people

from records.sample import sample_batch
from records.workbook import write_batch
from registry.accounts.model import Role

__all__ = ["address", "browser", "people"]  # fixtures
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]
MARK = "document.body.dataset.same = 'yes'"
KEPT = "document.body.dataset.same"


@pytest.fixture(scope="module")
def faulty(office: Office) -> Path:
    """A workbook in which the check finds things of several kinds."""
    batch = sample_batch(8, 31)
    first, second, *rest = batch.applications
    first = first.model_copy(update={"person": first.person.model_copy(update={"identity_number": "123"})})
    second = second.model_copy(update={"appraisals": ()})
    path = office.folder / "faulty.xlsx"
    write_batch(batch.model_copy(update={"applications": (first, second, *rest)}), path)
    return path


def upload(page: Page, path: Path) -> str:
    page.click("text=上传工作簿")
    page.set_input_files("#workbook", path)
    page.click("button:has-text('上传并校验')")
    expect(page.locator(".notice").first).to_be_visible(timeout=LONG_MS)
    return page.url.split("?")[0]


def test_findings_are_filtered_in_place(people: Callable[..., Page], faulty: Path) -> None:
    """Choosing a level changes the list and the address; the page stays, nothing is kept in the browser's storage."""
    page = people(Role.OPERATOR, DESKTOP)
    batch = upload(page, faulty)
    page.goto(f"{batch}/findings")
    whole = page.locator("article.finding").count()
    clause = (
        page.locator("#clause option").nth(1).get_attribute("value")
        or page.locator("#clause option").nth(1).inner_text()
    )
    page.evaluate(MARK)
    page.focus("#clause")
    page.select_option("#clause", clause)
    expect(page.locator("#count")).to_contain_text("筛选出")
    fewer = page.locator("article.finding").count()
    assert 0 < fewer < whole
    assert page.evaluate(KEPT) == "yes"
    assert "clause=" in page.url
    assert page.evaluate("document.activeElement.id") == "clause"
    assert page.evaluate("localStorage.length") == 0
    assert page.evaluate("Object.keys(sessionStorage)") in ([], ["htmx-current-path-for-history"])
    page.reload()
    assert page.locator("article.finding").count() == fewer
    plain = people(Role.OPERATOR, DESKTOP, scripts=False)
    plain.goto(f"{batch}/findings")
    plain.select_option("#clause", clause)
    plain.click("button:has-text('筛选')")
    assert plain.locator("article.finding").count() == fewer


def test_the_trail_is_filtered_while_typing(people: Callable[..., Page]) -> None:
    """A word that fits nothing empties the list; the export follows the filter."""
    page = people(Role.AUDITOR, DESKTOP)
    page.click("nav >> text=审计")
    page.evaluate(MARK)
    page.locator("#subject").press_sequentially("没有这个编号")
    expect(page.locator("#found .empty")).to_be_visible()
    assert page.evaluate(KEPT) == "yes"
    assert "subject=" in (page.locator("#found a", has_text="导出 CSV").get_attribute("href") or "")


def test_batches_are_filtered_in_place(people: Callable[..., Page], faulty: Path) -> None:
    """By stage."""
    page = people(Role.OPERATOR, DESKTOP)
    page.click("nav >> text=批次")
    page.evaluate(MARK)
    page.select_option("#stage", "published")
    expect(page.locator("#found .empty")).to_be_visible()
    assert page.evaluate(KEPT) == "yes"
