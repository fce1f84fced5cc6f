"""Nothing can be rewritten behind the register's back; backups bring everything back."""

from __future__ import annotations

import stat
import tarfile
from typing import TYPE_CHECKING

import pytest
from postgresql_server import new_postgres_database
from registry_helpers import ACTOR, GROUNDS, change, issue_blank, of_others, rows

from core.settings import Home
from registry.accounts import store as accounts
from registry.accounts.model import Role
from registry.applications.misconduct import dishonesty_of
from registry.audit.checks import check_register
from registry.audit.seal_check import seal_anew
from registry.certificates import lifecycle
from registry.certificates.annotated_copies import annotate
from registry.certificates.status_lists import list_ids, read_state, status_list
from registry.database.backup import back_up, restore
from registry.database.engine import Database
from registry.database.migrations import migrate
from registry.database.transfer import copy_all
from registry.errors import (
    BackupUnusable,
    KeyFileDamaged,
    LogEntryUnknown,
    SealedValueDamaged,
    StatusListUnknown,
)
from registry.issuing.produce import BlankMaker
from registry.log.tree_heads import latest_head, prove_consistency, prove_inclusion, sign_head
from registry.log.verify import check_log
from registry.model import State
from registry.privacy.key_rotation import rotate
from registry.push.export import FIELDS, export
from registry.register import Register
from signing.authority.opening import open_authority

if TYPE_CHECKING:
    from pathlib import Path

    from records.batch.model import Batch
    from registry.audit.checks import CheckReport
    from signing.authority.opening import Authority


@pytest.fixture
def lived(register: Register, batch: Batch, tmp_path: Path) -> Register:
    """A register in which something has happened: issued, suspended, revoked for dishonesty, copied."""
    issue_blank(register, batch, tmp_path / "out")
    first, second, third = (register.lookup.by_id(number) for number in (1, 2, 3))
    assert first
    assert second
    assert third
    lifecycle.suspend(register, first.number, GROUNDS)
    lifecycle.revoke(register, second.number, GROUNDS, dishonesty_of(register, second, "抄袭", "第七十二条"))
    annotate(register, third.number, "投标", tmp_path / "copies", actor=ACTOR, maker=BlankMaker())
    accounts.add(register, "first", Role.OPERATOR, ACTOR)
    sign_head(register, authority(register).service)
    return register


def authority(register: Register) -> Authority:
    return open_authority(register.home)


def checked(register: Register) -> CheckReport:
    return check_register(register, authority(register).keyset)


def codes(register: Register) -> set[str]:
    return {problem.code for problem in checked(register).problems}


def test_an_honest_register_has_no_problems(lived: Register) -> None:
    """Log, rows, series, archive and files agree."""
    report = checked(lived)
    assert report.problems == ()
    assert report.certificates == rows(lived, "SELECT count(*) FROM certificates")[0][0]


