"""Backup and restore: one file with every row, key, setting and stored file; taken while the register is in use.

The file is a plain tar (mode 0600, it holds the keys): `tables/NAME.jsonl`, `keys/…`, `zhicheng.toml`,
`files/SHA256.pdf`, and last `backup.json` with counts and hashes, so that a backup that was cut off has none.
"""

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, TypedDict

from sqlalchemy import Connection, select

from house.settings import CONFIG_NAME, PRIVATE_MODE, Home, write_private
from registry.clock import now, stamp
from registry.errors import BackupUnusable
from registry.register import Register
from registry.tables import certificates, copies
from registry.transfer import TABLES, dump, go_on_counting, load, refuse_filled, snapshot


class Index(TypedDict):
    """Content of `backup.json`."""

    format: int
    taken_at: str
    tables: dict[str, int]
    files: int
    hashes: dict[str, str]


FORMAT: Final = 1
INDEX: Final = "backup.json"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds."""

    path: Path
    taken_at: str
    rows: int
    files: int


def back_up(register: Register, path: Path) -> Backup:
    """Write a backup to `path`, which must not exist.

    Raises:
        FileExistsError: there is such a file.
        StoredFileMissing: the store has lost a registered file; run `database check` first.
    """
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)
    if path.exists():
        raise FileExistsError(None, "exists", str(path))
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_MODE)
    with os.fdopen(descriptor, "wb") as handle, tarfile.open(fileobj=handle, mode="w") as tar:
        index = _fill(register, tar)
        _add(tar, INDEX, json.dumps(index, indent=1).encode())
    partial.replace(path)
    return Backup(path, index["taken_at"], sum(index["tables"].values()), index["files"])


def _fill(register: Register, tar: tarfile.TarFile) -> Index:
    taken_at = stamp(now())
    tables: dict[str, int] = {}
    hashes: dict[str, str] = {}
    for name in sorted(path.name for path in register.home.keys.iterdir() if path.is_file()):
        hashes[f"keys/{name}"] = _add(tar, f"keys/{name}", (register.home.keys / name).read_bytes())
    if register.home.config.exists():
        hashes[CONFIG_NAME] = _add(tar, CONFIG_NAME, register.home.config.read_bytes())
    with register.database.read() as connection:
        snapshot(connection, register.database)
        for table in TABLES:
            name = f"tables/{table.name}.jsonl"
            with tempfile.TemporaryFile() as spool:
                tables[table.name] = _spool(spool, dump(connection, table))
                hashes[name] = _add_file(tar, name, spool)
        files = 0
        for files, sha256 in enumerate(_registered(connection), 1):  # noqa: B007 - the last count is wanted
            _add(tar, f"files/{sha256}.pdf", register.storage.get(sha256))
    return {"format": FORMAT, "taken_at": taken_at, "tables": tables, "files": files, "hashes": hashes}


def restore(path: Path, home: Home) -> Backup:
    """Restore a backup into an empty home.

    Raises:
        BackupUnusable: not a whole backup, a hash that does not fit, or a home that is not empty.
    """
    if home.keys.exists() and any(home.keys.iterdir()):
        raise BackupUnusable(reason=str(home.keys))
    try:
        with tarfile.open(path, "r:") as tar:
            index = _index(tar)
            home.create()
            _restore_private(tar, index, home)
            with Register.open(home) as register:
                _restore_rows(tar, index, register)
                files = _restore_files(tar, register)
    except (tarfile.TarError, KeyError, ValueError) as error:
        raise BackupUnusable(reason=f"{path.name}: {error}") from error
    if files != index["files"]:
        raise BackupUnusable(reason=f"files {files} ≠ {index['files']}")
    return Backup(path, index["taken_at"], sum(index["tables"].values()), files)


def _index(tar: tarfile.TarFile) -> Index:
    found: Index = json.loads(_read(tar, INDEX))
    if found["format"] != FORMAT:
        raise BackupUnusable(reason=f"format {found['format']}")
    return found


def _restore_private(tar: tarfile.TarFile, index: Index, home: Home) -> None:
    for name, digest in index["hashes"].items():
        if name.startswith("tables/"):
            continue
        data = _read(tar, name)
        folder, _, plain = name.rpartition("/")
        if (
            hashlib.sha256(data).hexdigest() != digest
            or folder not in ("", "keys")
            or plain in ("", ".", "..")
        ):
            raise BackupUnusable(reason=name)
        if folder:
            write_private(home.keys / plain, data)
        elif not home.config.exists():
            home.config.write_bytes(data)


def _restore_rows(tar: tarfile.TarFile, index: Index, register: Register) -> None:
    with register.database.write() as connection:
        refuse_filled(connection)
        for table in TABLES:
            name = f"tables/{table.name}.jsonl"
            member = tar.extractfile(name)
            if member is None or _digest(member) != index["hashes"][name]:
                raise BackupUnusable(reason=name)
            member.seek(0)
            if load(connection, table, member) != index["tables"][table.name]:
                raise BackupUnusable(reason=name)
        go_on_counting(connection, register.database)


def _restore_files(tar: tarfile.TarFile, register: Register) -> int:
    count = 0
    for member in tar:
        folder, _, name = member.name.partition("/")
        if folder != "files":
            continue
        data, sha256 = _read(tar, member.name), name.removesuffix(".pdf")
        if hashlib.sha256(data).hexdigest() != sha256:
            raise BackupUnusable(reason=member.name)
        register.storage.put(data, sha256)
        count += 1
    register.storage.settle()
    return count


def _registered(connection: Connection) -> Iterator[str]:
    for table in (certificates, copies):
        for row in connection.execution_options(yield_per=1000).execute(select(table.c.sha256)):
            yield bytes(row.sha256).hex()


def _spool(spool: IO[bytes], lines: Iterator[str]) -> int:
    count = 0
    for count, line in enumerate(lines, 1):  # noqa: B007 - the last count is wanted
        spool.write(line.encode())
    return count


def _add_file(tar: tarfile.TarFile, name: str, spool: IO[bytes]) -> str:
    member = tarfile.TarInfo(name)
    member.size, member.mode = spool.tell(), PRIVATE_MODE
    spool.seek(0)
    digest = _digest(spool)
    spool.seek(0)
    tar.addfile(member, spool)
    return digest


def _digest(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while part := stream.read(1 << 20):
        digest.update(part)
    return digest.hexdigest()


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> str:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(data), PRIVATE_MODE
    tar.addfile(member, io.BytesIO(data))
    return hashlib.sha256(data).hexdigest()


def _read(tar: tarfile.TarFile, name: str) -> bytes:
    member = tar.extractfile(name)
    if member is None:
        raise BackupUnusable(reason=name)
    return member.read()
