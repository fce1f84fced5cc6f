"""QR codes of one batch, fast: the `qrcode` package draws the pattern once, each code is then a sum of parts.

With version, level and mask fixed, a QR code is linear over GF(2): every bit of the text adds (exclusive or) its own
fixed set of modules, error correction included. Those sets are read off the `qrcode` package's own matrices, so the
result is that package's matrix, module by module. ISO/IEC 18004, level M: the scheme of an address in lower case, as byte
mode, because several phones do not open `HTTPS://`; all behind it in alphanumeric mode. Old codes, in capitals
throughout, are alphanumeric from end to end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from operator import getitem, xor
from typing import Final

from generator.certificate.errors import QrUnsuitable

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"  # ISO/IEC 18004 table 5
MASK: Final = 0
MAX_VERSION: Final = 4
MAX_LENGTH: Final = 90  # characters of alphanumeric mode alone in version 4, level M
MAX_BITS: Final = 512  # of data in version 4, level M
QUIET_MODULES: Final = 4
_PAIR_BITS: Final = 11
_SINGLE_BITS: Final = 6
_VALUES: Final = {character: value for value, character in enumerate(ALPHABET)}
_CHUNK: Final = 8
_BYTE_HEAD: Final = 12  # mode and number of characters, versions 1 to 9
_ALPHANUMERIC_HEAD: Final = 13
_SCHEME: Final = re.compile("[a-z]*")


def scheme_length(text: str) -> int:
    """How many characters at the beginning are in byte mode: the lower-case scheme of an address."""
    found = _SCHEME.match(text)
    return found.end() if found else 0


def matrix(text: str, mask: int = MASK) -> list[list[bool]]:
    """The modules that the `qrcode` package makes of an address at level M with that mask.

    Raises:
        QrUnsuitable: behind the scheme another character than the 45 of alphanumeric mode, or more than version 4 holds.
    """
    from qrcode import QRCode
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, QRData

    scheme, rest = text[: scheme_length(text)], text[scheme_length(text) :]
    if not rest or any(character not in _VALUES for character in rest) or _bits(scheme, rest) > MAX_BITS:
        raise QrUnsuitable(url=text)
    code = QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=mask)
    if scheme:
        code.add_data(QRData(scheme.encode("ascii"), mode=MODE_8BIT_BYTE))
    code.add_data(QRData(rest.encode("ascii"), mode=MODE_ALPHA_NUM))
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.modules]


def _bits(scheme: str, rest: str) -> int:
    """How long the data are (ISO/IEC 18004 §7.4)."""
    pairs, single = divmod(len(rest), 2)
    bits = _ALPHANUMERIC_HEAD + _PAIR_BITS * pairs + _SINGLE_BITS * single
    return bits + (_BYTE_HEAD + _CHUNK * len(scheme) if scheme else 0)


def packed(rows: list[list[bool]]) -> int:
    """The modules as one number, row by row, the first module in the highest bit; rows are padded to whole bytes."""
    padding = -len(rows) % _CHUNK
    found = 0
    for row in rows:
        for module in row:
            found = found << 1 | module
        found <<= padding
    return found


class Contribution(dict[str, int]):
    """What one pair adds to the matrix: its characters → modules, put together from their bits at first use."""

    def __init__(self, bits: Iterable[int]) -> None:
        super().__init__()
        self._bits = tuple(bits)

    def __missing__(self, pair: str) -> int:
        value = _VALUES[pair[0]] * len(ALPHABET) + _VALUES[pair[1]] if len(pair) == 2 else _VALUES[pair]
        set_bits = [modules for bit, modules in enumerate(self._bits) if value >> bit & 1]
        found = self[pair] = reduce(xor, set_bits, 0)
        return found


@dataclass(frozen=True, slots=True)
class QrBatch:
    """All codes that begin with `fixed` characters of the same text and have the same length.

    `base` is the matrix with zeros from the character `first` on, where a pair begins; `parts[i]["K7"]` are the modules
    that "K7" adds as pair i.
    """

    prefix: str
    length: int
    first: int
    modules: int
    base: int
    parts: tuple[Contribution, ...]

    @property
    def row_bytes(self) -> int:
        """Bytes per row of the packed matrix."""
        return -(-self.modules // _CHUNK)

    def pack(self, text: str) -> int:
        """The matrix of a text as one number.

        Raises:
            QrUnsuitable: another length or beginning, or a character outside alphanumeric mode.
        """
        if len(text) != self.length or not text.startswith(self.prefix):
            raise QrUnsuitable(url=text)
        pairs = [text[at : at + 2] for at in range(self.first, self.length, 2)]
        try:
            return reduce(xor, map(getitem, self.parts, pairs), self.base)
        except KeyError as error:
            raise QrUnsuitable(url=text) from error

    def path(self, text: str) -> str:
        """The dark modules as rectangles, unit one module, origin lower left."""
        data = self.pack(text).to_bytes(self.modules * self.row_bytes, "big")
        return "".join(map(getitem, _pieces(self.modules), data))


@lru_cache(maxsize=8)
def qr_batch(prefix: str, length: int) -> QrBatch:
    """Read the parts for texts of `length` characters that begin with `prefix`; about 0.2 s.

    Raises:
        QrUnsuitable: the prefix or the length cannot be encoded.
    """
    start = len(prefix) - (len(prefix) - scheme_length(prefix)) % 2
    zero = prefix[:start] + "0" * (length - start)
    rows = matrix(zero)
    base = packed(rows)
    parts = []
    for at in range(start, length, 2):
        bits = _PAIR_BITS if at + 1 < length else _SINGLE_BITS
        parts.append(
            Contribution(packed(matrix(_with_value(zero, at, 1 << bit))) ^ base for bit in range(bits))
        )
    return QrBatch(prefix, length, start, len(rows), base, tuple(parts))


def _with_value(text: str, at: int, value: int) -> str:
    if at + 1 == len(text):
        return text[:at] + ALPHABET[value]
    return text[:at] + ALPHABET[value // 45] + ALPHABET[value % 45] + text[at + 2 :]


@cache
def _pieces(modules: int) -> list[list[str]]:
    """Rectangles of the dark modules in each byte of the matrix: by number of the byte, then by its value."""
    rows, columns = range(modules), range(-(-modules // _CHUNK))
    return [
        [_rectangles(column * _CHUNK, modules - 1 - row, value) for value in range(1 << _CHUNK)]
        for row in rows
        for column in columns
    ]


def _rectangles(left: int, y: int, value: int) -> str:
    runs = re.finditer("1+", f"{value:08b}")
    return "".join([f"{left + run.start()} {y} {len(run[0])} 1 re\n" for run in runs])