TAMPERING = {
    "UPDATE certificates SET facts = replace(facts, '教授', '院士') || ' ' WHERE id = 3": "certificate_content",
    "UPDATE certificates SET state = 'valid' WHERE id = 2": "certificate_state",
    "UPDATE certificates SET state_at = '2020-01-01T00:00:00Z' WHERE id = 1": "certificate_state",
    "UPDATE certificates SET successor = 'NM1' WHERE id = 3": "certificate_state",
    "UPDATE certificates SET code = 'AAAAAAAAAAAAAAAAAAAAAAAAAA' WHERE id = 3": "certificate_content",
    "UPDATE certificates SET credential = 'x' WHERE id = 3": "certificate_content",
    "UPDATE certificates SET issued_at = '2020-01-01T00:00:00Z' WHERE id = 3": "certificate_content",
    "UPDATE certificates SET list_position = list_position + 1 WHERE id = 3": "certificate_content",
    "DELETE FROM certificates WHERE id = 4": "certificate_missing",
    "UPDATE applications SET name = '冒名者' WHERE id = 3": "certificate_person",
    "UPDATE applications SET number = 'X-1' WHERE id = 3": "certificate_person",
    "UPDATE applications SET identity_sealed = (SELECT identity_sealed FROM applications WHERE id = 4) WHERE id = 3": "sealed_value",
    "UPDATE applications SET identity_index = (SELECT identity_index FROM applications WHERE id = 4) WHERE id = 3": "blind_index",
    "UPDATE numbers SET code = 'AAAAAAAAAAAAAAAAAAAAAAAAAA' WHERE id = 3": "certificate_number",
    "UPDATE counters SET value = value + 1 WHERE name LIKE '2025%'": "series_gap",
    "UPDATE counters SET value = 3 WHERE name = '#number'": "counter_behind",
    "UPDATE numbers SET list_position = 65535 WHERE id = 4": "certificate_number",
    "UPDATE numbers SET licence_id = 'x' WHERE id = 4": "certificate_number",
    "UPDATE numbers SET application_id = 5, attempt = 9 WHERE id = 4": "certificate_number",
    "UPDATE numbers SET reserved_at = '2099-01-01T00:00:00Z' WHERE id = 4": "certificate_number",
    "UPDATE applications SET identity_sealed = NULL, identity_index = NULL WHERE id = 4": "certificate_person",
    "UPDATE certificates SET pickup_epoch = 2 WHERE id = 4": "certificate_state",
    "UPDATE copies SET revoked_at = '2020-01-01T00:00:00Z'": "copy_content",
    "UPDATE accounts SET role = 'issuer'": "account_content",
    "UPDATE accounts SET disabled_at = '2020-01-01T00:00:00Z'": "account_content",
    "UPDATE batches SET registered_at = '2020-01-01T00:00:00Z'": "batch_content",
    "UPDATE integrity SET recorded_at = '2020-01-01T00:00:00Z'": "archive_content",
    "UPDATE batches SET head = '{}'": "batch_content",
    "UPDATE copies SET purpose = '其他'": "copy_content",
    "DELETE FROM copies": "copy_content",
    "UPDATE integrity SET measure = '无'": "archive_content",
    "UPDATE integrity SET until_on = '2020-01-01'": "archive_content",
    "DELETE FROM integrity": "archive_content",
    "UPDATE events SET detail = replace(detail, '第七十二条', '第一条') WHERE kind = 'suspended'": "event_detail",
    "UPDATE events SET kind = 'resumed' WHERE kind = 'suspended'": "event_kind",
    "UPDATE events SET leaf = replace(leaf, 'suspended', 'resumed') WHERE kind = 'suspended'": "event_hash",
    "DELETE FROM events WHERE position = 5": "event_missing",
    "DELETE FROM events WHERE position = (SELECT max(position) FROM events)": "head_beyond",
    "UPDATE log_state SET size = size - 1": "log_state",
    "UPDATE log_heads SET root = (SELECT leaf_hash FROM events WHERE position = 0)": "head_token",
    "UPDATE log_heads SET token = 'x'": "head_token",
}


@pytest.mark.parametrize("sql", TAMPERING)
def test_rewriting_any_row_is_found(lived: Register, sql: str) -> None:
    """Whoever changes or deletes a row by hand is found out by `database check`."""
    change(lived, sql)
    assert TAMPERING[sql] in codes(lived)


def test_a_forged_history_does_not_fit_the_signed_head(lived: Register) -> None:
    """An insider who rewrites an event with matching hashes cannot match the head that was signed before.

    With the keys of the home he can throw the heads away and seal the rows anew; a head kept elsewhere still tells.
    """
    from registry.log.events import LogState, digest, hash_of

    kept = latest_head(lived)
    assert kept
    leaf, detail = rows(lived, "SELECT leaf, detail FROM events WHERE kind = 'suspended'")[0]
    forged_detail = detail.replace("第七十二条", "第一条")
    forged = leaf.replace(digest(detail), digest(forged_detail))
    with lived.database.write() as connection:
        connection.exec_driver_sql(
            _style(lived, "UPDATE events SET leaf = ?, detail = ?, leaf_hash = ? WHERE kind = 'suspended'"),
            (forged, forged_detail, hash_of(forged)),
        )
    state = LogState(0, "[]")
    for (text,) in rows(lived, "SELECT leaf FROM events ORDER BY position"):
        state.append(hash_of(text))
    change(lived, f"UPDATE log_state SET frontier = '{state.frontier}'")
    assert codes(lived) == {"head_root", "table_rows"}
    change(lived, "DELETE FROM log_heads")
    assert codes(lived) == {"table_rows"}
    seal_anew(lived, ACTOR, "as if nothing had happened")
    keyset = authority(lived).keyset
    assert check_register(lived, keyset, files=False).problems == ()
    report = check_register(lived, keyset, files=False, kept=[kept.token])
    assert {problem.code for problem in report.problems} == {"head_root"}
    assert [one.code for one in check_log(lived, keyset, ["rubbish"]).problems] == ["head_token"]


def _style(register: Register, sql: str) -> str:
    return sql if register.database.is_sqlite else sql.replace("?", "%s")


def test_a_lost_or_damaged_file_is_found(lived: Register) -> None:
    """One file gone, one with a byte changed: both certificates are named."""
    one, two = (lived.lookup.by_id(number) for number in (5, 6))
    assert one
    assert two
    lived.storage.path(one.sha256).unlink()
    path = lived.storage.path(two.sha256)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")
    places = {problem.place for problem in checked(lived).problems}
    assert places == {f"certificates {one.code}", f"certificates {two.code}"}


