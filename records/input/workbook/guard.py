"""Looks at a file before anything unpacks it: size, kind, archive directory."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from records.input.input_rules import InputRule
from records.input.workbook.errors import (
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
from records.input.workbook.extent import Extent

MEGABYTE = 1024 * 1024
_ZIP, _OLE, _PDF = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_MACROS = "vbaproject.bin"
_WORKBOOK_PART = "xl/workbook.xml"
_ERROR_TYPE = b't="e"'
_FORMULA = b"<f"
_HIDDEN = b'hidden="1"'
_CELL_TAG = re.compile(rb"<c [^>]*>")
_CELL_ADDRESS = re.compile(rb'\br="([A-Z]{1,3}\d{1,7})"')
_UNCOUNTED = re.compile(rb"(<c [^>]*>)\s*<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_TEXT_TYPE = b't="str"'  # a formula whose value is the empty text has been counted
_ROW_TAG = re.compile(rb"<row [^>]*>")
_ROW_NUMBER = re.compile(rb'\br="(\d{1,7})"')
_TAG_STARTS = b"<c ", b"<row "
_LONGEST_TAG = 10_000
_LOCK_FILE = "~$"  # what Excel and WPS write beside a workbook that is open


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may hold, packed and unpacked, in megabytes; entries in its archive; packing ratio."""

    file_mb: int = 50
    unpacked_mb: int = 1500
    entries: int = 5000
    ratio: int = 200
    ratio_from_mb: int = 20  # below that even a high ratio is harmless: empty formatted cells pack very well


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Unseen:
    """What the reader's engine does not tell of a sheet: cells it gives as empty, rows that are hidden.

    `far` is a sheet that may reach too far to be held in memory.
    """

    cells: tuple[tuple[str, InputRule], ...] = ()
    hidden_rows: tuple[int, ...] = ()
    far: bool = False


def guard(path: Path, limits: Limits = DEFAULT_LIMITS) -> dict[str, Unseen]:
    """Let only a real, unprotected .xlsx of reasonable size pass.

    Returns, for each part that has any, the addresses of cells that hold an error (#N/A, #REF!) or a formula that no
    program has counted yet: the reader's engine gives them as empty, which must not go unnoticed. Hidden rows, too.

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
        raise NotAWorkbook(path=path.name, looks_like=_looks_like(head, path.name))
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


def _looks_like(head: bytes, name: str) -> str:
    if name.startswith(_LOCK_FILE):
        return "Excel 的临时文件（~$ 开头）"
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


def _unpack_once(path: Path) -> dict[str, Unseen]:
    """Unpack without keeping anything: a directory that lies about sizes fails here, not in the reader."""
    found: dict[str, Unseen] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                with archive.open(entry) as stream:
                    unseen = _unseen(iter(lambda: stream.read(MEGABYTE), b""))
                if unseen != Unseen():
                    found[entry.filename] = unseen
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise WorkbookDamaged(path=path.name, reason=str(error)) from error
    return found


def _unseen(chunks: Iterator[bytes]) -> Unseen:
    cells: list[tuple[str, InputRule]] = []
    hidden: list[int] = []
    extent = Extent()
    rest = b""
    for chunk in chunks:
        text = rest + chunk
        end = max(
            text.rfind(start) for start in _TAG_STARTS
        )  # a cell that is cut in two waits for its other half
        text, rest = (text[:end], text[end:]) if end > 0 and len(text) - end < _LONGEST_TAG else (text, b"")
        cells += _empty_cells(text)
        hidden += _hidden_rows(text)
        extent.see(text)
    extent.see(rest)
    return Unseen((*cells, *_empty_cells(rest)), (*hidden, *_hidden_rows(rest)), extent.may_be_too_large)


def _empty_cells(text: bytes) -> Iterator[tuple[str, InputRule]]:
    if _ERROR_TYPE in text:
        yield from _addresses((t for t in _CELL_TAG.findall(text) if _ERROR_TYPE in t), InputRule.ERROR_CELL)
    if _FORMULA in text:
        tags = (tag for tag in _UNCOUNTED.findall(text) if _TEXT_TYPE not in tag)
        yield from _addresses(tags, InputRule.FORMULA_UNCOUNTED)


def _addresses(tags: Iterator[bytes], rule: InputRule) -> Iterator[tuple[str, InputRule]]:
    for tag in tags:
        address = _CELL_ADDRESS.search(tag)
        if address:
            yield address[1].decode("ascii"), rule


def _hidden_rows(text: bytes) -> Iterator[int]:
    if _HIDDEN in text:
        for tag in _ROW_TAG.findall(text):
            number = _ROW_NUMBER.search(tag)
            if _HIDDEN in tag and number:
                yield int(number[1])
