"""Pushes to the national platform: fields, increments, receipts."""

from __future__ import annotations

import csv
import hashlib
import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from registry_helpers import ACTOR, GROUNDS, change, issue_blank, rows, set_columns

from registry.applications.progress import note_batch
from registry.certificates import lifecycle
from registry.database.schema import certificates
from registry.push.export import FIELDS, export
from registry.push.push_results import ReceiptsUnreadable, read_receipts, rejects
from zhicheng import cli

if TYPE_CHECKING:
    from pathlib import Path

    from core.settings import Home
    from records.batch.model import Batch
    from registry.model import Certificate
    from registry.register import Register

REQUIRED = [
    "xm",
    "zjlx",
    "zjhm",
    "xb",
    "csrq",
    "xlmc",
    "zymc",
    "zcmc",
    "zcjb",
    "qdfs",
    "qdsj",
    "pwhmc",
    "pwhba",
    "zsbh",
    "fzjg",
    "fzrq",
    "hzwh",
    "gzdw",
    "gzdwdm",
    "xzqh",
    "ksfw",
    "zszt",
    "ywlsh",
    "sjscsj",
    "jym",
]


@pytest.fixture
def issued(register: Register, batch: Batch, tmp_path: Path) -> Certificate:
    """The first certificate of an issued batch, long enough ago for an increment to leave it out."""
    issue_blank(register, batch, tmp_path / "out")
    note_batch(register, batch)
    for (row_id,) in rows(register, "SELECT id FROM certificates"):
        set_columns(register, certificates, row_id, state_at="2020-01-01T00:00:00Z")
    certificate = register.lookup.by_id(1)
    assert certificate
    return certificate


def pushed(folder: Path) -> dict[str, dict[str, str]]:
    """The records of a push by certificate number."""
    lines = (folder / "push.jsonl").read_text("utf-8").splitlines()
    return {row["zsbh"]: row for row in map(json.loads, lines)}


def receipts(path: Path, push: str, **codes: str) -> Path:
    lines = [
        {"batch": push, "zsbh": number, "code": code, "message": "证件号码有误"}
        for number, code in codes.items()
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    return path


def test_every_required_field_is_filled(
    register: Register, issued: Certificate, batch: Batch, tmp_path: Path
) -> None:
    """JSON lines, CSV and manifest say the same; files are private; the push is in the log."""
    done = export(register, tmp_path / "push", actor=ACTOR)
    rows = pushed(tmp_path / "push")
    assert len(rows) == done.count == len(batch.passed)
    assert set(REQUIRED) <= set(FIELDS)
    assert [name for row in rows.values() for name in REQUIRED if not row[name]] == []
    assert rows[issued.number]["gzdwdm"] == batch.passed[0].employer.uscc
    assert str(batch.committee.filing_valid_until) in rows[issued.number]["pwhba"]
    manifest = json.loads((tmp_path / "push" / "push.json").read_text("utf-8"))
    data = (tmp_path / "push" / "push.jsonl").read_bytes()
    assert (manifest["batch"], manifest["count"]) == (done.number, done.count)
    assert manifest["sha256"] == hashlib.sha256(data).hexdigest()
    with (tmp_path / "push" / "push.csv").open(encoding="utf-8-sig", newline="") as handle:
        assert list(csv.DictReader(handle)) == list(rows.values())
    assert {(path.stat().st_mode & 0o777) for path in (tmp_path / "push").glob("push.[cj]s*[vl]")} == {0o600}


def test_increments_bring_changes_and_what_was_refused(
    register: Register, issued: Certificate, tmp_path: Path
) -> None:
    """A first increment is everything; later ones revocations and refused records, until those are taken in."""
    first = export(register, tmp_path / "a", increment=True, actor=ACTOR)
    second, third = (register.lookup.by_id(place) for place in (2, 3))
    assert second
    assert third
    lifecycle.revoke(register, issued.number, GROUNDS)
    codes = {second.number: "11", third.number: "00", issued.number: "0"}
    found = read_receipts(register, receipts(tmp_path / "r.jsonl", first.number, **codes), ACTOR)
    assert (found.accepted, found.rejected, found.unknown) == (2, 1, ())
    (reject,) = rejects(register)
    assert (reject.number, reject.reason) == (second.number, "11 证件号码有误")
    change(register, "UPDATE pushes SET taken_at = '2021-01-01T00:00:00Z'")
    later = export(register, tmp_path / "b", increment=True, actor=ACTOR)
    rows = pushed(tmp_path / "b")
    assert set(rows) == {issued.number, second.number}
    assert (rows[issued.number]["zszt"], rows[second.number]["zszt"]) == ("撤销", "有效")
    assert rows[issued.number]["cxsj"]
    read_receipts(register, receipts(tmp_path / "r.jsonl", later.number, **{second.number: "00"}), ACTOR)
    assert rejects(register) == ()


def test_receipts_of_others_are_passed_over_and_told(
    register: Register, issued: Certificate, tmp_path: Path
) -> None:
    """Unknown pushes and certificates; a broken line refuses the whole file."""
    done = export(register, tmp_path / "a", actor=ACTOR)
    path = receipts(tmp_path / "r.jsonl", "别的批次", **{issued.number: "11"})
    assert read_receipts(register, path, ACTOR).unknown == (f"别的批次 {issued.number}",)
    path = tmp_path / "r.csv"
    path.write_text(
        f"batch,zsbh,code,message\n{done.number},{issued.number},11,重名\n{done.number},NM1,11,\n", "utf-8"
    )
    found = read_receipts(register, path, ACTOR)
    assert (found.rejected, found.unknown) == (1, (f"{done.number} NM1",))
    path = tmp_path / "bad.jsonl"
    path.write_text('{"batch": "x"}\n', "utf-8")
    with pytest.raises(ReceiptsUnreadable):
        read_receipts(register, path, ACTOR)


def test_the_command_of_push_and_receipts(
    home: Home, register: Register, issued: Certificate, tmp_path: Path
) -> None:
    """Exit 1 while something is refused; wrong combinations are usage errors."""

    def run(*arguments: object) -> tuple[int, str]:
        result = CliRunner().invoke(cli, ["--home", str(home.root), "export", *map(str, arguments)])
        return result.exit_code, result.output

    del register
    code, text = run("-o", tmp_path / "push", "--increment", "--json")
    number = json.loads(text)["batch"]
    assert code == 0
    path = receipts(tmp_path / "r.jsonl", number, **{issued.number: "11"})
    code, text = run("--receipts", path)
    assert (code, "退回" in text, issued.number in text) == (1, True, True)
    code, text = run("--rejects", "--json")
    assert (code, json.loads(text)["rejects"][0]["number"]) == (1, issued.number)
    assert run()[0] == 2
    assert run("-o", tmp_path / "x", "--rejects")[0] == 2
