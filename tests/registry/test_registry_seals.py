"""No table, no column, no row can be rewritten with SQL alone: `database check` finds each of them."""

from __future__ import annotations

import json
import tarfile
from contextlib import closing, contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import pytest
from click.testing import CliRunner
from registry_helpers import ACTOR, GROUNDS, change, issue_blank, rows
from sqlalchemy import insert, inspect, make_url

from core.settings import Home
from records.input.interchange import batch_to_json
from registry.accounts import keys, sessions
from registry.accounts import store as accounts
from registry.accounts.model import Role
from registry.applications import progress
from registry.applications.misconduct import dishonesty_of
from registry.audit.checks import check_register
from registry.audit.seal_check import check_seals, seal_anew
from registry.audit.seals import BOUND_BY_LOG, is_sealed
from registry.certificates import lifecycle
from registry.certificates.annotated_copies import annotate
from registry.certificates.renewal import record_renewal
from registry.clock import now
from registry.database.backup import back_up, restore
from registry.database.engine import Database
from registry.database.schema import metadata
from registry.database.transfer import copy_all
from registry.issuing.produce import BlankMaker
from registry.issuing.source_archive import keep
from registry.jobs import store as job_store
from registry.log.events import Kind, NewEvent, record
from registry.log.tree_heads import sign_head
from registry.privacy.inquiries import Channel, note_inquiries
from registry.push.export import export
from registry.recognition.cases import store as cases
from registry.recognition.cases.model import Applicant, CaseKind
from registry.register import Register
from registry.workspace import store as work
from signing.authority.opening import open_authority
from zhicheng import cli

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Column, Table

    from records.batch.model import Batch

SEALED: Final = {
    "account_sessions": "token_hash account_id started_at seen_at",
    "accounts": "id name role password_hash password_at must_change failures locked_until totp_sealed totp_step "
    "disabled_at created_at",
    "api_keys": "id name hint secret_hash scopes created_at expires_at revoked_at replaces",
    "applications": "id batch_id number name identity_sealed identity_index phone_sealed",
    "batch_sources": "id number name digest pieces key_sealed kept_at",
    "batch_terms": "batch_number review_ended_on approved_on filed_until",
    "batches": "id number head registered_at",
    "command_steps": "id batch_number digest act account name at",
    "copies": "id certificate_id code purpose made_at expires_on sha256 size revoked_at mac",
    "counters": "name value",
    "disposals": "id batch_number papers copies disposed_on document handler witness recorded_at",
    "exchange_notices": "id digest region number successor known received_at token",
    "inquiries": "id certificate_id at organisation organisation_code purpose channel",
    "integrity": "id subject name identity_sealed identity_index violation basis measure effective_on until_on "
    "recorded_at",
    "job_chunks": "id job_id position people part pieces state worker attempts done failed note result changed_at",
    "jobs": "id kind subject state total done failed note started_at changed_at runner content key_sealed",
    "log_heads": "size root signed_at token",
    "log_state": "id size frontier",
    "numbers": "id application_id version attempt series serial number code licence_id list_id list_position "
    "reserved_at",
    "outbox": "id case_id region token attempts next_at problem delivered_at receipt",
    "progress_marks": "id batch_number application_number stage at origin noted_at note",
    "progress_people": "id batch_number application_number identity_index employer_code",
    "push_receipts": "id push_number certificate_number accepted reason received_at",
    "pushes": "number count sha256 since of_batch taken_at",
    "recognition_cases": "id kind state opened_at region number level title reason evidence note person_sealed "
    "identity_sealed identity_index experts_sealed reviewed_by decided_by decided_at document opinion successor "
    "reviewed_account office",
    "renewals": "id certificate_id previous sha256 size made_at mac",
    "scans": "id application_id certificate_number sha256 source_sha256 size pages added_at",
    "settings": "key value",
    "work_batches": "id number title file_name sha256 stage summary created_at changed_at job_id",
    "work_releases": "id batch_id rule application_number reason account_id at",
    "work_steps": "id batch_id act account_id at note",
}
"""Bound by the seals, column by column in their order. A new column is added at the end of its line."""

LOGGED: Final = {
    "certificates": "id application_id batch_id code number licence_id version list_id list_position issued_at facts "
    "credential sha256 size predecessor state state_at successor pickup_epoch mac",
    "events": "position kind certificate_id leaf detail leaf_hash",
    "log_nodes": "level position hash",
}
"""Bound by the log itself, one row at a time."""

