"""What came after the certification signature: only DSS and time-stamp revisions, and no byte between their objects.

PyHanko compares what the revisions say; here the bytes are walked as well, because a viewer that repairs a file may
find objects that no cross-reference table names.
"""

import re
from collections.abc import Container, Mapping
from typing import Any, Final

from signing.validate.case import Case, Stop
from signing.validate.report import Code

_SPACE: Final = b"\x00\t\n\x0c\r "
_OBJECT: Final = re.compile(rb"(\d{1,10})[\x00\t\n\x0c\r ]+(\d{1,5})[\x00\t\n\x0c\r ]+obj")
_START: Final = re.compile(rb"startxref[\t\n\r ]+(\d{1,12})[\t\n\r ]+%%EOF")
_END_OF_OBJECT: Final = b"endobj"
_TABLE: Final = b"xref"
_TRAILER: Final = b"trailer"


def check_tail(case: Case) -> None:
    """Look at everything behind the certification signature.

    Raises:
        Stop: something other than DSS and document time-stamps, or bytes that belong to nothing.
    """
    from pyhanko.sign.diff_analysis import ModificationLevel, SuspiciousModification

    start = case.slots[0].end
    if start == len(case.data):
        return
    if case.slots[-1].end != len(case.data) and (case.trust.strict or len(case.slots) > 1):
        raise Stop(Code.BYTES_APPENDED, "behind the last signature or time-stamp")
    first = case.signatures[0]
    first.compute_integrity_info()
    found = first.diff_result
    if isinstance(found, SuspiciousModification):
        raise Stop(Code.CHANGED_AFTER_SIGNING, str(found)[:200])
    if found.modification_level.value > ModificationLevel.LTA_UPDATES.value:
        raise Stop(Code.CHANGED_AFTER_SIGNING, found.modification_level.name)
    _check_redefinitions(case)
    _check_tiles(case, start)


def _check_redefinitions(case: Case) -> None:
    """No stream (page content, font, picture, XMP) and not /Info may be defined anew, nor the XMP exchanged.

    PyHanko lets later revisions replace the metadata; a certificate's must stay.
    """
    reader, signed = case.reader, case.signatures[0].signed_revision
    info = reader.trailer.raw_get("/Info").reference if "/Info" in reader.trailer else None
    for revision in range(signed + 1, reader.xrefs.total_revisions):
        for reference in reader.xrefs.explicit_refs_in_revision(revision):
            if reader.xrefs.get_introducing_revision(reference) > signed:
                continue
            if reference == info or "/Length" in _entries(reader.get_object(reference, revision)):
                raise Stop(Code.CHANGED_AFTER_SIGNING, f"object {reference.idnum} defined anew")
    before = reader.get_historical_root(signed)
    if _raw(before, "/Metadata") != _raw(reader.root, "/Metadata"):
        raise Stop(Code.CHANGED_AFTER_SIGNING, "metadata exchanged")


def _entries(value: Any) -> Container[str]:
    return value if isinstance(value, Mapping) else ()


def _raw(dictionary: Any, name: str) -> object:
    """A dictionary's entry, an indirect one as its object number."""
    value = dictionary.raw_get(name) if name in dictionary else None
    return getattr(value, "idnum", value)


def _check_tiles(case: Case, start: int) -> None:
    """The bytes from `start` are objects that a table names, the tables and their trailers; nothing else."""
    listed, tables = _listed(case, start)
    found: set[int] = set()
    position = _skip_space(case.data, start)
    while position < len(case.data):
        match = _OBJECT.match(case.data, position)
        if match:
            found.add(position)
            position = _end_of_object(case, match)
        else:
            position = _end_of_section(case, position, tables)
        position = _skip_space(case.data, position)
    if found != listed:
        raise Stop(Code.CHANGED_AFTER_SIGNING, "objects outside the cross-reference table")


def _listed(case: Case, start: int) -> tuple[set[int], dict[int, int]]:
    """Offsets of the objects that tables behind `start` name, and where those tables begin and end."""
    offsets: set[int] = set()
    tables: dict[int, int] = {}
    xrefs = case.reader.xrefs
    for revision in range(xrefs.total_revisions):
        place = xrefs.get_xref_container_info(revision)
        if place.start_location < start:
            continue
        if place.stream_ref is None:
            tables[place.declared_startxref] = place.end_location
        else:
            offsets.add(place.start_location)
        for reference in xrefs.explicit_refs_in_revision(revision):
            where = xrefs.get_historical_ref(reference, revision)
            if isinstance(where, int) and where >= start:
                offsets.add(where)
    return offsets, tables


def _end_of_object(case: Case, match: re.Match[bytes]) -> int:
    from pyhanko.pdf_utils import generic

    stream = case.reader.stream
    stream.seek(_skip_space(case.data, match.end()))
    generic.read_object(stream, generic.Reference(int(match[1]), int(match[2]), case.reader))
    position = _skip_space(case.data, stream.tell())
    if not case.data.startswith(_END_OF_OBJECT, position):
        raise Stop(Code.CHANGED_AFTER_SIGNING, "bytes inside an object")
    return position + len(_END_OF_OBJECT)


def _end_of_section(case: Case, position: int, tables: dict[int, int]) -> int:
    """The end of a cross-reference table with its trailer, or of `startxref … %%EOF`."""
    from pyhanko.pdf_utils import generic

    if tables.get(position, 0) > position and case.data.startswith(_TABLE, position):
        stream = case.reader.stream
        after = _skip_space(case.data, tables[position])
        after += len(_TRAILER) if case.data.startswith(_TRAILER, after) else 0
        stream.seek(_skip_space(case.data, after))
        generic.DictionaryObject.read_from_stream(stream, generic.TrailerReference(case.reader))  # type: ignore[no-untyped-call]
        return int(stream.tell())
    match = _START.match(case.data, position)
    if match is None:
        raise Stop(Code.CHANGED_AFTER_SIGNING, f"bytes between the objects at {position}")
    return match.end()


def _skip_space(data: bytes, position: int) -> int:
    while position < len(data) and data[position] in _SPACE:
        position += 1
    return position
