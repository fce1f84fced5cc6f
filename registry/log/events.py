"""Events: what happened to whom, when, by which clause. Written here only, each one a leaf of the log.

An event has a leaf, what the log hashes of it, and a private detail. The leaf names kind, time and subject and binds two
digests: of the rows that the event vouches for, and of the detail (actor, reason, document number). The detail is salted
with a secret, so that its digest gives nothing away, and neither does the digest of the leaf: since version 2 the log
hashes time and that digest only (the commitment), and the leaf itself opens it to whoever may see it. In version 1 the
log hashed the leaf; those stay as they are.
"""

import getpass
import hashlib
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Select, select, update

from registry.audit.seal_hooks import NOTED, ledger_of
from registry.clock import stamp
from registry.database.bulk_insert import insert_rows
from registry.database.schema import events, log_nodes, log_state
from registry.log import merkle
from registry.model import canonical

LEAF_VERSION: Final = 2
OPEN_VERSION: Final = 1
STATE_ROW: Final = 1
TILE_LEVELS: Final = 8
_SALT_BYTES: Final = 16


class Kind(StrEnum):
    """What an event says happened."""

    REGISTERED = "registered"
    ISSUED = "issued"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    ANNOTATED = "annotated"
    COPY_REVOKED = "copy_revoked"
    EXTENDED = "extended"
    PICKUP_RENEWED = "pickup_renewed"
    DISHONESTY = "dishonesty"
    REKEYED = "rekeyed"
    SEALED = "sealed"
    HEAD_RENEWED = "head_renewed"
    CLOCK_ACCEPTED = "clock_accepted"
    ERASED = "erased"
    ACCOUNT = "account"
    WORKSPACE = "workspace"
    PROGRESS = "progress"
    SCANNED = "scanned"
    DISPOSED = "disposed"
    COMMAND = "command"
    PUSHED = "pushed"
    RECOGNITION = "recognition"
    EXCHANGED = "exchanged"
    SETTING = "setting"


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event about to be recorded; `content` is the canonical text of the rows it vouches for."""

    kind: Kind
    subject: str
    detail: Mapping[str, Any]
    content: str | None = None
    certificate_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a name for the record, and the system user or account it came through."""

    name: str
    channel: str = "command"
    account: str = field(default_factory=lambda: system_user())

    def as_dict(self) -> dict[str, str]:
        """As events keep it."""
        return {"name": self.name, "channel": self.channel, "account": self.account}


def system_actor() -> Actor:
    """The system user who runs the command."""
    return Actor(system_user())


def system_user() -> str:
    """Who runs this process, as the operating system knows it, whatever the environment says."""
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return getpass.getuser()


def digest(text: str) -> str:
    """SHA-256 of a text, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def leaf_of(event: NewEvent, at: str, detail: str) -> str:
    """The leaf as the register keeps it; strangers see `public_leaf` of it."""
    leaf = {
        "v": LEAF_VERSION,
        "at": at,
        "kind": str(event.kind),
        "subject": event.subject,
        "detail": digest(detail),
    }
    if event.content is not None:
        leaf["content"] = digest(event.content)
    return canonical(leaf)


def public_leaf(leaf: str) -> str:
    """What the log hashes and anybody may see of a leaf: time and commitment, or all of it in version 1."""
    kept = json.loads(leaf)
    if kept.get("v") == OPEN_VERSION:
        return leaf
    return canonical({"v": kept["v"], "at": kept["at"], "commitment": digest(leaf)})


def hash_of(leaf: str) -> bytes:
    """The hash by which a leaf stands in the log (RFC 6962 §2.1)."""
    return merkle.leaf_hash(public_leaf(leaf).encode())


def record(connection: Connection, news: Sequence[NewEvent], at: datetime) -> range:
    """Append events to the log in the caller's transaction; returns their positions.

    The log's state row is locked until the transaction ends, so call this last.
    """
    if not news:
        return range(0)
    state = lock_log(connection)
    before = state.row
    rows, time = [], stamp(at)
    nodes: list[dict[str, Any]] = []
    for position, event in enumerate(news, state.size):
        detail = canonical({**event.detail, "salt": secrets.token_hex(_SALT_BYTES)})
        leaf = leaf_of(event, time, detail)
        leaf_hash = hash_of(leaf)
        nodes += state.append(leaf_hash)
        rows.append(
            {
                "position": position,
                "kind": str(event.kind),
                "certificate_id": event.certificate_id,
                "leaf": leaf,
                "detail": detail,
                "leaf_hash": leaf_hash,
            }
        )
    insert_rows(connection, events, rows)
    insert_rows(connection, log_nodes, nodes)
    changed = update(log_state).where(log_state.c.id == STATE_ROW)
    connection.execute(
        changed.values(size=state.size, frontier=state.frontier), execution_options={NOTED: True}
    )
    if ledger := ledger_of(connection, log_state):
        ledger.add(log_state, [before], -1)
        ledger.add(log_state, [state.row])
    return range(state.size - len(rows), state.size)


class LogState:
    """Size of the log and the roots of its full subtrees, from left to right."""

    def __init__(self, size: int, frontier: str) -> None:
        self.size = size
        self.roots = [bytes.fromhex(root) for root in json.loads(frontier)]

    @property
    def frontier(self) -> str:
        """As the state row keeps it."""
        return json.dumps([root.hex() for root in self.roots])

    @property
    def row(self) -> tuple[int, int, str]:
        """The state row's values."""
        return STATE_ROW, self.size, self.frontier

    @property
    def root(self) -> bytes:
        """Root of the whole tree."""
        return merkle.fold(self.roots)

    def append(self, leaf_hash: bytes) -> list[dict[str, Any]]:
        """Add a leaf; returns the tile roots that it completes."""
        node, level, made = leaf_hash, 0, []
        while self.size >> level & 1:
            node = merkle.node_hash(self.roots.pop(), node)
            level += 1
            if level % TILE_LEVELS == 0:
                made.append({"level": level, "position": self.size >> level, "hash": node})
        self.roots.append(node)
        self.size += 1
        return made


def read_state(connection: Connection) -> LogState:
    """The present state of the log."""
    row = connection.execute(_state_row()).one_or_none()
    return LogState(row.size, row.frontier) if row else LogState(0, "[]")


def lock_log(connection: Connection) -> LogState:
    """Let nobody else append until the caller's transaction ends; returns the log's present state."""
    row = connection.execute(_state_row().with_for_update()).one()
    return LogState(row.size, row.frontier)


def _state_row() -> Select[tuple[int, str]]:
    return select(log_state.c.size, log_state.c.frontier).where(log_state.c.id == STATE_ROW)
