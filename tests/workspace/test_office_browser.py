"""The workspace in a real browser: a batch from the workbook to publication with three people, on phone and desktop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from office_helpers import BY_ROLE, Office
from playwright.sync_api import Browser, BrowserContext, Page, expect
from real_browser import DESKTOP, PHONE, fits, in_browser, served, shot

from records.batch.model import Batch
from records.input.workbook import write_batch
from records.sample import sample_batch, write_photos
from registry.accounts.model import Role

LONG_MS = 90_000
PEOPLE = 4

pytestmark = in_browser


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    with served(app) as found:
        yield found


@pytest.fixture
def people(
    browser: Browser, address: str, office: Office
) -> Iterator[Callable[[Role, dict[str, int]], Page]]:
    """Signs somebody in, in a browser of his own; scripts may not fail on any page."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_for(role: Role, size: dict[str, int], *, scripts: bool = True) -> Page:
        context = browser.new_context(viewport=size, locale="zh-CN", java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda entry: problems.append(entry.text) if entry.type == "error" else None)
        page.goto(f"{address}/office/")
        page.fill("#name", BY_ROLE[role])
        page.fill("#password", office.passwords[BY_ROLE[role]])
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("总览")
        return page

    yield open_for
    for context in contexts:
        context.close()
    assert problems == []


def looks_right(page: Page, name: str) -> None:
    """Nothing reaches beyond the window; a picture is kept when wanted."""
    assert fits(page), page.url
    nameless = "[...document.querySelectorAll('input:not([type=hidden]),select,textarea')].filter(e => !e.labels.length && !e.ariaLabel).length"
    assert page.evaluate(nameless) == 0, page.url
    shot(page, f"journey-{name}")


def batch_of(seed: int) -> Batch:
    """A batch with a number of its own."""
    return sample_batch(PEOPLE, seed).model_copy(update={"number": f"PC2025-T{seed}"})


def workbook(folder: Path, seed: int) -> Path:
    path = folder / f"批次{seed}.xlsx"
    batch = batch_of(seed)
    write_batch(batch, path)
    write_photos(batch, path.parent)
    return path


@pytest.mark.parametrize(("size", "seed"), [(PHONE, 21), (DESKTOP, 22)], ids=["phone", "desktop"])
def test_three_people_bring_a_batch_to_publication(
    people: Callable[..., Page], tmp_path: Path, size: dict[str, int], seed: int
) -> None:
    """Upload, findings, previews, documents with live progress, approval, issue, list, publication."""
    operator = people(Role.OPERATOR, size)
    looks_right(operator, "overview-empty")
    operator.click("text=上传工作簿")
    looks_right(operator, "upload")
    operator.set_input_files("#workbook", workbook(tmp_path, seed))
    operator.click("button:has-text('上传并校验')")
    expect(operator.locator(".notice")).to_contain_text("已上传并校验", timeout=LONG_MS)
    looks_right(operator, "batch-checked")
    batch = operator.url.split("?")[0]
    operator.click("text=查看问题")
    looks_right(operator, "findings")
    operator.goto(f"{batch}/preview?document=A102&subject=1")
    person = batch_of(seed).applications[1].person.name
    expect(operator.frame_locator("iframe").locator("body")).to_contain_text(str(person))
    looks_right(operator, "preview")
    operator.goto(f"{batch}/certificate")
    assert operator.evaluate("document.querySelector('img.sheet').naturalWidth") > 500
    looks_right(operator, "certificate-preview")
    operator.goto(batch)
    operator.click("button:has-text('生成文书')")
    expect(operator.locator("#job")).to_be_visible()
    operator.reload()
    expect(operator.locator("#job-text")).to_have_text("已完成", timeout=LONG_MS)
    expect(operator.locator("text=查看结果")).to_be_visible()
    looks_right(operator, "job")
    operator.click("text=查看结果")
    looks_right(operator, "batch-generated")
    operator.click("text=查看文件")
    looks_right(operator, "files")
    operator.goto(batch)
    operator.click("button:has-text('提交复核')")
    expect(operator.locator(".title-row .tag")).to_have_text("待复核")

    reviewer = people(Role.REVIEWER, size)
    reviewer.click(f"a:has-text('{batch_of(seed).number}')")
    looks_right(reviewer, "batch-review")
    reviewer.click("button:has-text('复核通过')")
    expect(reviewer.locator(".title-row .tag")).to_have_text("待签发")

    issuer = people(Role.ISSUER, size)
    issuer.goto(batch)
    looks_right(issuer, "batch-issue")
    issuer.fill("#confirm", batch_of(seed).number)
    issuer.click("button:has-text('签发证书')")
    expect(issuer.locator("#job-text")).to_have_text("已完成", timeout=LONG_MS)
    issuer.click("text=查看结果")
    expect(issuer.locator("body")).to_contain_text(f"新签发 {len(batch_of(seed).passed)} 份")
    with issuer.expect_download() as given:
        issuer.click("button:has-text('领取发放清单')")
    assert given.value.suggested_filename.endswith("distribution.xlsx")
    operator.goto(batch)
    operator.fill("#confirm-publish", batch_of(seed).number)
    operator.click("button:has-text('记为已公布')")
    expect(operator.locator(".title-row .tag")).to_have_text("已公布")
    looks_right(operator, "batch-published")

    operator.goto(batch.split("/batches")[0] + "/search")
    holder = batch_of(seed).passed[0].person.name
    operator.fill("#wanted", str(holder))
    operator.keyboard.press("Enter")
    expect(operator.locator("h2:has-text('人员')")).to_be_visible()
    looks_right(operator, "search")
    number = operator.locator("td a.code").first.inner_text()
    issuer.goto(f"{batch.split('/batches')[0]}/certificates/{number}")
    issuer.click("summary:has-text('暂停')")
    looks_right(issuer, "certificate")
    issuer.fill("#document-suspend", "内人社〔2026〕3号")
    issuer.fill("#confirm-suspend", number)
    issuer.click("button:has-text('暂停')")
    expect(issuer.locator(".title-row .tag")).to_have_text("已暂停")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_other_roles_find_their_pages(people: Callable[..., Page], size: dict[str, int]) -> None:
    """Auditor and administrator, by the menu."""
    auditor = people(Role.AUDITOR, size)
    for name, label in (("figures", "统计"), ("audit", "审计")):
        auditor.click(f"nav >> text={label}")
        expect(auditor.locator("h1")).to_have_text(label)
        looks_right(auditor, name)
    admin = people(Role.ADMIN, size)
    looks_right(admin, "overview-admin")
    admin.click("nav >> text=设置")
    looks_right(admin, "settings")
    admin.click(f".me >> text={BY_ROLE[Role.ADMIN]}")
    admin.click("text=启用动态验证码")
    looks_right(admin, "code")
    admin.click("button:has-text('退出')")
    expect(admin.locator("h1")).to_have_text("职称评审工作区")
    looks_right(admin, "login")
