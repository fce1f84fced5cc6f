"""What a store of files offers; the folder, S3 and null stores all fit it."""

from collections.abc import Iterator
from typing import Protocol, TypeAlias

FileBytes: TypeAlias = bytes | tuple[bytes, ...]  # a file whole, or in parts that follow one another


class Storage(Protocol):
    """A store of immutable files named by their SHA-256 (hexadecimal)."""

    def put(self, data: FileBytes, sha256: str) -> None:
        """Keep a file; harmless when it is there already.

        Raises:
            StoreNotWritable: the store refuses it; nothing half-written stays.
        """

    def get(self, sha256: str) -> bytes:
        """The file, checked against its name.

        Raises:
            StoredFileMissing: it is absent, unreadable, or its bytes have changed.
        """

    def discard(self, sha256: str) -> None:
        """Forget a file that no row names; harmless when it is absent."""

    def settle(self) -> None:
        """Return only when everything put so far survives a power failure.

        Raises:
            StoreNotWritable: something could not be kept.
        """

    def link(self, sha256: str, target: str) -> bool:
        """Link a file to a `target` that is not there yet; False when there is one, or no link is possible."""

    def hand_out(self, sha256: str, target: str) -> None:
        """Put a file at `target`, replacing what is there.

        Raises:
            StoredFileMissing: the store has lost the file.
            OSError: the target cannot be written.
        """

    def holds(self, sha256: str, target: str) -> bool:
        """Whether `target` already is that file."""

    def place(self, sha256: str) -> str:
        """Where the file lies, for people: a path or an address."""

    def __iter__(self) -> Iterator[str]:
        """Hash of every file in the store."""
