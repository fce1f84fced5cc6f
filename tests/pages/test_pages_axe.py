"""Every page on a phone and on a desktop: nothing serious for axe-core, nothing beyond the window, nothing forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby

import pytest
from playwright.sync_api import Browser, Page
from real_browser import DESKTOP, PHONE, axe_findings, fits, in_browser, shot
from visits import BARE, EVERYWHERE, HOLDER, NOT_PAGES, OFFICE, PUBLIC, Visit
from walking import walk
from world import World

pytestmark = in_browser
NARROW = {"width": 320, "height": 640}
GROUPS = {
    "public": PUBLIC,
    "holder": HOLDER,
    **{f"office-{role}": tuple(rows) for role, rows in groupby(OFFICE, key=lambda one: one.role)},
}


def check(browser: Browser, address: str, world: World, visits: tuple[Visit, ...]) -> dict[str, object]:
    """What is wrong, by page and width."""
    wrong: dict[str, object] = {}
    for one, page in walk(browser, address, world, visits):
        for size in (PHONE, DESKTOP):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            shot(page, one.name)
            if not fits(page):
                wrong[f"{one.name} {size['width']} reaches beyond the window"] = page.url
            if found := axe_findings(page):
                wrong[f"{one.name} {size['width']}"] = found
        wrong |= {f"{one.name} {how}": page.url for how in too_wide(page)}
    return wrong


def too_wide(page: Page) -> Iterator[str]:
    """WCAG 2.2: 1.4.10, a window of 320 pixels; 1.4.4, letters twice as large. The page is left large and narrow."""
    page.set_viewport_size(NARROW)
    if not fits(page):
        yield "in 320 pixels reaches beyond the window"
    page.set_viewport_size(DESKTOP)
    page.add_style_tag(content="html { font-size: 200% }")
    if not fits(page):
        yield "in large letters reaches beyond the window"


@pytest.mark.parametrize("name", GROUPS)
def test_axe_finds_nothing_serious(browser: Browser, address: str, world: World, name: str) -> None:
    """On any page, 360 and 1200 pixels wide."""
    wrong = check(browser, address, world, GROUPS[name])
    assert wrong == {}, json.dumps(wrong, ensure_ascii=False, indent=1)


def test_axe_finds_nothing_serious_where_nothing_has_happened(
    browser: Browser, bare_address: str, bare: World
) -> None:
    """And an empty list says what it will hold."""
    assert check(browser, bare_address, bare, BARE) == {}


def test_every_page_of_the_site_is_visited(world: World) -> None:
    """A new address fails here until it has a visit or is named as something else than a page."""
    every = {rule.endpoint for rule in world.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    visited = {one.endpoint for one in EVERYWHERE}
    assert sorted(every - visited - NOT_PAGES) == []
    assert sorted(NOT_PAGES - every - {"holder.oidc_back", "holder.oidc_start"}) == []
