"""Registering (登记): pressed certificates become rows and log entries in one transaction, or not at all."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from registry.audit.row_macs import MAC
from registry.clock import moment_of
from registry.database.bulk_insert import insert_rows
from registry.database.schema import certificates
from registry.issuing.reservation import lock_batch
from registry.issuing.types import Pressed
from registry.log.events import Actor, Kind, NewEvent, record
from registry.model import Certificate, State
from registry.register import Register


def register_pressed(
    register: Register, batch_id: int, pressed: Sequence[Pressed], actor: Actor
) -> tuple[Pressed, ...]:
    """Register a chunk; returns those that another run had registered meanwhile and whose files were dropped.

    Raises:
        DatabaseNotReady: nothing of the chunk was registered.
    """
    with register.database.write() as connection:
        lock_batch(connection, batch_id)
        taken = _registered(connection, pressed)
        fresh = [one for one in pressed if one.order.slot.id not in taken]
        insert_certificates(register, connection, fresh, actor)
    late = tuple(one for one in pressed if one.order.slot.id in taken)
    for one in late:
        if taken[one.order.slot.id] != one.sha256:
            register.storage.discard(one.sha256)
    return late


def insert_certificates(
    register: Register, connection: Connection, pressed: Sequence[Pressed], actor: Actor
) -> None:
    """Insert rows and their `issued` events in the caller's transaction."""
    if not pressed:
        return
    rows = [_row(one) for one in pressed]
    insert_rows(connection, certificates, [{**row, MAC: register.macs.of(certificates, row)} for row in rows])
    record(connection, [_event(one, actor) for one in pressed], moment_of(pressed[-1].order.issued_at))


def _registered(connection: Connection, pressed: Sequence[Pressed]) -> dict[int, str]:
    ids = [one.order.slot.id for one in pressed]
    rows = connection.execute(
        select(certificates.c.id, certificates.c.sha256).where(certificates.c.id.in_(ids))
    )
    return {row.id: bytes(row.sha256).hex() for row in rows}


def _row(one: Pressed) -> dict[str, Any]:
    return {
        **one.row(),
        "sha256": bytes.fromhex(one.sha256),
        "state": str(State.VALID),
        "state_at": one.order.issued_at,
        "successor": None,
        "pickup_epoch": 1,
    }


def certificate_of(one: Pressed) -> Certificate:
    """The certificate as `Lookup` reads it right after it was registered."""
    row = _row(one)
    return Certificate(**{**row, "sha256": one.sha256, "facts": one.order.facts, "state": State.VALID})


def _event(one: Pressed, actor: Actor) -> NewEvent:
    return NewEvent(
        kind=Kind.ISSUED,
        subject=one.order.slot.number,
        detail=_detail(one, actor),
        content=one.content(),
        certificate_id=one.order.slot.id,
    )


def _detail(one: Pressed, actor: Actor) -> dict[str, Any]:
    """The private part of an `issued` event; the level only where there is a signature."""
    level = {"level": one.level} if one.level else {}
    return {"actor": actor.as_dict(), "application": one.order.face.application_number, **level}
