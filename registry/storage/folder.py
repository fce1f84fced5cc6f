"""The store in a folder: content-addressed, two-level fan-out (`a/b/ab….pdf`), written whole or not at all.

256 folders are made with the store: making a folder costs as much as a file, and ten million files still leave only
some forty thousand in each. Stored files are read-only, so that a hard link handed out cannot be edited in place.
"""

import ctypes
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Final

from core.reasons import refusal
from registry.errors import StoredFileMissing, StoreNotWritable
from registry.storage.protocol import FileBytes

FILE_MODE: Final = 0o444
FOLDER_MODE: Final = 0o750
OTHERS: Final = stat.S_IRWXO
"""Certificates are their holders' business: the store's folder is closed to other users, an older one too."""
PUBLIC_MODE: Final = 0o644
INCOMING: Final = (
    "incoming"  # files grow here and are moved when whole; it is also the quickest place to make one
)
HEX: Final = "0123456789abcdef"


class FolderStorage:
    """The default store: a folder on a local or network file system."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._prefix = str(root)
        self._counter = count()
        self._tag = f"{os.getpid()}.{secrets.token_hex(4)}"
        self._ready = False

    def path(self, sha256: str) -> Path:
        """Where the file of that hash lies."""
        return Path(self._place(sha256))

    def put(self, data: FileBytes, sha256: str) -> None:
        """Keep a file under its hash.

        Raises:
            StoreNotWritable: disk full, read-only or no permission; nothing half-written stays.
        """
        place = self._place(sha256)
        partial = f"{self._prefix}/{INCOMING}/{self._tag}.{next(self._counter)}"
        try:
            self._make_folders()
            write_file(partial, data, FILE_MODE)
            os.rename(partial, place)  # noqa: PTH104 - a path object costs as much as the call
        except OSError as error:
            with suppress(OSError):
                Path(partial).unlink()
            raise StoreNotWritable(reason=refusal(error)) from error

    def link(self, sha256: str, target: str) -> bool:
        """Link a registered file to a `target` that is not there yet; False when there is one, or no link is possible."""
        try:
            os.link(self._place(sha256), target)
        except OSError:
            return False
        return True

    def hand_out(self, sha256: str, target: str) -> None:
        """Put a registered file at `target`: a hard link where possible, else a checked copy.

        Raises:
            StoredFileMissing: the store has lost the file.
            OSError: the target cannot be written.
        """
        partial = f"{target}.{self._tag}.partial"
        try:
            os.link(self._place(sha256), partial)
        except OSError:
            replace_file(target, self.get(sha256))
        else:
            os.replace(partial, target)  # noqa: PTH105 - as above

    def holds(self, sha256: str, target: str) -> bool:
        """Whether `target` already is the registered file."""
        try:
            there = os.stat(target)  # noqa: PTH116 - asked once per certificate
            kept = os.stat(self._place(sha256))  # noqa: PTH116
            return os.path.samestat(there, kept) or file_hash(Path(target)) == sha256
        except OSError:
            return False

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

    def place(self, sha256: str) -> str:
        """The path of the file of that hash."""
        return self._place(sha256)

    def __iter__(self) -> Iterator[str]:
        """Hash of every file in the store."""
        for path in self.root.glob("?/?/*.pdf"):
            yield path.stem

    def _place(self, sha256: str) -> str:
        return f"{self._prefix}/{sha256[0]}/{sha256[1]}/{sha256}.pdf"

    def _make_folders(self) -> None:
        if self._ready:
            return
        self.root.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        with suppress(PermissionError):  # somebody else's folder that we may write to
            self.root.chmod(stat.S_IMODE(self.root.stat().st_mode) & ~OTHERS)
        (self.root / INCOMING).mkdir(exist_ok=True)
        for first in HEX:
            for second in HEX:
                (self.root / first / second).mkdir(parents=True, exist_ok=True)
        self._ready = True


def write_file(path: str, data: FileBytes, mode: int) -> None:
    """Write a new file with that mode."""
    parts = (data,) if isinstance(data, bytes) else data
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        written = os.writev(descriptor, parts)
        if written != sum(map(len, parts)):  # the disk is filling up, or a signal came
            view = memoryview(b"".join(parts))[written:]
            while view:
                view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)


def replace_file(target: str, data: bytes) -> None:
    """Write a file that others may read at `target`, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    partial = f"{target}.{os.getpid()}.{secrets.token_hex(4)}.partial"
    try:
        write_file(partial, data, PUBLIC_MODE)
        os.replace(partial, target)  # noqa: PTH105 - as above
    except OSError:
        with suppress(OSError):
            Path(partial).unlink()
        raise


def file_hash(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def flush_file_system(descriptor: int) -> None:
    """`syncfs(2)` where the system has it, else `sync(2)`."""
    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        os.sync()
    elif syncfs(descriptor) != 0:
        code = ctypes.get_errno()
        raise StoreNotWritable(reason=refusal(OSError(code, os.strerror(code))))
