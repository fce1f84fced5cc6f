"""The door of the workspace: who gets in, what a form must bring, what a browser keeps."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from office_helpers import BY_ROLE, Office, csrf_of, post, sign_in

from core.settings import Home
from registry.accounts import totp
from registry.accounts.model import Role
from registry.accounts.store import add, reset
from registry.log.events import Actor
from registry.register import Register
from web.app import create_app
from web.office.access import SESSION_COOKIE, allowed_roles
from web.settings import WebSettings

OPEN = {"office.login", "office.login_send"}


GREATEST = (2**31, 2**63, 10**40)


@pytest.mark.parametrize("number", GREATEST)
def test_a_number_that_no_row_has_is_no_failure(office: Office, number: int) -> None:
    """Wherever an address holds a number, in the workspace and outside it, and behind the question mark."""
    clients = (office.client(Role.OPERATOR), office.client(Role.AUDITOR), office.client(Role.ADMIN))
    rules = [
        rule for rule in office.app.url_map.iter_rules() if "<int:" in rule.rule and "GET" in rule.methods
    ]
    assert len(rules) > 20
    for rule in rules:
        address = re.sub(r"<(\w+:)?\w+>", lambda m: str(number) if m[1] == "int:" else "x", rule.rule)
        for client in clients:
            assert client.get(address).status_code < 500, address
    for query in ("before", "shown", "account"):
        answer = clients[1].get(f"/office/audit?{query}={number}", headers={"HX-Request": "true"})
        assert answer.status_code == 200


def office_rules(app: Flask) -> list[tuple[str, str, str]]:
    """Every page of the workspace: endpoint, method, an address for it."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("office."):
            path = re.sub(r"<(?:int:)?\w+>", "1", re.sub(r"<path:\w+>", "x.pdf", rule.rule))
            found += [(rule.endpoint, method, path) for method in sorted(rule.methods & {"GET", "POST"})]
    return found


def test_every_page_names_its_roles_and_only_sign_in_is_open(app: Flask) -> None:
    """A page that somebody forgets to protect fails here, and is refused by the guard."""
    for endpoint, _, _ in office_rules(app):
        roles = allowed_roles(app.view_functions[endpoint])
        assert roles is not None, endpoint
        assert (roles == frozenset()) == (endpoint in OPEN), endpoint


def test_no_page_answers_without_signing_in(app: Flask) -> None:
    """Every route leads to the sign-in page, whatever its method."""
    client = app.test_client()
    for endpoint, method, path in office_rules(app):
        if endpoint in OPEN:
            continue
        response = client.open(path, method=method)
        assert response.status_code == 303, (endpoint, method)
        assert response.headers["Location"].startswith("/office/login"), endpoint


@pytest.mark.parametrize("role", list(Role))
def test_every_page_is_refused_to_roles_that_it_does_not_name(office: Office, role: Role) -> None:
    """Driven by the table of routes, so that a new page is tested on its first day."""
    client = office.client(role)
    tried = 0
    for endpoint, method, path in office_rules(office.app):
        roles = allowed_roles(office.app.view_functions[endpoint])
        if roles and role not in roles:
            tried += 1
            response = client.open(path, method=method)
            assert response.status_code == 403, (endpoint, method)
            assert "没有权限" in response.text
    assert tried


@pytest.mark.parametrize("role", list(Role))
def test_every_form_without_its_token_is_refused(office: Office, role: Role) -> None:
    """A page of another site cannot act in a signed-in browser's name."""
    client = office.client(role)
    for endpoint, method, path in office_rules(office.app):
        roles = allowed_roles(office.app.view_functions[endpoint])
        if method == "POST" and roles and role in roles:
            for form in ({}, {"csrf": "0" * 64}):
                assert client.post(path, data=form).status_code == 403, endpoint


