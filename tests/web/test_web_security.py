"""Defences of the public site: no redirect elsewhere, no header of a visitor's making, nothing inline, nothing kept."""

from __future__ import annotations

import io
import re
import socket
import stat
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from live_database import stored_bytes
from web_helpers import Issued
from werkzeug.test import EnvironBuilder

from web.app import create_app
from web.settings import WebSettings

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "web"
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "%2F%2Fevil.example",
    "javascript:alert(1)",
)
INJECTIONS = ("a\r\nX-Evil: 1", "a\nSet-Cookie: x=1", "a%0d%0aX-Evil:%201", "a\u2028X-Evil: 1", "a\x00b")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def static(client: FlaskClient, path: str, **more: Any) -> Any:
    """A file's answer, read and closed."""
    with client.get(path, **more) as answer:
        answer.get_data()
        return answer


@pytest.mark.parametrize("there", ELSEWHERE)
def test_no_parameter_leads_to_another_site(client: FlaskClient, issued: Issued, there: str) -> None:
    """Every redirect stays here, whatever code, language or next page is given."""
    code = issued.certificates[0].code
    for address in ("/open", "/", "/about", "/office/login", "/holder/login", "/holder/"):
        for name in ("code", "next", "lang", "url", "back", "return"):
            answer = client.get(address, query_string={name: there})
            place = answer.headers.get("Location", "/")
            assert place.startswith("/"), (address, name, place)
            assert not place.startswith(("//", "/\\")), (address, name, place)
    answer = client.get("/open", query_string={"code": f"{there}/v/{code}"})
    assert answer.headers.get("Location", "/").startswith("/")


@pytest.mark.parametrize("value", INJECTIONS)
def test_no_visitor_writes_a_header(client: FlaskClient, issued: Issued, value: str) -> None:
    """Not through codes, languages, file names or form fields; a bad one is an answer, not a failure."""
    code = issued.certificates[0].code
    answers = [
        client.get("/open", query_string={"code": value + code}),
        client.get("/", query_string={"lang": value}),
        client.get("/v/" + value.replace("\n", "%0A").replace("\r", "%0D")),
        client.get("/r/" + value.replace("\n", "%0A").replace("\r", "%0D") + ".pdf"),
        client.post("/bulk", data={"rows": f"{value} x", "form": "xlsx"}),
        client.post("/results/report", data={"receipt": value, "name": value, "form": "pdf"}),
        client.post("/verify", data={"file": (io.BytesIO(b"x"), value)}),
        client.get(f"/api/v1/certificates/{code}", headers={"Accept-Language": "en;q=x, \t,,"}),
    ]
    for answer in answers:
        assert answer.status_code < 500, answer.request.path
        for name, text in answer.headers:
            assert "X-Evil" not in name
            assert "\n" not in text
            assert "\r" not in text
        assert "x=1" not in answer.headers.get("Set-Cookie", "")


def test_no_page_has_an_inline_script_style_or_handler(client: FlaskClient, issued: Issued) -> None:
    """So the content security policy needs no exception."""
    for path in TEMPLATES.rglob("*.html"):
        if not path.name.endswith("_document.html"):
            text = path.read_text("utf-8")
            assert not re.search(r"<script(?![^>]*\ssrc=)", text), path
            assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text), path
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_nothing_is_fetched_from_outside(client: FlaskClient, issued: Issued) -> None:
    """Every asset of a page is the site's own."""
    for path in ("/", "/about", "/bulk", "/regions", f"/v/{issued.certificates[0].code}", "/office/login"):
        page = client.get(path).text
        for address in re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="([^"]+)"', page):
            assert address.startswith("/"), address
            assert not address.startswith("//"), address


def test_behind_tls_cookies_are_secure_and_the_browser_keeps_to_it(issued: Issued) -> None:
    """HSTS on every answer, the short way of the API included."""
    client = create_app(issued.home, settings=WebSettings(https=True)).test_client()
    for path in ("/", f"/api/v1/certificates/{issued.certificates[0].code}", "/nothing", "/static/site.css"):
        assert "max-age=31536000" in static(client, path).headers["Strict-Transport-Security"], path
    cookie = client.get("/?lang=en").headers["Set-Cookie"]
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))


def test_secrets_are_readable_by_their_owner_alone(issued: Issued) -> None:
    """Keys and database are made with mode 0600, their folder with 0700."""
    assert stat.S_IMODE(issued.home.keys.stat().st_mode) == 0o700
    files = [one for one in issued.home.keys.rglob("*") if one.is_file()]
    assert files
    private = [
        one for one in files if one.suffix not in {".pem", ".crt", ".cer"} or b"PRIVATE" in one.read_bytes()
    ]
    assert {oct(stat.S_IMODE(one.stat().st_mode)) for one in private} == {"0o600"}
    for database in issued.home.root.glob("*.db"):
        assert stat.S_IMODE(database.stat().st_mode) == 0o600


def test_a_large_upload_stays_in_memory(app: Flask) -> None:
    """Not even a temporary file of the server holds it."""
    builder = EnvironBuilder(method="POST", data={"file": (io.BytesIO(b"x" * 700_000), "a.pdf")})
    environ = builder.get_environ()
    with environ["wsgi.input"], app.request_context(environ):
        assert isinstance(request.files["file"].stream, io.BytesIO)
    builder.close()


