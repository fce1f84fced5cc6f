"""API keys (接口密钥): a machine of an organisation says who it is, and may ask more often.

A key is 160 random bits behind the prefix `zk_`; the register keeps its SHA-256 only. That is enough for a secret that
nobody chose: guessing it is out of reach, so no slow password hash is needed at every request. A key belongs to an
organisation, opens some scopes, ends on a day, and is replaced (`rotate`) with some days in which both work.
"""

import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from registry.accounts.errors import KeyNameBad, KeyPeriodWrong, KeyUnknown
from registry.accounts.totp import digest_of
from registry.clock import moment_of, now, stamp
from registry.database.account_tables import api_keys
from registry.log.events import Actor, Kind, NewEvent, record
from registry.register import Register

PREFIX: Final = "zk_"
SECRET_BYTES: Final = 20
HINT_LENGTH: Final = 8
MAX_NAME: Final = 80
MAX_DAYS: Final = 730
DEFAULT_DAYS: Final = 365
DEFAULT_OVERLAP_DAYS: Final = 14
_BY_HASH: Final = "SELECT id, name, scopes, expires_at, revoked_at FROM api_keys WHERE secret_hash = ?"


class Scope(StrEnum):
    """What a key opens; each is a group of calls of the API."""

    VERIFY = "verify"
    QUERY = "query"
    BULK = "bulk"
    RECOGNISE = "recognise"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is kept: never the secret, only its first characters. Times are ISO 8601 in UTC."""

    id: int
    name: str
    hint: str
    scopes: frozenset[Scope]
    created_at: str
    expires_at: str
    revoked_at: str | None
    replaces: int | None

    @property
    def state(self) -> str:
        """`live`, `expired` or `revoked`."""
        if self.revoked_at is not None:
            return "revoked"
        return "live" if now() < moment_of(self.expires_at) else "expired"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the number of the key, the organisation it belongs to, what it opens."""

    id: int
    organisation: str
    scopes: frozenset[Scope]


def create(
    register: Register, name: str, scopes: frozenset[Scope], actor: Actor, *, days: int = DEFAULT_DAYS
) -> tuple[ApiKey, str]:
    """A new key of an organisation and its secret, which is kept nowhere.

    `name` is what holders read when the key asks for them; `days` is how long it works.

    Raises:
        KeyNameBad: no name, longer than 80 characters, or with control characters.
        KeyPeriodWrong: fewer than 1 or more than 730 `days`.
    """
    wanted = " ".join(name.split())
    if not 0 < len(wanted) <= MAX_NAME or not wanted.isprintable():
        raise KeyNameBad(name=name)
    with register.database.write() as connection:
        row, secret = _insert(connection, wanted, scopes, days, None)
        _log(connection, row.id, "key_created", actor, name=wanted)
    return _key(row), secret


def rotate(
    register: Register,
    key_id: int,
    actor: Actor,
    *,
    days: int = DEFAULT_DAYS,
    overlap_days: int = DEFAULT_OVERLAP_DAYS,
) -> tuple[ApiKey, str]:
    """A new key of the same organisation and scopes; the old one works for `overlap_days` more at most.

    Raises:
        KeyUnknown: there is no live key of that number.
        KeyPeriodWrong: `days` outside its bounds.
    """
    with register.database.write() as connection:
        old = _key(_live(connection, key_id))
        row, secret = _insert(connection, old.name, old.scopes, days, old.id)
        until = min(old.expires_at, stamp(now() + timedelta(days=overlap_days)))
        connection.execute(update(api_keys).where(api_keys.c.id == old.id).values(expires_at=until))
        _log(connection, row.id, "key_rotated", actor, replaces=old.id)
    return _key(row), secret


def revoke(register: Register, key_id: int, actor: Actor) -> ApiKey:
    """End a key at once.

    Raises:
        KeyUnknown: there is no live key of that number.
    """
    with register.database.write() as connection:
        _live(connection, key_id)
        ended = update(api_keys).where(api_keys.c.id == key_id).values(revoked_at=stamp(now()))
        row = connection.execute(ended.returning(api_keys)).one()
        _log(connection, key_id, "key_revoked", actor)
    return _key(row)


def listed(register: Register) -> tuple[ApiKey, ...]:
    """Every key, oldest first."""
    with register.database.read() as connection:
        return tuple(map(_key, connection.execute(select(api_keys).order_by(api_keys.c.id))))


def caller_of(register: Register, secret: str) -> Caller | None:
    """Who holds this secret; None when the key is unknown, expired or revoked. One indexed read."""
    if not secret.startswith(PREFIX):
        return None
    rows = register.lookup.rows(_BY_HASH, digest_of(secret))
    if not rows:
        return None
    key_id, name, scopes, expires_at, revoked_at = rows[0]
    if revoked_at is not None or now() >= moment_of(expires_at):
        return None
    return Caller(key_id, name, _scopes(scopes))


def _insert(
    connection: Connection, name: str, scopes: frozenset[Scope], days: int, replaces: int | None
) -> tuple[Any, str]:
    if not 1 <= days <= MAX_DAYS:
        raise KeyPeriodWrong(days=days, most=MAX_DAYS)
    secret = PREFIX + b32encode(secrets.token_bytes(SECRET_BYTES)).decode().lower()
    moment = now()
    values = {
        "name": name,
        "hint": secret[:HINT_LENGTH],
        "secret_hash": digest_of(secret),
        "scopes": " ".join(sorted(scopes)),
        "created_at": stamp(moment),
        "expires_at": stamp(moment + timedelta(days=days)),
        "replaces": replaces,
    }
    return connection.execute(insert(api_keys).values(**values).returning(api_keys)).one(), secret


def _live(connection: Connection, key_id: int) -> Any:
    row = connection.execute(select(api_keys).where(api_keys.c.id == key_id)).one_or_none()
    if row is None or _key(row).state != "live":
        raise KeyUnknown(number=key_id)
    return row


def _key(row: Any) -> ApiKey:
    return ApiKey(
        id=row.id,
        name=row.name,
        hint=row.hint,
        scopes=_scopes(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        replaces=row.replaces,
    )


def _scopes(text: str) -> frozenset[Scope]:
    return frozenset(map(Scope, text.split()))


def _log(connection: Connection, key_id: int, act: str, actor: Actor, **more: object) -> None:
    detail = {"act": act, "actor": actor.as_dict(), **more}
    record(connection, [NewEvent(Kind.ACCOUNT, f"api-key:{key_id}", detail)], now())
