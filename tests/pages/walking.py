"""Going from page to page in a real browser as whoever sees them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby

from playwright.sync_api import Browser, Page
from real_browser import PHONE
from visits import Visit
from world import NAMES, World


@contextmanager
def pages_of(
    browser: Browser, address: str, world: World, first: Visit, locale: str = "zh-CN"
) -> Iterator[Page]:
    """A browser signed in as whoever sees a visit; scripts may not fail."""
    context = browser.new_context(viewport=PHONE, locale=locale, bypass_csp=True)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    if first.role is not None:
        page.goto(f"{address}/office/login")
        page.fill("#name", NAMES[first.role])
        page.fill("#password", world.passwords[first.role])
        page.click("main form button[type=submit]")
        page.wait_for_url(f"{address}/office/")
    if first.holder is not None:
        holder = world.holders[first.holder]
        page.goto(f"{address}/holder/login")
        for field, value in (
            ("name", holder.name),
            ("id_number", holder.id_number),
            ("pickup", holder.pickup),
        ):
            page.fill(f"#{field}", value)
        page.click("main form button[type=submit]")
        page.wait_for_url(f"{address}/holder/")
    yield page
    context.close()
    assert problems == []


def walk(
    browser: Browser, address: str, world: World, visits: tuple[Visit, ...], locale: str = "zh-CN"
) -> Iterator[tuple[Visit, Page]]:
    """Each page in turn, as its visitor sees it."""
    for _, group in groupby(visits, key=lambda one: (one.role, one.holder)):
        rows = list(group)
        with pages_of(browser, address, world, rows[0], locale) as page:
            for one in rows:
                page.set_viewport_size(PHONE)
                page.goto(f"{address}{one.path(world)}", wait_until="load")
                if one.step:
                    one.step(page, world)
                yield one, page