def test_the_sign_in_form_needs_its_token_too(app: Flask, office: Office) -> None:
    """Nobody is signed in to somebody else's account by a foreign page."""
    client = app.test_client()
    form = {"name": "王敏", "password": office.passwords["王敏"]}
    assert client.post("/office/login", data=form).status_code == 403
    other = csrf_of(app.test_client().get("/office/login").text)
    client.get("/office/login")
    assert client.post("/office/login", data={**form, "csrf": other}).status_code == 403


def test_the_session_cookie_is_out_of_reach(office: Office) -> None:
    """HttpOnly, same site, only for the workspace; secure behind TLS."""
    response = sign_in(office.app.test_client(), "王敏", office.passwords["王敏"])
    [cookie] = [one for one in response.headers.getlist("Set-Cookie") if one.startswith(f"{SESSION_COOKIE}=")]
    for part in ("HttpOnly", "SameSite=Lax", "Path=/office"):
        assert part in cookie
    assert "Secure" not in cookie
    secure = create_app(office.home, settings=WebSettings(https=True))
    response = sign_in(secure.test_client(), "王敏", office.passwords["王敏"])
    cookies = response.headers.getlist("Set-Cookie")
    assert all("Secure" in one for one in cookies)
    assert cookies


def test_a_session_that_was_planted_before_signing_in_is_not_used(office: Office) -> None:
    """Signing in makes a fresh session; the browser's earlier one is ended."""
    first = office.client("王敏")
    planted = cookie_of(first)
    client = office.app.test_client()
    client.set_cookie(SESSION_COOKIE, "planted-by-somebody", path="/office")
    sign_in(client, "王敏", office.passwords["王敏"])
    fresh = cookie_of(client)
    assert fresh not in ("planted-by-somebody", planted)
    stranger = office.app.test_client()
    stranger.set_cookie(SESSION_COOKIE, "planted-by-somebody", path="/office")
    assert stranger.get("/office/").status_code == 303


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie(SESSION_COOKIE, path="/office")
    assert cookie is not None
    return cookie.value


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/office//evil.example",
        "/office/\\evil.example",
        "/office/../../evil",
        "\r\nSet-Cookie: a=b",
        "/",
        "javascript:alert(1)",
        "/office/login?next=/office/",
    ],
)
def test_signing_in_never_leads_out_of_the_workspace(office: Office, wanted: str) -> None:
    """The page asked for before is followed only within the workspace."""
    response = sign_in(office.app.test_client(), "王敏", office.passwords["王敏"], next=wanted)
    assert response.status_code == 303
    assert response.headers["Location"] == "/office/"


def test_whoever_was_signed_out_meanwhile_is_told(office: Office) -> None:
    """What the form held is gone; a first visit is not told so."""
    client = office.app.test_client()
    refused = client.post("/office/batches/1/submit")
    assert refused.headers["Location"] == "/office/login?ended=1"
    assert "登录已结束" in client.get(refused.headers["Location"]).text
    assert "登录已结束" not in client.get("/office/login").text


def test_the_page_asked_for_comes_after_signing_in(office: Office) -> None:
    """A link in a message works for somebody who is not signed in yet."""
    client = office.app.test_client()
    first = client.get("/office/account")
    assert first.headers["Location"] == "/office/login?next=/office/account"
    response = sign_in(client, "王敏", office.passwords["王敏"], next="/office/account")
    assert response.headers["Location"] == "/office/account"


def test_five_wrong_passwords_lock_the_account_on_the_site(office: Office) -> None:
    """Afterwards the right one is refused as well, with the same words."""
    with Register.open(office.home) as register:
        _, once = add(register, "锁一锁", Role.OPERATOR, Actor("测试员"))
    client = office.app.test_client()
    texts = {sign_in(client, "锁一锁", "wrong").text for _ in range(5)}
    response = sign_in(client, "锁一锁", once)
    assert response.status_code == 401
    assert all("连续 5 次失败后锁定" in text for text in texts)
    assert "连续 5 次失败后锁定" in response.text


