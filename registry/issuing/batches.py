"""Batches in the register: registered once, under one number, for one content of the head."""

import json
from typing import Any

from sqlalchemy import insert, select

from records.batch.model import Batch
from registry.clock import now, stamp
from registry.database.schema import batches
from registry.errors import BatchHeadChanged
from registry.log.events import Actor, Kind, NewEvent, lock_log, record
from registry.model import canonical
from registry.register import Register


def batch_head(batch: Batch) -> dict[str, Any]:
    """What identifies a batch: no people, no experts."""
    return {
        "number": batch.number,
        "year": batch.year,
        "region_code": batch.region_code,
        "committee": batch.committee.name,
        "series": batch.committee.series,
        "level": str(batch.committee.level) if batch.committee.level else None,
        "filing_number": batch.committee.filing_number,
        "acquisition": str(batch.review.acquisition) if batch.review.acquisition else None,
        "channel": str(batch.review.channel) if batch.review.channel else None,
        "approval": batch.approval.number,
    }


def register_batch(register: Register, batch: Batch, actor: Actor) -> int:
    """The id of the batch; registers it on first sight.

    Raises:
        BatchHeadChanged: the number belongs to a batch with another committee, year, approval …
    """
    head = batch_head(batch)
    with register.database.read() as connection:
        row = connection.execute(select(batches).where(batches.c.number == batch.number)).one_or_none()
    if row is None:
        row = _insert(register, head, actor)
    known = json.loads(row.head)
    fields = tuple(name for name, value in head.items() if known.get(name) != value)
    if fields:
        raise BatchHeadChanged(number=batch.number, fields="、".join(fields))
    return int(row.id)


def _insert(register: Register, head: dict[str, Any], actor: Actor) -> Any:
    """Insert the batch unless another program just did; its event is written in the same transaction."""
    text, moment = canonical(head), now()
    with register.database.write() as connection:
        lock_log(connection)
        known = select(batches).where(batches.c.number == head["number"])
        row = connection.execute(known).one_or_none()
        if row is None:
            values = {"number": head["number"], "head": text, "registered_at": stamp(moment)}
            row = connection.execute(insert(batches).values(**values).returning(batches)).one()
            event = NewEvent(Kind.REGISTERED, head["number"], {"actor": actor.as_dict()}, content=text)
            record(connection, [event], moment)
        return row
