"""The null store keeps nothing: to measure the register without a disk, and to show what depends on the store."""

from collections.abc import Iterator

from registry.errors import StoredFileMissing
from registry.storage.protocol import FileBytes


class NullStorage:
    """Forgets every file at once."""

    def put(self, data: FileBytes, sha256: str) -> None:
        """Nothing is kept."""

    def get(self, sha256: str) -> bytes:
        """There is never a file.

        Raises:
            StoredFileMissing: always.
        """
        raise StoredFileMissing(sha256=sha256)

    def discard(self, sha256: str) -> None:
        """There is nothing to forget."""

    def settle(self) -> None:
        """There is nothing to wait for."""

    def link(self, sha256: str, target: str) -> bool:
        """No link is possible."""
        del sha256, target
        return False

    def hand_out(self, sha256: str, target: str) -> None:
        """There is never a file.

        Raises:
            StoredFileMissing: always.
        """
        del target
        raise StoredFileMissing(sha256=sha256)

    def holds(self, sha256: str, target: str) -> bool:
        """No file is held."""
        del sha256, target
        return False

    def place(self, sha256: str) -> str:
        """Nowhere."""
        return f"null:{sha256}"

    def __iter__(self) -> Iterator[str]:
        return iter(())
