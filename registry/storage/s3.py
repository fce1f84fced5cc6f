"""An S3-compatible store through obstore: `PREFIX/a/b/SHA256.pdf` in one bucket, for more machines than one.

An object appears whole or not at all. Uploads of a chunk run side by side; `settle` waits for all of them, so a
certificate is registered only after the store has confirmed its file.
"""

import hashlib
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from registry.errors import StoredFileMissing, StoreNotReady, StoreNotWritable
from registry.settings import StorageSettings
from registry.storage.folder import file_hash, replace_file
from registry.storage.protocol import FileBytes

UPLOADS: Final = 8  # side by side; one connection's waiting is the next one's sending
WAITING: Final = 256  # uploads begun and not confirmed, so that memory stays flat
RETRIES: Final = 3
TIMEOUT_S: Final = 20


class S3Storage:
    """A bucket, or a part of one below a prefix."""

    def __init__(self, settings: StorageSettings) -> None:
        self.url = settings.url.rstrip("/")
        self._prefix = urlsplit(settings.url).path.strip("/")
        self._errors, self._client = _client(settings)
        self._pool = ThreadPoolExecutor(UPLOADS, thread_name_prefix="upload")
        self._thread = threading.local()  # nobody waits for, or is told of, another thread's uploads

    def put(self, data: FileBytes, sha256: str) -> None:
        """Begin an upload; `settle` of the same thread tells whether it was kept.

        Raises:
            StoreNotWritable: an earlier upload was refused.
        """
        begun = self._begun()
        if len(begun) >= WAITING:
            self.settle()
        whole = data if isinstance(data, bytes) else b"".join(data)
        begun.append(self._pool.submit(self._put, whole, sha256))

    def _begun(self) -> list[Future[None]]:
        if not hasattr(self._thread, "begun"):
            self._thread.begun = []
        begun: list[Future[None]] = self._thread.begun
        return begun

    def _put(self, data: bytes, sha256: str) -> None:
        import obstore

        try:
            obstore.put(self._client, self._key(sha256), data)
        except (self._errors, OSError) as error:
            raise StoreNotWritable(reason=_reason(error)) from error

    def settle(self) -> None:
        """Wait until the store has confirmed every upload.

        Raises:
            StoreNotWritable: it refused one, or cannot be reached.
        """
        begun = self._begun()
        failed = [error for one in begun if (error := one.exception()) is not None]
        begun.clear()
        if failed:
            raise failed[0]

    def get(self, sha256: str) -> bytes:
        """Read an object and check it against its hash.

        Raises:
            StoredFileMissing: it is absent, or its bytes have changed.
            StoreNotReady: the store does not answer.
        """
        import obstore

        try:
            data = bytes(obstore.get(self._client, self._key(sha256)).bytes())
        except FileNotFoundError as error:
            raise StoredFileMissing(sha256=sha256) from error
        except (self._errors, OSError) as error:
            raise StoreNotReady(reason=_reason(error)) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise StoredFileMissing(sha256=sha256)
        return data

    def discard(self, sha256: str) -> None:
        """Remove the object of that hash.

        Raises:
            StoreNotWritable: the store refuses, or cannot be reached.
        """
        import obstore

        try:
            with suppress(FileNotFoundError):
                obstore.delete(self._client, self._key(sha256))
        except (self._errors, OSError) as error:
            raise StoreNotWritable(reason=_reason(error)) from error

    def link(self, sha256: str, target: str) -> bool:
        """No link leads into a bucket."""
        del sha256, target
        return False

    def hand_out(self, sha256: str, target: str) -> None:
        """Write a checked copy to `target`.

        Raises:
            StoredFileMissing, StoreNotReady: see `get`.
            OSError: the target cannot be written.
        """
        replace_file(target, self.get(sha256))

    def holds(self, sha256: str, target: str) -> bool:
        """Whether `target` already is that file."""
        try:
            return file_hash(Path(target)) == sha256
        except OSError:
            return False

    def place(self, sha256: str) -> str:
        """The object's address."""
        return f"{self.url}/{sha256[0]}/{sha256[1]}/{sha256}.pdf"

    def __iter__(self) -> Iterator[str]:
        import obstore

        for page in obstore.list(self._client, self._prefix or None):
            for one in page:
                yield Path(one["path"]).stem

    def _key(self, sha256: str) -> str:
        key = f"{sha256[0]}/{sha256[1]}/{sha256}.pdf"
        return f"{self._prefix}/{key}" if self._prefix else key


def _client(settings: StorageSettings) -> tuple[type[Exception], Any]:
    try:
        from obstore.exceptions import BaseError
        from obstore.store import S3Store
    except ImportError as error:
        raise StoreNotReady(reason="pip install 'zhicheng[s3]'") from error
    options: dict[str, Any] = {"region": settings.region}
    if settings.endpoint:
        options["endpoint"] = settings.endpoint
    if settings.access_key:
        options["access_key_id"] = settings.access_key.get_secret_value()
        options["secret_access_key"] = settings.secret_key.get_secret_value()
    client = S3Store(
        urlsplit(settings.url).netloc,
        **options,
        client_options={"allow_http": settings.endpoint.startswith("http://"), "timeout": f"{TIMEOUT_S}s"},
        retry_config={"max_retries": RETRIES},
    )
    return BaseError, client


def _reason(error: Exception) -> str:
    """The first line; the rest is the client's own history."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
