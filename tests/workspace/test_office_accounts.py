"""Accounts on the register: passwords, lock-out, one-time codes, sessions."""

from __future__ import annotations

import json
from base64 import b32decode
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from click.testing import CliRunner
from live_database import stored_bytes
from sqlalchemy import select

from registry.accounts import totp
from registry.accounts.errors import (
    AccountExists,
    AccountNameBad,
    CodeWrong,
    PasswordWeak,
    SignInRefused,
)
from registry.accounts.model import Account, Role
from registry.accounts.sessions import (
    LOCK_MINUTES,
    MOST_FAILURES,
    Lifetime,
    account_of_session,
    sign_in,
    sign_out,
)
from registry.accounts.store import (
    add,
    change_password,
    disable,
    find,
    listed,
    reset,
    state_of,
    switch_totp_off,
    switch_totp_on,
)
from registry.audit.checks import check_register
from registry.database.account_tables import account_sessions
from registry.database.schema import events
from registry.log.events import Actor
from registry.privacy.key_rotation import rotate
from registry.register import Register
from signing.keys.service_key import KeySet
from zhicheng import cli

ADMIN = Actor("管理员", channel="test")
LIFETIME = Lifetime(timedelta(minutes=30), timedelta(hours=10))
PASSWORD = "青山-2026-abc"
RFC_SECRET = b"12345678901234567890"
RFC_6238 = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}


def make(register: Register, name: str = "王敏", role: Role = Role.OPERATOR) -> Account:
    account, once = add(register, name, role, ADMIN)
    change_password(register, account, once, PASSWORD)
    return find(register, name)


