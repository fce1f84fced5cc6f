"""Backups taken in use, and the workbooks that are kept with their batches."""

from __future__ import annotations

import json
import shutil
import stat
import tarfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from registry_helpers import change, in_chunks_of, issue_blank, rows

from core.settings import Home
from records.input.interchange import batch_to_json
from registry.audit.checks import check_register
from registry.database.backup import back_up, restore
from registry.errors import BackupUnusable, StoredFileMissing
from registry.issuing.source_archive import fetch, keep
from registry.jobs.store import JobState, listed
from registry.register import Register
from registry.workspace.files import workspace
from signing.authority.opening import open_authority
from zhicheng import cli

if TYPE_CHECKING:
    from records.batch.model import Batch


def test_a_backup_taken_while_certificates_are_issued_is_one_whole_state(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """The restored register passes every check, whatever the others were doing; its workspace came along."""
    issue_blank(register, batch, tmp_path / "out")
    workbook = tmp_path / "batch.json"
    workbook.write_text(batch_to_json(batch), "utf-8")
    keep(register, batch.number, workbook, batch.applications, tmp_path)
    (workspace(register.home) / "7").mkdir()
    (workspace(register.home) / "7" / "findings.json").write_text("[]", "utf-8")
    (register.home.templates / "documents").mkdir(parents=True)
    (register.home.templates / "documents" / "A601.html").write_text("own", "utf-8")
    stop = threading.Event()

    def go_on() -> None:
        count = 0
        while not stop.is_set():
            other = batch.model_copy(update={"number": f"while-{count}"})
            issue_blank(in_chunks_of(4, register), other, tmp_path / f"out-{count}")
            count += 1

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        back_up(register, tmp_path / "b.tar")
    finally:
        stop.set()
        thread.join()
    home = Home(tmp_path / "restored")
    home.root.mkdir()
    home.config.write_text("", "utf-8")
    restore(tmp_path / "b.tar", home)
    with Register.open(home) as restored:
        assert check_register(restored, open_authority(home).keyset).problems == ()
        found = fetch(restored, batch.number, tmp_path)
        assert found
        assert found.read_bytes() == workbook.read_bytes()
        assert {one.state for one in listed(restored)} <= {JobState.DONE, JobState.FAILED}
    assert (home.root / "workspace" / "7" / "findings.json").read_text("utf-8") == "[]"
    assert stat.S_IMODE((home.root / "workspace").stat().st_mode) == 0o700
    assert (home.templates / "documents" / "A601.html").read_text("utf-8") == "own"


def test_a_kept_workbook_is_sealed_and_its_change_is_found(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """No ID number lies readable in the store; another row's pieces, a lost piece and another name are noticed."""
    workbook = tmp_path / "batch.json"
    workbook.write_text(batch_to_json(batch), "utf-8")
    keep(register, batch.number, workbook, batch.applications, tmp_path)
    keep(register, batch.number, workbook, batch.applications, tmp_path)
    [(pieces,)] = rows(register, "SELECT pieces FROM batch_sources")
    [piece] = json.loads(pieces)
    number = batch.applications[0].person.identity_number
    assert number
    assert number.encode() not in register.storage.get(piece)
    assert check_register(register, open_authority(register.home).keyset).problems == ()
    change(register, "UPDATE batch_sources SET number = 'other'")
    found = [one.code for one in check_register(register, open_authority(register.home).keyset).problems]
    assert found == ["table_rows", "workbook_damaged"]
    change(register, f"UPDATE batch_sources SET number = '{batch.number}'")
    assert check_register(register, open_authority(register.home).keyset).problems == ()
    keep(register, batch.number, workbook, (), None)
    workbook.write_text(batch_to_json(batch, indent=None), "utf-8")
    keep(register, batch.number, workbook, (), None)
    with pytest.raises(StoredFileMissing):
        register.storage.get(piece)
    change(register, "UPDATE batch_sources SET pieces = '[]'")
    found = [one.code for one in check_register(register, open_authority(register.home).keyset).problems]
    assert found == ["table_rows", "workbook_damaged"]


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_the_number_of_a_registered_batch_stands_for_its_workbook(
    home: Home, batch: Batch, tmp_path: Path
) -> None:
    """`check`, `generate` and `issue` take it, portraits and all; nothing unpacked stays; unknown ones are refused."""
    workbook = tmp_path / "in" / "batch.json"
    workbook.parent.mkdir()
    workbook.write_text(batch_to_json(batch), "utf-8")

    def run(*arguments: object) -> tuple[int, str]:
        result = CliRunner().invoke(cli, ["--home", str(home.root), *map(str, arguments)])
        return result.exit_code, result.output

    assert run("issue", workbook, "-o", tmp_path / "first")[0] == 0
    workbook.unlink()
    assert run("check", batch.number) == (0, run("check", batch.number)[1])
    assert run("generate", batch.number, "-o", tmp_path / "documents", "--only", "A601")[0] == 0
    code, said = run("issue", batch.number, "-o", tmp_path / "second")
    assert (code, f"已有 {len(batch.passed)} 份" in said) == (0, True)
    first, second = (
        sorted(path.name for path in (tmp_path / name / "certificates").iterdir())
        for name in ("first", "second")
    )
    assert first == second
    assert run("check", "no such batch")[0] != 0


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_lost_and_damaged_files_do_not_stop_a_backup(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """They are named, in the backup too; everything else is in it; the exit code says that something is wrong."""
    issue_blank(register, batch, tmp_path / "out")
    open_authority(register.home)
    lost, damaged = rows(register, "SELECT number, sha256 FROM certificates ORDER BY id LIMIT 2")
    register.storage.discard(bytes(lost[1]).hex())
    path = Path(register.storage.place(bytes(damaged[1]).hex()))
    path.unlink()
    path.write_bytes(b"%PDF-1.7 another")
    arguments = ["--home", str(register.home.root), "database", "backup", str(tmp_path / "b.tar")]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 1, result.output
    assert lost[0] in result.output
    assert damaged[0] in result.output
    home = Home(tmp_path / "restored")
    done = restore(tmp_path / "b.tar", home)
    assert done.missing == (f"certificates {lost[0]}", f"certificates {damaged[0]}")
    assert done.files == len(batch.passed) - 2
    with Register.open(home) as restored:
        problems = check_register(restored, open_authority(home).keyset).problems
    assert [one.code for one in problems] == ["file_missing", "file_missing"]


def _spoil(path: Path, name: str) -> None:
    """Change the last byte of a member's content."""
    with tarfile.open(path) as tar:
        member = tar.getmember(name)
    with path.open("r+b") as handle:
        handle.seek(member.offset_data + member.size - 2)
        byte = handle.read(1)
        handle.seek(-1, 1)
        handle.write(bytes([byte[0] ^ 1]))


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
@pytest.mark.parametrize("founded", [True, False])
@pytest.mark.parametrize("spoilt", ["tables/certificates.jsonl", "last file", "home/own.txt"])
def test_a_restore_that_fails_leaves_the_home_as_it_was(
    register: Register, batch: Batch, tmp_path: Path, spoilt: str, founded: bool
) -> None:
    """Whatever is damaged in the backup: no keys, no rows, no files; the whole backup goes in afterwards."""
    issue_blank(register, batch, tmp_path / "out")
    open_authority(register.home)
    (register.home.root / "own.txt").write_text("own", "utf-8")
    back_up(register, tmp_path / "good.tar")
    shutil.copy(tmp_path / "good.tar", tmp_path / "bad.tar")
    if spoilt == "last file":
        with tarfile.open(tmp_path / "bad.tar") as tar:
            spoilt = [name for name in tar.getnames() if name.startswith("files/")][-1]
    _spoil(tmp_path / "bad.tar", spoilt)
    home = Home(tmp_path / "restored")
    if founded:
        home.root.mkdir()
        home.config.write_text("", "utf-8")
    before = sorted(home.root.rglob("*")) if founded else None
    with pytest.raises(BackupUnusable):
        restore(tmp_path / "bad.tar", home)
    if before is None:
        assert not home.root.exists()
    else:
        assert [one for one in sorted(home.root.rglob("*")) if one.is_file()] == before
        assert not home.exists or not any(home.keys.glob("*"))
    restore(tmp_path / "good.tar", home)
    assert not (home.root / ".restoring").exists()
    with Register.open(home) as restored:
        assert check_register(restored, open_authority(home).keyset).problems == ()


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_a_restore_after_a_killed_one_begins_anew(register: Register, batch: Batch, tmp_path: Path) -> None:
    """What the killed one left is no home and is not mixed in."""
    issue_blank(register, batch, tmp_path / "out")
    open_authority(register.home)
    back_up(register, tmp_path / "b.tar")
    home = Home(tmp_path / "restored")
    left = Home(home.root / ".restoring")
    left.create()
    (left.keys / "ring.json").write_text("{}", "utf-8")
    (left.root / "zhicheng.db").write_bytes(b"half")
    assert not home.exists
    restore(tmp_path / "b.tar", home)
    with Register.open(home) as restored:
        assert check_register(restored, open_authority(home).keyset).problems == ()


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_settings_come_back_with_their_mode(
    register: Register, batch: Batch, tmp_path: Path, mode: int
) -> None:
    """They may hold the password of a database: a private file stays private."""
    issue_blank(register, batch, tmp_path / "out")
    open_authority(register.home)
    register.home.config.touch()
    register.home.config.chmod(mode)
    back_up(register, tmp_path / "b.tar")
    home = Home(tmp_path / "restored")
    restore(tmp_path / "b.tar", home)
    assert stat.S_IMODE(home.config.stat().st_mode) == mode
    assert stat.S_IMODE(home.keys.stat().st_mode) == 0o700
    assert {stat.S_IMODE(one.stat().st_mode) for one in home.keys.iterdir()} == {0o600}
