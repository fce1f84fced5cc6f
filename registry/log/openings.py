"""Who may see the leaf behind a commitment in the log: whoever holds the code or the file, and only of what is his to see.

That an annotated copy (加注件) was made, that a pick-up code was renewed or a scan taken is nobody's business who merely
has the certificate's code; the holder of a copy sees the events of that copy besides.
"""

from typing import Final

from registry.identifiers import is_code, normal_code
from registry.log.events import Kind
from registry.model import Certificate, Copy, Event
from registry.register import Register

TOLD: Final = (
    Kind.ISSUED,
    Kind.SUSPENDED,
    Kind.RESUMED,
    Kind.REVOKED,
    Kind.SUPERSEDED,
    Kind.EXTENDED,
)
"""Kinds that the result page of a certificate tells anyway."""
OF_COPIES: Final = (Kind.ANNOTATED, Kind.COPY_REVOKED)


def opened_by_code(register: Register, code: str) -> tuple[int, ...]:
    """Positions of the events that the holder of a code may open, oldest first; none for an unknown code."""
    if not is_code(normal_code(code)):
        return ()
    certificate = register.lookup.by_code(code)
    if certificate is not None:
        return _positions(register, certificate, None)
    copy = register.lookup.copy_by_code(code)
    return _positions(register, copy.certificate, copy) if copy else ()


def opened_by_file(register: Register, sha256: str) -> tuple[int, ...]:
    """Positions of the events that the holder of a file may open; `sha256` is its hash, hexadecimal."""
    certificate = register.lookup.by_sha256(sha256)
    if certificate is not None:
        return _positions(register, certificate, None)
    copy = register.lookup.copy_by_sha256(sha256)
    return _positions(register, copy.certificate, copy) if copy else ()


def _positions(register: Register, certificate: Certificate, copy: Copy | None) -> tuple[int, ...]:
    life = register.lookup.events_of(certificate)
    return tuple(event.position for event in life if event.kind in TOLD or _of_copy(event, copy))


def _of_copy(event: Event, copy: Copy | None) -> bool:
    return copy is not None and event.kind in OF_COPIES and event.detail.get("copy") == copy.code
