"""Push (数据推送): the national field set as JSON lines and CSV, with count and SHA-256 in a manifest.

Names in pinyin initials as the transfer tables use them; `zszt` is the state at export (有效、暂停、撤销、换发注销).
An increment names everything whose state changed since a moment, so that revocations and corrections follow, and
what the platform refused before.
"""

import csv
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select

from core.message import message
from registry.audit.log_binding import pages
from registry.clock import moment_of, now, stamp
from registry.database.schema import applications, batches, certificates
from registry.database.service_tables import batch_terms, progress_people, pushes
from registry.log.events import Actor, Kind, NewEvent, lock_log, record, system_actor
from registry.model import Facts, State
from registry.privacy.field_encryption import sealed_place
from registry.push.push_results import rejected_numbers
from registry.register import Register

INTERFACE: Final = "1.1"
OVERLAP: Final = timedelta(minutes=15)
FIELDS: Final = (
    "xm", "zjlx", "zjhm", "xb", "csrq", "xlmc", "zymc", "zcmc", "zcjb", "qdfs", "qdsj", "pwhmc", "pwhba", "zsbh",
    "fzjg", "fzrq", "hzwh", "gzdw", "gzdwdm", "xzqh", "ksfw", "zszt", "ywlsh", "sjscsj", "yzsbh", "cxsj", "jym",
)  # fmt: skip
NATIONAL: Final = {
    "xm": "aac003",
    "zjlx": "aac058",
    "zjhm": "aac147",
    "xlmc": "age002",
    "zymc": "agz066",
    "zcmc": "aac200",
    "zcjb": "age013",
    "qdsj": "age007",
    "pwhmc": "age005",
    "zsbh": "age116",
    "gzdw": "agb017",
    "xzqh": "aab301",
}
"""Our field → code of the national query platform (as seen in public clients; not officially documented)."""
IDENTITY_CODES: Final = {
    "居民身份证": "01",
    "港澳台居民居住证": "02",
    "护照": "03",
    "外国人永久居留身份证": "06",
}


@dataclass(frozen=True, slots=True)
class Export:
    """What was written: where, how many, hash of the JSON lines, the moment to continue from."""

    folder: Path
    count: int
    sha256: str
    taken_at: str
    number: str


def export(
    register: Register,
    out: Path,
    *,
    batch: str | None = None,
    since: str | None = None,
    increment: bool = False,
    actor: Actor | None = None,
) -> Export:
    """Write `push.jsonl`, `push.csv` and `push.json` (batch number, count, SHA-256, interface version).

    `since` (a time as the register writes it) makes an increment, `increment` one since the last whole push, with a
    quarter of an hour told twice for what was being written just then. Records that the platform refused come again.
    The files hold whole ID numbers: mode 0600. The push is entered in the register and in the log.

    Raises:
        SealedValueDamaged: an ID number does not open.
    """
    out.mkdir(parents=True, exist_ok=True)
    taken_at = stamp(now())
    if increment:
        since = _last(register)
    count, digest = 0, hashlib.sha256()
    lines, table = out / "push.jsonl", out / "push.csv"
    for path in (lines, table):
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
    with (
        register.database.read() as connection,
        lines.open("wb") as handle,
        table.open("w", encoding="utf-8-sig", newline="") as csv_handle,
    ):
        writer = csv.DictWriter(csv_handle, FIELDS)
        writer.writeheader()
        for row in _records(connection, register, batch, since, taken_at):
            line = json.dumps(row, ensure_ascii=False).encode() + b"\n"
            handle.write(line)
            writer.writerow(row)
            digest.update(line)
            count += 1
    number = _enter(register, (count, digest.hexdigest(), taken_at, batch, since), actor or system_actor())
    _write_manifest(register, out, number, count, digest.hexdigest(), taken_at, batch, since)
    return Export(out, count, digest.hexdigest(), taken_at, number)


def _last(register: Register) -> str | None:
    """Where an increment begins: a little before the newest push of everything; None when there is none."""
    with register.database.read() as connection:
        found = connection.execute(
            select(func.max(pushes.c.taken_at)).where(pushes.c.of_batch.is_(None))
        ).scalar()
    return stamp(moment_of(found) - OVERLAP) if found else None


