"""Keeping accounts: add, list, disable, reset, change the password, switch two-step sign-in on and off."""

import unicodedata
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update

from registry.accounts import passwords, totp
from registry.accounts.errors import (
    AccountExists,
    AccountIsOwn,
    AccountNameBad,
    AccountUnknown,
    CodeWrong,
    SignInRefused,
)
from registry.accounts.model import Account, Role
from registry.clock import moment_of, now, stamp
from registry.database.account_tables import account_sessions, accounts
from registry.log.events import Actor, Kind, NewEvent, record
from registry.register import Register

MAX_NAME: Final = 40


def normal_name(name: str) -> str:
    """A name as it is kept and compared: letters, digits, ideographs and `.-_`; Latin letters small.

    Raises:
        AccountNameBad: empty, too long, or with anything else in it.
    """
    wanted = name.strip().lower()
    good = all(one in ".-_·" or unicodedata.category(one)[0] in "LN" for one in wanted)
    if not wanted or len(wanted) > MAX_NAME or not good:
        raise AccountNameBad(name=name)
    return wanted


def add(register: Register, name: str, role: Role, actor: Actor) -> tuple[Account, str]:
    """A new account and its one-time password, which is kept nowhere.

    Raises:
        AccountNameBad: the name cannot be used.
        AccountExists: there is one of that name, disabled or not.
    """
    wanted, password, moment = normal_name(name), passwords.one_time_password(), now()
    values = {
        "name": wanted,
        "role": str(role),
        "password_hash": passwords.hashed(password),
        "password_at": stamp(moment),
        "must_change": 1,
        "failures": 0,
        "totp_step": 0,
        "created_at": stamp(moment),
    }
    with register.database.write() as connection:
        if _row(connection, wanted) is not None:
            raise AccountExists(name=wanted)
        row = connection.execute(insert(accounts).values(**values).returning(accounts)).one()
        log_act(connection, row.id, "added", actor, role=str(role))
    return account_of(row), password


def listed(register: Register) -> tuple[Account, ...]:
    """Every account in the order of creation."""
    with register.database.read() as connection:
        return tuple(map(account_of, connection.execute(select(accounts).order_by(accounts.c.id))))


def find(register: Register, name: str) -> Account:
    """The account of that name.

    Raises:
        AccountUnknown: there is none.
    """
    with register.database.read() as connection:
        return account_of(_known(connection, name))


def disable(register: Register, name: str, actor: Actor) -> Account:
    """Disable an account and end its sessions; `reset` brings it back.

    Raises:
        AccountUnknown: there is none of that name.
    """
    with register.database.write() as connection:
        row = _known(connection, name)
        changed = _change(connection, row.id, disabled_at=stamp(now()))
        end_sessions(connection, row.id)
        log_act(connection, row.id, "disabled", actor)
    return account_of(changed)


def reset(register: Register, name: str, actor: Actor, role: Role | None = None) -> tuple[Account, str]:
    """A fresh one-time password; lifts lock and disablement, switches two-step sign-in off, ends the sessions.

    Raises:
        AccountUnknown: there is none of that name.
    """
    password = passwords.one_time_password()
    with register.database.write() as connection:
        row = _known(connection, name)
        changed = _change(
            connection,
            row.id,
            password_hash=passwords.hashed(password),
            password_at=stamp(now()),
            must_change=1,
            failures=0,
            locked_until=None,
            disabled_at=None,
            totp_sealed=None,
            role=str(role) if role else row.role,
        )
        end_sessions(connection, row.id)
        log_act(connection, row.id, "reset", actor, role=changed.role)
    return account_of(changed), password


def unlock(register: Register, name: str, actor: Actor) -> Account:
    """Lift the lock that wrong passwords brought; the password stays.

    Raises:
        AccountUnknown: there is none of that name.
    """
    with register.database.write() as connection:
        row = _known(connection, name)
        changed = _change(connection, row.id, failures=0, locked_until=None)
        log_act(connection, row.id, "unlocked", actor)
    return account_of(changed)


