"""The holder's session: a short signed cookie that names certificates by internal number, nothing personal.

It ends after twenty minutes without use, after eight hours in any case, and at once when the 领取码 that opened it is
renewed, because it remembers which edition of the code that was.
"""

import hashlib
import hmac
import secrets
from dataclasses import asdict, dataclass
from time import time
from typing import Any, Final

from flask import request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response as Answer

from registry.model import Certificate
from registry.register import Register
from web.services import Services, services

COOKIE: Final = "zc_holder"
PATH: Final = "/holder"
IDLE_S: Final = 20 * 60
LONGEST_S: Final = 8 * 3600
_PURPOSE: Final = b"zhicheng holder session 1"


@dataclass(frozen=True)
class Session:
    """Which certificates it opens (internal numbers, oldest first), by which one's code, since when."""

    nonce: str
    started: int
    opened_by: int
    epoch: int
    certificates: tuple[int, ...]


def begin(opened_by: Certificate, certificates: tuple[Certificate, ...]) -> Session:
    """A fresh session for the certificates of one person."""
    ids = tuple(one.id for one in certificates)
    return Session(secrets.token_urlsafe(12), int(time()), opened_by.id, opened_by.pickup_epoch, ids)


def current() -> Session | None:
    """The session of this request, if it is signed by us, not expired, and its code is still the current one."""
    here = services()
    found = _read(here.register, request.cookies.get(COOKIE, ""))
    if found is None or time() - found.started > LONGEST_S:
        return None
    opened_by = here.register.lookup.by_id(found.opened_by)
    return found if opened_by and opened_by.pickup_epoch == found.epoch else None


def keep(response: Answer, session: Session) -> None:
    """Send the cookie again: the twenty minutes start anew."""
    value = _serializer(services().register).dumps(asdict(session))
    response.set_cookie(
        COOKIE,
        value if isinstance(value, str) else value.decode("ascii"),
        max_age=IDLE_S,
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=_secure(services()),
    )


def end(response: Answer) -> None:
    """Take the cookie away."""
    secure = _secure(services())
    response.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="Lax", secure=secure)


def session_key(register: Register) -> bytes:
    """The key of cookies and form tokens; the same on every server of one register."""
    return hmac.digest(register.vault.list_key, _PURPOSE, hashlib.sha256)


def _read(register: Register, cookie: str) -> Session | None:
    try:
        data: dict[str, Any] = _serializer(register).loads(cookie, max_age=IDLE_S)
        return Session(**{**data, "certificates": tuple(data["certificates"])})
    except (BadData, TypeError, KeyError):
        return None


def _serializer(register: Register) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(session_key(register), signer_kwargs={"digest_method": hashlib.sha256})


def _secure(here: Services) -> bool:
    return here.settings.https or request.is_secure
