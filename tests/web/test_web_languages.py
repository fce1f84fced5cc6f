"""Languages of the site: everything in English, Chinese where nothing is translated, the choice remembered."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from web_helpers import Issued

from core.message import catalogue
from records.sample import sample_batch
from web.http import languages
from web.http.citations import cited
from web.http.wording import people_day

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "web"
DOCUMENTS = {"receipt_document.html", "bulk_document.html"}  # leave the site as signed PDFs, in Chinese
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
HAN = re.compile("[\u3001-\u303f\u3400-\u9fff\uff00-\uffef]")
MARKUP = re.compile(r"<!--.*?-->|\{#.*?#\}|\{%-?\s*trans.*?endtrans\s*-?%\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
SPOKEN_CHINESE = re.compile(r'<(\w+)[^>]*\slang="(?:zh-CN|mn)"[^>]*>.*?</\1>', re.DOTALL)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def templates() -> list[Path]:
    return [one for one in sorted(TEMPLATES.rglob("*.html")) if one.name not in DOCUMENTS]


TRANSLATED = [one for one in templates() if one.parent.name in ("web", "holder", "office")]


def used(path: Path) -> set[str]:
    """Every sentence that a template asks a translation for."""
    options = {"trimmed": "true", "silent": "false"}
    found = extract_from_file("jinja2.ext:babel_extract", str(path), keywords=KEYWORDS, options=options)
    return {one[1] if isinstance(one[1], str) else one[1][0] for one in found}


def translated(code: str) -> set[str]:
    ids: set[str] = set()
    for path in (TEMPLATES / "locale" / code).glob("*.po"):
        with path.open("rb") as handle:
            for one in read_po(handle, locale=code):
                strings = one.string if isinstance(one.string, list | tuple) else [one.string]
                if one.id and all(strings) and not one.fuzzy:
                    ids.add(one.id if isinstance(one.id, str) else one.id[0])
    return ids


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_every_sentence_of_a_template_has_an_english_translation(path: Path) -> None:
    """A new sentence fails here until `templates/web/locale/en` has it."""
    assert sorted(used(path) - translated("en")) == []


@pytest.mark.parametrize("path", TRANSLATED, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_has_no_text_beside_its_translatable_sentences(path: Path) -> None:
    """Nothing Chinese stands in a template outside `_()`."""
    assert HAN.findall(MARKUP.sub("", path.read_text("utf-8"))) == []


def test_no_translation_is_left_over() -> None:
    """What no template uses is removed."""
    assert sorted(translated("en") - set().union(*(used(one) for one in templates()))) == []


def test_a_translation_asks_for_the_same_values() -> None:
    """`%(name)s` of a sentence and of its translation are the same."""
    for path in (TEMPLATES / "locale").rglob("*.po"):
        with path.open("rb") as handle:
            for one in read_po(handle, locale=path.parent.name):
                for string in one.string if isinstance(one.string, list | tuple) else [one.string]:
                    wanted = one.id if isinstance(one.id, str) else one.id[0]
                    names = [set(re.findall(r"%\((\w+)\)s", text)) for text in (wanted, string)]
                    assert names[1] <= names[0], one.id


def test_every_sentence_of_the_site_made_in_python_has_an_english_one() -> None:
    """The catalogue of the web room is complete in both languages."""
    assert set(catalogue("web", "zh")) == set(catalogue("web", "en"))


def test_the_address_wins_over_the_cookie_and_the_cookie_over_the_browser(client: FlaskClient) -> None:
    """Chinese when nothing is asked for; a choice is remembered for the next page."""
    english = {"Accept-Language": "en-GB,en;q=0.9"}
    assert 'lang="zh-CN"' in client.get("/").text
    assert "核验说明" in client.get("/about", headers={"Accept-Language": "fr"}).text
    assert "About verification" in client.get("/about", headers=english).text
    chosen = client.get("/?lang=en")
    cookie = chosen.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert {"Accept-Language", "Cookie"} <= set(chosen.vary)
    assert chosen.headers["Content-Language"] == "en"
    assert "About verification" in client.get("/about").text
    assert "核验说明" in client.get("/about?lang=zh", headers=english).text
    assert "核验说明" in client.get("/about?lang=xx\r\nX: y", headers={}).text


def test_a_language_without_translations_is_not_offered_and_falls_back(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The Mongolian file is there, empty; with its first sentence the language appears, the rest stays Chinese."""
    assert [one.code for one in languages.offered()] == ["zh", "en"]
    head = (TEMPLATES / "locale" / "mn" / "public.po").read_text("utf-8")
    (tmp_path / "mn").mkdir()
    (tmp_path / "mn" / "public.po").write_text(head + '\nmsgid "去核验"\nmsgstr "Шалгах"\n', "utf-8")
    caches = (languages.offered, languages.translations, languages._codes, languages.preferred_language)
    monkeypatch.setattr(languages, "LOCALE", tmp_path)
    try:
        for one in caches:
            one.cache_clear()
        assert "mn" in [one.code for one in languages.offered()]
        page = client.get("/about?lang=mn")
        assert 'html lang="mn"' in page.text
        assert "核验说明" in page.text
        assert languages.translations("mn").gettext("去核验") == "Шалгах"
    finally:
        monkeypatch.undo()
        for one in caches:
            one.cache_clear()


