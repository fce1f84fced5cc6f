"""Every page read in English: public pages, holders' pages and the workspace, as a browser shows them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, template_rendered
from playwright.sync_api import Browser
from real_browser import in_browser
from visits import EVERYWHERE
from walking import walk
from world import World

pytestmark = in_browser
TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "web"
PARTS = {"api.html", "base.html", "icons.html", "parts.html", "answers.html", "inquirer.html"}
DOCUMENTS = {"receipt_document.html", "bulk_document.html"}  # signed PDFs
ELSEWHERE = {
    "holder/nothing.html",  # after an identity provider's answer: tests/holder/test_holder_languages.py
    "office/case_usable.html",  # after a neighbour's answer: the one sentence of `office/message.html` and a link
}
CHINESE = """() => {
  const han = /[\\u3001-\\u303f\\u3400-\\u9fff\\uff00-\\uffef]/, spoken = '[lang="zh-CN"], script, style, textarea';
  const left = [], skipped = ["value", "href", "src", "action"];
  const texts = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (han.test(text.data) && !text.parentElement.closest(spoken)) left.push(text.data.trim());
  }
  for (const one of document.querySelectorAll("*")) {
    if (one.closest(spoken)) continue;
    for (const given of one.attributes) {
      if (han.test(given.value) && !skipped.includes(given.name)) left.push(`${given.name}=${given.value}`);
    }
  }
  return left;
}"""


@pytest.fixture(scope="session")
def rendered(world: World) -> Iterator[set[str]]:
    """Templates that the full site has rendered so far."""
    seen: set[str] = set()

    def note(_sender: Flask, template: object, **_more: object) -> None:
        seen.add(str(template.name))  # type: ignore[attr-defined]

    with template_rendered.connected_to(note, world.app):
        yield seen


def test_no_chinese_is_left_on_any_page_read_in_english(
    browser: Browser, address: str, world: World, rendered: set[str]
) -> None:
    """But for what says that it is Chinese: registered data. Every template is seen on the way."""
    english = {}
    for one, page in walk(browser, address, world, EVERYWHERE, "en-GB"):
        if left := page.evaluate(CHINESE):
            english[one.name] = sorted(set(left))
    every = {str(one.relative_to(TEMPLATES)) for one in TEMPLATES.rglob("*.html") if one.name not in PARTS}
    assert english == {}, json.dumps(english, ensure_ascii=False, indent=1)
    assert sorted(every - rendered - DOCUMENTS - ELSEWHERE) == []
