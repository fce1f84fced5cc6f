"""Passwords: argon2id hashes, one-time passwords, and what a new password must be."""

import secrets
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.message import message
from registry.accounts.errors import PasswordWeak

MIN_LENGTH: Final = 10
MAX_LENGTH: Final = 128
MIN_DIFFERENT: Final = 5  # different characters in a password
ONE_TIME_GROUPS: Final = 4
ONE_TIME_ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that is misread
ONE_TIME_DAYS: Final = 7

_hasher = PasswordHasher()  # RFC 9106, second recommended option


def hashed(password: str) -> str:
    """The argon2id hash to keep."""
    return _hasher.hash(password)


def matches(password_hash: str, given: str) -> bool:
    """Whether the given password is the kept one; costs the same whichever it is."""
    try:
        return _hasher.verify(password_hash, given[:MAX_LENGTH])
    except (VerificationError, InvalidHashError):
        return False


@cache
def decoy() -> str:
    """A hash that nothing fits, checked when the name is unknown, so that time does not tell."""
    return hashed(secrets.token_urlsafe())


def one_time_password() -> str:
    """Sixteen random characters in four groups: 80 bits."""
    groups = ("".join(secrets.choice(ONE_TIME_ALPHABET) for _ in range(4)) for _ in range(ONE_TIME_GROUPS))
    return "-".join(groups)


def check_new(password: str, *, name: str, old_hash: str) -> None:
    """Refuse a new password that is easy to guess.

    Raises:
        PasswordWeak: too short or long, too few different characters, holds the name, or is the old one.
    """
    reason = None
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        reason = "length"
    elif len(set(password)) < MIN_DIFFERENT:
        reason = "plain"
    elif name.casefold() in password.casefold():
        reason = "name"
    elif matches(old_hash, password):
        reason = "same"
    if reason:
        text = message("registry", f"password.{reason}", least=MIN_LENGTH, most=MAX_LENGTH)
        raise PasswordWeak(reason=text)