def test_what_was_uploaded_and_asked_leaves_no_trace(
    client: FlaskClient, issued: Issued, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is written to the home, nothing personal to the log."""
    mark = b"never-to-be-found-again"
    before = {path: path.stat().st_size for path in issued.home.files.rglob("*") if path.is_file()}
    with caplog.at_level("DEBUG"):
        client.post("/verify", data={"file": (io.BytesIO(mark * 9_000), "张三-150101199001010000.pdf")})
        client.post("/query", data={"name": "张三", "id_number": "150101199001010000"})
        client.post("/api/v1/queries", json={"name": "张三", "id_number": "150101199001010000"})
    assert {path: path.stat().st_size for path in issued.home.files.rglob("*") if path.is_file()} == before
    assert mark not in stored_bytes(issued.home.root)
    assert "150101199001010000" not in caplog.text
    assert "张三" not in caplog.text


def test_caches_keep_assets_and_never_answers(client: FlaskClient, issued: Issued) -> None:
    """Files of this version for ever; results and receipts not at all; pages are asked for again."""
    [present] = re.findall(r'href="(/static/site.css[^"]+)"', client.get("/").text)
    style = static(client, present)
    assert style.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "immutable" not in static(client, "/static/site.css?v=older").headers["Cache-Control"]
    again = static(client, "/static/site.css?v=1", headers={"If-None-Match": style.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(f"/v/{issued.certificates[0].code}").headers["Cache-Control"] == "no-store"
    for path in ("/", "/about", "/bulk", "/regions"):
        page = client.get(path)
        assert page.headers["Cache-Control"] == "no-cache", path
        again = client.get(path, headers={"If-None-Match": page.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), path


def test_a_result_page_is_small(client: FlaskClient, issued: Issued) -> None:
    """Page, style sheet and picture together are at most 30 kB, uncompressed, in both languages; no script."""
    for language in ("zh", "en"):
        page = client.get(f"/v/{issued.certificates[0].code}?lang={language}").text
        assets = re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="(/static/[^"]+)"', page)
        assert not any(".js" in one for one in assets)
        total = len(page.encode()) + sum(len(static(client, one).data) for one in assets)
        assert total <= 30_000, total


CRAWLERS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; YandexMobileBot/3.0)",
    "Mozilla/5.0 (compatible; archive.org_bot +http://archive.org/details/archive.org_bot)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)",
    "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; Bytespider)",
    "Mozilla/5.0 (compatible; Yahoo! Slurp)",
    "GoogleOther",
    "CCBot/2.0",
)
PEOPLE = (
    "Mozilla/5.0 (Linux; Android 14; 2311DRK48C) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0.49",
    "Mozilla/5.0 (Linux; Android 9; CUBOT NOTE 20) AppleWebKit/537.36 Chrome/99.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 baiduboxapp/13.60",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 YaBrowser/24.1",
    "curl/7.88.1",
    "",
)


def test_search_engines_find_the_doors_and_nobody_behind_them(client: FlaskClient, issued: Issued) -> None:
    """Home and sign-in pages may be found; answers about a person carry the mark, wherever somebody asks for them."""
    mark = '<meta name="robots" content="noindex">'
    for path in ("/", "/about", "/office/login", "/holder/login"):
        assert mark not in client.get(path).text, path
        assert client.get(path, headers={"User-Agent": CRAWLERS[0]}).status_code == 200, path
    person = {"name": issued.certificates[0].facts.name, "id_number": "150101199001010000"}
    for answer in (client.get("/nothing"), client.post("/query", data=person), client.get("/holder/")):
        assert answer.status_code == 303 or mark in answer.text


@pytest.mark.parametrize("agent", CRAWLERS)
def test_a_crawler_reads_no_result(client: FlaskClient, issued: Issued, agent: str) -> None:
    """It is refused, whatever the state of the code, and learns nothing about anybody."""
    told = {"User-Agent": agent}
    for certificate in issued.certificates[:4]:
        for path in (f"/v/{certificate.code}", f"/V/{certificate.code}", "/v/" + "A" * 26):
            answer = client.get(path, headers=told)
            assert answer.status_code == 403
            assert answer.headers["X-Robots-Tag"] == "noindex, noarchive"
            assert certificate.facts.name not in answer.text
            assert certificate.number not in answer.text
    assert static(client, "/static/site.css", headers=told).status_code == 200
    assert client.get(f"/api/v1/certificates/{issued.certificates[0].code}", headers=told).status_code == 200


@pytest.mark.parametrize("agent", PEOPLE)
def test_nobody_else_is_taken_for_a_crawler(client: FlaskClient, issued: Issued, agent: str) -> None:
    """Phones, apps and tools with a crawler's letters in their names are people."""
    certificate = issued.certificates[0]
    answer = client.get(f"/v/{certificate.code}", headers={"User-Agent": agent})
    assert answer.status_code == 200
    assert certificate.number in answer.text


def test_no_address_that_a_visitor_gives_is_fetched(client: FlaskClient, issued: Issued) -> None:
    """A listener waits at the address in every field that takes text; nobody ever connects."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        there = f"http://127.0.0.1:{listener.getsockname()[1]}/V/{'A' * 26}"
        client.get("/open", query_string={"code": there})
        client.get(f"/v/{there}")
        client.post("/bulk", data={"rows": f"{there}\t{there}"})
        client.post("/query", data={"name": there, "id_number": there, "number": there})
        client.post("/api/v1/recognitions", json={"code": there})
        client.post("/api/v1/recognitions", json={"code": there, "region": "110000"})
        client.post("/api/v1/answers", json={"nonce": "n" * 20, "code": there})
        client.post("/verify", data={"file": (io.BytesIO(f"%PDF-1.7 {there}".encode()), "a.pdf")})
        with pytest.raises(TimeoutError):
            listener.accept()
