"""Something breaks while the site is running: people get a calm page, programs a problem document, nobody a trace."""

from __future__ import annotations

import shutil
import sqlite3
from functools import wraps
from pathlib import Path

import pytest
from flask import Flask
from web_helpers import Issued

from core.settings import Home
from web.app import create_app
from web.settings import WebSettings

GENEROUS = WebSettings(
    rate_query="10000 per minute", rate_upload="10000 per minute", rate_result="10000 per minute"
)


@pytest.fixture
def copied(issued: Issued, tmp_path: Path) -> Home:
    """The home in a folder of its own, to be broken."""
    shutil.copytree(issued.home.root, tmp_path / "home")
    return Home(tmp_path / "home")


@pytest.fixture
def broken(copied: Home) -> Flask:
    """A site whose table of certificates is gone, as after a careless repair by hand."""
    app = create_app(copied, settings=GENEROUS)
    assert app.test_client().get("/readyz").status_code == 200
    with sqlite3.connect(copied.root / "zhicheng.db", isolation_level=None) as database:
        database.execute("ALTER TABLE certificates RENAME TO elsewhere")
    return app


def test_a_register_that_breaks_while_the_site_runs(broken: Flask, issued: Issued) -> None:
    """Look-ups say that they cannot be made; nothing is called unknown or valid; a balancer sends visitors elsewhere."""
    client, code = broken.test_client(), issued.certificates[0].code
    page = client.get(f"/v/{code}")
    assert page.status_code == 503
    assert "服务暂不可用" in page.text
    assert "登记有效" not in page.text
    for address in (f"/api/v1/certificates/{code}", f"/api/v1/certificates/{code}?lang=zh", "/readyz"):
        answer = client.get(address)
        assert answer.status_code == 503, address
        assert answer.content_type == "application/problem+json"
        assert answer.get_json()["code"] == "http503"
    assert client.get("/").status_code == 200
    assert client.get("/healthz").get_json() == {"status": "ok"}


@pytest.mark.parametrize(("address", "endpoint"), [("/", "public.home"), ("/office/login", "office.login")])
@pytest.mark.parametrize(("lang", "title"), [("zh-CN", "服务出错"), ("en", "Server error")])
def test_an_error_that_nobody_foresaw(
    copied: Home, address: str, endpoint: str, lang: str, title: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A calm page with a way on for people, the cause in the log for the administrator, nothing of it on the page."""
    app = create_app(copied, settings=GENEROUS)

    @wraps(app.view_functions[endpoint])  # with its marks: who may see it
    def defect(**_given: str) -> str:
        return str(1 // int("0"))

    app.view_functions[endpoint] = defect
    answer = app.test_client().get(address, headers={"Accept-Language": lang})
    assert answer.status_code == 500
    assert title in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert "href" in answer.text.split("<main", 1)[1]
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    "address", ["/v/{code}", "/v/{code}?x=1", "/api/v1/certificates/{code}", "/r/{code}"]
)
def test_the_log_has_the_cause_and_nothing_of_the_person(
    copied: Home,
    issued: Issued,
    address: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Kind and place of the error; neither the code of the address nor what the error's own words tell."""
    app, one = create_app(copied, settings=GENEROUS), issued.certificates[0]

    def defect(*_given: object) -> None:
        raise LookupError(f"no {one.number} of {one.facts.name}, {one.code}")

    monkeypatch.setattr("registry.certificates.lookup.Lookup.by_code", defect)
    monkeypatch.setattr("web.public.receipt_pages.read_receipt", defect)
    answer = app.test_client().get(address.format(code=one.code))
    assert answer.status_code == 500
    assert "LookupError" in caplog.text
    assert "test_web_broken.py" in caplog.text
    for secret in (one.code, one.code.lower(), one.number, one.facts.name):
        assert secret not in caplog.text