def test_no_chinese_is_left_on_public_pages_read_in_english(client: FlaskClient, issued: Issued) -> None:
    """But for registered data, which say that they are Chinese, and the link to the Chinese page."""
    certificate = issued.certificates[0]
    person = sample_batch(12, 7).passed[0].person
    receipt = re.search(r"/r/(\w+)\.pdf", client.get(f"/v/{certificate.code}?lang=en").text)
    assert receipt
    pdf = issued.pdf(certificate)
    query = {"name": person.name, "id_number": person.identity_number}
    rows = {"rows": f"{certificate.number}\t{certificate.facts.name}\nNM20251500205P00012X\tX"}
    pages = [
        client.get(path)
        for path in (
            "/",
            "/about",
            "/bulk",
            "/regions",
            f"/v/{certificate.code}",
            "/v/" + "A" * 26,
            f"/r/{receipt[1]}",
            "/nothing",
            "/open?code=x",
        )
    ]
    pages += [
        client.post("/query", data=query),
        client.post("/query", data={"name": "X", "id_number": "1234"}),
        client.post("/bulk", data=rows),
        client.post("/bulk", data={"rows": ""}),
        client.post("/verify", data={"file": (io.BytesIO(pdf), "a.pdf")}),
        client.post("/verify", data={"file": (io.BytesIO(pdf[:-9]), "a.pdf")}),
        client.post("/verify", data={"file": [(io.BytesIO(pdf), "a.pdf"), (io.BytesIO(b"x"), "b.pdf")]}),
        client.post("/verify", data={}),
    ]
    signer = client.post("/api/v1/verifications", data={"file": (io.BytesIO(pdf), "a.pdf")}).json["file"][
        "signer"
    ]
    for page in pages:
        left = SPOKEN_CHINESE.sub("", page.text)
        left = re.sub(r"<textarea.*?</textarea>", "", left, flags=re.DOTALL).replace(signer, "")
        assert HAN.findall(left) == [], (
            page.request.path,
            [line for line in left.split("\n") if HAN.search(line)],
        )


def test_days_and_clauses_are_said_in_the_language_of_the_page(app: Flask) -> None:
    """In Chinese by default, in English on English pages."""
    with app.test_request_context("/"):
        assert (people_day("2025-08-22"), cited("第五十七条")) == ("2025年8月22日", "第五十七条")
    with app.test_request_context("/?lang=en"):
        assert [people_day(one) for one in ("2025-08-22", "2025-08", "2025")] == [
            "22 August 2025",
            "August 2025",
            "2025",
        ]
        assert cited("第五十七条、第一百零三条") == "article 57; article 103"
