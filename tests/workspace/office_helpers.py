"""What the workspace's tests share: accounts with known passwords, clients that are signed in."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from core.settings import Home
from registry.accounts.model import Role
from registry.accounts.store import add, change_password
from registry.log.events import Actor
from registry.register import Register
from web.settings import WebSettings

GENEROUS = WebSettings(
    rate_query="10000 per minute",
    rate_upload="10000 per minute",
    rate_result="10000 per minute",
    rate_sign_in="10000 per minute",
)
ACTOR = Actor("测试员", channel="test")
NAMES = {
    "王敏": Role.OPERATOR,
    "李复": Role.REVIEWER,
    "赵签": Role.ISSUER,
    "孙审": Role.AUDITOR,
    "周管": Role.ADMIN,
}
BY_ROLE = {role: name for name, role in NAMES.items()}
CSRF = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass(frozen=True)
class Office:
    """A site with accounts; `passwords` by name, already changed from the one-time ones."""

    home: Home
    app: Flask
    passwords: dict[str, str]
    folder: Path

    def client(self, who: str | Role | None = None) -> FlaskClient:
        """A browser, signed in as that person or in that role."""
        client = self.app.test_client()
        if who is not None:
            name = BY_ROLE.get(who, who)  # type: ignore[call-overload]
            response = sign_in(client, name, self.passwords[name])
            assert response.status_code == 303, response.text
        return client


@dataclass(frozen=True)
class Furnished:
    """A home with accounts, to be copied."""

    home: Home
    passwords: dict[str, str]

    def copy(self, place: Path) -> Home:
        """Another home with the same accounts."""
        shutil.copytree(self.home.root, place)
        return Home(place)


def make_accounts(home: Home) -> dict[str, str]:
    """One account per role, with a password of its own."""
    passwords = {}
    with Register.open(home) as register:
        for name, role in NAMES.items():
            account, once = add(register, name, role, ACTOR)
            passwords[name] = f"abc-{role}-12345"
            change_password(register, account, once, passwords[name])
    return passwords


def csrf_of(text: str) -> str:
    """The token of the first form of a page."""
    found = CSRF.search(text)
    assert found, "the page has no form"
    return found.group(1)


def sign_in(client: FlaskClient, name: str, password: str, code: str = "", **more: str):
    """Open the page, fill the form, send it."""
    token = csrf_of(client.get("/office/login").text)
    form = {"csrf": token, "name": name, "password": password, "code": code, **more}
    return client.post("/office/login", data=form)


def post(client: FlaskClient, page: str, path: str, **form: object):
    """Send a form with the token of the page that holds it."""
    token = csrf_of(client.get(page).text)
    return client.post(path, data={"csrf": token, **form}, content_type="multipart/form-data")
