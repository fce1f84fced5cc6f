"""QR codes of one batch, fast: the `qrcode` package draws the pattern once, each code is then a sum of parts.

With version, level and mask fixed, a QR code is linear over GF(2): every bit of the text adds (exclusive or) its own
fixed set of modules, error correction included. Those sets are read off the `qrcode` package's own matrices, so the
result is that package's matrix, module by module. ISO/IEC 18004; alphanumeric mode, level M.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from generator.certificate.errors import QrUnsuitable

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"  # ISO/IEC 18004 table 5
MASK: Final = 0
MAX_VERSION: Final = 4
MAX_LENGTH: Final = 90  # characters in version 4, level M
QUIET_MODULES: Final = 4
_PAIR_BITS: Final = 11
_SINGLE_BITS: Final = 6
_VALUES: Final = {character: value for value, character in enumerate(ALPHABET)}
_CHUNK: Final = 8


def matrix(text: str, mask: int = MASK) -> list[list[bool]]:
    """The modules that the `qrcode` package makes of an alphanumeric text at level M with that mask.

    Raises:
        QrUnsuitable: another character than the 45 of alphanumeric mode, or longer than version 4 holds.
    """
    from qrcode import QRCode
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.util import MODE_ALPHA_NUM, QRData

    if not text or len(text) > MAX_LENGTH or any(character not in _VALUES for character in text):
        raise QrUnsuitable(url=text)
    code = QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=mask)
    code.add_data(QRData(text.encode("ascii"), mode=MODE_ALPHA_NUM))
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.modules]


def packed(rows: list[list[bool]]) -> int:
    """The modules as one number, row by row, the first module in the highest bit."""
    found = 0
    for row in rows:
        for module in row:
            found = found << 1 | module
    return found


@dataclass(frozen=True, slots=True)
class QrBatch:
    """All codes that begin with `fixed` characters of the same text and have the same length.

    `base` is the matrix with zeros in place of the rest; `parts[i][bit]` are the modules that bit adds in pair i.
    """

    prefix: str
    length: int
    modules: int
    base: int
    parts: tuple[tuple[int, ...], ...]

    def pack(self, text: str) -> int:
        """The matrix of a text as one number.

        Raises:
            QrUnsuitable: another length or beginning, or a character outside alphanumeric mode.
        """
        if len(text) != self.length or not text.startswith(self.prefix):
            raise QrUnsuitable(url=text)
        found = self.base
        try:
            for value, bits in zip(_pair_values(text, len(self.prefix)), self.parts, strict=True):
                for bit, part in enumerate(bits):
                    if value >> bit & 1:
                        found ^= part
        except KeyError as error:
            raise QrUnsuitable(url=text) from error
        return found

    def path(self, text: str) -> str:
        """The dark modules as rectangles, unit one module, origin lower left."""
        return "\n".join(_row_paths(self.pack(text), self.modules))


def _pair_values(text: str, first: int) -> Iterator[int]:
    """The numbers that alphanumeric mode writes for the pairs from the one that holds character `first`."""
    for at in range(first - first % 2, len(text) - 1, 2):
        yield _VALUES[text[at]] * 45 + _VALUES[text[at + 1]]
    if len(text) % 2:
        yield _VALUES[text[-1]]


@lru_cache(maxsize=8)
def qr_batch(prefix: str, length: int) -> QrBatch:
    """Read the parts for texts of `length` characters that begin with `prefix`; about 0.2 s.

    Raises:
        QrUnsuitable: the prefix or the length cannot be encoded.
    """
    start = len(prefix) - len(prefix) % 2
    zero = prefix[:start] + "0" * (length - start)
    rows = matrix(zero)
    base = packed(rows)
    parts = []
    for at in range(start, length, 2):
        bits = _PAIR_BITS if at + 1 < length else _SINGLE_BITS
        parts.append(tuple(packed(matrix(_with_value(zero, at, 1 << bit))) ^ base for bit in range(bits)))
    return QrBatch(prefix, length, len(rows), base, tuple(parts))


def _with_value(text: str, at: int, value: int) -> str:
    if at + 1 == len(text):
        return text[:at] + ALPHABET[value]
    return text[:at] + ALPHABET[value // 45] + ALPHABET[value % 45] + text[at + 2 :]


def _row_paths(bits: int, modules: int) -> Iterator[str]:
    """Rectangles row by row, from ready pieces of eight modules."""
    width = -(-modules // _CHUNK) * _CHUNK
    mask = (1 << modules) - 1
    for row in range(modules):
        line = (bits >> (modules - 1 - row) * modules & mask) << width - modules
        y = modules - 1 - row
        yield "\n".join(
            [
                piece
                for index, byte in enumerate(line.to_bytes(width // 8, "big"))
                if (piece := _piece(byte, index, y))
            ]
        )


@lru_cache(maxsize=None)
def _piece(byte: int, index: int, y: int) -> str:
    """The runs of dark modules in one byte of a row."""
    rectangles: list[str] = []
    start: int | None = None
    for offset in range(_CHUNK + 1):
        dark = offset < _CHUNK and byte >> (_CHUNK - 1 - offset) & 1
        if dark and start is None:
            start = offset
        elif not dark and start is not None:
            rectangles.append(f"{index * _CHUNK + start} {y} {offset - start} 1 re")
            start = None
    return "\n".join(rectangles)