def test_every_event_can_be_proved_in_every_later_tree(lived: Register) -> None:
    """Inclusion and consistency proofs over the database hold; positions outside are refused."""
    total = rows(lived, "SELECT size FROM log_state")[0][0]
    for position in range(0, total, 5):
        for size in (position + 1, total):
            assert prove_inclusion(lived, position, size).holds()
    for old in range(total + 1):
        assert prove_consistency(lived, old).holds()
    with pytest.raises(LogEntryUnknown):
        prove_inclusion(lived, total)
    with pytest.raises(LogEntryUnknown):
        prove_consistency(lived, 1, total + 1)


def test_proofs_use_the_stored_tiles(register: Register) -> None:
    """Beyond 256 events, proofs over stored subtree roots agree with the whole tree."""
    from registry.clock import now
    from registry.log import merkle
    from registry.log.events import Kind, NewEvent, record

    with register.database.write() as connection:
        news = [NewEvent(Kind.REKEYED, f"n{number}", {}) for number in range(700)]
        record(connection, news, now())
    assert rows(register, "SELECT level, position FROM log_nodes ORDER BY position") == [(8, 0), (8, 1)]
    hashes = [bytes(one) for (one,) in rows(register, "SELECT leaf_hash FROM events ORDER BY position")]
    subtree = merkle.subtree_from(hashes)
    for position, size in ((0, 700), (300, 512), (699, 700), (255, 256), (256, 699)):
        proof = prove_inclusion(register, position, size)
        assert proof.holds()
        assert [bytes.fromhex(step) for step in proof.path] == merkle.inclusion_proof(position, size, subtree)
    assert prove_consistency(register, 257, 700).holds()
    assert check_log(register, authority(register).keyset).problems == ()


def test_the_head_of_an_unchanged_log_is_signed_once(lived: Register) -> None:
    """Asking again gives the same token; a new event gives a new head that continues the old one."""
    key = authority(lived).service
    first = sign_head(lived, key)
    assert sign_head(lived, key) == first == latest_head(lived)
    third = lived.lookup.by_id(3)
    assert third
    lifecycle.suspend(lived, third.number, GROUNDS)
    second = sign_head(lived, key)
    proof = prove_consistency(lived, first.size, second.size)
    assert (proof.old_root, proof.new_root) == (first.root, second.root)
    assert proof.holds()


def test_the_status_list_says_each_state_and_hides_the_count(lived: Register) -> None:
    """Whoever has the signed list reads each certificate's state; unused positions look valid."""
    keys = authority(lived)
    (list_id,) = list_ids(lived)
    published = status_list(lived, list_id, keys.service)
    states = {}
    for number in (1, 2, 3):
        certificate = lived.lookup.by_id(number)
        assert certificate
        states[number] = read_state(published.token, certificate.list_position, keys.keyset)
    assert states == {1: State.SUSPENDED, 2: State.REVOKED, 3: State.VALID}
    used = {place for (place,) in rows(lived, "SELECT list_position FROM numbers")}
    unused = next(place for place in range(1000) if place not in used)
    assert read_state(published.token, unused, keys.keyset) is State.VALID
    assert status_list(lived, list_id, keys.service).etag == published.etag
    lifecycle.resume(lived, str(rows(lived, "SELECT number FROM certificates WHERE id = 1")[0][0]), GROUNDS)
    assert status_list(lived, list_id, keys.service).etag != published.etag
    with pytest.raises(StatusListUnknown):
        status_list(lived, 9, keys.service)


