"""Positions in status lists: every certificate gets one, no two the same, and none tells how many came before."""

import hashlib
import hmac
from functools import lru_cache
from typing import Final

COUNTER: Final = "#status"
HALF_BITS: Final = 8
CAPACITY: Final = 1 << 2 * HALF_BITS  # 65,536 positions of 2 bits: 16 KB before compression
_MASK: Final = (1 << HALF_BITS) - 1
_ROUNDS: Final = (
    4  # a four-round Feistel network over a keyed function is a strong permutation (Luby, Rackoff)
)


def position(count: int, key: bytes) -> tuple[int, int]:
    """(list id, position) of the `count`-th certificate, counted from 1."""
    list_number, inside = divmod(count - 1, CAPACITY)
    return list_number + 1, _permute(inside, list_number, key)


def _permute(value: int, list_number: int, key: bytes) -> int:
    left, right = value >> HALF_BITS, value & _MASK
    for number in range(_ROUNDS):
        left, right = right, left ^ _round(list_number, number, right, key)
    return left << HALF_BITS | right


@lru_cache(maxsize=2 * _ROUNDS * (_MASK + 1))  # two lists' worth: a list has a thousand of these values
def _round(list_number: int, number: int, right: int, key: bytes) -> int:
    message = f"{list_number}:{number}:{right}".encode()
    return hmac.digest(key, message, hashlib.sha256)[0] & _MASK
