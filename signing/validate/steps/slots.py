"""Signatures as they lie in the bytes: `/ByteRange` and the hexadecimal gap it leaves, read without any PDF parser.

A parser can be misled by what it believes about the file; offsets cannot.
"""

import re
from dataclasses import dataclass
from typing import Final

MAX_SLOTS: Final = 64
MIN_CMS_HEX: Final = 600  # digits; no CMS with a certificate is shorter
_BYTE_RANGE: Final = re.compile(
    rb"/ByteRange\s{0,20}\[\s{0,20}(\d{1,11})\s{1,20}(\d{1,11})\s{1,20}(\d{1,11})\s{1,20}(\d{1,11})\s{0,20}\]"
)
_HEX_BLOB: Final = re.compile(rb"<([0-9A-Fa-f]{%d,})" % MIN_CMS_HEX)
_UPPER_HEX: Final = re.compile(rb"[0-9A-F]*")
_ANY_HEX: Final = re.compile(rb"[0-9A-Fa-f]*")


@dataclass(frozen=True, slots=True)
class Slot:
    """One signature: its four ByteRange numbers and the text in the gap, delimiters included."""

    byte_range: tuple[int, int, int, int]
    gap: bytes

    @property
    def end(self) -> int:
        """Where the signed bytes end."""
        return self.byte_range[2] + self.byte_range[3]

    @property
    def is_sound(self) -> bool:
        """Starts at 0, leaves exactly one hexadecimal string out, goes on to its end."""
        start, first, second, last = self.byte_range
        hexadecimal = self.gap[1:-1]
        return (
            start == 0
            and 0 < first < second
            and last > 0
            and self.gap[:1] == b"<"
            and self.gap[-1:] == b">"
            and len(hexadecimal) % 2 == 0
            and _ANY_HEX.fullmatch(hexadecimal) is not None
        )

    @property
    def is_upper_case(self) -> bool:
        """The one spelling that pyHanko and the press write."""
        return _UPPER_HEX.fullmatch(self.gap[1:-1]) is not None

    @property
    def content(self) -> bytes:
        """The bytes in the gap; only for a sound slot."""
        return bytes.fromhex(self.gap[1:-1].decode("ascii"))

    def signed(self, data: bytes) -> tuple[memoryview, memoryview]:
        """The two signed parts of the file."""
        view = memoryview(data)
        _, first, second, last = self.byte_range
        return view[:first], view[second : second + last]


def find_slots(data: bytes) -> tuple[Slot, ...]:
    """All `/ByteRange` arrays that point into the file, in the order of their ends; at most `MAX_SLOTS` + 1."""
    found = []
    for match in _BYTE_RANGE.finditer(data):
        start, first, second, last = (int(number) for number in match.groups())
        found.append(Slot((start, first, second, last), data[start + first : max(second, start + first)]))
        if len(found) > MAX_SLOTS:
            break
    return tuple(sorted(found, key=lambda slot: slot.end))


def find_blobs(data: bytes) -> list[bytes]:
    """Long hexadecimal strings anywhere: what is left of signatures in a damaged file."""
    found = []
    for match in _HEX_BLOB.finditer(data):
        digits = match.group(1)
        found.append(bytes.fromhex(digits[: len(digits) & ~1].decode("ascii")))
        if len(found) > MAX_SLOTS:
            break
    return found


def split_padding(content: bytes) -> tuple[bytes, bytes]:
    """A DER object and what follows it.

    Raises:
        ValueError: no complete DER object at the start.
    """
    if len(content) < 2 or content[0] != 0x30:
        raise ValueError("no SEQUENCE")  # noqa: EM101
    size, length = 2, content[1]
    if length & 0x80:
        count = length & 0x7F
        if not 1 <= count <= 4:
            raise ValueError("length form")  # noqa: EM101
        size, length = 2 + count, int.from_bytes(content[2 : 2 + count])
    if len(content) < size + length:
        raise ValueError("cut short")  # noqa: EM101
    return content[: size + length], content[size + length :]
