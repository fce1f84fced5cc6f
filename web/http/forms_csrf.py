"""Tokens for forms of signed-in visitors: bound to the session, so that another site cannot send them."""

import hashlib
import hmac
from typing import Final

FIELD: Final = "csrf"
_PURPOSE: Final = b"zhicheng form of "


def form_token(key: bytes, session: str) -> str:
    """The token of every form of one session."""
    return hmac.digest(key, _PURPOSE + session.encode(), hashlib.sha256).hex()


def token_fits(key: bytes, session: str, given: str) -> bool:
    """Whether a form came from a page of this session; compared in constant time."""
    return hmac.compare_digest(form_token(key, session).encode(), given.encode())
