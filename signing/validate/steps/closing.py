"""How a later revision closes: its cross-reference table or stream, trailer and end, written anew for comparison."""

import re
import struct
import zlib
from collections.abc import Mapping
from typing import Any, Final

from pyhanko.pdf_utils.generic import ByteStringObject

from signing.validate.case import refuse_change
from signing.validate.steps.written import (
    array,
    chunked,
    name,
    number,
    written,
    written_dictionary,
    written_table,
)

_IDENTIFIER: Final = re.compile(rb"/ID \[ <([0-9a-f]{0,200})> <([0-9a-f]{32})> \]\n/Prev \d+\n")
_STREAM: Final = re.compile(rb"/Length ([1-9]\d{0,5})\n>>\nstream\n")
_END: Final = b"\nstartxref\n%d\n%%%%EOF\n"
_NAMES: Final = frozenset({"/Root", "/Info", "/Size", "/ID", "/Prev"})


def closing(found: bytes, reader: Any, places: Mapping[int, int], start: int) -> bytes:
    """What must stand from offset `start` to the end of the revision, given the objects before it.

    `found` is what stands there; the second half of /ID is taken from it, and nothing else but the deflated form of a
    cross-reference stream, whose contents are compared.

    Raises:
        Stop: it has another form.
    """
    highest = max(places)
    if reader.has_xref_stream:
        return _stream(found, reader, {**places, highest + 1: start}, start)
    trailer = written_dictionary(_entries(found, reader, highest + 1))
    return written_table(places) + b"trailer\n" + trailer + _END % start


def _entries(found: bytes, reader: Any, size: int) -> list[tuple[bytes, bytes]]:
    """The trailer's entries in their order."""
    match = _IDENTIFIER.search(found)
    before = reader.trailer.flatten()
    if match is None or not set(before) <= _NAMES or ("/ID" not in before and len(match[1]) != len(match[2])):
        refuse_change("trailer")
    first = _bytes_of(before["/ID"][0]) if "/ID" in before else bytes.fromhex(match[1].decode())
    halves = (first, bytes.fromhex(match[2].decode()))
    before[name("/ID")] = array(map(ByteStringObject, halves))
    before[name("/Prev")] = number(reader.last_startxref)
    before[name("/Size")] = number(size)
    return [(written(key), written(value)) for key, value in before.items()]


def _bytes_of(value: Any) -> bytes:
    return bytes(getattr(value, "original_bytes", value))


def _stream(found: bytes, reader: Any, places: Mapping[int, int], start: int) -> bytes:
    """A cross-reference stream; deflate has many spellings, so its contents count, and hardly a byte of excess."""
    own = max(places)
    match = _STREAM.search(found)
    if match is None:
        refuse_change("cross-reference stream")
    deflated = found[match.end() : match.end() + int(match[1])]
    rows = (
        b"\x00" * 9 + b"\xff\xff" + b"".join(struct.pack(">BQH", 1, places[one], 0) for one in sorted(places))
    )
    if _inflated(deflated, len(rows)) != rows or len(deflated) > len(zlib.compress(rows)) + 8:
        refuse_change("cross-reference stream")
    index = b"[ 0 1" + b"".join(b" %d %d" % (chunk[0], len(chunk)) for chunk in chunked(places)) + b" ]"
    entries = [
        (b"/W", b"[ 1 8 2 ]"),
        (b"/Type", b"/XRef"),
        (b"/Filter", b"/FlateDecode"),
        *_entries(found, reader, own + 1),
        (b"/Index", index),
        (b"/Length", b"%d" % len(deflated)),
    ]
    body = written_dictionary(entries) + b"\nstream\n" + deflated + b"\nendstream"
    return b"%d 0 obj\n%b\nendobj\n" % (own, body) + _END % start


def _inflated(data: bytes, size: int) -> bytes | None:
    inflater = zlib.decompressobj()
    try:
        rows = inflater.decompress(data, size + 1)
    except zlib.error:
        return None
    return rows if inflater.eof and not inflater.unused_data else None
