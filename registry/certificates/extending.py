"""Renewing archives in bulk: files named by the operator, or everything valid in the register."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy import select

from core.errors import HouseError
from core.settings import write_atomically
from registry.certificates.renewal import record_renewal
from registry.database.schema import certificates
from registry.errors import RowAltered
from registry.log.events import Actor
from registry.model import Certificate, State
from registry.register import Register

AT_ONCE: Final = 64  # files in memory
Renew = Callable[[bytes, datetime], bytes | None]


@dataclass(frozen=True, slots=True)
class Work:
    """One file to look at: where it is, and where a renewed one is to be written (None: into the store only)."""

    name: str
    read: Callable[[], bytes]
    target: Path | None = None
    certificate: Certificate | None = None


@dataclass(frozen=True, slots=True)
class Extended:
    """What came of one file. `state`: extended, not_due, failed; `number` where the register knows the file.

    `code` is that of the error, `extension_refused` for a file that is not genuine.
    """

    name: str
    state: str
    number: str | None = None
    message: str = ""
    code: str = ""


def work_of_paths(files: Iterable[Path], output: Path | None) -> list[Work]:
    """The named files, renewed in place or into a folder."""
    return [Work(str(path), path.read_bytes, output / path.name if output else path) for path in files]


def work_of_register(register: Register) -> Iterator[Work]:
    """The newest file of every certificate that is valid or suspended."""
    ids = select(certificates.c.id).where(certificates.c.state.in_((str(State.VALID), str(State.SUSPENDED))))
    with register.database.read() as connection:
        wanted = list(connection.execute(ids.order_by(certificates.c.id)).scalars())
    for first in range(0, len(wanted), AT_ONCE):
        part = wanted[first : first + AT_ONCE]
        try:
            found = register.lookup.by_ids(part).values()
        except RowAltered:
            yield from (_alone(register, one) for one in part)
            continue
        for certificate in found:
            yield Work(certificate.number, _reader(register, certificate), certificate=certificate)


def _alone(register: Register, row_id: int) -> Work:
    """One row of a page that holds an altered one; the altered row fails by itself when it is read."""
    try:
        certificate = register.lookup.by_ids([row_id])[row_id]
    except RowAltered as altered:
        return Work(f"#{row_id}", _raising(altered))
    return Work(certificate.number, _reader(register, certificate), certificate=certificate)


def _raising(error: HouseError) -> Callable[[], bytes]:
    def read() -> bytes:
        raise error

    return read


def extend_all(
    register: Register, work: Iterable[Work], renew: Renew, deadline: datetime, actor: Actor, threads: int
) -> Iterator[Extended]:
    """Renew what is due before `deadline`, several at once, and tell the register of every file that it knows."""
    rest = iter(work)
    with ThreadPoolExecutor(threads) as pool:
        while part := list(islice(rest, AT_ONCE)):
            renewed = pool.map(lambda one: _renewed(one, renew, deadline), part)
            for one, result in zip(part, renewed, strict=True):
                yield _kept(register, one, result, actor)


def _reader(register: Register, certificate: Certificate) -> Callable[[], bytes]:
    sha256 = register.lookup.file_hash(certificate)
    return lambda: register.storage.get(sha256)


Result = tuple[bytes, bytes | None] | HouseError | OSError


def _renewed(one: Work, renew: Renew, deadline: datetime) -> Result:
    """The old and the new bytes, or why not."""
    try:
        data = one.read()
        return data, renew(data, deadline)
    except (HouseError, OSError) as error:
        return error


def _kept(register: Register, one: Work, result: Result, actor: Actor) -> Extended:
    number = one.certificate.number if one.certificate else None
    if isinstance(result, HouseError | OSError):
        return _failed(one, number, result)
    data, renewed = result
    if renewed is None:
        return Extended(one.name, "not_due", number)
    try:
        certificate = one.certificate or register.lookup.by_file(data)
        if certificate is not None:
            record_renewal(register, certificate, renewed, actor)
        if one.target is not None:
            write_atomically(one.target, renewed)
    except (HouseError, OSError) as error:
        return _failed(one, number, error)
    return Extended(one.name, "extended", certificate.number if certificate else None)


def _failed(one: Work, number: str | None, error: HouseError | OSError) -> Extended:
    if isinstance(error, HouseError):
        return Extended(one.name, "failed", number, error.diagnostics(), error.key)
    return Extended(one.name, "failed", number, str(error))
