"""Where the registered files lie: a folder by default, an S3-compatible store when `[storage] url` names one."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from core.settings import Home
from registry.settings import StorageSettings
from registry.storage.folder import FolderStorage, file_hash, write_file
from registry.storage.null import NullStorage
from registry.storage.protocol import Storage

__all__ = ["FolderStorage", "NullStorage", "Storage", "file_hash", "open_storage", "write_file"]


def open_storage(home: Home) -> Storage:
    """The store that the settings of a home name; opened once in every process.

    Raises:
        HomeNotReady: the settings contradict themselves.
        StoreNotReady: the client for S3 is not installed.
    """
    settings = home.section("storage", StorageSettings)
    parts = urlsplit(settings.url)
    if parts.scheme == "s3":
        from registry.storage.s3 import S3Storage

        return S3Storage(settings)
    return FolderStorage(Path(unquote(parts.path)) if parts.scheme == "file" else home.files)
