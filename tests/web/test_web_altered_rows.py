"""Rows that somebody changed behind the program: no page, no API answer and no command draws a verdict from them."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from web_helpers import Issued

from core.settings import Home
from registry.audit.log_binding import fill_macs
from registry.certificates.lifecycle import Grounds, Reason, revoke
from registry.certificates.status_lists import status_list
from registry.errors import RowAltered
from registry.log.events import Actor
from registry.register import Register
from signing.authority.opening import open_authority
from web.app import create_app
from web.settings import WebSettings
from zhicheng import cli

GENEROUS = WebSettings(
    rate_query="10000 per minute", rate_upload="10000 per minute", rate_result="10000 per minute"
)
GROUNDS = Grounds(
    Actor("测试员", "test", "tester"), "第七十二条", "内人社发〔2026〕1号", Reason.INVESTIGATION
)
NOT_READY = 3


@pytest.fixture
def home(issued: Issued, tmp_path: Path) -> Home:
    """The home in a folder of its own, with its first certificate revoked."""
    shutil.copytree(issued.home.root, tmp_path / "home")
    home = Home(tmp_path / "home")
    with Register.open(home) as register:
        revoke(register, issued.certificates[0].number, GROUNDS)
    return home


def sql(home: Home, statement: str, *values: object) -> None:
    """What somebody with the database file can do."""
    with sqlite3.connect(home.root / "zhicheng.db", isolation_level=None) as database:
        database.execute(statement, values)


def refused(app: Flask, code: str) -> None:
    """Every public way to ask for a code ends without an answer."""
    client = app.test_client()
    for address in (f"/api/v1/certificates/{code}", f"/api/v1/certificates/{code}?lang=zh"):
        answer = client.get(address)
        assert answer.status_code == 503, address
        assert answer.get_json()["code"] == "row_altered"
        assert "verdict" not in answer.get_json()
    page = client.get(f"/v/{code}")
    assert page.status_code == 503
    assert "暂不能给出结论" in page.text
    assert "登记有效" not in page.text


def test_a_revoked_row_set_back_to_valid_is_answered_by_nobody(
    home: Home, issued: Issued, caplog: pytest.LogCaptureFixture
) -> None:
    """Site, API, status list and command line refuse; an alarm names table and row, no person."""
    app, first = create_app(home, settings=GENEROUS), issued.certificates[0]
    assert app.test_client().get(f"/api/v1/certificates/{first.code}").get_json()["verdict"] == "revoked"
    sql(home, "UPDATE certificates SET state = 'valid' WHERE id = ?", first.id)
    with caplog.at_level(logging.CRITICAL, logger="zhicheng.integrity"):
        refused(app, first.code)
    assert caplog.messages
    assert not any(text in caplog.text for text in (first.number, first.code, first.facts.name))
    assert 'zhicheng_altered_rows_total{table="certificates"}' in app.test_client().get("/metrics").text
    with Register.open(home) as register, pytest.raises(RowAltered):
        status_list(register, first.list_id, open_authority(home).service)
    shown = CliRunner().invoke(cli, ["--home", str(home.root), "certificate", "show", first.number])
    assert shown.exit_code == NOT_READY
    others = app.test_client().get(f"/api/v1/certificates/{issued.certificates[1].code}")
    assert others.status_code == 200


@pytest.mark.parametrize("column", ["sha256", "facts", "successor", "pickup_epoch", "mac"])
def test_any_other_column_that_was_changed_is_noticed(home: Home, issued: Issued, column: str) -> None:
    """A hash, a name, a successor, a pick-up code, and the MAC itself, taken away."""
    second = issued.certificates[1]
    values = {
        "sha256": b"\x01" * 32,
        "facts": second.facts.to_json() + " ",
        "successor": "X",
        "pickup_epoch": 7,
    }
    sql(home, f"UPDATE certificates SET {column} = ? WHERE id = ?", values.get(column), second.id)
    refused(create_app(home, settings=GENEROUS), second.code)


def test_the_hash_of_a_forgery_in_a_row_makes_no_forgery_genuine(home: Home, issued: Issued) -> None:
    """Neither in the certificate's own row nor as a renewed file."""
    forgery = b"%PDF-1.7 a forgery"
    from hashlib import sha256

    digest, second = sha256(forgery).digest(), issued.certificates[1]
    app = create_app(home, settings=GENEROUS)

    def upload() -> int:
        files = {"file": (BytesIO(forgery), "a.pdf")}
        return app.test_client().post("/api/v1/verifications", data=files).status_code

    assert upload() == 200
    sql(
        home,
        "INSERT INTO renewals (id, certificate_id, previous, sha256, size, made_at) VALUES (99, ?, ?, ?, 18, '2026')",
        second.id,
        digest,
        digest,
    )
    assert upload() == 503
    sql(home, "DELETE FROM renewals WHERE id = 99")
    sql(home, "UPDATE certificates SET sha256 = ? WHERE id = ?", digest, second.id)
    assert upload() == 503


def test_a_state_change_does_not_wash_an_altered_row(home: Home, issued: Issued) -> None:
    """Whoever rewrote a name and waits for the next lawful act gets no new MAC for it."""
    third = issued.certificates[2]
    sql(
        home,
        "UPDATE certificates SET facts = replace(facts, ?, '张三') WHERE id = ?",
        third.facts.name,
        third.id,
    )
    with Register.open(home) as register, pytest.raises(RowAltered):
        revoke(register, third.number, GROUNDS)


def test_rows_of_before_there_were_macs_get_theirs_if_the_log_agrees(home: Home, issued: Issued) -> None:
    """An upgrade is no attack: every row that agrees with its events is answered; one that does not stays refused."""
    first, second = issued.certificates[:2]
    sql(home, "UPDATE certificates SET mac = NULL")
    sql(home, "UPDATE certificates SET state = 'valid' WHERE id = ?", first.id)
    with Register.open(home) as register, register.database.write() as connection:
        assert fill_macs(connection, register.macs) == 1
    app = create_app(home, settings=GENEROUS)
    assert app.test_client().get(f"/api/v1/certificates/{second.code}").status_code == 200
    refused(app, first.code)