def _enter(register: Register, push: tuple[int, str, str, str | None, str | None], actor: Actor) -> str:
    """Enter a push; its number is made of region and time, with a count behind it for a second one."""
    count, sha256, taken_at, batch, since = push
    first = f"{register.settings.region_code}-{taken_at.replace('-', '').replace(':', '')}"
    with register.database.write() as connection:
        lock_log(connection)
        same = select(func.count()).select_from(pushes).where(pushes.c.number.startswith(first))
        earlier = connection.execute(same).scalar_one()
        number = f"{first}-{earlier + 1}" if earlier else first
        values = {"number": number, "count": count, "sha256": sha256, "taken_at": taken_at}
        connection.execute(insert(pushes).values(**values, of_batch=batch, since=since))
        detail = {"actor": actor.as_dict(), "count": count, "sha256": sha256}
        record(connection, [NewEvent(Kind.PUSHED, number, detail)], now())
    return number


def _write_manifest(
    register: Register,
    out: Path,
    number: str,
    count: int,
    sha256: str,
    taken_at: str,
    batch: str | None,
    since: str | None,
) -> None:
    document = {
        "batch": number,
        "count": count,
        "sha256": sha256,
        "authority": register.settings.region_name,
        "interface": INTERFACE,
        "taken_at": taken_at,
        "of_batch": batch,
        "since": since,
        "fields": {name: NATIONAL.get(name) for name in FIELDS},
    }
    (out / "push.json").write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")


def _records(
    connection: Connection, register: Register, batch: str | None, since: str | None, taken_at: str
) -> Iterator[dict[str, str]]:
    heads = {row.id: json.loads(row.head) for row in connection.execute(select(batches))}
    terms = {row.batch_number: row.filed_until for row in connection.execute(select(batch_terms))}
    for head in heads.values():
        head["filed_until"] = terms.get(head["number"])
    again = rejected_numbers(connection) if since else frozenset[str]()
    for page in pages(connection, certificates):
        wanted = [
            row
            for row in page
            if (batch is None or heads[row.batch_id]["number"] == batch)
            and (since is None or row.state_at >= since or row.number in again)
        ]
        people = _people(connection, [row.application_id for row in wanted])
        for row in wanted:
            yield _record(register, row, heads[row.batch_id], people[row.application_id], taken_at)


def _people(connection: Connection, ids: Sequence[int]) -> dict[int, Any]:
    if not ids:
        return {}
    statement = (
        select(applications, progress_people.c.employer_code)
        .join(batches, batches.c.id == applications.c.batch_id)
        .outerjoin(
            progress_people,
            (progress_people.c.batch_number == batches.c.number)
            & (progress_people.c.application_number == applications.c.number),
        )
        .where(applications.c.id.in_(ids))
    )
    return {row.id: row for row in connection.execute(statement)}


def _record(register: Register, row: Any, head: dict[str, Any], person: Any, taken_at: str) -> dict[str, str]:
    facts = Facts.from_json(row.facts)
    identity = register.vault.unseal(person.identity_sealed, sealed_place("identity", person.id)) or ""
    values = {
        "xm": facts.name,
        "zjlx": IDENTITY_CODES.get(facts.identity_kind, "99"),
        "zjhm": identity,
        "xb": facts.sex,
        "csrq": _birth(identity, facts),
        "xlmc": facts.series,
        "zymc": facts.specialty,
        "zcmc": facts.title,
        "zcjb": facts.grade,
        "qdfs": facts.acquisition,
        "qdsj": facts.obtained_on.replace("-", ""),
        "pwhmc": facts.conferrer,
        "pwhba": "，".join(part for part in (head.get("filing_number"), _until(head)) if part),
        "zsbh": row.number,
        "fzjg": facts.authority,
        "fzrq": facts.issued_on.replace("-", ""),
        "hzwh": head.get("approval") or "",
        "gzdw": facts.employer,
        "gzdwdm": person.employer_code or "",
        "xzqh": facts.authority_region,
        "ksfw": facts.scope_name,
        "zszt": message("registry", f"push_states.{row.state}"),
        "ywlsh": row.licence_id,
        "sjscsj": taken_at,
        "yzsbh": row.predecessor or "",
        "cxsj": row.state_at if row.state == State.REVOKED else "",
    }
    values["jym"] = hashlib.sha256("|".join(values.values()).encode()).hexdigest()[:16]
    return values


def _until(head: dict[str, Any]) -> str:
    day = head.get("filed_until")
    return message("registry", "export.filed_until", day=day) if day else ""


def _birth(identity: str, facts: Facts) -> str:
    """Whole birth date from a citizen number, else year and month as stated."""
    if len(identity) == 18 and identity[6:14].isdigit() and facts.identity_kind == "居民身份证":
        return identity[6:14]
    return "".join(part.zfill(2) for part in facts.birth.replace("月", "").split("年"))
