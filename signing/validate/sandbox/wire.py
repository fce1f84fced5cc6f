"""How parent and child talk: lengths first, then a pickled request (parent to child) or JSON (child to parent)."""

import struct
from typing import BinaryIO, Final

HEADER: Final = struct.Struct(">Q")


def pack(request: bytes, data: bytes) -> bytes:
    """A request with its file."""
    return b"".join((HEADER.pack(len(request)), HEADER.pack(len(data)), request, data))


def read_message(stream: BinaryIO) -> tuple[bytes, bytes] | None:
    """The next request and its file; None at the end."""
    head = stream.read(2 * HEADER.size)
    if len(head) < 2 * HEADER.size:
        return None
    first = HEADER.unpack(head[: HEADER.size])[0]
    second = HEADER.unpack(head[HEADER.size :])[0]
    return stream.read(first), stream.read(second)
