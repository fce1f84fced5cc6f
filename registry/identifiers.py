"""Verification codes: 128 random bits in Base32, nothing to guess, nothing personal in an address."""

import re
import secrets
from base64 import b32encode
from typing import Final

CODE_BYTES: Final = 16
CODE_LENGTH: Final = 26
_TYPED: Final = str.maketrans("018", "OIB")  # digits that the alphabet lacks and hands type for its letters
_CODE: Final = re.compile(r"[A-Z2-7]{26}")
_ADDRESS: Final = re.compile(r"https?://[^/]+/v/([A-Z2-7]{26})", re.IGNORECASE)


def new_code() -> str:
    """A fresh code of 26 characters."""
    return b32encode(secrets.token_bytes(CODE_BYTES)).decode()[:CODE_LENGTH]


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
