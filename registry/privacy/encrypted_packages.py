"""Parcels (密封件): files with whole ID numbers on their way through a store that others may read.

A parcel is a zip, sealed in pieces with a key of its own (AES-256-GCM); the key is sealed by the vault into the row
that names the pieces. Rotation therefore changes the row and never the store. Place, order and end of every piece
are authenticated, so that none can be exchanged, left out or added.
"""

import hashlib
import io
import os
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from registry.errors import SealedValueDamaged
from registry.storage import Storage

PIECE: Final = 4 << 20
IN_HAND: Final = 8  # pieces given to the store before its confirmation is awaited
SPOOL: Final = 16 << 20  # bytes of a parcel that may lie in memory; more goes to a private temporary file
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12  # NIST SP 800-38D
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # equal contents give equal bytes


def new_key() -> str:
    """A fresh key, as text that the vault can seal."""
    return b64encode(os.urandom(_KEY_BYTES)).decode()


def put(storage: Storage, key: str, place: str, source: IO[bytes]) -> tuple[str, ...]:
    """Seal a stream into the store; returns the hashes of its pieces once the store has confirmed them.

    Raises:
        StoreNotWritable: the store refused a piece; those before it were taken back.
    """
    cipher, pieces = AESGCM(b64decode(key)), list[str]()
    try:
        part = source.read(PIECE)
        while True:
            following = source.read(PIECE)
            nonce = os.urandom(_NONCE_BYTES)
            sealed = nonce + cipher.encrypt(nonce, part, _label(place, len(pieces), last=not following))
            sha256 = hashlib.sha256(sealed).hexdigest()
            pieces.append(sha256)
            storage.put(sealed, sha256)
            if len(pieces) % IN_HAND == 0 or not following:
                storage.settle()
            if not following:
                return tuple(pieces)
            part = following
    except BaseException:
        drop(storage, pieces)
        raise


def get(storage: Storage, key: str, place: str, pieces: Sequence[str]) -> Iterator[bytes]:
    """The stream again, piece by piece.

    Raises:
        StoredFileMissing: the store has lost a piece.
        SealedValueDamaged: a piece is not the one that was put there.
    """
    cipher = AESGCM(b64decode(key))
    for number, sha256 in enumerate(pieces):
        sealed = storage.get(sha256)
        label = _label(place, number, last=number == len(pieces) - 1)
        try:
            yield cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], label)
        except (InvalidTag, ValueError) as error:
            raise SealedValueDamaged(place=place) from error


def drop(storage: Storage, pieces: Iterable[str]) -> None:
    """Forget the pieces of a parcel that no row names any more."""
    for sha256 in pieces:
        storage.discard(sha256)


def pack(files: Iterable[tuple[str, Path | bytes]], target: IO[bytes]) -> str:
    """Write named files as one zip, ready to be read from its beginning; returns its SHA-256, hexadecimal."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w", force_zip64=True) as member, _opened(content) as source:
                while part := source.read(PIECE):
                    member.write(part)
    target.seek(0)
    digest = hashlib.file_digest(target, "sha256").hexdigest()  # type: ignore[arg-type]
    target.seek(0)
    return digest


def unpack(source: IO[bytes], folder: Path) -> None:
    """Write the files of a zip into a private folder; a name that would leave it is refused.

    Raises:
        SealedValueDamaged: the zip is broken, or a name leads out of the folder.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            root = folder.resolve()
            if not all((root / name).resolve().is_relative_to(root) for name in archive.namelist()):
                raise SealedValueDamaged(place=str(folder))
            archive.extractall(folder)
    except zipfile.BadZipFile as error:
        raise SealedValueDamaged(place=str(folder)) from error


def _opened(content: Path | bytes) -> IO[bytes]:
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")


def _label(place: str, number: int, *, last: bool) -> bytes:
    return f"{place}:{number}:{'end' if last else 'more'}".encode()
