"""Backup and restore: one file with every row, key, setting and stored file; taken while the register is in use.

The file is a plain tar (mode 0600, it holds the keys): `tables/NAME.jsonl`, `keys/…`, `zhicheng.toml`,
`files/SHA256.pdf`, `home/…` (the workspace, own templates, policies and whatever else lies in the home), and last
`backup.json` with counts and hashes, so that a backup that was cut off has none. What the store has lost is listed there:
one damaged file must not keep the rest from being saved. A restore grows in a folder of its own inside the home and is
moved into place when all hashes and counts have fitted.
"""

import hashlib
import io
import json
import os
import shutil
import stat
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Final, NotRequired, TypedDict

from sqlalchemy import Connection, select, update

from core.message import message
from core.reasons import refusal
from core.settings import CONFIG_NAME, PRIVATE_FOLDER_MODE, PRIVATE_MODE, Home, write_private
from registry.clock import now, stamp
from registry.database.schema import batch_sources, certificates, copies, jobs, renewals
from registry.database.service_tables import scans
from registry.database.transfer import TABLES, dump, go_on_counting, load, refuse_filled, snapshot
from registry.errors import BackupUnusable, StoredFileMissing
from registry.jobs.store import JobState
from registry.register import Register
from registry.settings import DATABASE_FILE


class Index(TypedDict):
    """Content of `backup.json`."""

    format: int
    taken_at: str
    tables: dict[str, int]
    files: int
    hashes: dict[str, str]
    missing: NotRequired[list[str]]


FORMAT: Final = 2
READABLE: Final = (1, FORMAT)  # the first had no `home/`
OWN_FILES: Final = "home"
BACKUP_SUFFIX: Final = ".tar"
SITE: Final = ".restoring"
"""Where a restored home grows until it is whole; in the home, so that moving it is renaming it."""
PERMITTED: Final = 0o755
"""Bits of a settings file's mode that a restore brings back."""
SPOOL: Final = 16 << 20
NOT_COPIED: Final = (
    "keys",
    "files",
    CONFIG_NAME,
)  # read by themselves: keys and settings first, files by their rows
INDEX: Final = "backup.json"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds."""

    path: Path
    taken_at: str
    rows: int
    files: int
    missing: tuple[str, ...] = ()
    """Places of registered files that the store no longer holds intact, and of files in the home that cannot be read."""


def back_up(register: Register, path: Path) -> Backup:
    """Write a backup to `path`, which must not exist. Files that are lost or damaged are left out and listed.

    Raises:
        FileExistsError: there is such a file.
        StoreNotReady: the store does not answer, so that nothing can be said of its files.
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
    return _told(path, index)


def _told(path: Path, index: Index) -> Backup:
    rows, missing = sum(index["tables"].values()), tuple(index.get("missing", ()))
    return Backup(path, index["taken_at"], rows, index["files"], missing)


def _fill(register: Register, tar: tarfile.TarFile) -> Index:
    taken_at = stamp(now())
    tables: dict[str, int] = {}
    hashes: dict[str, str] = {}
    missing: list[str] = []
    for name in sorted(path.name for path in register.home.keys.iterdir() if path.is_file()):
        hashes[f"keys/{name}"] = _add(tar, f"keys/{name}", (register.home.keys / name).read_bytes())
    if register.home.config.exists():
        mode = stat.S_IMODE(register.home.config.stat().st_mode)
        hashes[CONFIG_NAME] = _add(tar, CONFIG_NAME, register.home.config.read_bytes(), mode)
    with register.database.read() as connection:
        snapshot(connection, register.database)
        for table in TABLES:
            name = f"tables/{table.name}.jsonl"
            with SpooledTemporaryFile(SPOOL) as spool:
                tables[table.name] = _spool(spool, dump(connection, table))
                hashes[name] = _add_file(tar, name, spool)
        files = 0
        for place, sha256 in _registered(connection):
            try:
                data = register.storage.get(sha256)
            except StoredFileMissing:
                missing.append(place)
                continue
            _add(tar, f"files/{sha256}.pdf", data)
            files += 1
    for name, path in _own_files(register.home):
        with SpooledTemporaryFile(SPOOL) as spool:
            try:
                with path.open("rb") as source:
                    shutil.copyfileobj(source, spool)
            except FileNotFoundError:
                continue  # it was a passing one
            except OSError as error:
                missing.append(f"{name} {refusal(error)}")
                continue
            hashes[name] = _add_file(tar, name, spool)
    index = Index(format=FORMAT, taken_at=taken_at, tables=tables, files=files, hashes=hashes)
    return index | {"missing": missing} if missing else index


def _own_files(home: Home) -> Iterator[tuple[str, Path]]:
    """Everything else in the home but the database itself, half-written files, and homes inside this one."""
    for top in sorted(home.root.iterdir()):
        inner = Home(top)
        if top.name in NOT_COPIED or top.name.startswith(DATABASE_FILE) or top.suffix == BACKUP_SUFFIX:
            continue  # earlier backups are not backed up
        if inner.keys.is_dir():
            continue
        for path in sorted((top, *top.rglob("*"))):
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                yield f"{OWN_FILES}/{path.relative_to(home.root)}", path


