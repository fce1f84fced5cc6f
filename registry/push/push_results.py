"""Receipts of a push (回执): what became of each record; rejected ones are listed and go into the next increment.

The platform's own form of receipts is not published. Read are JSON lines or CSV with `batch` (推送批次号), `zsbh`,
`code` (0 or 00: taken in) and `message`, as its look-up interface names results.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select, update

from registry.clock import now, stamp
from registry.database.schema import certificates
from registry.database.service_tables import push_receipts, pushes
from registry.database.upsert import insert_into
from registry.errors import RegistryError
from registry.identifiers import normal_number
from registry.log.events import Actor, Kind, NewEvent, record
from registry.register import Register

ACCEPTED: Final = ("0", "00")
COLUMNS: Final = ("batch", "zsbh", "code", "message")
MOST_REASON: Final = 500


class ReceiptsUnreadable(RegistryError):
    """Raised when a file holds no receipts; data: `path`, `line`."""

    key = "receipts_unreadable"


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that the platform did not take, with its reason; the newest receipt counts."""

    number: str
    push: str
    reason: str
    received_at: str


@dataclass(frozen=True, slots=True)
class Receipts:
    """What a file of receipts said; `unknown` names lines about pushes or certificates that are not ours."""

    accepted: int
    rejected: int
    unknown: tuple[str, ...]


def read_receipts(register: Register, path: Path, actor: Actor) -> Receipts:
    """Take receipts in; reading the same file again changes nothing.

    Raises:
        ReceiptsUnreadable: not JSON lines or CSV of this form; nothing is taken in.
    """
    lines = list(_lines(path))
    received_at = stamp(now())
    with register.database.write() as connection:
        known = {row.number for row in connection.execute(select(pushes.c.number))}
        ours = _ours(connection, [line["zsbh"] for line in lines])
        good = [line for line in lines if line["batch"] in known and line["zsbh"] in ours]
        unknown = [f"{line['batch']} {line['zsbh']}" for line in lines if line not in good]
        taken = [line["code"] in ACCEPTED for line in good]
        rows = [
            {
                "push_number": line["batch"],
                "certificate_number": line["zsbh"],
                "accepted": int(accepted),
                "reason": "" if accepted else f"{line['code']} {line['message']}".strip()[:MOST_REASON],
                "received_at": received_at,
            }
            for line, accepted in zip(good, taken, strict=True)
        ]
        _upsert(connection, rows)
        detail = {"actor": actor.as_dict(), "accepted": sum(taken), "rejected": len(taken) - sum(taken)}
        record(connection, [NewEvent(Kind.PUSHED, "receipts", detail)], now())
    return Receipts(sum(taken), len(taken) - sum(taken), tuple(unknown))


def rejects(register: Register) -> tuple[Reject, ...]:
    """Every certificate whose newest receipt is a refusal."""
    with register.database.read() as connection:
        return tuple(
            Reject(row.certificate_number, row.push_number, row.reason, row.received_at)
            for row in connection.execute(_rejected())
        )


def rejected_numbers(connection: Connection) -> frozenset[str]:
    """Numbers of those certificates, for the next increment."""
    return frozenset(row.certificate_number for row in connection.execute(_rejected()))


def _rejected() -> Any:
    """The receipt of the newest push of each certificate, where it is a refusal; push numbers sort by time."""
    newest = (
        select(push_receipts.c.certificate_number, func.max(push_receipts.c.push_number).label("push_number"))
        .group_by(push_receipts.c.certificate_number)
        .subquery()
    )
    return (
        select(push_receipts)
        .join(
            newest,
            (newest.c.certificate_number == push_receipts.c.certificate_number)
            & (newest.c.push_number == push_receipts.c.push_number),
        )
        .where(push_receipts.c.accepted == 0)
        .order_by(push_receipts.c.certificate_number)
    )


def _ours(connection: Connection, numbers: list[str]) -> set[str]:
    found: set[str] = set()
    for first in range(0, len(numbers), 500):
        part = numbers[first : first + 500]
        rows = connection.execute(select(certificates.c.number).where(certificates.c.number.in_(part)))
        found |= {row.number for row in rows}
    return found


def _upsert(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """A receipt that was read before is corrected, if it says something else now."""
    if not rows:
        return
    connection.execute(insert_into(connection, push_receipts).on_conflict_do_nothing(), rows)
    said = {(row["push_number"], row["certificate_number"]): row for row in rows}
    held = connection.execute(
        select(push_receipts).where(push_receipts.c.push_number.in_({push for push, _ in said}))
    ).all()
    changed = [
        {"row_id": row.id, "now": one["accepted"], "why": one["reason"]}
        for row in held
        if (one := said.get((row.push_number, row.certificate_number)))
        and (one["accepted"], one["reason"]) != (row.accepted, row.reason)
    ]
    if changed:
        correction = update(push_receipts).where(push_receipts.c.id == bindparam("row_id"))
        connection.execute(correction.values(accepted=bindparam("now"), reason=bindparam("why")), changed)


def _lines(path: Path) -> Iterator[dict[str, str]]:
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReceiptsUnreadable(path=str(path), line=1) from error
    is_csv = path.suffix.lower() == ".csv"
    source: Iterator[Any] = csv.DictReader(StringIO(text)) if is_csv else iter(text.splitlines())
    for place, line in enumerate(source, 2 if is_csv else 1):
        if is_csv or line.strip():
            yield _line(line, path, place)


def _line(line: Any, path: Path, place: int) -> dict[str, str]:
    try:
        found = line if isinstance(line, Mapping) else json.loads(line)
        values = {name: str(found[name]).strip() for name in COLUMNS[:3]}
        return {**values, "zsbh": normal_number(values["zsbh"]), "message": str(found.get("message") or "")}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReceiptsUnreadable(path=str(path), line=place) from error
