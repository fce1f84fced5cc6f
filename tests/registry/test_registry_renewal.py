"""Renewed archives: the register knows the old file and the new one, hands the new one out, and both are in the log."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from pathlib import Path
from typing import Any, ClassVar

import pytest
from click.testing import CliRunner
from registry_helpers import change, set_columns

from core.settings import Home
from registry.database.schema import certificates
from registry.register import Register
from zhicheng import cli


class Desk:
    """A home that signs archives with the demo authority's own time-stamps."""

    environment: ClassVar[dict[str, str]] = {
        "ZHICHENG_SIGNING_LEVEL": "B-LTA",
        "ZHICHENG_SIGNING_TSA": "local",
    }

    def __init__(self, root: Path) -> None:
        self.root = root
        self.batch = root / "batch.xlsx"
        assert self.run("workbook", "sample", str(self.batch), "--people", "4", "--seed", "9")[0] == 0

    def run(self, *arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, ["--home", str(self.root / "home"), *arguments], env=self.environment)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    def __call__(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        code, output = self.run(*arguments, "--json")
        return code, json.loads(output)

    def issue(self, name: str) -> list[Path]:
        assert self("issue", str(self.batch), "-o", str(self.root / name))[0] == 0
        return sorted((self.root / name / "certificates").glob("*.pdf"))

    def answers(self, *files: Path) -> list[tuple[str, str]]:
        results = self("verify", *map(str, files))[1]["results"]
        return [(one["verdict"], one["file"]["code"]) for one in results]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A fresh home with a small batch."""
    return Desk(tmp_path)


def test_the_whole_register_is_renewed_and_every_file_stays_known(desk: Desk) -> None:
    """Old copies in holders' hands are registered still; whoever downloads now gets the renewed file."""
    old = desk.issue("first")
    code, done = desk("signatures", "extend", "--all")
    assert (code, {one["state"] for one in done["results"]}) == (0, {"extended"})
    assert sorted(one["number"] for one in done["results"]) == [path.stem for path in old]
    new = desk.issue("second")
    assert [path.name for path in new] == [path.name for path in old]
    for before, after in zip(old, new, strict=True):
        assert after.read_bytes().startswith(before.read_bytes())
        assert len(after.read_bytes()) > len(before.read_bytes())
    assert desk.answers(*old, *new) == [("genuine", "registered")] * (len(old) + len(new))
    manifest = json.loads((desk.root / "second" / "manifest.json").read_text())
    hashes = {one["path"]: one["sha256"] for one in manifest["files"]}
    assert hashes[f"certificates/{new[0].name}"] == hashlib.sha256(new[0].read_bytes()).hexdigest()
    assert desk.run("database", "check")[0] == 0
    code, shown = desk("certificate", "show", new[0].stem)
    assert [one["kind"] for one in shown["events"]] == ["issued", "extended"]
    assert Path(shown["file"]).read_bytes() == new[0].read_bytes()


def test_what_is_not_due_is_left_alone(desk: Desk) -> None:
    """The demo time-stamp certificate runs for years: nothing within a day; nothing is written."""
    old = desk.issue("out")
    code, done = desk("signatures", "extend", "--within", "1")
    assert (code, {one["state"] for one in done["results"]}) == (0, {"not_due"})
    assert len(done["results"]) == len(old)
    assert desk.issue("again")[0].read_bytes() == old[0].read_bytes()


def test_files_in_a_folder_are_renewed_in_place_and_registered(desk: Desk) -> None:
    """Several renewals in a row: each hash stays known, foreign files are renewed but not registered."""
    first = desk.issue("out")[0]
    kept = [first.read_bytes()]
    for _ in range(2):
        code, done = desk("signatures", "extend", str(first), "--all")
        assert (code, done["results"][0]["state"], done["results"][0]["number"]) == (
            0,
            "extended",
            first.stem,
        )
        kept.append(first.read_bytes())
    files = []
    for number, data in enumerate(kept):
        files.append(desk.root / f"{number}.pdf")
        files[-1].write_bytes(data)
    assert desk.answers(*files) == [("genuine", "registered")] * 3
    (desk.root / "rubbish.pdf").write_bytes(b"%PDF-1.7\nrubbish")
    code, done = desk("signatures", "extend", str(desk.root / "rubbish.pdf"), "--all")
    assert (code, done["results"][0]["state"]) == (1, "failed")


def test_a_renewal_that_was_slipped_in_is_found(desk: Desk) -> None:
    """A hash written into the database without an event in the log does not stay unnoticed."""
    first = desk.issue("out")[0]
    desk("signatures", "extend", str(first), "--all")
    assert desk.run("database", "check")[0] == 0
    connection = sqlite3.connect(desk.root / "home" / "zhicheng.db")
    with connection:
        connection.execute("UPDATE renewals SET sha256 = ?", (bytes(32),))
    connection.close()
    code, output = desk.run("database", "check")
    assert code == 1
    assert "延展" in output


def test_a_backup_holds_the_renewed_files(desk: Desk) -> None:
    """Restored elsewhere, the new file is handed out and known."""
    first = desk.issue("out")[0]
    desk("signatures", "extend", str(first), "--all")
    renewed = first.read_bytes()
    backup = desk.root / "kept.tar"
    assert desk.run("database", "backup", str(backup))[0] == 0
    (desk.root / "home").rename(desk.root / "lost")
    code, output = desk.run("database", "restore", str(backup))
    assert code == 0, output
    code, shown = desk("certificate", "show", first.stem)
    assert Path(shown["file"]).read_bytes() == renewed
    assert desk.answers(first) == [("genuine", "registered")]


def changed(path: Path, target: Path) -> Path:
    """A tampered copy: one revision more, which replaces nothing and still was never signed."""
    data = path.read_bytes()
    start = data.rindex(b"startxref")
    offset = len(data)
    page = b"9999 0 obj\n<</Type/Annot>>\nendobj\n"
    (number,) = re.findall(rb"/Root (\d+) 0 R", data)[-1:]
    previous = int(data[start:].split()[1])
    table = b"xref\n0 0\ntrailer\n<</Size 10000/Prev %d/Root %s 0 R>>\n" % (previous, number)
    target.write_bytes(data + page + table + b"startxref\n%d\n%%%%EOF\n" % (offset + len(page)))
    return target


def test_a_tampered_file_is_not_extended(desk: Desk) -> None:
    """Named by its own code, exit 1, byte for byte as it was; the genuine one beside it is extended."""
    first, second, *_ = desk.issue("out")
    bad = changed(first, desk.root / "bad.pdf")
    before = bad.read_bytes()
    assert desk.answers(bad)[0][0] == "tampered"
    code, done = desk("signatures", "extend", str(bad), str(second), "--all")
    assert code == 1
    assert [(one["state"], one["code"]) for one in done["results"]] == [
        ("failed", "extension_refused"),
        ("extended", ""),
    ]
    assert bad.read_bytes() == before
    assert desk.answers(bad)[0][0] == "tampered"
    code, text = desk.run("signatures", "extend", str(bad), "--all", "-o", str(desk.root / "other"))
    assert code == 1
    assert "不延展" in text
    assert not (desk.root / "other" / "bad.pdf").exists()


def test_a_forgery_that_was_put_into_the_store_is_not_extended(desk: Desk) -> None:
    """Going through the whole register, a hash exchanged together with its file gets no stamp either."""
    first = desk.issue("out")[0]
    with Register.open(Home(desk.root / "home")) as register:
        row, sha256 = _put_into_the_store(register, first, desk.root / "bad.pdf")
        set_columns(register, certificates, row, sha256=bytes.fromhex(sha256))
    code, done = desk("signatures", "extend", "--all")
    assert code == 1
    found = {one["number"]: (one["state"], one["code"]) for one in done["results"]}
    assert found.pop(first.stem) == ("failed", "extension_refused")
    assert set(found.values()) == {("extended", "")}


def test_a_row_altered_behind_the_program_stops_nobody_else(desk: Desk) -> None:
    """It is named as altered and gets no stamp; all others are extended."""
    first, *others = desk.issue("out")
    with Register.open(Home(desk.root / "home")) as register:
        row, sha256 = _put_into_the_store(register, first, desk.root / "bad.pdf")
        change(register, f"UPDATE certificates SET sha256 = x'{sha256}' WHERE id = {row}")
    code, done = desk("signatures", "extend", "--all")
    assert code == 1
    found = {one["number"]: (one["state"], one["code"]) for one in done["results"]}
    assert found.pop(None) == ("failed", "row_altered")
    assert found == {one.stem: ("extended", "") for one in others}


def _put_into_the_store(register: Register, genuine: Path, bad: Path) -> tuple[int, str]:
    """A forgery in the store; the row's id and the forgery's hash."""
    data = changed(genuine, bad).read_bytes()
    certificate = register.lookup.by_number(genuine.stem)
    assert certificate
    sha256 = hashlib.sha256(data).hexdigest()
    register.storage.put(data, sha256)
    register.storage.settle()
    return certificate.id, sha256
