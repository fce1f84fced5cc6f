"""Who runs the site, and what others need to check certificates without it."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from cryptography import x509

from core.errors import HomeNotReady
from core.settings import Home
from signing.authority.opening import open_authority
from web.app import create_app
from web.settings import WebSettings

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from web_helpers import Issued

TOLD = WebSettings(
    operator="某某自治区人力资源和社会保障厅",
    basis="内人社发〔2025〕16号",
    telephone="0471-0000000",
    icp_number="蒙ICP备00000000号",
    police_number="蒙公网安备00000000000000号",
    site_code="1500000000",
    security_contact="mailto:security@example.invalid",
)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor."""
    return app.test_client()


def test_nothing_is_shown_that_nobody_has_set(client: FlaskClient) -> None:
    """No empty labels, no invented operator, no security.txt."""
    page = client.get("/about").text
    assert "主办单位" not in page
    assert "本站由谁运行" not in page
    assert client.get("/.well-known/security.txt").status_code == 404


def test_the_operator_stands_on_the_page_and_at_the_foot(issued: Issued) -> None:
    """Name, right and telephone on the page about the site; registrations at the foot of every page."""
    client = create_app(issued.home, settings=TOLD).test_client()
    page = client.get("/about").text
    for said in (TOLD.operator, TOLD.basis, TOLD.telephone):
        assert said in page
    for path in ("/", f"/v/{issued.certificates[0].code}", "/bulk"):
        foot = client.get(path).text.partition("<footer")[2]
        for said in (TOLD.operator, TOLD.icp_number, TOLD.police_number, TOLD.site_code):
            assert said in foot, path


def test_security_txt_is_as_the_rfc_wants_it(issued: Issued) -> None:
    """RFC 9116: contact, an end within a year, the address that it counts for."""
    client = create_app(issued.home, settings=TOLD).test_client()
    answer = client.get("/.well-known/security.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == TOLD.security_contact
    ends = datetime.fromisoformat(fields["Expires"])
    assert 0 < (ends - datetime.now(UTC)).days < 366
    assert fields["Canonical"].endswith("/.well-known/security.txt")


def test_a_contact_without_a_scheme_is_refused_in_words(tmp_path: Path) -> None:
    """With what to write."""
    home = Home(tmp_path / "home")
    home.create()
    home.config.write_text('[web]\nsecurity_contact = "admin@example.invalid"\n', "utf-8")
    with pytest.raises(HomeNotReady, match="mailto"):
        home.section("web", WebSettings)


def test_roots_keys_and_lists_can_be_taken_away(client: FlaskClient, issued: Issued) -> None:
    """What is downloaded is what the page gives fingerprints of; nothing else can be reached by number."""
    page = client.get("/about").text
    authority = open_authority(issued.home)
    pem = client.get("/about/root-1.pem")
    der = client.get("/about/root-1.cer")
    assert (
        x509.load_pem_x509_certificate(pem.data)
        == x509.load_der_x509_certificate(der.data)
        == authority.roots[0]
    )
    shown = re.findall(r'<span class="code">([0-9A-F:]{64,})</span>', page)
    assert authority.root_fingerprints[0] in shown
    keys = client.get("/about/keys.json")
    assert hashlib.sha256(keys.data).hexdigest().upper() in shown
    assert json.loads(keys.data) == authority.keyset.as_jwks()
    for href in re.findall(r'href="(/api/v1/status-lists/\d+)"', page):
        assert client.get(href).status_code == 200
    for path in ("/about/root-0.pem", "/about/root-99.cer", "/about/root-1.key", "/about/root-1.p12"):
        assert client.get(path).status_code == 404, path


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_page_tells_how_readers_are_made_to_trust(client: FlaskClient, lang: str) -> None:
    """Adobe, Foxit and WPS, in both languages, with the fingerprint to compare."""
    page = client.get(f"/readers?lang={lang}").text
    for reader in ("Adobe", "WPS", "福昕" if lang == "zh" else "Foxit"):
        assert reader in page
    assert 'href="/about/root-1.cer"' in page
