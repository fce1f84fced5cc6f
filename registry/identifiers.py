"""Verification codes: 128 random bits in Base32, nothing to guess, nothing personal in an address."""

import re
import secrets
from typing import Final

CODE_BYTES: Final = 16
CODE_LENGTH: Final = 26
_BASE32: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # RFC 4648 §6
_PAIRS: Final = [first + second for first in _BASE32 for second in _BASE32]
_TYPED: Final = str.maketrans("018", "OIB")  # digits that the alphabet lacks and hands type for its letters
_CODE: Final = re.compile(r"[A-Z2-7]{26}")
_ADDRESS: Final = re.compile(r"https?://[^/]+/v/([A-Z2-7]{26})", re.IGNORECASE)


def new_code() -> str:
    """A fresh code of 26 characters."""
    return base32(secrets.token_bytes(CODE_BYTES))


def base32(data: bytes) -> str:
    """Base32 without padding (RFC 4648 §6), ten bits at a time; leading bytes give leading characters."""
    bits = 8 * len(data)
    padding = -bits % 10
    number = int.from_bytes(data, "big") << padding
    pairs = [_PAIRS[number >> shift & 1023] for shift in range(bits + padding - 10, -1, -10)]
    return "".join(pairs)[: -(-bits // 5)]


def scannable(address: str) -> str:
    """How a QR code holds an address: the scheme in lower case, which phones open, all else in capitals.

    What is in capitals fits the alphanumeric mode; hosts have no case (RFC 3986 §3.2.2), the paths take both.
    """
    scheme, mark, rest = address.partition("://")
    return scheme.lower() + mark + rest.upper()


def normal_code(text: str) -> str:
    """A typed or scanned code as the register writes it; also out of a whole verification address."""
    address = _ADDRESS.search(text)
    if address:
        return address[1].upper()
    return "".join(text.split()).replace("-", "").upper().translate(_TYPED)


def is_code(text: str) -> bool:
    """Whether the normalised text has the form of a code."""
    return _CODE.fullmatch(text) is not None


def normal_number(text: str) -> str:
    """A certificate number as the register writes it: upper case, no spaces or hyphens."""
    return "".join(text.split()).replace("-", "").upper()