def test_a_backup_restores_into_an_empty_home(lived: Register, tmp_path: Path) -> None:
    """Rows, keys and files come back; the restored register passes every check and goes on numbering."""
    path = tmp_path / "backup.tar"
    done = back_up(lived, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    home = Home(tmp_path / "restored")
    home.root.mkdir()
    home.config.write_text("", "utf-8")  # the restored copy uses SQLite, whatever the original used
    assert restore(path, home).rows == done.rows
    with Register.open(home) as restored:
        assert checked(restored).problems == ()
        for name in ("certificates", "events", "applications", "copies", "counters"):
            query = f"SELECT count(*) FROM {name}"
            assert rows(restored, query) == rows(lived, query)
        first = restored.lookup.by_id(1)
        assert first == lived.lookup.by_id(1)
    with pytest.raises(BackupUnusable):
        restore(path, home)


def test_a_damaged_backup_is_refused(lived: Register, tmp_path: Path) -> None:
    """A changed byte, a file cut off, and a file that is no backup do not become a register."""
    path = tmp_path / "backup.tar"
    back_up(lived, path)
    data = path.read_bytes()
    with tarfile.open(path) as tar:
        place = tar.getmember("tables/certificates.jsonl").offset_data + 100
    damaged = {
        "flipped": data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :],
        "cut": data[: len(data) // 2],
        "other": b"no tar at all",
    }
    for name, content in damaged.items():
        (tmp_path / name).write_bytes(content)
        home = Home(tmp_path / f"home-{name}")
        home.root.mkdir()
        home.config.write_text("", "utf-8")
        with pytest.raises(BackupUnusable):
            restore(tmp_path / name, home)


def test_moving_from_sqlite_to_postgresql_loses_nothing(
    tmp_path: Path, batch: Batch, postgres_server: object
) -> None:
    """Every row arrives, the check passes there, and issuing goes on where it stopped."""
    home = Home(tmp_path / "home")
    with Register.open(home) as register:
        issue_blank(register, batch, tmp_path / "out")
        accounts.add(register, "first", Role.OPERATOR, ACTOR)
        sign_head(register, authority(register).service)
        address = new_postgres_database(postgres_server)
        target = Database(address, busy_seconds=60)
        migrate(target)
        copied = copy_all(register.database, target)
        assert copied["certificates"] == len(batch.passed)
        events = rows(register, "SELECT position, kind, leaf, leaf_hash FROM events ORDER BY position")
        assert len(events) == copied["events"]
        before = latest_head(register)
        with pytest.raises(BackupUnusable):
            copy_all(register.database, target)
        target.close()
    home.config.write_text(f'[registry]\ndatabase = "{address}"\n', "utf-8")
    with Register.open(home) as moved:
        assert checked(moved).problems == ()
        there = rows(moved, "SELECT position, kind, leaf, leaf_hash FROM events ORDER BY position")
        assert [(*one[:3], bytes(one[3])) for one in there] == [(*one[:3], bytes(one[3])) for one in events]
        assert latest_head(moved) == before
        # what continues a sequence must not meet a row that was moved
        assert accounts.add(moved, "second", Role.REVIEWER, ACTOR)[0].id == 2
        other = of_others(batch, "NEXT")
        assert issue_blank(moved, other, tmp_path / "next").issued == len(batch.passed)
        assert checked(moved).problems == ()


def test_a_new_encryption_key_reseals_every_value(lived: Register, batch: Batch) -> None:
    """After the rotation the old key is gone, values open, look-up by ID number still works."""
    before = dict(rows(lived, "SELECT id, identity_sealed FROM applications"))
    assert rotate(lived, ACTOR) == len(before) + 1
    person = batch.passed[0].person
    assert person.name
    assert person.identity_number
    with pytest.raises(SealedValueDamaged):
        lived.vault.unseal(
            rows(lived, "SELECT identity_sealed FROM applications WHERE id = 1")[0][0],
            "applications.identity:1",
        )
    with Register.open(lived.home) as again:
        assert again.vault.active_cipher == 2
        assert checked(again).problems == ()
        assert again.lookup.by_person(person.name, person.identity_number)
        assert all(
            bytes(sealed) != bytes(before[row])
            for row, sealed in rows(again, "SELECT id, identity_sealed FROM applications")
        )


def test_a_register_with_data_but_without_its_key_file_is_not_opened(lived: Register) -> None:
    """A lost key file is reported; no new one is made beside data that it cannot open."""
    (lived.home.keys / "registry.json").unlink()
    with pytest.raises(KeyFileDamaged):
        Register.open(lived.home)
    assert not (lived.home.keys / "registry.json").exists()


def test_the_push_holds_the_national_fields_with_count_and_hash(
    lived: Register, batch: Batch, tmp_path: Path
) -> None:
    """One line per certificate with whole ID numbers, states in words; an increment holds only what changed."""
    import csv
    import hashlib
    import json

    done = export(lived, tmp_path / "push")
    data = (tmp_path / "push" / "push.jsonl").read_bytes()
    manifest = json.loads((tmp_path / "push" / "push.json").read_text("utf-8"))
    records = [json.loads(line) for line in data.splitlines()]
    assert manifest["count"] == done.count == len(records) == len(batch.passed)
    assert manifest["sha256"] == done.sha256 == hashlib.sha256(data).hexdigest()
    assert {one["zjhm"] for one in records} == {one.person.identity_number for one in batch.passed}
    assert [one["zszt"] for one in records[:3]] == ["暂停", "撤销", "有效"]
    assert records[1]["cxsj"]
    assert all(one["csrq"] == one["zjhm"][6:14] for one in records if one["zjlx"] == "01")
    with (tmp_path / "push" / "push.csv").open(encoding="utf-8-sig", newline="") as handle:
        assert [dict(row) for row in csv.DictReader(handle)] == records
    assert tuple(records[0]) == FIELDS
    assert stat.S_IMODE((tmp_path / "push" / "push.jsonl").stat().st_mode) == 0o600
    assert export(lived, tmp_path / "increment", since="2999-01-01T00:00:00Z").count == 0
    assert export(lived, tmp_path / "other", batch="不存在").count == 0
