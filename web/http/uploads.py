"""Uploaded files: bounded before they are read, kept in memory only, forgotten after the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import IO, ClassVar

from flask import Request
from werkzeug.datastructures import FileStorage

from web.errors import WebError
from web.settings import MEGABYTE, WebSettings


class UploadRefused(WebError):
    """Root of refused uploads; `problem` is the code of its problem document."""

    problem: ClassVar[str] = "no_file"
    status: ClassVar[int] = 422
    key = "upload_refused"


class NoFile(UploadRefused):
    """Raised when the request has no file in the field `file`."""


class TooManyFiles(UploadRefused):
    """Raised when one upload has more files than the settings allow."""

    problem = "too_many_files"
    status = 413


class FileTooLarge(UploadRefused):
    """Raised when one file is larger than the settings allow."""

    problem = "file_too_large"
    status = 413


class InMemory(Request):
    """A request whose uploaded files never touch a disk, not even as temporary files; its size is limited before."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        del total_content_length, content_type, filename, content_length
        return BytesIO()


@dataclass(frozen=True)
class Upload:
    """One received file: the visitor's name for it and its bytes."""

    name: str
    data: bytes


def receive(files: Sequence[object], settings: WebSettings) -> list[Upload]:
    """Read the uploaded files within the limits.

    Raises:
        UploadRefused: none, too many, or one too large.
    """
    given = [file for file in files if isinstance(file, FileStorage) and file.filename]
    if not given:
        raise NoFile
    if len(given) > settings.max_files:
        raise TooManyFiles
    return [_read(file, settings.max_file_mb * MEGABYTE) for file in given]


def _read(file: FileStorage, limit: int) -> Upload:
    data = file.stream.read(limit + 1)
    if len(data) > limit:
        raise FileTooLarge
    return Upload(PurePath(file.filename or "").name, data)
