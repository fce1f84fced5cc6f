"""Writing what a certificate adds to its plan: objects with their offsets, the signature's place, the file's end.

The signature dictionary is the last object, so that one pass of hashing serves both the signature and the file.
ISO 32000-1 7.5.4 (cross-reference table), 12.8.1 (byte range).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from generator.certificate.errors import SignatureTooLong

if TYPE_CHECKING:
    from hashlib import _Hash

Parts: TypeAlias = tuple[bytes, ...]

_RANGE: Final = b"/ByteRange[0 %010d %010d %010d]/Contents"
_RANGE_SIZE: Final = len(_RANGE % (0, 0, 0))


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A whole file but for its signature, over whose `digest` (SHA-256 of the byte range) that is to be made."""

    prefix: bytes
    middle: bytes
    end: bytes
    size: int
    digest: bytes
    hash: _Hash  # of what stands before the signature

    def signed(self, cms: bytes) -> tuple[Parts, str]:
        """The file in parts, and its SHA-256. Once only: the hash goes on.

        Raises:
            SignatureTooLong: the signer returned more than it announced.
        """
        if len(cms) > self.size:
            raise SignatureTooLong(size=len(cms), reserved=self.size)
        rest = b"<%b>%b" % (cms.hex().upper().encode("ascii").ljust(2 * self.size, b"0"), self.end)
        self.hash.update(rest)
        return (self.prefix, self.middle, rest), self.hash.hexdigest()


class Tail:
    """The objects of one certificate behind the constant beginning."""

    def __init__(self, prefix: bytes, entries: bytes, prefix_hash: _Hash, first: int) -> None:
        self._prefix = prefix
        self._entries = entries
        self._hash = prefix_hash
        self._parts: list[bytes] = []
        self._at = len(prefix)
        self._offsets: dict[int, int] = {}
        self._next = first

    def add(self, body: bytes, number: int | None = None) -> int:
        """Write an object; returns its number."""
        return self._write((body, b"\nendobj\n"), len(body) + 8, number)

    def add_stream(self, entries: bytes, data: bytes, number: int | None = None) -> int:
        """Write a stream as it is; `entries` name its filter."""
        head = b"<<%b/Length %d>>\nstream\n" % (entries, len(data))
        return self._write((head, data, b"\nendstream\nendobj\n"), len(head) + len(data) + 18, number)

    def _write(self, parts: tuple[bytes, ...], size: int, number: int | None) -> int:
        if number is None:
            number = self._next
            self._next += 1
        head = b"%d 0 obj\n" % number
        self._offsets[number] = self._at
        self._parts.append(head)
        self._parts += parts
        self._at += len(head) + size
        return number

    def finish(self, root: int, info: int, identifier: str) -> tuple[Parts, str]:
        """The file without a signature, in parts, and its SHA-256."""
        rest = b"".join((*self._parts, self._end(root, info, identifier)))
        whole = self._hash.copy()
        whole.update(rest)
        return (self._prefix, rest), whole.hexdigest()

    def close(self, signature: bytes, number: int, trailer: tuple[int, int, str], size: int) -> Unsigned:
        """Write the signature dictionary, whose entries besides range and contents are `signature`.

        `size` bytes are reserved for the signature.
        """
        head = b"%d 0 obj\n<<%b" % (number, signature)
        self._offsets[number] = self._at
        before = self._at + len(head) + _RANGE_SIZE
        behind = before + 2 * size + 2
        start = self._at
        self._at = behind + len(b">>\nendobj\n")
        end = b">>\nendobj\n" + self._end(*trailer)
        middle = b"".join((*self._parts, head, _RANGE % (before, behind, len(end))))
        assert before == start + len(head) + _RANGE_SIZE  # noqa: S101 - ten digits hold every offset
        whole = self._hash.copy()
        whole.update(middle)
        ranges = whole.copy()
        ranges.update(end)
        return Unsigned(self._prefix, middle, end, size, ranges.digest(), whole)

    def _end(self, root: int, info: int, identifier: str) -> bytes:
        """Cross-reference table and trailer."""
        first = len(self._entries) // 20
        offsets = self._offsets
        numbers = range(first, self._next)
        lines = b"%010d 00000 n \n" * len(numbers) % tuple([offsets[number] for number in numbers])
        return (
            b"xref\n0 %d\n%b%btrailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]>>\nstartxref\n%d\n%%%%EOF\n"
            % (
                self._next,
                self._entries,
                lines,
                self._next,
                root,
                info,
                identifier.encode("ascii"),
                identifier.encode("ascii"),
                self._at,
            )
        )
