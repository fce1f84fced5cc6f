"""PDF values written the way that `signatures extend` writes them: one spelling for each value, kept here for good.

The extender writes through pyHanko. This is a copy of that spelling, so that files which were archived by an earlier
release are read in the same way when pyHanko one day writes differently.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from pyhanko.pdf_utils import generic

_REGULAR: Final = frozenset(range(0x21, 0x7F)) - frozenset(b"#()<>[]{}/%")


def written(value: Any) -> bytes:
    """The bytes of a value that pyHanko has read.

    Raises:
        TypeError: a kind of value that no object of ours has.
    """
    match value:
        case generic.IndirectObject():
            return b"%d %d R" % (value.idnum, value.generation)
        case generic.NameObject():
            return b"/" + b"".join(map(_name_byte, str(value)[1:].encode("utf-8")))
        case generic.TextStringObject():
            return b"(" + b"".join(map(_string_byte, _encoded(value))) + b")"
        case generic.ByteStringObject():
            return b"<" + value.hex().encode() + b">"
        case generic.NullObject():
            return b"null"
        case generic.BooleanObject():
            return b"true" if value else b"false"
        case Decimal():
            return str(
                value.quantize(Decimal(1)) if value == value.to_integral() else Decimal(value)
            ).encode()
        case int():
            return b"%d" % value
        case Mapping():
            return written_dictionary((written(key), written(one)) for key, one in value.items())
        case list():
            return written_array(map(written, value))
        case _:
            raise TypeError(type(value))


def name(text: str) -> generic.NameObject:
    """A name, from `/Name`."""
    return generic.NameObject(text)


def number(value: int) -> Any:
    """An integer."""
    return generic.NumberObject(value)  # type: ignore[no-untyped-call]


def dictionary(entries: Mapping[str, Any]) -> Any:
    """A dictionary; a copy that may be changed where it was one already, references kept."""
    return generic.DictionaryObject(entries)  # type: ignore[no-untyped-call]


def array(values: Iterable[Any]) -> Any:
    """An array."""
    return generic.ArrayObject(values)


def reference(number: int, reader: Any) -> Any:
    """A reference to an object of a document."""
    return generic.IndirectObject(number, 0, reader)  # type: ignore[no-untyped-call]


def written_dictionary(entries: Iterable[tuple[bytes, bytes]]) -> bytes:
    """A dictionary of written names and values."""
    return b"<<\n" + b"".join(b"%b %b\n" % entry for entry in entries) + b">>"


def written_array(values: Iterable[bytes]) -> bytes:
    """An array of written values."""
    return b"[" + b"".join(b" " + value for value in values) + b" ]"


def written_table(places: Mapping[int, int]) -> bytes:
    """A cross-reference table of an incremental update: object number → offset."""
    out = b"xref\n"
    chunks = chunked(places)
    if chunks[0][0] == 1:  # the head of the list of free entries joins it
        out += b"0 %d\n0000000000 65535 f \n" % (len(chunks[0]) + 1)
    else:
        out += b"0 1\n0000000000 65535 f \n%d %d\n" % (chunks[0][0], len(chunks[0]))
    for number, chunk in enumerate(chunks):
        out += b"%d %d\n" % (chunk[0], len(chunk)) if number else b""
        out += b"".join(b"%010d 00000 n \n" % places[one] for one in chunk)
    return out


def chunked(places: Iterable[int]) -> list[list[int]]:
    """Object numbers in runs without a gap."""
    chunks: list[list[int]] = []
    for number in sorted(places):
        if chunks and chunks[-1][-1] == number - 1:
            chunks[-1].append(number)
        else:
            chunks.append([number])
    return chunks


def _encoded(value: Any) -> bytes:
    if value.force_output_encoding is not None:
        return bytes(value.force_output_encoding.encode(value))
    try:
        return bytes(generic.encode_pdfdocencoding(value))  # type: ignore[no-untyped-call]
    except UnicodeEncodeError:
        return b"\xfe\xff" + str(value).encode("utf-16be")


def _name_byte(byte: int) -> bytes:
    return bytes((byte,)) if byte in _REGULAR else b"#%X" % byte


def _string_byte(byte: int) -> bytes:
    text = bytes((byte,))
    return text if text.isalnum() or text == b" " else b"\\%03o" % byte
