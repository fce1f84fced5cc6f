"""Filters that answer while one chooses: without loading the page anew, and the same by plain forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from office_helpers import BY_ROLE, Office
from playwright.sync_api import Page, expect
from real_browser import DESKTOP, in_browser
from test_office_browser import LONG_MS, address, batch_of, people, workbook

from records.input.workbook import write_batch
from records.sample import sample_batch, write_photos
from registry.accounts.model import Role
from registry.accounts.store import find, log_act
from registry.register import Register
from registry.workspace.reports import PAGE

__all__ = ["address", "people"]  # fixtures
pytestmark = in_browser
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


def mark(page: Page) -> None:
    """Remember this very page, once it is whole."""
    page.wait_for_load_state()
    page.evaluate(MARK)


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
    mark(page)
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
    expect(plain.locator("article.finding")).to_have_count(fewer)


def test_the_trail_is_filtered_while_typing(people: Callable[..., Page]) -> None:
    """A word that fits nothing empties the list; the export follows the filter."""
    page = people(Role.AUDITOR, DESKTOP)
    page.click("nav >> text=审计")
    mark(page)
    page.locator("#subject").press_sequentially("没有这个编号")
    export = page.locator("#found a", has_text="导出 CSV")
    expect(export).to_have_attribute("href", re.compile("subject="))
    expect(page.locator("#found .empty")).to_be_visible()
    assert page.evaluate(KEPT) == "yes"


def test_older_events_are_put_below_those_that_are_there(office: Office, people: Callable[..., Page]) -> None:
    """Without loading the page anew; nothing twice, and the count says how many are seen."""
    with Register.open(office.home) as register:
        auditor = find(register, BY_ROLE[Role.AUDITOR])
        for _ in range(PAGE):
            with register.database.write() as connection:
                log_act(connection, auditor.id, "audit_exported", auditor.actor)
    page = people(Role.AUDITOR, DESKTOP)
    page.goto(page.url.replace("/office/", f"/office/audit?account={auditor.id}"))
    mark(page)
    expect(page.locator("#found tbody tr")).to_have_count(PAGE)
    page.click("#older >> text=更早的")
    expect(page.locator("#older >> text=更早的")).to_have_count(0)
    places = [int(one) for one in page.locator("#found tbody th").all_inner_texts()]
    assert len(places) > PAGE
    assert places == sorted(set(places), reverse=True)
    expect(page.locator("#count")).to_contain_text(str(len(places)))
    assert page.evaluate(KEPT) == "yes"
    assert auditor.name not in unquote(page.url)


def test_batches_are_filtered_in_place(people: Callable[..., Page], faulty: Path) -> None:
    """By stage."""
    page = people(Role.OPERATOR, DESKTOP)
    page.click("nav >> text=批次")
    mark(page)
    page.select_option("#stage", "published")
    expect(page.locator("#found .empty")).to_be_visible()
    assert page.evaluate(KEPT) == "yes"


def test_a_batch_comes_to_certificates_without_scripts(people: Callable[..., Page], tmp_path: Path) -> None:
    """Upload, findings, release, documents, handing over, approval, issue, search: plain forms all the way.

    The page of a job loads itself again, without scripts.
    """
    operator = people(Role.OPERATOR, DESKTOP, scripts=False)
    source = batch_of(41)
    *others, last = source.committee.experts
    served_long = (*others, last.model_copy(update={"consecutive_years": 3}))  # 细则第四十四条: 原则
    committee = source.committee.model_copy(update={"experts": served_long})
    path = tmp_path / "plain.xlsx"
    write_batch(source.model_copy(update={"committee": committee}), path)
    write_photos(source, path.parent)
    batch = upload(operator, path)
    operator.goto(f"{batch}/findings")
    for reason in ("写错了", "专家库同专业仅此一人，经核准"):
        operator.click("summary:has-text('放行')")
        operator.fill("textarea[name=reason]", reason)
        operator.click("details form button:has-text('放行')")
        operator.goto(f"{batch}/findings")
        expect(operator.locator(".notice", has_text="已放行")).to_contain_text(reason[:3])
        if reason == "写错了":
            operator.click("button:has-text('撤回放行')")
            expect(operator.locator(".notice", has_text="已放行")).to_have_count(0)
    expect(operator.locator(".notice", has_text="已放行")).to_contain_text("仅此一人")
    operator.goto(batch)
    operator.click("button:has-text('生成文书')")
    expect(operator.locator("#job-text")).to_have_text("已完成", timeout=LONG_MS)
    operator.goto(batch)
    operator.click("button:has-text('提交复核')")
    reviewer = people(Role.REVIEWER, DESKTOP, scripts=False)
    reviewer.goto(batch)
    reviewer.click("button:has-text('复核通过')")
    issuer = people(Role.ISSUER, DESKTOP, scripts=False)
    issuer.goto(batch)
    issuer.fill("#confirm", source.number)
    issuer.click("button:has-text('签发证书')")
    expect(issuer.locator("#job-text")).to_have_text("已完成", timeout=LONG_MS)
    issuer.click("text=查看结果")
    expect(issuer.locator("body")).to_contain_text(f"新签发 {len(source.passed)} 份")
    operator.click("nav >> text=查找")
    operator.fill("#wanted", str(source.passed[0].person.name))
    operator.click("button:has-text('查找')")
    expect(operator.locator("h2:has-text('人员')")).to_be_visible()


def test_people_are_found_while_typing(people: Callable[..., Page], tmp_path: Path) -> None:
    """The answer comes without a click; what is typed is sent in the form and never stands in the address."""
    page = people(Role.OPERATOR, DESKTOP)
    upload(page, workbook(tmp_path, 42))
    page.click("nav >> text=查找")
    mark(page)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(f"{one.method} {one.url}"))
    page.locator("#wanted").press_sequentially(batch_of(42).number)
    expect(page.locator("#found h2:has-text('批次')")).to_be_visible()
    assert page.evaluate(KEPT) == "yes"
    assert page.evaluate("document.activeElement.id") == "wanted"
    assert page.url.endswith("/office/search")
    assert asked
    pages = [one for one in asked if "/office/" in one]  # fonts may be asked for besides
    assert all(one.startswith("POST ") and one.endswith("/office/search") for one in pages)
    assert not any(batch_of(42).number[:4] in one for one in asked)
    page.fill("#wanted", "没有这个人")
    expect(page.locator("#found .empty")).to_be_visible()