def test_attempts_from_one_address_are_limited(office: Office) -> None:
    """Trying one password on many names is slow."""
    client = create_app(office.home, settings=WebSettings(rate_sign_in="3 per hour")).test_client()
    codes = [sign_in(client, f"某人{number}", "wrong").status_code for number in range(4)]
    assert codes == [401, 401, 401, 429]


def test_a_one_time_password_opens_only_the_page_to_change_it(office: Office) -> None:
    """Nothing else works before; everything works afterwards."""
    with Register.open(office.home) as register:
        _, once = add(register, "新来的", Role.OPERATOR, Actor("测试员"))
    client = office.app.test_client()
    sign_in(client, "新来的", once)
    for path in ("/office/", "/office/account"):
        assert client.get(path).headers["Location"] == "/office/account/password"
    page = "/office/account/password"
    weak = post(client, page, page, old=once, new="12345", again="12345")
    assert weak.status_code == 422
    assert "长度应为" in weak.text
    unlike = post(client, page, page, old=once, new="草原-青青-2026", again="草原-青青-2027")
    assert "两次输入的新密码不一致" in unlike.text
    changed = post(client, page, page, old=once, new="草原-青青-2026", again="草原-青青-2026")
    assert changed.headers["Location"] == "/office/?done=password"
    assert "新来的" in client.get("/office/").text


def test_a_reset_signs_the_browser_out(office: Office) -> None:
    """The administrator's reset ends what is open."""
    with Register.open(office.home) as register:
        _, once = add(register, "丢手机", Role.OPERATOR, Actor("测试员"))
        client = office.app.test_client()
        sign_in(client, "丢手机", once)
        reset(register, "丢手机", Actor("测试员"))
    assert client.get("/office/account/password").status_code == 303


def test_a_session_ends_unused(office: Office) -> None:
    """Half an hour by default."""
    with time_machine.travel("2026-12-01T08:00:00Z", tick=False) as clock:
        client = office.client(Role.AUDITOR)
        assert client.get("/office/").status_code == 200
        clock.shift(timedelta(minutes=31))
        assert client.get("/office/").status_code == 303


def test_two_step_sign_in_is_switched_on_and_off_in_the_browser(office: Office) -> None:
    """QR code, proof, sign-in with code, off again with the password."""
    name, client = BY_ROLE[Role.AUDITOR], office.client(Role.AUDITOR)
    text = client.get("/office/account/code").text
    secret = bytes.fromhex(re.search(r'name="secret" value="(\w+)"', text).group(1))  # type: ignore[union-attr]
    assert "<svg" in text
    with time_machine.travel("2026-12-02T08:00:00Z", tick=False) as clock:
        client = office.client(Role.AUDITOR)
        page = "/office/account/code"
        assert post(client, page, page, secret=secret.hex(), code="000000").status_code == 422
        code = totp.code_at(secret, totp.step_now())
        assert post(client, page, page, secret=secret.hex(), code=code).status_code == 303
        clock.shift(timedelta(minutes=2))
        fresh = office.app.test_client()
        assert sign_in(fresh, name, office.passwords[name]).status_code == 401
        code = totp.code_at(secret, totp.step_now())
        assert sign_in(fresh, name, office.passwords[name], code).status_code == 303
        own = "/office/account"
        assert post(fresh, own, f"{own}/code/off", password="wrong").status_code == 422
        assert post(fresh, own, f"{own}/code/off", password=office.passwords[name]).status_code == 303


def test_pages_of_the_workspace_are_kept_nowhere(office: Office) -> None:
    """No cache on the way and none in the browser."""
    assert office.client(Role.ADMIN).get("/office/").headers["Cache-Control"] == "no-store"


def test_the_public_site_sets_no_cookie(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The workspace's cookies stay in the workspace."""
    client = create_app(Home(tmp_path_factory.mktemp("plain") / "home")).test_client()
    assert "Set-Cookie" not in client.get("/").headers
