"""Signing in and staying signed in: lock-out, one-time codes, sessions that end by themselves.

An attempt is counted before the password is looked at, so that many attempts at once do not slip past the lock.
"""

import secrets
from base64 import b32decode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, insert, select, update

from registry.accounts import passwords, totp
from registry.accounts.errors import SignInRefused
from registry.accounts.model import Account
from registry.accounts.store import account_of, log_act, totp_place
from registry.clock import moment_of, now, stamp
from registry.database.account_tables import account_sessions, accounts
from registry.register import Register

MOST_FAILURES: Final = 5
LOCK_MINUTES: Final = 15
TOKEN_BYTES: Final = 32
SEEN_EVERY_S: Final = 60  # how exactly the last use is kept


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a session lasts: unused, and in all."""

    idle: timedelta
    whole: timedelta


def sign_in(register: Register, name: str, password: str, code: str = "") -> tuple[Account, str]:
    """The account and the token of a new session.

    Raises:
        SignInRefused: anything is wrong; the text is the same for everything.
    """
    row = _attempt(register, name)
    right = passwords.matches(row.password_hash if row else passwords.decoy(), password)
    if row is None or not right or _one_time_expired(row):
        _log_lock(register, row)
        raise SignInRefused
    step = _code_step(register, row, code)
    if step is None:
        _log_lock(register, row)
        raise SignInRefused
    account = account_of(row)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with register.database.write() as connection:
        unused = accounts.c.totp_step < step if account.has_totp else accounts.c.totp_step <= step
        values = {"failures": 0, "locked_until": None, "totp_step": step}
        changed = update(accounts).where(accounts.c.id == row.id, unused).values(**values)
        if connection.execute(changed).rowcount != 1:
            raise SignInRefused
        _insert_session(connection, account.id, token)
        log_act(connection, account.id, "signed_in", account.actor)
    return account, token


def open_session(register: Register, account: Account) -> str:
    """The token of a new session for an account that has just proved itself (after a change of password)."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with register.database.write() as connection:
        _insert_session(connection, account.id, token)
    return token


def account_of_session(register: Register, token: str, lifetime: Lifetime) -> Account | None:
    """Whose session it is; None when there is none, it has ended, or the account is disabled."""
    key, moment = totp.digest_of(token), now()
    with register.database.read() as connection:
        joined = select(accounts, account_sessions.c.started_at, account_sessions.c.seen_at).join_from(
            account_sessions, accounts
        )
        row = connection.execute(joined.where(account_sessions.c.token_hash == key)).one_or_none()
    if row is None or row.disabled_at is not None:
        return None
    if _ended(row, moment, lifetime):
        sign_out(register, token)
        return None
    if moment - moment_of(row.seen_at) >= timedelta(seconds=SEEN_EVERY_S):
        with register.database.write() as connection:
            used = update(account_sessions).where(account_sessions.c.token_hash == key)
            connection.execute(used.values(seen_at=stamp(moment)))
    return account_of(row)


def sign_out(register: Register, token: str) -> None:
    """End a session."""
    with register.database.write() as connection:
        gone = account_sessions.c.token_hash == totp.digest_of(token)
        connection.execute(delete(account_sessions).where(gone))


def _insert_session(connection: Any, account_id: int, token: str) -> None:
    moment = stamp(now())
    values = {"account_id": account_id, "started_at": moment, "seen_at": moment}
    connection.execute(insert(account_sessions).values(token_hash=totp.digest_of(token), **values))


def _ended(row: Any, moment: datetime, lifetime: Lifetime) -> bool:
    unused, whole = moment - moment_of(row.seen_at), moment - moment_of(row.started_at)
    return unused > lifetime.idle or whole > lifetime.whole


def _attempt(register: Register, name: str) -> Any:
    """Count an attempt and return the account's row; None when there is nobody to sign in."""
    moment = now()
    with register.database.write() as connection:
        found = select(accounts).where(accounts.c.name == name.strip().lower()).with_for_update()
        row = connection.execute(found).one_or_none()
        if row is None or row.disabled_at is not None:
            return None
        locked = row.locked_until is not None
        if locked and moment < moment_of(row.locked_until):
            return None
        failures = 1 if locked else row.failures + 1
        until = stamp(moment + timedelta(minutes=LOCK_MINUTES)) if failures >= MOST_FAILURES else None
        changed = update(accounts).where(accounts.c.id == row.id)
        values = {"failures": failures, "locked_until": until}
        return connection.execute(changed.values(**values).returning(accounts)).one()


def _log_lock(register: Register, row: Any) -> None:
    if row is not None and row.locked_until is not None:
        with register.database.write() as connection:
            log_act(connection, row.id, "locked", account_of(row).actor)


def _one_time_expired(row: Any) -> bool:
    age = now() - moment_of(row.password_at)
    return bool(row.must_change) and age > timedelta(days=passwords.ONE_TIME_DAYS)


def _code_step(register: Register, row: Any, code: str) -> int | None:
    """The time step of the right code; the kept one where no code is asked for; None when it is wrong or used."""
    if row.totp_sealed is None:
        return int(row.totp_step)
    text = register.vault.unseal(row.totp_sealed, totp_place(row.id)) or ""
    secret = b32decode(text + "=" * (-len(text) % 8))
    return totp.accepted_step(secret, code, row.totp_step)
