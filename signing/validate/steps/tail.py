"""What came after the certification signature: exactly what `signatures extend` writes, byte for byte, or nothing.

No library's policy is asked. Every later revision is read into the few things that may differ (numbers of new objects,
certificates and revocation data, the name of the field, the token, the second half of /ID), is then written anew from
those and from the revision before it, and must come out as the same bytes. So there is no room for another key, value,
object, order or spelling; what the store holds is judged in `store.py`.
"""

import re
from typing import Final

from signing.validate.case import Case, Stop, refuse_change
from signing.validate.report import Code
from signing.validate.steps.closing import closing
from signing.validate.steps.revision import Added, Before, Revision, expected_bodies
from signing.validate.steps.signature_store import check_store
from signing.validate.steps.written import reference

_OBJECT: Final = re.compile(rb"([1-9]\d{0,9}) 0 obj\n")
_STREAM: Final = re.compile(rb"<<\n/Length ([1-9]\d{0,7})\n>>\nstream\n")
_CROSS_REFERENCES: Final = b"<<\n/W [ 1 8 2 ]\n"
_END_OF_STREAM: Final = b"\nendstream"
_END_OF_OBJECT: Final = b"\nendobj\n"
_STORE: Final = re.compile(rb"<<\n(?:/(?:Certs|OCSPs|CRLs) \[(?: [1-9]\d{0,9} 0 R){1,500} \]\n){1,3}>>")
_STORE_ENTRY: Final = re.compile(rb"(/[A-Za-z]+) \[([^\]]*) \]\n")
_REFERENCE: Final = re.compile(rb" (\d+) 0 R")
_FIELD: Final = re.compile(
    rb"<<\n/FT /Sig\n/T \((Timestamp\\055[0-9a-f]{8}(?:\\055[0-9a-f]{4}){3}\\055[0-9a-f]{12})\)\n/Type /Annot\n"
    rb"/Subtype /Widget\n/F 132\n/Rect \[ 0 0 0 0 \]\n/P ([1-9]\d{0,9}) 0 R\n/TU \(Timestamp\)\n/V ([1-9]\d{0,9}) 0 R\n>>"
)
_STAMP: Final = re.compile(rb"<<\n/Contents <[0-9A-F]+>\n/ByteRange ")


def check_tail(case: Case) -> None:
    """Look at everything behind the certification signature.

    Raises:
        Stop: something other than what the extender writes, or what does not belong to the chains of this file.
    """
    if case.slots[-1].end != len(case.data):
        raise Stop(Code.BYTES_APPENDED, "behind the last signature or time-stamp")
    for number, slot in enumerate(case.slots[1:], 1):
        start = case.slots[number - 1].end
        revision = _taken_apart(Revision(start, case.data[start : slot.end], slot))
        before = Before(case.data[:start])
        added = _added(revision, before)
        if _rebuilt(revision, before, added) != revision.data:
            refuse_change("not as the extender writes it")
        check_store(case, number, _contents(added, revision, before))


def _taken_apart(revision: Revision) -> Revision:
    """Find the objects; whatever comes then must be the table with its trailer, which is compared as a whole later."""
    data, position = revision.data, 0
    while (match := _OBJECT.match(data, position)) and not data.startswith(_CROSS_REFERENCES, match.end()):
        number, body = int(match[1]), match.end()
        stream = _STREAM.match(data, body)
        if stream:
            end = stream.end() + int(stream[1])
            revision.streams[number] = data[stream.end() : end]
            end += len(_END_OF_STREAM)
        else:
            end = data.find(_END_OF_OBJECT, body)
        if end < 0 or not data.startswith(_END_OF_OBJECT, end) or number in revision.places:
            refuse_change(f"object {number}")
        revision.places[number] = revision.start + position
        revision.bodies[number] = data[body:end]
        position = end + len(_END_OF_OBJECT)
    return revision


def _added(revision: Revision, before: Before) -> Added:
    """The field, the stamp and the store among the objects of a revision."""
    fields = {number: match for number, body in revision.bodies.items() if (match := _FIELD.fullmatch(body))}
    stamps = [number for number, body in revision.bodies.items() if _STAMP.match(body)]
    if len(fields) != 1 or len(stamps) != 1:
        refuse_change("not one field with one time-stamp")
    ((number, match),) = fields.items()
    stores = [one for one, body in revision.bodies.items() if _STORE.fullmatch(body)]
    if len(stores) > 1:
        refuse_change("security store")
    store, store_number = before.store, before.store_number
    if not stores and store_number is None:
        refuse_change("a time-stamp without a security store")
    if stores and store_number not in (None, stores[0]):
        refuse_change("another security store")
    if stores:
        store_number, store = stores[0], _store_of(revision.bodies[stores[0]])
    added = Added(number, int(match[2]), stamps[0], store, int(store_number or 0))
    if int(match[3]) != added.stamp or added.page != before.page.idnum:
        refuse_change("field")
    _check_numbers(revision, before, added)
    return added


def _store_of(body: bytes) -> dict[str, tuple[int, ...]]:
    entries = _STORE_ENTRY.findall(body)
    found = {key.decode(): tuple(map(int, _REFERENCE.findall(values))) for key, values in entries}
    if len(found) != len(entries):
        refuse_change("security store")
    return found


def _check_numbers(revision: Revision, before: Before, added: Added) -> None:
    """The store keeps what it had; each new object is new and is the field, the stamp, the store or held by it."""
    held = [one for numbers in added.store.values() for one in numbers]
    kept = before.store
    if any(added.store.get(key, ())[: len(numbers)] != numbers for key, numbers in kept.items()):
        refuse_change("security store has lost something")
    fresh = [added.field, added.stamp, *revision.streams]
    if before.store_number is None:
        fresh.append(added.store_number)
    known = {one for numbers in kept.values() for one in numbers}
    if (
        len(set(held)) != len(held)
        or set(held) - known != set(revision.streams)
        or len(set(fresh)) != len(fresh)
        or min(fresh) < before.size
    ):
        refuse_change("objects that belong to nothing")


def _rebuilt(revision: Revision, before: Before, added: Added) -> bytes:
    """The revision as the extender would have written it with what it adds."""
    needed = expected_bodies(revision, before, added)
    bodies: dict[int, bytes] = {}
    for number in sorted(needed):
        must, body = needed[number]
        if must or number in revision.numbers:
            bodies[number] = body
    out, places = b"", {}
    for number, body in bodies.items():
        places[number] = revision.start + len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    return out + closing(revision.data[len(out) :], before.reader, places, revision.start + len(out))


def _contents(added: Added, revision: Revision, before: Before) -> dict[str, list[tuple[bytes, bool]]]:
    """The store's certificates, lists and answers as DER, each with whether this revision brought it."""

    def content(number: int) -> tuple[bytes, bool]:
        if number in revision.streams:
            return revision.streams[number], True
        return reference(number, before.reader).get_object().data, False

    return {key: [content(one) for one in numbers] for key, numbers in added.store.items()}
