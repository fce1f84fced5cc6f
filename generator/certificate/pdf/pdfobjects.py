"""PDF objects as bytes (ISO 32000-1 7.3, 7.5): streams, references, the cross-reference table, and reportlab's objects."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pikepdf

HEADER: Final = b"%PDF-1.7\n%\xe5\x9c\xa8\xe5\x86\x8c\n"
FREE_ENTRY: Final = b"0000000000 65535 f \n"


def whole(number: int, body: bytes) -> bytes:
    """An indirect object."""
    return b"%d 0 obj\n%b\nendobj\n" % (number, body)


def stream(entries: str, data: bytes, *, compress: bool = True) -> bytes:
    """A stream with its dictionary; `entries` are those besides /Length and /Filter."""
    if compress:
        data = zlib.compress(data, 9)
        entries += "/Filter/FlateDecode"
    return f"<<{entries}/Length {len(data)}>>\nstream\n".encode("ascii") + data + b"\nendstream"


def entry(offset: int) -> bytes:
    """A line of the cross-reference table: exactly 20 bytes."""
    return b"%010d 00000 n \n" % offset


class Collector:
    """Constant objects of a batch, numbered as they are added."""

    def __init__(self) -> None:
        self.bodies: dict[int, bytes] = {}
        self._next = 1

    def reserve(self, count: int = 1) -> int:
        """The first of `count` numbers to be used later."""
        first = self._next
        self._next += count
        return first

    def add(self, body: bytes) -> int:
        """Add an object; returns its number."""
        number = self.reserve()
        self.bodies[number] = body
        return number

    @property
    def size(self) -> int:
        """How many numbers are given out, 0 included."""
        return self._next

    def prefix(self) -> tuple[bytes, bytes]:
        """The file's beginning with all objects, and their lines of the cross-reference table from number 0."""
        parts, entries, at = [HEADER], [FREE_ENTRY], len(HEADER)
        for number in range(1, self.size):
            data = whole(number, self.bodies[number])
            entries.append(entry(at))
            parts.append(data)
            at += len(data)
        return b"".join(parts), b"".join(entries)


class Transplant:
    """Moves objects of a PDF made by reportlab into a collector, with new numbers."""

    def __init__(self, data: bytes, collector: Collector) -> None:
        import pikepdf

        self._pdf = pikepdf.open(io.BytesIO(data))
        self._collector = collector
        self._numbers: dict[tuple[int, int], int] = {}

    @property
    def page(self) -> Any:
        """The first page's dictionary."""
        return self._pdf.pages[0].obj

    def content(self) -> bytes:
        """The page's operators, decoded."""
        return bytes(self.page.Contents.read_bytes())

    def resources(self, kind: str) -> dict[str, int]:
        """Numbers of the page's resources of a kind (`/Font`, `/XObject`) by name, moved into the collector."""
        table = self.page.Resources.get(kind, {})
        return {name: self.moved(table[name]) for name in table.keys()}  # noqa: SIM118 - a pikepdf dictionary

    def moved(self, item: pikepdf.Object) -> int:
        """The new number of an indirect object, which is moved with all it refers to."""
        key = item.objgen
        if key == (0, 0):
            return self._collector.add(self._bytes(item))
        if key not in self._numbers:
            number = self._numbers[key] = self._collector.reserve()
            self._collector.bodies[number] = self._stream(item) if _is_stream(item) else self._bytes(item)
        return self._numbers[key]

    def _stream(self, item: Any) -> bytes:
        form = item.get("/Subtype") == "/Form"
        dropped = {"/Length", "/Filter", "/DecodeParms", *(["/Resources", "/Name"] if form else [])}
        entries = self._entries({key: item[key] for key in item.keys() if key not in dropped})  # noqa: SIM118
        return stream(entries + ("/Resources<<>>" if form else ""), bytes(item.read_bytes()))

    def _entries(self, table: Mapping[str, Any]) -> str:
        return "".join(f"{key} {self._text(value)}" for key, value in table.items())

    def _text(self, item: Any) -> str:
        import pikepdf

        if isinstance(item, pikepdf.Object) and item.is_indirect:
            return f"{self.moved(item)} 0 R"
        return self._bytes(item).decode("latin-1")

    def _bytes(self, item: Any) -> bytes:
        import pikepdf

        if isinstance(item, pikepdf.Dictionary):
            return f"<<{self._entries({key: item[key] for key in item.keys()})}>>".encode("latin-1")  # noqa: SIM118
        if isinstance(item, pikepdf.Array):
            return f"[{' '.join(self._text(value) for value in item)}]".encode("latin-1")
        return _scalar(item)


def _is_stream(item: Any) -> bool:
    import pikepdf

    return isinstance(item, pikepdf.Stream)


def _scalar(item: Any) -> bytes:
    import pikepdf

    if isinstance(item, pikepdf.Object):
        return bytes(item.unparse())
    if isinstance(item, bool):
        return b"true" if item else b"false"
    return str(item).encode("ascii")
