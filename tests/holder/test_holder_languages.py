"""The holder's pages in English: nothing Chinese but registered data."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient
from holder_helpers import Holder, House

from registry.clock import local_day, now

HAN = re.compile("[\u3001-\u303f\u3400-\u9fff\uff00-\uffef]+")
SPOKEN_CHINESE = re.compile(r'<(\w+)[^>]*\slang="zh-CN"[^>]*>.*?</\1>', re.DOTALL)
PURPOSE = "供某某医院聘用核验"
ENGLISH = {"Accept-Language": "en"}


def left_in_chinese(page: str, holder: Holder) -> list[str]:
    """What is Chinese beside registered data: what is marked, and the person's name, title and purposes."""
    text = SPOKEN_CHINESE.sub("", page)
    for known in (holder.name, holder.certificate.facts.title, PURPOSE):
        text = text.replace(known, "")
    return HAN.findall(text)


@pytest.fixture
def signed_in(client: FlaskClient, core: House) -> FlaskClient:
    """The second holder's browser, signed in and reading English."""
    assert client.post("/holder/login", data=core.holders[1].form).status_code == 303
    assert client.get("/holder/?lang=en").status_code == 200
    return client


def test_the_sign_in_pages_are_english(client: FlaskClient, core: House) -> None:
    """Also after a refusal and at the end of a session."""
    refused = client.post("/holder/login", data={"name": "X"}, headers=ENGLISH)
    for page in (client.get("/holder/login?ended=1&lang=en"), refused):
        assert "Pick-up code" in page.text
        assert left_in_chinese(page.text, core.holders[1]) == []


def test_every_page_of_a_holder_is_english(signed_in: FlaskClient, core: House) -> None:
    """List, certificate with copies live and withdrawn, a refused copy, look-ups."""
    holder = core.holders[1]
    token = re.search(r'name="csrf" value="([^"]+)"', signed_in.get("/holder/certificates/1").text)
    assert token
    last = (local_day(now()) + timedelta(days=20)).isoformat()
    form = {"csrf": token[1], "purpose": PURPOSE, "expires_on": last}
    for _ in range(2):
        assert signed_in.post("/holder/certificates/1/copies", data=form).status_code == 303
    signed_in.post("/holder/certificates/1/copies/1/revoke", data=form)
    refused = signed_in.post("/holder/certificates/1/copies", data={**form, "expires_on": "x"})
    assert refused.status_code == 422
    pages = [signed_in.get(f"/holder/{one}") for one in ("", "certificates/1", "inquiries")]
    for page in [*pages, refused]:
        assert left_in_chinese(page.text, holder) == [], page.request.path
    assert "withdrawn" in pages[1].text
    assert PURPOSE in pages[1].text


def test_a_person_without_certificates_reads_english(app: Flask, core: House) -> None:
    """The page after an identity provider has confirmed somebody whom the register does not know."""
    with app.test_request_context("/holder/?lang=en"):
        page = render_template("holder/nothing.html", session_open=False, csrf="")
    assert "No certificate of yours was found" in page
    assert left_in_chinese(page, core.holders[1]) == []
