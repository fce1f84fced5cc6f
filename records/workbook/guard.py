"""Looks at a file before anything unpacks it: size, kind, archive directory."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from records.workbook.errors import (
    BatchUnreadable,
    EmptyFile,
    EncryptedWorkbook,
    FileTooLarge,
    MacroWorkbook,
    NotAWorkbook,
    OldWorkbook,
    WorkbookDamaged,
    ZipBomb,
)

MEGABYTE = 1024 * 1024
_ZIP, _OLE, _PDF = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_MACROS = "vbaproject.bin"
_WORKBOOK_PART = "xl/workbook.xml"
_ERROR_TYPE = b't="e"'
_CELL_TAG = re.compile(rb"<c [^>]*>")
_CELL_ADDRESS = re.compile(rb'\br="([A-Z]{1,3}\d{1,7})"')
_LONGEST_TAG = 1000


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may hold, packed and unpacked, in megabytes; entries in its archive; packing ratio."""

    file_mb: int = 50
    unpacked_mb: int = 1500
    entries: int = 5000
    ratio: int = 200
    ratio_from_mb: int = 20  # below that even a high ratio is harmless: empty formatted cells pack very well


DEFAULT_LIMITS = Limits()


def guard(path: Path, limits: Limits = DEFAULT_LIMITS) -> dict[str, tuple[str, ...]]:
    """Let only a real, unprotected .xlsx of reasonable size pass.

    Returns, for each part that has any, the addresses of cells that hold an error (#N/A, #REF!): the reader's engine
    gives them as empty, which must not go unnoticed.

    Raises:
        BatchUnreadable: one of its subclasses says why.
    """
    size = _size(path)
    if size == 0:
        raise EmptyFile(path=path.name)
    if size > limits.file_mb * MEGABYTE:
        raise FileTooLarge(path=path.name, size_mb=-(-size // MEGABYTE), limit_mb=limits.file_mb)
    with path.open("rb") as handle:
        head = handle.read(8)
    if head == _OLE:
        raise EncryptedWorkbook(path=path.name) if _is_encrypted(path) else OldWorkbook(path=path.name)
    if not head.startswith(_ZIP):
        raise NotAWorkbook(path=path.name, looks_like=_looks_like(head))
    _guard_archive(path, limits)
    return _unpack_once(path)


def _size(path: Path) -> int:
    try:
        if not path.is_file():
            raise BatchUnreadable(path=str(path))
        return path.stat().st_size
    except OSError as error:
        raise BatchUnreadable(path=str(path)) from error


def _is_encrypted(path: Path) -> bool:
    return _ENCRYPTED_STREAM in path.read_bytes()


def _looks_like(head: bytes) -> str:
    if head.startswith(_PDF):
        return "PDF"
    if head.lstrip()[:1] == b"<":
        return "HTML/XML"
    return "文本（CSV）" if all(byte >= 0x20 or byte in b"\t\r\n" for byte in head) else "其他文件"


def _guard_archive(path: Path, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise WorkbookDamaged(path=path.name, reason=str(error)) from error
    names = {entry.filename.lower() for entry in entries}
    if any(name.endswith(_MACROS) for name in names):
        raise MacroWorkbook(path=path.name)
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    too_dense = unpacked > limits.ratio_from_mb * MEGABYTE and unpacked / packed > limits.ratio
    if unpacked > limits.unpacked_mb * MEGABYTE or too_dense or len(entries) > limits.entries:
        raise ZipBomb(path=path.name, unpacked_mb=-(-unpacked // MEGABYTE), limit_mb=limits.unpacked_mb)
    if _WORKBOOK_PART not in names:
        raise NotAWorkbook(path=path.name, looks_like="ZIP")


def _unpack_once(path: Path) -> dict[str, tuple[str, ...]]:
    """Unpack without keeping anything: a directory that lies about sizes fails here, not in the reader."""
    found: dict[str, tuple[str, ...]] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                with archive.open(entry) as stream:
                    addresses = tuple(_error_cells(iter(lambda: stream.read(MEGABYTE), b"")))
                if addresses:
                    found[entry.filename] = addresses
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise WorkbookDamaged(path=path.name, reason=str(error)) from error
    return found


def _error_cells(chunks: Iterator[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in chunks:
        text = rest + chunk
        end = text.rfind(b"<")  # a tag that is cut in two waits for its other half
        text, rest = (text[:end], text[end:]) if end > 0 and len(text) - end < _LONGEST_TAG else (text, b"")
        if _ERROR_TYPE in text:
            for tag in _CELL_TAG.findall(text):
                address = _CELL_ADDRESS.search(tag)
                if _ERROR_TYPE in tag and address:
                    yield address[1].decode("ascii")