def refused(call: Callable[[], object], times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            call()


@pytest.mark.parametrize(("moment", "code"), RFC_6238.items())
def test_codes_are_those_of_the_standard(moment: int, code: str) -> None:
    """The test values of RFC 6238, appendix B, for SHA-1."""
    assert totp.code_at(RFC_SECRET, moment // totp.PERIOD_S, digits=8) == code


def test_a_one_time_password_opens_one_session_and_asks_to_be_changed(register: Register) -> None:
    """It works at once, is marked, and no longer works once changed."""
    account, once = add(register, "王敏", Role.OPERATOR, ADMIN)
    found, _ = sign_in(register, " 王敏 ", once)
    assert found.must_change
    assert state_of(found) == "waiting"
    change_password(register, account, once, PASSWORD)
    refused(lambda: sign_in(register, "王敏", once))
    again, _ = sign_in(register, "王敏", PASSWORD)
    assert not again.must_change


def test_a_one_time_password_does_not_wait_for_ever(register: Register) -> None:
    """After a week it opens nothing."""
    with time_machine.travel("2026-03-01T08:00:00Z"):
        _, once = add(register, "王敏", Role.OPERATOR, ADMIN)
    with time_machine.travel("2026-03-09T08:00:00Z"):
        refused(lambda: sign_in(register, "王敏", once))


def test_five_failures_lock_and_time_unlocks(register: Register) -> None:
    """The right password does not help while the lock lasts; success forgets earlier failures."""
    make(register)
    with time_machine.travel("2026-03-01T08:00:00Z", tick=False) as clock:
        refused(lambda: sign_in(register, "王敏", "wrong"), MOST_FAILURES)
        assert state_of(find(register, "王敏")) == "locked"
        refused(lambda: sign_in(register, "王敏", PASSWORD))
        clock.shift(timedelta(minutes=LOCK_MINUTES, seconds=1))
        sign_in(register, "王敏", PASSWORD)
        refused(lambda: sign_in(register, "王敏", "wrong"), MOST_FAILURES - 1)
        sign_in(register, "王敏", PASSWORD)
    assert [one["act"] for one in acts(register)].count("locked") == 1


def test_an_unknown_name_is_refused_like_a_wrong_password(register: Register) -> None:
    """Nobody learns which names exist."""
    make(register)
    with pytest.raises(SignInRefused) as unknown:
        sign_in(register, "无此人", PASSWORD)
    with pytest.raises(SignInRefused) as wrong:
        sign_in(register, "王敏", "wrong")
    assert unknown.value.diagnostics() == wrong.value.diagnostics()


@pytest.mark.parametrize("password", ["short-1", "aaaaaaaaaaaa", "xx王敏xx-12345", PASSWORD, "a" * 40])
def test_weak_passwords_are_refused(register: Register, password: str) -> None:
    """Too short, too plain, with the name, the old one."""
    account = make(register)
    with pytest.raises(PasswordWeak):
        change_password(register, account, PASSWORD, password)


@pytest.mark.parametrize("name", ["", "  ", "a b", "x" * 41, "a\x00b", "<b>"])
def test_names_that_cannot_be_read_back_are_refused(register: Register, name: str) -> None:
    """Blanks, control characters and markup have no place in a name."""
    with pytest.raises(AccountNameBad):
        add(register, name, Role.OPERATOR, ADMIN)


def test_a_name_is_given_once(register: Register) -> None:
    """Case does not make another name; a disabled account keeps its name."""
    add(register, "Wang", Role.OPERATOR, ADMIN)
    disable(register, "wang", ADMIN)
    with pytest.raises(AccountExists):
        add(register, "WANG", Role.REVIEWER, ADMIN)


def test_a_session_ends_unused_after_long_and_at_sign_out(register: Register) -> None:
    """Idle and absolute expiry, and the way out."""
    make(register)
    with time_machine.travel("2026-03-01T08:00:00Z", tick=False) as clock:
        _, token = sign_in(register, "王敏", PASSWORD)
        for _ in range(20):  # used every 29 minutes
            clock.shift(timedelta(minutes=29))
            assert account_of_session(register, token, LIFETIME) is not None
        clock.shift(timedelta(minutes=29))
        assert account_of_session(register, token, LIFETIME) is None  # ten hours are over
        _, token = sign_in(register, "王敏", PASSWORD)
        clock.shift(timedelta(minutes=31))
        assert account_of_session(register, token, LIFETIME) is None
        _, token = sign_in(register, "王敏", PASSWORD)
        sign_out(register, token)
        assert account_of_session(register, token, LIFETIME) is None
    assert account_of_session(register, "invented", LIFETIME) is None


def test_changing_resetting_and_disabling_end_every_session(register: Register) -> None:
    """A stolen session does not outlive any of the three."""
    account = make(register)
    for act in (
        lambda: change_password(register, account, PASSWORD, "另一个-密码-9876"),
        lambda: disable(register, "王敏", ADMIN),
    ):
        _, token = sign_in(register, "王敏", PASSWORD)
        act()
        assert account_of_session(register, token, LIFETIME) is None
        _, once = reset(register, "王敏", ADMIN)
        _, token = sign_in(register, "王敏", once)
        change_password(register, account, once, PASSWORD)
        assert account_of_session(register, token, LIFETIME) is None


def test_the_database_holds_no_token_and_no_password(register: Register) -> None:
    """Only hashes: a copy of the database signs nobody in."""
    account, once = add(register, "王敏", Role.OPERATOR, ADMIN)
    _, token = sign_in(register, "王敏", once)
    with register.database.read() as connection:
        kept = connection.execute(select(account_sessions.c.token_hash)).scalar_one()
    assert bytes(kept) == totp.digest_of(token)
    raw = stored_bytes(register.home.root)
    assert once.encode() not in raw
    assert token.encode() not in raw
    assert account.id


def test_a_code_is_asked_for_once_switched_on_and_counts_once(register: Register) -> None:
    """Without a code, with a wrong one, with a used one: refused."""
    account = make(register)
    secret = totp.new_secret()
    with time_machine.travel("2026-03-01T08:00:00Z", tick=False) as clock:
        with pytest.raises(CodeWrong):
            switch_totp_on(register, account, secret, "000000")
        switch_totp_on(register, account, secret, totp.code_at(secret, totp.step_now()))
        refused(lambda: sign_in(register, "王敏", PASSWORD))
        clock.shift(timedelta(seconds=60))
        code = totp.code_at(secret, totp.step_now())
        sign_in(register, "王敏", PASSWORD, f"{code[:3]} {code[3:]}")
        refused(lambda: sign_in(register, "王敏", PASSWORD, code))
        refused(lambda: switch_totp_off(register, account, "wrong"))
        switch_totp_off(register, account, PASSWORD)
        sign_in(register, "王敏", PASSWORD)


def test_a_change_of_the_encryption_key_keeps_two_step_sign_in(register: Register) -> None:
    """The secret is sealed anew with the rest."""
    account, secret = make(register), totp.new_secret()
    with time_machine.travel("2026-03-01T08:00:00Z", tick=False) as clock:
        switch_totp_on(register, account, secret, totp.code_at(secret, totp.step_now()))
        rotate(register, ADMIN)
        clock.shift(timedelta(seconds=60))
        with Register.open(register.home) as fresh:
            assert sign_in(fresh, "王敏", PASSWORD, totp.code_at(secret, totp.step_now()))


def test_the_address_for_the_phone_holds_the_secret(register: Register) -> None:
    """A phone app reads issuer, name and secret."""
    secret = totp.new_secret()
    uri = totp.provisioning_uri(secret, "王敏", "职称")
    assert uri.startswith("otpauth://totp/")
    assert b32decode(uri.split("secret=")[1].split("&")[0]) == secret


def acts(register: Register) -> list[dict[str, object]]:
    with register.database.read() as connection:
        rows = connection.execute(select(events.c.detail).order_by(events.c.position))
        return [json.loads(row.detail) for row in rows]


def test_every_act_is_an_event_with_its_actor_and_no_name_in_the_public_leaf(register: Register) -> None:
    """The log can be published; who acted stays in the private detail."""
    make(register)
    sign_in(register, "王敏", PASSWORD)
    disable(register, "王敏", ADMIN)
    told = [(one["act"], one["actor"]["name"]) for one in acts(register)]  # type: ignore[index]
    assert told == [
        ("added", "管理员"),
        ("password_changed", "王敏"),
        ("signed_in", "王敏"),
        ("disabled", "管理员"),
    ]
    with register.database.read() as connection:
        leaves = "".join(connection.execute(select(events.c.leaf)).scalars())
    assert "王敏" not in leaves
    assert not check_register(register, KeySet(())).problems


def test_the_command_makes_lists_disables_and_resets(register: Register) -> None:
    """What an administrator types."""

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(cli, ["--home", str(register.home.root), "account", *arguments])
        assert result.exit_code == 0, result.output
        return result.output

    assert "还没有账户" in run("list")
    once = json.loads(run("add", "王敏", "--role", "operator", "--json"))["one_time_password"]
    assert sign_in(register, "王敏", once)
    assert "待首次登录" in run("list")
    run("disable", "王敏")
    refused(lambda: sign_in(register, "王敏", once))
    assert "复核" in run("reset", "王敏", "--role", "reviewer")
    assert [one.role for one in listed(register)] == [Role.REVIEWER]
