"""Keys of machines: made by command, kept as hashes, scoped, replaced, ended; they raise limits."""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner
from flask.testing import FlaskClient
from web_helpers import ACTOR

from core.settings import Home
from registry.accounts.keys import Scope, caller_of, create, listed, revoke, rotate
from registry.clock import now
from registry.register import Register
from web.app import create_app
from web.settings import WebSettings
from zhicheng import cli

CODE = "A" * 26
TIGHT = WebSettings(rate_query="1 per hour", rate_result="1 per hour", rate_key="3 per hour")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def client(home: Home) -> FlaskClient:
    return create_app(home, settings=TIGHT).test_client()


def key(home: Home, *scopes: Scope) -> str:
    with Register.open(home) as register:
        return create(register, "某某医院", frozenset(scopes), ACTOR)[1]


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_only_a_hash_of_a_key_is_kept(home: Home) -> None:
    """Whoever copies the database has no key."""
    secret = key(home, Scope.VERIFY)
    with Register.open(home) as register:
        assert secret not in json.dumps([str(one) for one in listed(register)])
    for path in home.root.rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes()


def test_a_key_names_its_organisation_and_ends_on_its_day(home: Home) -> None:
    """Live, then expired; a wrong secret names nobody."""
    secret = key(home, Scope.QUERY)
    with Register.open(home) as register:
        found = caller_of(register, secret)
        assert found
        assert (found.organisation, found.scopes) == ("某某医院", {Scope.QUERY})
        assert caller_of(register, secret[:-1] + ("a" if secret[-1] != "a" else "b")) is None
        assert caller_of(register, "Bearer") is None
        with time_machine.travel(now() + timedelta(days=366)):
            assert caller_of(register, secret) is None
            assert listed(register)[0].state == "expired"


def test_a_replaced_key_works_some_days_more(home: Home) -> None:
    """Machines get time to change; then the old one is dead and the new one lives."""
    secret = key(home, Scope.VERIFY)
    with Register.open(home) as register:
        made, new = rotate(register, 1, ACTOR, overlap_days=7)
        assert (made.replaces, made.name) == (1, "某某医院")
        assert caller_of(register, secret)
        assert caller_of(register, new)
        with time_machine.travel(now() + timedelta(days=8)):
            assert caller_of(register, secret) is None
            assert caller_of(register, new)
        revoke(register, made.id, ACTOR)
        assert caller_of(register, new) is None


def test_a_wrong_key_is_refused_everywhere_in_the_api(client: FlaskClient) -> None:
    """401 with a challenge, as a problem document; pages for people ignore the header."""
    for given in ("Bearer zk_wrong", "Basic dXNlcjpwYXNz", "nonsense"):
        answer = client.get(f"/api/v1/certificates/{CODE}", headers={"Authorization": given})
        assert (answer.status_code, answer.get_json()["code"]) == (401, "key_unknown")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert client.get("/", headers=bearer("zk_wrong")).status_code == 200


def test_a_key_opens_its_scopes_only(client: FlaskClient, home: Home) -> None:
    """Another call is refused with 403."""
    headers = bearer(key(home, Scope.VERIFY))
    assert client.get(f"/api/v1/certificates/{CODE}", headers=headers).status_code == 404
    body = {"name": "张三", "id_number": "1501"}
    answer = client.post("/api/v1/queries", json=body, headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "key_scope")


def test_a_key_has_its_own_higher_limit(client: FlaskClient, home: Home) -> None:
    """Counted under the key, wherever the machine calls from."""
    headers = bearer(key(home, *Scope))
    body = {"name": "张三", "id_number": "1501"}
    without = [client.post("/api/v1/queries", json=body).status_code for _ in range(2)]
    assert without == [404, 429]
    with_key = [
        client.post(
            "/api/v1/queries", json=body, headers=headers, environ_base={"REMOTE_ADDR": f"127.0.0.{last}"}
        ).status_code
        for last in range(1, 5)
    ]
    assert with_key == [404, 404, 404, 429]


def test_keys_are_managed_by_command(home: Home) -> None:
    """Create, list, rotate, revoke; the secret is shown once."""
    Register.open(home).close()

    def run(*arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(cli, ["--home", str(home.root), "account", "key", *arguments])
        assert done.exit_code == code, done.output
        return done.output

    made = json.loads(run("create", "某某 医院", "--scope", "verify", "--scope", "bulk", "--json"))
    assert made["secret"].startswith("zk_")
    assert made["scopes"] == ["bulk", "verify"]
    assert made["secret"] not in run("list")
    assert json.loads(run("rotate", "1", "--json"))["replaces"] == 1
    assert "已吊销" in run("revoke", "1")
    run("revoke", "1", code=1)
    run("create", "x" * 81, code=1)
    states = [one["state"] for one in json.loads(run("list", "--json"))]
    assert states == ["revoked", "live"]


def test_the_acts_on_keys_stand_in_the_log(home: Home) -> None:
    """Who made or ended a key cannot be denied; the log names the number of the key only."""
    key(home, Scope.VERIFY)
    with Register.open(home) as register:
        revoke(register, 1, ACTOR)
    database = next(home.root.glob("*.db"))
    with sqlite3.connect(database) as connection:
        leaves = [row[0] for row in connection.execute("SELECT leaf FROM events WHERE kind = 'account'")]
    connection.close()
    assert [json.loads(leaf)["subject"] for leaf in leaves] == ["api-key:1", "api-key:1"]
    assert not any("医院" in leaf for leaf in leaves)
