"""Two-step sign-in (动态验证码): time-based one-time passwords, RFC 6238 over RFC 4226, as every phone app makes them."""

import hashlib
import hmac
import secrets
import time
from base64 import b32encode
from typing import Final
from urllib.parse import quote, urlencode

PERIOD_S: Final = 30  # RFC 6238 §4.1
DIGITS: Final = 6
DRIFT_STEPS: Final = 1  # RFC 6238 §5.2: one step either way
SECRET_BYTES: Final = 20  # RFC 4226 §4 R6


def new_secret() -> bytes:
    """A fresh shared secret."""
    return secrets.token_bytes(SECRET_BYTES)


def code_at(secret: bytes, step: int, digits: int = DIGITS, algorithm: str = "sha1") -> str:
    """The code of a time step (RFC 4226 §5.3)."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), algorithm)
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_now() -> int:
    """The present time step."""
    return int(time.time()) // PERIOD_S


def accepted_step(secret: bytes, given: str, after: int) -> int | None:
    """The step that the given code belongs to; None when it is wrong, or not newer than the step `after`."""
    typed = "".join(given.split())
    now = step_now()
    found = None
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), typed.encode()) and step > after:
            found = step
    return found


def provisioning_uri(secret: bytes, name: str, issuer: str) -> str:
    """The address that a phone app reads from a QR code."""
    label = quote(f"{issuer}:{name}")
    query = urlencode({"secret": shown_secret(secret), "issuer": issuer, "digits": DIGITS}, quote_via=quote)
    return f"otpauth://totp/{label}?{query}"


def shown_secret(secret: bytes) -> str:
    """The secret in Base32, to be typed by hand."""
    return b32encode(secret).decode().rstrip("=")


def digest_of(token: str) -> bytes:
    """SHA-256 of a random token, as tables keep it."""
    return hashlib.sha256(token.encode()).digest()
