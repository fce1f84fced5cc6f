"""Whether rows agree with the events that bind them; and the MACs of rows that a release before there were any has written."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Table, select

from registry.audit.row_macs import MAC, RowMacs
from registry.certificates.annotated_copies import copy_content
from registry.certificates.renewal import renewal_content
from registry.database.schema import certificates, copies, events, renewals
from registry.issuing.types import CONTENT_COLUMNS, content_of
from registry.log.events import Kind, digest
from registry.model import State

PAGE: Final = 500
_STATE_OF: Final = {
    Kind.ISSUED: State.VALID,
    Kind.SUSPENDED: State.SUSPENDED,
    Kind.RESUMED: State.VALID,
    Kind.REVOKED: State.REVOKED,
    Kind.SUPERSEDED: State.SUPERSEDED,
}


def pages(connection: Connection, table: Table) -> Iterator[Sequence[Any]]:
    """The rows of a table with an `id`, a page at a time."""
    last = -1
    while True:
        page = connection.execute(
            select(table).where(table.c.id > last).order_by(table.c.id).limit(PAGE)
        ).all()
        if not page:
            return
        yield page
        last = page[-1].id


def lives_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[Any]]:
    """The events of certificates by internal id, oldest first."""
    lives: dict[int, list[Any]] = defaultdict(list)
    statement = select(events).where(events.c.certificate_id.in_(ids)).order_by(events.c.position)
    for event in connection.execute(statement):
        lives[event.certificate_id].append(event)
    return lives


def state_of(life: Sequence[Any]) -> tuple[str, str, str | None]:
    """State, since when, and successor, as the events say."""
    state, since, successor = "", "", None
    for event in life:
        new = _STATE_OF.get(event.kind)
        if new is not None:
            state, since = str(new), json.loads(event.leaf)["at"]
            successor = json.loads(event.detail).get("successor")
    return state, since, successor


def content_digest(row: Any) -> str:
    """Digest of what a certificate's row keeps unchangeably, as its `issued` leaf binds it."""
    values = {name: getattr(row, name) for name in CONTENT_COLUMNS} | {"sha256": bytes(row.sha256).hex()}
    return digest(content_of(values))


def certificate_bound(row: Any, life: Sequence[Any]) -> bool:
    """Whether a certificate's content, state and pick-up code are those of its events."""
    issued = [event for event in life if event.kind == Kind.ISSUED]
    renewed = sum(event.kind == Kind.PICKUP_RENEWED for event in life)
    return (
        len(issued) == 1
        and json.loads(issued[0].leaf).get("content") == content_digest(row)
        and (row.state, row.state_at, row.successor) == state_of(life)
        and row.pickup_epoch == 1 + renewed
    )


def renewal_bound(row: Any, life: Sequence[Any]) -> bool:
    """Whether an event vouches for a renewed file: its hash would make any file known."""
    hashes = {name: bytes(getattr(row, name)).hex() for name in ("previous", "sha256")}
    return _vouched(life, Kind.EXTENDED, digest(renewal_content({**row._asdict(), **hashes})))


def copy_bound(row: Any, life: Sequence[Any]) -> bool:
    """Whether events vouch for an annotated copy and for the moment of its withdrawal."""
    withdrawn = {
        json.loads(one.detail)["copy"]: json.loads(one.leaf)["at"]
        for one in life
        if one.kind == Kind.COPY_REVOKED
    }
    content = digest(copy_content({**row._asdict(), "sha256": bytes(row.sha256).hex()}))
    return withdrawn.get(row.code) == row.revoked_at and _vouched(life, Kind.ANNOTATED, content)


def _vouched(life: Sequence[Any], kind: Kind, content: str) -> bool:
    return any(one.kind == kind and json.loads(one.leaf).get("content") == content for one in life)


BOUND: Final[Mapping[Table, tuple[str, Callable[[Any, Sequence[Any]], bool]]]] = {
    certificates: ("id", certificate_bound),
    renewals: ("certificate_id", renewal_bound),
    copies: ("certificate_id", copy_bound),
}


def fill_macs(connection: Connection, macs: RowMacs) -> int:
    """Give each row without a MAC that agrees with its events one; returns how many did not agree.

    Those stay without, so no answer rests on them and `database check` names them.
    """
    refused = 0
    for table, (key, bound) in BOUND.items():
        for page in pages(connection, table):
            bare = [row for row in page if getattr(row, MAC) is None]
            lives = lives_of(connection, [getattr(row, key) for row in bare])
            good = [row for row in bare if bound(row, lives[getattr(row, key)])]
            macs.fill(connection, table, [row._asdict() for row in good])
            refused += len(bare) - len(good)
    return refused