def not_himself(account: Account, name: str) -> None:
    """An administrator acts on others only, so nobody raises himself and the last administrator stays.

    Raises:
        AccountIsOwn: it is his own account.
    """
    if account.name == name.strip().lower():
        raise AccountIsOwn(name=account.name)


def change_password(register: Register, account: Account, old: str, new: str) -> None:
    """Replace the password; every session of the account ends.

    Raises:
        SignInRefused: the old password is wrong.
        PasswordWeak: the new one may not be used.
    """
    kept = _hash_of(register, account)
    if not passwords.matches(kept, old):
        raise SignInRefused
    passwords.check_new(new, name=account.name, old_hash=kept)
    fresh = passwords.hashed(new)
    with register.database.write() as connection:
        _change(connection, account.id, password_hash=fresh, password_at=stamp(now()), must_change=0)
        end_sessions(connection, account.id)
        log_act(connection, account.id, "password_changed", account.actor)


def switch_totp_on(register: Register, account: Account, secret: bytes, code: str) -> None:
    """Ask for a code at every sign-in from now on; the code proves that the phone knows the secret.

    Raises:
        CodeWrong: it does not.
    """
    step = totp.accepted_step(secret, code, 0)
    if step is None:
        raise CodeWrong
    sealed = register.vault.seal(totp.shown_secret(secret), totp_place(account.id))
    with register.database.write() as connection:
        _change(connection, account.id, totp_sealed=sealed, totp_step=step)
        log_act(connection, account.id, "totp_on", account.actor)


def switch_totp_off(register: Register, account: Account, password: str) -> None:
    """Ask for no code any more.

    Raises:
        SignInRefused: the password is wrong.
    """
    if not passwords.matches(_hash_of(register, account), password):
        raise SignInRefused
    with register.database.write() as connection:
        _change(connection, account.id, totp_sealed=None)
        log_act(connection, account.id, "totp_off", account.actor)


def totp_place(account_id: int) -> str:
    """Where a sealed secret belongs; authenticated with the value."""
    return f"accounts.totp:{account_id}"


def end_sessions(connection: Connection, account_id: int) -> None:
    """Sign the account out everywhere, in the caller's transaction."""
    connection.execute(delete(account_sessions).where(account_sessions.c.account_id == account_id))


def log_act(connection: Connection, account_id: int, act: str, actor: Actor, **more: object) -> None:
    """Record an act on an account; the public leaf holds the account's number only. Call last."""
    detail = {"act": act, "actor": actor.as_dict(), **more}
    record(connection, [NewEvent(Kind.ACCOUNT, f"account:{account_id}", detail)], now())


def account_of(row: Any) -> Account:
    """An account out of its row."""
    return Account(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        must_change=bool(row.must_change),
        has_totp=row.totp_sealed is not None,
        locked_until=row.locked_until,
        disabled_at=row.disabled_at,
        created_at=row.created_at,
        password_at=row.password_at,
    )


def _row(connection: Connection, name: str) -> Any:
    return connection.execute(select(accounts).where(accounts.c.name == name)).one_or_none()


def _known(connection: Connection, name: str) -> Any:
    row = _row(connection, name.strip().lower())
    if row is None:
        raise AccountUnknown(name=name)
    return row


def _change(connection: Connection, account_id: int, **values: object) -> Any:
    statement = update(accounts).where(accounts.c.id == account_id).values(**values).returning(accounts)
    return connection.execute(statement).one()


def _hash_of(register: Register, account: Account) -> str:
    with register.database.read() as connection:
        found = select(accounts.c.password_hash).where(accounts.c.id == account.id)
        return str(connection.execute(found).scalar_one())


def state_of(account: Account) -> str:
    """`off`, `locked`, `waiting` (for its first sign-in) or `active`."""
    if account.disabled_at is not None:
        return "off"
    if account.locked_until is not None and now() < moment_of(account.locked_until):
        return "locked"
    return "waiting" if account.must_change else "active"
