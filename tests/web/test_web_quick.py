"""The look-up by code: the short way and Flask's way agree, caches may ask whether it changed, limits hold on both."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient
from web_helpers import Issued

from web.app import create_app
from web.http.limits import Turnstile
from web.public.page_types import Fact
from web.public.result_answer import EXTENSION
from web.public.view_models import result_page
from web.settings import WebSettings

DATED = "checked_at"
OF_THE_MOMENT = {"Retry-After", "X-RateLimit-Remaining", "X-RateLimit-Reset"}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize("language", [None, "en", "zh-CN"])
def test_both_ways_give_the_same_answer(client: FlaskClient, issued: Issued, language: str | None) -> None:
    """A query string, even an empty-handed one, goes through Flask; body and headers are those of the short way."""
    headers = {"Accept-Language": language} if language else {}
    for code in (issued.certificates[0].code, issued.certificates[1].code.lower(), "A" * 26):
        short = client.get(f"/api/v1/certificates/{code}", headers=headers)
        long = client.get(f"/api/v1/certificates/{code}?x=1", headers=headers)
        assert short.status_code == long.status_code
        bodies = [
            {key: value for key, value in one.get_json().items() if key != DATED} for one in (short, long)
        ]
        assert bodies[0] == bodies[1]
        names = [
            {key: value for key, value in one.headers if key not in OF_THE_MOMENT} for one in (short, long)
        ]
        assert names[0] == names[1]


def test_an_answer_in_english_says_so_in_its_sentences(client: FlaskClient, issued: Issued) -> None:
    """Codes stay, sentences change."""
    path = f"/api/v1/certificates/{issued.certificates[0].code}"
    chinese, english = (
        client.get(path).get_json(),
        client.get(path, headers={"Accept-Language": "en"}).get_json(),
    )
    assert chinese["register"]["code"] == english["register"]["code"]
    assert english["register"]["message"].startswith("Registered and valid")


def test_an_unchanged_answer_is_not_sent_again(client: FlaskClient, issued: Issued) -> None:
    """A weak entity tag over everything but the moment; 304 has no body."""
    path = f"/api/v1/certificates/{issued.certificates[0].code}"
    for address in (path, f"{path}?x=1"):
        first = client.get(address)
        tag = first.headers["ETag"]
        assert tag.startswith('W/"')
        assert first.headers["Cache-Control"] == "no-cache"
        for given in (tag, f'"other", {tag}', "*"):
            again = client.get(address, headers={"If-None-Match": given})
            assert (again.status_code, again.data) == (304, b""), given
        assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_limit_holds_on_the_short_way_and_says_when_to_come_back(issued: Issued) -> None:
    """Counted for each address; the answer is a problem document."""
    app = create_app(issued.home, settings=WebSettings(rate_result="2 per hour"))
    path = f"/api/v1/certificates/{issued.certificates[0].code}"
    answers = [app.test_client().get(path) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert [one.headers["X-RateLimit-Remaining"] for one in answers] == ["1", "0", "0"]
    assert answers[2].mimetype == "application/problem+json"
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 3600
    other = app.test_client().get(path, environ_base={"REMOTE_ADDR": "127.0.0.9"})
    assert other.status_code == 200


def test_the_shorter_of_two_windows_decides(app: Flask) -> None:
    """`2 per hour; 30 per day`: the third is too many for the hour; another visitor is not."""
    del app
    turnstile = Turnstile("30 per day; 2 per hour", "a test")
    assert [turnstile.hit("a").allowed for _ in range(3)] == [True, True, False]
    assert turnstile.hit("b").limit == 2


def test_pages_of_other_sites_may_verify_but_not_query(client: FlaskClient, issued: Issued) -> None:
    """CORS stands on verification and public lists only, never on look-ups of people; no credentials are allowed."""
    origin = {"Origin": "https://other.example"}
    path = f"/api/v1/certificates/{issued.certificates[0].code}"
    for address in (path, f"{path}?x=1", "/api/v1/log/head", "/.well-known/zhicheng/region.json"):
        answer = client.get(address, headers=origin)
        assert answer.headers["Access-Control-Allow-Origin"] == "*", address
        assert "Access-Control-Allow-Credentials" not in answer.headers
    preflight = client.options("/api/v1/verifications", headers=origin)
    assert preflight.headers["Access-Control-Allow-Methods"] == "GET, POST"
    body = json.dumps({"name": "张三", "id_number": "1501"})
    for answer in (
        client.post("/api/v1/queries", data=body, content_type="application/json", headers=origin),
        client.options("/api/v1/queries", headers=origin),
        client.options("/api/v1/bulk-checks", headers=origin),
        client.get("/", headers=origin),
    ):
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("language", [None, "en", "zh-CN"])
@pytest.mark.parametrize("door", ["v", "V"])
def test_both_ways_give_the_same_page(
    client: FlaskClient, issued: Issued, language: str | None, door: str
) -> None:
    """A query string goes through Flask; but for the moment, and the receipt made of it, all is the same."""
    headers = {"Accept-Language": language} if language else {}
    for code in (issued.certificates[0].code, issued.certificates[1].code.lower(), "A" * 26):
        short, long = (client.get(f"/{door}/{code}{end}", headers=headers) for end in ("", "?x=1"))
        assert short.status_code == long.status_code
        assert short.headers["ETag"] == long.headers["ETag"]
        names = [
            {key: value for key, value in one.headers if key not in {*OF_THE_MOMENT, "Content-Length"}}
            for one in (short, long)
        ]
        assert names[0] == names[1]


def test_the_folded_page_says_what_flasks_own_template_says(app: Flask, issued: Issued) -> None:
    """Folding changes nothing of a page: rendered by Flask from the same template, it is the same text."""
    code, here = issued.certificates[0].code, app.extensions["zhicheng"]
    for language in ("zh", "en"):
        with app.test_request_context(f"/v/{code}?lang={language}"):
            page = result_page(here.verifier.verify_code(code), receipt="R" * 26, moment="M")
            plain = render_template("result.html", page=page)
            folded = app.extensions[EXTENSION].render(language, "public.result", {"code": code}, page=page)
        assert folded.replace('<meta name="robots" content="noindex">\n', "") == plain.replace(
            '<meta name="robots" content="noindex">\n', ""
        )


def test_registered_words_cannot_write_html(app: Flask, issued: Issued) -> None:
    """A title, a headline, a detail or an address with markup in it is text on the page, in every language."""
    evil = "<script>alert('1')</script>&\""
    code, here = issued.certificates[0].code, app.extensions["zhicheng"]
    page = result_page(here.verifier.verify_code(code), receipt="R" * 26)
    answers = tuple(replace(one, sentence=evil, detail=evil, todo=evil) for one in page.answers)
    facts = tuple(Fact(evil, evil, code=True) for _ in page.facts)
    changed = replace(
        page, headline=evil, advice=evil, checked_at=evil, file_name=evil, answers=answers, facts=facts
    )
    for language in ("zh", "en"):
        text = app.extensions[EXTENSION].render(language, "public.result", {"code": evil}, page=changed)
        assert "<script>" not in text
        assert text.count("&lt;script&gt;") >= len(facts) * 2 + len(answers) * 3


def test_an_unchanged_page_is_not_sent_again_and_never_indexed(client: FlaskClient, issued: Issued) -> None:
    """A weak tag over all but the moment; nothing is kept by browsers; search engines are told twice."""
    path = f"/v/{issued.certificates[0].code}"
    for address in (path, f"{path}?x=1"):
        first = client.get(address)
        assert first.headers["Cache-Control"] == "no-store"
        assert first.headers["X-Robots-Tag"] == "noindex, noarchive"
        assert '<meta name="robots" content="noindex">' in first.text
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    other = client.get(f"/v/{issued.certificates[1].code}")
    assert other.headers["ETag"] != first.headers["ETag"]


def test_a_visitor_who_chose_a_language_keeps_it(app: Flask, issued: Issued) -> None:
    """The cookie counts before the browser's wish, on the short way's address, too."""
    client, path = app.test_client(), f"/v/{issued.certificates[0].code}"
    client.get("/?lang=en")
    assert '<html lang="en">' in client.get(path, headers={"Accept-Language": "zh-CN"}).text


def test_the_page_too_has_its_limit(issued: Issued) -> None:
    """Past it a calm page says how long to wait; another visitor still gets his answer."""
    app = create_app(issued.home, settings=WebSettings(rate_result="2 per hour"))
    path = f"/v/{issued.certificates[0].code}"
    answers = [app.test_client().get(path) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[2].mimetype == "text/html"
    assert app.test_client().get(path, environ_base={"REMOTE_ADDR": "127.0.0.9"}).status_code == 200
