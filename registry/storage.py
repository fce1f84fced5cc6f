"""Where the files lie: content-addressed, two-level fan-out (`ab/cd/abcd….pdf`), written whole or not at all."""

import ctypes
import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from registry.errors import StoredFileMissing, StoreNotWritable


class Storage(Protocol):
    """A store of immutable files named by their SHA-256."""

    def put(self, data: bytes, sha256: str) -> None:
        """Keep a file; harmless when it is there already."""

    def get(self, sha256: str) -> bytes:
        """The file, checked against its name."""

    def discard(self, sha256: str) -> None:
        """Forget a file that no row names; harmless when it is absent."""

    def settle(self) -> None:
        """Return only when everything put so far survives a power failure."""


class FolderStorage:
    """The default store: a folder on a local or network file system."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._made: set[str] = set()

    def path(self, sha256: str) -> Path:
        """Where the file of that hash lies."""
        return self.root / sha256[:2] / sha256[2:4] / f"{sha256}.pdf"

    def put(self, data: bytes, sha256: str) -> None:
        """Keep a file under its hash.

        Raises:
            StoreNotWritable: disk full, read-only or no permission; nothing half-written stays.
        """
        path = self.path(sha256)
        partial = path.with_name(f".{secrets.token_hex(8)}.partial")
        try:
            self._make_folder(path.parent, sha256[:4])
            partial.write_bytes(data)
            partial.replace(path)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise StoreNotWritable(reason=error.strerror or str(error)) from error

    def get(self, sha256: str) -> bytes:
        """Read a file and check it against its hash.

        Raises:
            StoredFileMissing: it is absent, unreadable, or its bytes have changed.
        """
        try:
            data = self.path(sha256).read_bytes()
        except OSError as error:
            raise StoredFileMissing(sha256=sha256) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise StoredFileMissing(sha256=sha256)
        return data

    def discard(self, sha256: str) -> None:
        """Remove the file of that hash."""
        self.path(sha256).unlink(missing_ok=True)

    def settle(self) -> None:
        """Flush the whole file system once, which is far cheaper than once per file."""
        if not self.root.exists():
            return
        descriptor = os.open(self.root, os.O_RDONLY)
        try:
            flush_file_system(descriptor)
        finally:
            os.close(descriptor)

    def __iter__(self) -> Iterator[str]:
        """Hash of every file in the store."""
        for path in self.root.glob("??/??/*.pdf"):
            yield path.stem

    def _make_folder(self, folder: Path, key: str) -> None:
        if key not in self._made:
            folder.mkdir(parents=True, exist_ok=True)
            self._made.add(key)


def flush_file_system(descriptor: int) -> None:
    """`syncfs(2)` where the system has it, else `sync(2)`."""
    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        os.sync()
    elif syncfs(descriptor) != 0:
        code = ctypes.get_errno()
        raise StoreNotWritable(reason=os.strerror(code))
