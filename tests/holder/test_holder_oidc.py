"""Sign-in of holders through a real OpenID Connect provider on loopback: there and back, and every way to fail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from holder_helpers import GENEROUS, House
from loopback import free_port
from pydantic import ValidationError

from web.app import create_app
from web.settings import OidcSettings

SITE = "http://localhost"
CLIENT = "zhicheng-test"
PATIENCE_S = 60


def answers(address: str) -> bool:
    try:
        return httpx.get(address, trust_env=False, timeout=PATIENCE_S).is_success
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def provider(core: House) -> Iterator[str]:
    """A provider in a process of its own that knows a holder, a stranger, and one without an ID number."""
    port, holder = free_port(), core.holders[6]
    people = [
        {"sub": "holder", "name": holder.name, "sfz": holder.id_number},
        {"sub": "stranger", "name": "无此人", "sfz": holder.id_number},
        {"sub": "nameless"},
    ]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port), "-n", "true"]
    for one in people:
        command += ["--user-claims", json.dumps(one)]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONWARNINGS"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=environment, **quiet) as process:  # type: ignore[call-overload]
        address = f"http://127.0.0.1:{port}"
        end = time.monotonic() + PATIENCE_S
        while not answers(f"{address}/.well-known/openid-configuration"):
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.05)
        yield address
        process.terminate()


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an operator writes in the environment, the issuer apart."""
    settings = {
        "REGISTRY_PUBLIC_URL": SITE,
        "OIDC_CLIENT_ID": CLIENT,
        "OIDC_CLIENT_SECRET": "a secret of the test",
        "OIDC_ID_NUMBER_CLAIM": "sfz",
        "OIDC_LABEL": "某省统一认证",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"ZHICHENG_{name}", value)


@pytest.fixture
def app(core: House, provider: str, configure: None, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv("ZHICHENG_OIDC_ISSUER", provider)
    return create_app(core.home, settings=GENEROUS)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def leave(client: FlaskClient) -> str:
    """Where the site sends the visitor."""
    answer = client.get("/holder/oidc")
    assert answer.status_code == 302
    return str(answer.location)


def consent(address: str, who: str) -> str:
    """The provider asks, the visitor agrees; the address that leads back, without its origin."""
    answer = httpx.post(address, data={"sub": who}, trust_env=False)
    assert answer.status_code == 302
    back = urlsplit(answer.headers["Location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == f"{SITE}/holder/oidc/back"
    return f"{back.path}?{back.query}"


def test_a_holder_comes_back_to_his_certificates(client: FlaskClient, core: House) -> None:
    """State, nonce and PKCE leave with him; nothing personal stands in any cookie."""
    holder = core.holders[6]
    assert "通过某省统一认证登录" in client.get("/holder/login").text
    away = leave(client)
    asked = parse_qs(urlsplit(away).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert all(len(asked[name][0]) >= 20 for name in ("state", "nonce", "code_challenge"))
    back = client.get(consent(away, "holder"))
    assert back.location == "/holder/"
    for cookie in back.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
    page = client.get("/holder/").text
    assert holder.name in page
    assert holder.certificate.number in page


@pytest.mark.parametrize("who", ["stranger", "nameless"])
def test_whom_the_register_does_not_know_gets_no_session(client: FlaskClient, who: str) -> None:
    """Name and number must both fit; a provider that names nobody opens nothing."""
    back = client.get(consent(leave(client), who))
    assert back.status_code == 404
    assert "没有查到您的证书" in back.text
    assert client.get("/holder/").status_code == 303


def test_a_state_of_somebody_else_opens_nothing(app: Flask, client: FlaskClient) -> None:
    """An answer that was begun in another browser, comes twice, or is invented."""
    path = consent(leave(client), "holder")
    other = app.test_client()
    assert other.get(path).status_code == 401
    leave(other)
    assert other.get(path).status_code == 401
    assert client.get(path).status_code == 303
    again = app.test_client()
    leave(again)
    for made_up in ("", "?state=x&code=y", "?error=access_denied"):
        refused = again.get(f"/holder/oidc/back{made_up}")
        assert refused.status_code == 401
        assert "没有登录成功" in refused.text


def test_a_token_with_another_nonce_is_refused(client: FlaskClient) -> None:
    """The ID token must answer this very request."""
    away = leave(client)
    nonce = parse_qs(urlsplit(away).query)["nonce"][0]
    assert client.get(consent(away.replace(nonce, "another-nonce-altogether"), "holder")).status_code == 401
    assert client.get("/holder/").status_code == 303


def test_a_token_for_another_client_is_refused(client: FlaskClient) -> None:
    """Of the same provider, but not for us."""
    away = leave(client)
    assert client.get(consent(away.replace(CLIENT, "another-client"), "holder")).status_code == 401
    assert client.get("/holder/").status_code == 303


def test_a_provider_that_is_down_is_told_calmly(
    core: House, configure: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pick-up code still works."""
    monkeypatch.setenv("ZHICHENG_OIDC_ISSUER", f"http://127.0.0.1:{free_port()}")
    client = create_app(core.home, settings=GENEROUS).test_client()
    answer = client.get("/holder/oidc")
    assert answer.status_code == 401
    assert "用领取码登录" in answer.text


def test_without_a_provider_there_is_no_such_page(core: House) -> None:
    """No button, no address."""
    client = create_app(core.home, settings=GENEROUS).test_client()
    assert "不用领取码" not in client.get("/holder/login").text
    assert client.get("/holder/oidc").status_code == 404
    assert client.get("/holder/oidc/back?code=1&state=2").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "https://id.example"},
        {"issuer": "http://id.example", "client_id": "a"},
        {"issuer": "https://id.example", "client_id": "a", "scope": "profile"},
    ],
)
def test_settings_that_contradict_each_other_are_refused(wrong: dict[str, str]) -> None:
    """No client, no TLS, no openid."""
    with pytest.raises(ValidationError):
        OidcSettings(**wrong)  # type: ignore[arg-type]