SEALS: Final = {"row_seals": "id sealed"}

FREE: Final = {
    "alembic_version": "the schema's number: a wrong one is refused when the register is opened, or ends in an error",
    "procrastinate_*": "the queue of the library of that name: it says only when a chunk is looked at, and what is "
    "done then follows from the sealed chunk",
}
"""Tables outside the register's own schema, with the reason why nobody needs to notice a change. No column is free."""


def filled(register: Register, batch: Batch, tmp_path: Path) -> None:
    """At least one row in every table, made by the register's own functions wherever that is short."""
    issue_blank(register, batch, tmp_path / "out")
    first, second, third = (register.lookup.by_id(number) for number in (1, 2, 3))
    assert first
    assert second
    assert third
    lifecycle.suspend(register, first.number, GROUNDS)
    lifecycle.revoke(register, second.number, GROUNDS, dishonesty_of(register, second, "抄袭", "第七十二条"))
    annotate(register, third.number, "投标", tmp_path / "copies", actor=ACTOR, maker=BlankMaker())
    record_renewal(register, third, b"%PDF-1.7 renewed", ACTOR)
    operator, _ = accounts.add(register, "first", Role.OPERATOR, ACTOR)
    sessions.open_session(register, operator)
    keys.create(register, "某单位", frozenset({keys.Scope.VERIFY}), ACTOR)
    workbook = tmp_path / "batch.json"
    workbook.write_text(batch_to_json(batch), "utf-8")
    keep(register, batch.number, workbook, batch.applications, tmp_path)
    made = work.create(
        register, operator, number="W-1", title="t", file_name="f.xlsx", sha256="ab" * 32, summary={}
    )
    work.release(register, made.id, operator, "P-01", None, "理由")
    progress.note_batch(register, batch)
    note_inquiries(register, [third], organisation="某公司", purpose="核验", channel=Channel.CODE)
    pushed = export(register, tmp_path / "push", actor=ACTOR)
    cases.open_case(register, CaseKind.MISMATCH, Applicant("张三", "", "610000", "SN-1", "副高级"), ACTOR)
    _plant(register, pushed.number)
    with register.database.write() as connection:
        record(connection, [NewEvent(Kind.REKEYED, f"n{number}", {}) for number in range(256)], now())
    sign_head(register, open_authority(register.home).service)


def _plant(register: Register, push: str) -> None:
    """Tables that only whole other stories fill get a row that fits their columns."""
    planted = ("job_chunks", "settings", "scans", "disposals", "command_steps", "push_receipts", "outbox")
    with register.database.write() as connection:
        for name in (*planted, "exchange_notices"):
            table = metadata.tables[name]
            connection.execute(insert(table).values(**_row(table, push)))