def restore(path: Path, home: Home) -> Backup:
    """Restore a backup into an empty home; one that fails leaves the home as it was.

    Raises:
        BackupUnusable: not a whole backup, a hash that does not fit, or a home that is not empty.
    """
    if home.keys.exists() and any(home.keys.iterdir()):
        raise BackupUnusable(reason=str(home.keys))
    try:
        with tarfile.open(path, "r:") as tar:
            index = _index(tar)
            with _building_site(home) as site:
                _restore_private(tar, index, site)
                with Register.open(site, returning=True) as register:
                    files = _restore_files(tar, register)
                    if files != index["files"]:
                        raise BackupUnusable(reason=f"files {files} ≠ {index['files']}")
                    _restore_rows(tar, index, register)  # last: a database elsewhere goes back to empty
                    register.give_macs()
    except (tarfile.TarError, KeyError, ValueError) as error:
        raise BackupUnusable(reason=f"{path.name}: {error}") from error
    return _told(path, index)


@contextmanager
def _building_site(home: Home) -> Iterator[Home]:
    """A home inside the home, which takes its place at the end of the block and is gone after an error."""
    founded = not home.root.exists()
    Home(home.root, home.founding).create()
    site = Home(home.root / SITE)
    try:
        shutil.rmtree(site.root, ignore_errors=True)  # of a restore that was killed
        site.create()
        if home.config.exists():  # the operator's own, for instance with another database
            shutil.copy2(home.config, site.config)
        yield site
        _move_in(site, home)
    except BaseException:
        shutil.rmtree(home.root if founded else site.root, ignore_errors=True)
        raise
    shutil.rmtree(site.root)


def _move_in(site: Home, home: Home) -> None:
    """Rename every file to its place; the keys last, because they make the folder a home."""
    moves = {path: home.root / path.relative_to(site.root) for path in sorted(site.root.rglob("*"))}
    if home.config.exists():
        moves.pop(site.config)
    for path, target in moves.items():
        if path.is_file() and target.exists():
            raise BackupUnusable(reason=str(target))
    for path, target in sorted(moves.items(), key=lambda move: site.keys in move[0].parents):
        if path.is_dir():
            target.mkdir(mode=stat.S_IMODE(path.stat().st_mode), exist_ok=True)
        else:
            path.rename(target)


def _index(tar: tarfile.TarFile) -> Index:
    found: Index = json.loads(_read(tar, INDEX))
    if found["format"] not in READABLE:
        raise BackupUnusable(reason=f"format {found['format']}")
    return found


def _restore_private(tar: tarfile.TarFile, index: Index, home: Home) -> None:
    for name, digest in index["hashes"].items():
        if name.startswith("tables/"):
            continue
        data = _read(tar, name)
        if name.startswith(f"{OWN_FILES}/") and hashlib.sha256(data).hexdigest() == digest:
            _restore_own(home, name.removeprefix(f"{OWN_FILES}/"), data)
            continue
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
            write_private(home.config, data)
            home.config.chmod(tar.getmember(name).mode & PERMITTED)


def _restore_own(home: Home, name: str, data: bytes) -> None:
    target = (home.root / name).resolve()
    if not target.is_relative_to(home.root.resolve()) or name.split("/")[0] in NOT_COPIED or target.exists():
        raise BackupUnusable(reason=name)
    for folder in reversed(target.relative_to(home.root.resolve()).parents[:-1]):
        (home.root / folder).mkdir(mode=PRIVATE_FOLDER_MODE, exist_ok=True)
    write_private(target, data)


def _restore_rows(tar: tarfile.TarFile, index: Index, register: Register) -> None:
    with register.database.write(watched=False) as connection:
        refuse_filled(connection)
        for table in TABLES:
            name = f"tables/{table.name}.jsonl"
            if table.name not in index["tables"]:
                continue  # a backup of before there was such a table
            member = tar.extractfile(name)
            if member is None or _digest(member) != index["hashes"][name]:
                raise BackupUnusable(reason=name)
            member.seek(0)
            if load(connection, table, member) != index["tables"][table.name]:
                raise BackupUnusable(reason=name)
        go_on_counting(connection, register.database)
        ended = {"state": str(JobState.FAILED), "note": message("registry", "job.not_in_backup")}
        under_way = [str(one) for one in (JobState.RUNNING, JobState.PAUSING, JobState.CANCELLING)]
        with register.database.watched(connection):
            connection.execute(update(jobs).where(jobs.c.state.in_(under_way)).values(**ended))


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


def _registered(connection: Connection) -> Iterator[tuple[str, str]]:
    """Place and hash of every stored file that a row names; first those that a new run may replace."""
    for row in connection.execute(select(batch_sources.c.number, batch_sources.c.pieces)):
        yield from ((f"batch_sources {row.number}", piece) for piece in json.loads(row.pieces))
    for name in (certificates.c.number, copies.c.code, renewals.c.id, scans.c.certificate_number):
        table = name.table
        statement = select(name.label("name"), table.c.sha256)
        for row in connection.execution_options(yield_per=1000).execute(statement):
            yield f"{table} {row.name}", bytes(row.sha256).hex()


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


def _add(tar: tarfile.TarFile, name: str, data: bytes, mode: int = PRIVATE_MODE) -> str:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(data), mode
    tar.addfile(member, io.BytesIO(data))
    return hashlib.sha256(data).hexdigest()


def _read(tar: tarfile.TarFile, name: str) -> bytes:
    member = tar.extractfile(name)
    if member is None:
        raise BackupUnusable(reason=name)
    return member.read()
