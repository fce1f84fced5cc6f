"""The workbook of a registered batch, kept sealed in the store, so that the batch's number is enough afterwards.

With it lie the portraits that it refers to. Only the newest one of a batch is kept.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import delete, insert, select, update

from core.errors import HouseError
from core.settings import Home
from records.batch.model import Application
from records.input.photos import PhotoEscapes, resolve
from registry.clock import now, stamp
from registry.database.schema import batch_sources
from registry.privacy import encrypted_packages
from registry.privacy.field_encryption import KEY_FILE
from registry.register import Register
from registry.workspace.files import newest_workbook

WORKBOOK: Final = "batch"


def keep(
    register: Register, number: str, path: Path, people: Iterable[Application], folder: Path | None
) -> str:
    """Keep the file that a batch was issued from, with its portraits; returns the SHA-256 of the whole.

    Raises:
        StoreNotWritable, StoreNotReady: the store refuses it.
        DatabaseNotReady: the database does; then nothing stays in the store.
    """
    with tempfile.SpooledTemporaryFile(encrypted_packages.SPOOL) as spool:
        name = f"{WORKBOOK}{path.suffix.lower()}"
        digest = encrypted_packages.pack(((name, path), *portraits(people, folder)), spool)
        held = _row(register, number)
        if held is not None and held.digest == digest:
            return digest
        key = encrypted_packages.new_key()
        pieces = encrypted_packages.put(register.storage, key, _place(number, digest), spool)
    try:
        stale = _replace(register, number, name, digest, pieces, key)
    except BaseException:
        encrypted_packages.drop(register.storage, pieces)
        raise
    encrypted_packages.drop(register.storage, stale)
    return digest


def portraits(people: Iterable[Application], folder: Path | None) -> Iterator[tuple[str, Path]]:
    """Name and file of every portrait that is there, once."""
    seen = set[str]()
    for one in people:
        reference = one.person.photo
        if folder is None or not reference or reference in seen:
            continue
        seen.add(reference)
        try:
            found = resolve(reference, folder)
        except PhotoEscapes:
            continue
        if found.is_file():
            yield str(found.relative_to(folder.resolve())), found


def fetch(register: Register, number: str, folder: Path) -> Path | None:
    """Unpack the kept workbook of a batch into `folder`; None when none is kept.

    Raises:
        StoredFileMissing, SealedValueDamaged: it is lost or was tampered with.
    """
    row = _row(register, number)
    if row is None:
        return newest_workbook(register, number, folder)
    with tempfile.SpooledTemporaryFile(encrypted_packages.SPOOL) as spool:
        spool.writelines(_stream(register, row))
        spool.seek(0)
        encrypted_packages.unpack(spool, folder)
    found: Path = folder / row.name
    return found


def damaged(register: Register) -> Iterator[str]:
    """Numbers of the batches whose kept workbook is lost or is not what was kept."""
    with register.database.read() as connection:
        rows = connection.execute(select(batch_sources).order_by(batch_sources.c.id)).all()
    for row in rows:
        digest = hashlib.sha256()
        try:
            for part in _stream(register, row):
                digest.update(part)
        except (HouseError, ValueError):
            yield row.number
            continue
        if digest.hexdigest() != row.digest:
            yield row.number


def pieces_of(row: Any) -> tuple[str, ...]:
    """Hashes of the stored pieces of a row."""
    return tuple(json.loads(row.pieces))


def from_register(home: Home, number: str) -> Path | None:
    """The kept workbook of a batch in a new private folder, which the caller removes; None when none is kept.

    Raises:
        DatabaseNotReady, StoreNotReady: the installation does not answer.
        StoredFileMissing, SealedValueDamaged: see `fetch`.
    """
    if not (home.keys / KEY_FILE).exists():
        return None
    folder = Path(tempfile.mkdtemp(prefix="zhicheng-batch-"))
    try:
        with Register.open(home) as register:
            found = fetch(register, number, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if found is None:
        folder.rmdir()
    return found


def sealed_place(row_id: int) -> str:
    """Where the key of a kept workbook belongs; authenticated with it."""
    return f"batch_sources.key:{row_id}"


def _row(register: Register, number: str) -> Any:
    with register.database.read() as connection:
        wanted = select(batch_sources).where(batch_sources.c.number == number)
        return connection.execute(wanted.order_by(batch_sources.c.id.desc()).limit(1)).one_or_none()


def _stream(register: Register, row: Any) -> Iterator[bytes]:
    key = register.vault.unseal(row.key_sealed, sealed_place(row.id)) or ""
    return encrypted_packages.get(register.storage, key, _place(row.number, row.digest), pieces_of(row))


def _replace(
    register: Register, number: str, name: str, digest: str, pieces: tuple[str, ...], key: str
) -> list[str]:
    """Insert the new row in place of the old ones; returns the pieces that nobody names any more."""
    values = {"number": number, "name": name, "digest": digest, "pieces": json.dumps(pieces)}
    with register.database.write() as connection:
        old = connection.execute(select(batch_sources).where(batch_sources.c.number == number)).all()
        connection.execute(delete(batch_sources).where(batch_sources.c.number == number))
        fresh = insert(batch_sources).values(**values, key_sealed=b"", kept_at=stamp(now()))
        row_id = connection.execute(fresh.returning(batch_sources.c.id)).scalar_one()
        sealed = register.vault.seal(key, sealed_place(row_id))
        connection.execute(
            update(batch_sources).where(batch_sources.c.id == row_id).values(key_sealed=sealed)
        )
    return [piece for row in old for piece in pieces_of(row)]


def _place(number: str, digest: str) -> str:
    return f"batch_sources:{number}:{digest}"