def _row(table: Table, push: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column in table.c:
        if column.name == "id":
            continue
        values[column.name] = 1 if _is_number(column) else b"\x01" * 32 if _is_bytes(column) else "x"
        if column.name == "push_number":
            values[column.name] = push
    return values


def _is_number(column: Column[Any]) -> bool:
    return column.type.python_type is int


def _is_bytes(column: Column[Any]) -> bool:
    return column.type.python_type is bytes


def _other(column: Column[Any], old: Any) -> Any:
    """A value that the column did not hold."""
    if _is_number(column):
        return (old or 0) + (30_000 if column.type.__class__.__name__ == "SmallInteger" else 1_000_003)
    if _is_bytes(column):
        return bytes(old[:-1] + bytes([old[-1] ^ 1])) if old else b"\x02" * 32
    if column.name in ("leaf", "detail", "facts", "head") and old:
        return f"{old} "  # other bytes, still the same document
    return f"{old[:-1]}{'y' if old.endswith('x') else 'x'}" if old else "x"


class Intruder:
    """Somebody with the database's password and nothing else."""

    def __init__(self, connection: Any, mark: str) -> None:
        self._connection = connection
        self._mark = mark

    def run(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        cursor = self._connection.cursor()
        cursor.execute(sql.replace("?", self._mark), values)
        return [tuple(row) for row in cursor.fetchall()] if cursor.description else []

    def rows(self, table: Table) -> list[tuple[Any, ...]]:
        return self.run(f"SELECT {_names(table)} FROM {table.name} ORDER BY 1")

    def put(self, table: Table, row: tuple[Any, ...]) -> None:
        marks = ", ".join("?" * len(row))
        self.run(f"INSERT INTO {table.name} ({_names(table)}) VALUES ({marks})", *row)

    def drop(self, table: Table, row: tuple[Any, ...]) -> None:
        names = [column.name for column in table.primary_key]
        held = [row[table.c.keys().index(name)] for name in names]
        self.run(f"DELETE FROM {table.name} WHERE {' AND '.join(f'{name} = ?' for name in names)}", *held)


def _names(table: Table) -> str:
    return ", ".join(f'"{name}"' for name in table.c.keys())  # noqa: SIM118 - columns, not names


@contextmanager
def intruder(register: Register) -> Iterator[Intruder]:
    """One past foreign keys, too."""
    if register.database.is_sqlite:
        import sqlite3

        database = register.database.url.database
        assert database
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            yield Intruder(connection, "?")
        return
    import psycopg

    address = str(make_url(register.settings.database).set(drivername="postgresql"))
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        yield Intruder(connection, "%s")


@pytest.fixture
def full(register: Register, batch: Batch, tmp_path: Path) -> Register:
    filled(register, batch, tmp_path)
    return register


def problems(register: Register, *, whole: bool) -> list[str]:
    """Of the whole check, or of that part of it that only compares the seals."""
    if not whole:
        return [one.code for one in check_seals(register)]
    keyset = open_authority(register.home).keyset
    return [one.code for one in check_register(register, keyset, files=False).problems]


def test_every_table_and_column_is_decided_upon(database: Database) -> None:
    """A new table or column fails here until somebody has said how a rewriting of it is found."""
    decided = {**SEALED, **LOGGED, **SEALS}
    assert {name: " ".join(table.c.keys()) for name, table in metadata.tables.items()} == decided
    assert {name for name, table in metadata.tables.items() if is_sealed(table)} == set(SEALED)
    assert set(LOGGED) == BOUND_BY_LOG
    with database.read() as connection:
        found = set(inspect(connection).get_table_names())
    others = {
        "procrastinate_*" if name.startswith("procrastinate_") else name for name in found - set(decided)
    }
    assert others <= set(FREE)
    assert all(FREE.values())


def test_whatever_is_rewritten_in_whatever_table_is_found(full: Register) -> None:
    """For each column another value, for each table a row less and a row more; put back, nothing is left to find."""
    assert problems(full, whole=True) == []
    missed = []
    with intruder(full) as him:
        for name in (*SEALED, *LOGGED):
            table, whole = metadata.tables[name], name in LOGGED
            held = him.rows(table)
            assert held, name
            row = held[len(held) // 2]
            for changed, what in _changed(table, row):
                him.drop(table, row)
                if changed is not None:
                    him.put(table, changed)
                if not problems(full, whole=whole):
                    missed.append((name, what))
                if changed is not None:
                    him.drop(table, changed)
                him.put(table, row)
            forged = _forged(table, row)
            him.put(table, forged)
            if not problems(full, whole=whole):
                missed.append((name, "a row more"))
            him.drop(table, forged)
    assert missed == []
    assert problems(full, whole=True) == []


def _changed(table: Table, row: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...] | None, str]]:
    yield None, "a row less"
    for place, column in enumerate(table.c):
        values = list(row)
        values[place] = _other(column, row[place])
        yield tuple(values), column.name


def _forged(table: Table, row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The same row once more, under other keys and other unique values."""
    unique = {column.name for column in table.primary_key}
    for constraint in table.constraints:
        unique |= {column.name for column in getattr(constraint, "columns", ())}
    return tuple(
        _other(column, value) if column.name in unique else value
        for column, value in zip(table.c, row, strict=True)
    )


def test_the_seal_itself_cannot_be_replaced(full: Register) -> None:
    """An emptied, damaged, added, missing or older seal is found; so is the one of the other tables in its place."""
    table = metadata.tables["row_seals"]
    with intruder(full) as him:
        first, second = him.rows(table)
        lifecycle.suspend(
            full, str(rows(full, "SELECT number FROM certificates WHERE id = 5")[0][0]), GROUNDS
        )
        newest = him.rows(table)[0]
        assert newest != first
        forgeries = {
            "emptied": (1, b""),
            "damaged": (1, bytes(newest[1][:-1]) + bytes([newest[1][-1] ^ 1])),
            "older": first,
            "the other": (1, second[1]),
            "missing": None,
        }
        for name, forged in forgeries.items():
            him.drop(table, newest)
            if forged:
                him.put(table, forged)
            assert problems(full, whole=True), name
            him.run("DELETE FROM row_seals WHERE id = 1")
            him.put(table, newest)
        him.put(table, (3, b""))
        assert problems(full, whole=True) == ["row_seal"]


def test_a_change_that_is_rolled_back_leaves_the_seal_as_it_was(full: Register) -> None:
    """An error in the middle of a transaction takes the account of it along."""
    with pytest.raises(ZeroDivisionError):
        _spoil(full)
    assert problems(full, whole=False) == []


def _spoil(register: Register) -> None:
    with register.database.write() as connection:
        connection.execute(insert(metadata.tables["settings"]).values(key="k", value="v"))
        raise ZeroDivisionError


def test_a_copy_in_another_database_is_as_sealed_as_before(
    full: Register, tmp_path: Path, empty_address: str
) -> None:
    """`database move` takes the seals along; chunks of waiting work stay behind, and their sum with them."""
    from registry.database.migrations import migrate

    target = Database(empty_address, busy_seconds=60)
    migrate(target)
    copy_all(full.database, target)
    moved = Register(full.home, full.settings, target, full.vault, full.storage)
    assert problems(moved, whole=True) == []
    change(moved, "UPDATE jobs SET done = done + 1")
    assert problems(moved, whole=True) == ["table_rows"]
    target.close()


def without_key(register: Register) -> None:
    """As a home of before there were seals."""
    path = register.home.keys / "registry.json"
    document = json.loads(path.read_text("utf-8"))
    del document["rows"]
    path.write_text(json.dumps(document), "utf-8")


def test_a_register_from_before_there_were_seals_is_sealed_once(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """Until then the check says so; afterwards it finds what is rewritten; the log keeps who sealed it and why."""
    without_key(register)
    with Register.open(register.home) as old:
        issue_blank(old, batch, tmp_path / "out")
        assert problems(old, whole=True) == ["rows_not_sealed"]
        assert seal_anew(old, ACTOR, "升级") > len(batch.passed)
    with Register.open(register.home) as sealed:
        assert problems(sealed, whole=True) == []
        job_store.start(sealed, "issue", "x", 1)
        assert problems(sealed, whole=True) == []
        change(sealed, "UPDATE numbers SET attempt = attempt + 1 WHERE id = 1")
        assert problems(sealed, whole=True) == ["table_rows"]
        [(detail,)] = rows(sealed, "SELECT detail FROM events WHERE kind = 'sealed'")
        assert json.loads(detail)["reason"] == "升级"


def test_a_backup_from_before_there_were_seals_is_restored(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """It lacks the table and the key; what came back can be sealed."""
    without_key(register)
    with Register.open(register.home) as old:
        issue_blank(old, batch, tmp_path / "out")
        back_up(old, tmp_path / "new.tar")
    with tarfile.open(tmp_path / "new.tar") as new, tarfile.open(tmp_path / "old.tar", "w") as tar:
        for member in new:
            data = new.extractfile(member)
            assert data
            content = data.read()
            if member.name == "backup.json":
                index = json.loads(content)
                del index["tables"]["row_seals"], index["hashes"]["tables/row_seals.jsonl"]
                content = json.dumps(index).encode()
                member.size = len(content)
            if member.name != "tables/row_seals.jsonl":
                tar.addfile(member, BytesIO(content))
    home = Home(tmp_path / "restored")
    home.root.mkdir()
    home.config.write_text("", "utf-8")
    restore(tmp_path / "old.tar", home)
    with Register.open(home) as restored:
        assert problems(restored, whole=True) == ["rows_not_sealed"]
        seal_anew(restored, ACTOR, "")
    with Register.open(home) as sealed:
        assert problems(sealed, whole=True) == []


def test_the_operator_is_told_and_seals_on_the_command_line(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """`database check` names the table; `database seal` refuses until the operator says that the rows are right."""
    issue_blank(register, batch, tmp_path / "out")
    change(register, "UPDATE jobs SET failed = failed + 1")

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(cli, ["--home", str(register.home.root), "database", *arguments])
        return result.exit_code, result.output

    code, said = run("check")
    assert (code, "jobs 1 / 1" in said) == (1, True)
    assert run("seal")[0] == 1
    assert run("check")[0] == 1
    assert run("seal", "--accept", "--reason", "内信发〔2026〕1号")[0] == 0
    assert run("check")[0] == 0
