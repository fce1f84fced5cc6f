"""A later revision taken apart, the document before it, and what the extender makes of both: bodies to compare with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from pyhanko.pdf_utils.generic import IndirectObject
from pyhanko.pdf_utils.reader import PdfFileReader

from signing.validate.case import refuse_change
from signing.validate.steps.written import (
    array,
    dictionary,
    name,
    number,
    reference,
    written,
    written_array,
    written_dictionary,
)

if TYPE_CHECKING:
    from signing.validate.steps.slots import Slot

BYTE_RANGE_WIDTH: Final = 62
STORE_KEYS: Final = ("/Certs", "/OCSPs", "/CRLs")  # in the order in which they are first written
_STAMP_REST: Final = b"\n/Type /DocTimeStamp\n/Filter /Adobe.PPKLite\n/SubFilter /ETSI.RFC3161\n>>"


@dataclass
class Revision:
    """One later revision, taken apart: bodies and stream contents by object number, in the order of the bytes."""

    start: int
    data: bytes
    slot: "Slot"
    bodies: dict[int, bytes] = field(default_factory=dict)
    streams: dict[int, bytes] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)

    @property
    def numbers(self) -> set[int]:
        """All its objects."""
        return set(self.places)


@dataclass(frozen=True)
class Added:
    """What a revision brings: the field, its stamp, and the store as it is then (key → object numbers)."""

    field: int
    page: int
    stamp: int
    store: Mapping[str, tuple[int, ...]]
    store_number: int


class Before:
    """The document before a revision, read from its own bytes alone."""

    def __init__(self, data: bytes) -> None:
        self.reader: Any = PdfFileReader(BytesIO(data))
        self.size = int(self.reader.trailer["/Size"])
        self.root: Any = self.reader.root
        self.root_number = int(self.reader.trailer.raw_get("/Root").idnum)
        self.page: Any = self.reader.find_page_for_modification(0)[0]  # type: ignore[no-untyped-call]

    @property
    def store_number(self) -> int | None:
        """The object number of the security store."""
        return int(self.root.raw_get("/DSS").idnum) if "/DSS" in self.root else None

    @property
    def store(self) -> dict[str, tuple[int, ...]]:
        """What the security store holds: key → object numbers."""
        if "/DSS" not in self.root:
            return {}
        entries: Mapping[str, Any] = self.root["/DSS"]
        if not set(entries) <= {*STORE_KEYS, "/Type", "/VRI"}:
            refuse_change("security store")
        return {key: tuple(int(one.idnum) for one in entries[key]) for key in entries if key in STORE_KEYS}


def expected_bodies(revision: Revision, before: Before, added: Added) -> dict[int, tuple[bool, bytes]]:
    """Object number → whether it must be there, and its body."""
    field_reference, root_number = reference(added.field, before.reader), before.root_number
    fields = _with_field(before.root, ("/AcroForm", "/Fields"), field_reference, root_number)
    annotations = _with_field(before.page.get_object(), ("/Annots",), field_reference, before.page.idnum)
    needed = {own: (True, written(value)) for own, value in (fields, annotations)}
    root, changed = dictionary(before.root), False
    if fields[0] == root_number:
        root, changed = fields[1], True
    if before.store_number is None:
        root[name("/Extensions")] = _extensions(root)
        root[name("/DSS")] = reference(added.store_number, before.reader)
        changed = True
    needed[root_number] = (changed, written(root))
    for own, data in revision.streams.items():
        needed[own] = (True, b"<<\n/Length %d\n>>\nstream\n%b\nendstream" % (len(data), data))
    store_changed = bool(revision.streams) or before.store_number is None
    needed[added.store_number] = (store_changed, _store_body(before, added))
    needed[added.field] = (True, revision.bodies[added.field])  # matched as a whole
    needed[added.stamp] = (True, _stamp_body(revision.slot))
    return needed


def _with_field(owner: Any, path: tuple[str, ...], added: Any, own: int) -> tuple[int, Any]:
    """The object that must be written anew when `added` is appended to the array at `path`: its number and value."""
    first, *rest = path
    raw = owner.raw_get(first) if first in owner else dictionary({}) if rest else array(())
    if isinstance(raw, IndirectObject):
        inside: Any = raw.get_object()  # type: ignore[no-untyped-call]
        return _appended(inside, tuple(rest), added, int(raw.idnum))
    place, value = _appended(raw, tuple(rest), added, own)
    if place != own:
        return place, value
    changed = dictionary(owner)
    changed[name(first)] = value
    return own, changed


def _appended(value: Any, rest: tuple[str, ...], added: Any, own: int) -> tuple[int, Any]:
    if rest:
        return _with_field(value, rest, added, own)
    return own, array([*value, added])


def _extensions(root: Any) -> Any:
    """The extensions of a file with a security store (pyHanko names ESIC, the one of ETSI EN 319 142-1)."""
    extensions = dictionary(root.get("/Extensions", {}))
    if "/ESIC" not in extensions:
        entries = {
            "/Type": name("/DeveloperExtensions"),
            "/BaseVersion": name("/1.7"),
            "/ExtensionLevel": number(1),
        }
        extensions[name("/ESIC")] = dictionary({name(key): value for key, value in entries.items()})
    return extensions


def _store_body(before: Before, added: Added) -> bytes:
    old = list(before.root["/DSS"]) if before.store_number is not None else []
    order = [*old, *(key for key in STORE_KEYS if key in added.store and key not in old)]
    entries = []
    for key in order:
        if key in STORE_KEYS:
            value = written_array(b"%d 0 R" % number for number in added.store[key])
        else:
            value = written(before.root["/DSS"].raw_get(key))
        entries.append((key.encode(), value))
    return written_dictionary(entries)


def _stamp_body(slot: "Slot") -> bytes:
    numbers = b"[%d %d %d %d]" % slot.byte_range
    return b"<<\n/Contents %b\n/ByteRange %b%b" % (slot.gap, numbers.ljust(BYTE_RANGE_WIDTH), _STAMP_REST)
