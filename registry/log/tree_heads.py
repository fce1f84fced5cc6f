"""The append-only log (RFC 6962 hashing): signed tree heads, inclusion and consistency proofs over the events."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, func, insert, select

from registry.clock import moment_of, now, stamp
from registry.database.schema import events, log_heads, log_nodes
from registry.errors import LogEntryUnknown
from registry.log import merkle
from registry.log.clock_guard import require_clock
from registry.log.events import (
    OPEN_VERSION,
    TILE_LEVELS,
    Actor,
    Kind,
    NewEvent,
    lock_log,
    public_leaf,
    read_state,
    record,
)
from registry.register import Register

if TYPE_CHECKING:
    from signing.keys.service_key import ServiceKey

PAGE: Final = 4096


@dataclass(frozen=True, slots=True)
class TreeHead:
    """A signed statement: at that time the log had this size and this root. `token` is the compact JWS."""

    size: int
    root: str
    signed_at: str
    token: str

    def as_dict(self) -> dict[str, Any]:
        """As the API shows it."""
        return {"size": self.size, "root": self.root, "signed_at": self.signed_at, "token": self.token}


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """Proof that an event is in the tree of that size; hashes are hexadecimal.

    `leaf` is what was hashed and `opening` the register's own leaf, whose hash is the commitment in `leaf`. A closed proof
    has no opening, and of a leaf of version 1, which is its own opening, the hash only.
    """

    position: int
    size: int
    root: str
    leaf: str | None
    leaf_hash: str
    path: tuple[str, ...]
    opening: str | None = None

    @property
    def closed(self) -> "InclusionProof":
        """As a stranger may see it."""
        is_open = self.leaf is not None and json.loads(self.leaf)["v"] == OPEN_VERSION
        return replace(self, leaf=None if is_open else self.leaf, opening=None)

    def holds(self) -> bool:
        """Whether the path leads from the leaf's own text, as far as it is told, to the root."""
        leaf_hash = bytes.fromhex(self.leaf_hash)
        if self.leaf is not None and merkle.leaf_hash(self.leaf.encode()) != leaf_hash:
            return False
        if self.opening is not None and public_leaf(self.opening) != self.leaf:
            return False
        path = [bytes.fromhex(step) for step in self.path]
        return merkle.inclusion_holds(leaf_hash, self.position, self.size, path, bytes.fromhex(self.root))

    def as_dict(self) -> dict[str, Any]:
        """As the API shows it."""
        return {
            "position": self.position,
            "size": self.size,
            "root": self.root,
            "leaf": self.leaf,
            "opening": self.opening,
            "leaf_hash": self.leaf_hash,
            "path": list(self.path),
        }


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """Proof that the tree of `new` leaves continues the tree of `old` leaves."""

    old: int
    new: int
    old_root: str
    new_root: str
    path: tuple[str, ...]

    def holds(self) -> bool:
        """Whether the path joins the two roots."""
        path = [bytes.fromhex(step) for step in self.path]
        old_root, new_root = bytes.fromhex(self.old_root), bytes.fromhex(self.new_root)
        return merkle.consistency_holds(self.old, self.new, old_root, new_root, path)

    def as_dict(self) -> dict[str, Any]:
        """As the API shows it."""
        return {
            "old": self.old,
            "new": self.new,
            "old_root": self.old_root,
            "new_root": self.new_root,
            "path": list(self.path),
        }


def sign_head(register: Register, key: "ServiceKey") -> TreeHead:
    """Sign the present state of the log; the head of an unchanged log is signed once only.

    Where that head was signed by this key outside its time, or by one that had ended, an event says so and the log,
    longer by it, gets a head that counts.

    Raises:
        ServiceKeyNotValid, ClockWrong: the key may not sign now, or it is not the time that it seems; no head is written.
    """
    key.require_valid(now())
    require_clock(register)
    with register.database.read() as connection:
        state = read_state(connection)
        known = _head(connection, state.size)
    if known is None:
        return _sign(register, key, state.size, state.root)
    if _in_time(register, known, key):
        return known
    with register.database.write() as connection:
        lock_log(connection)
        if read_state(connection).size == known.size:
            detail = {"size": known.size, "signed_at": known.signed_at}
            record(connection, [NewEvent(Kind.HEAD_RENEWED, f"head:{known.size}", detail)], now())
    return sign_head(register, key)


def accept_clock(register: Register, actor: Actor) -> None:
    """Record that the clock is right now, although the log holds later times: a wrong clock wrote them.

    From here on the clock is compared with this entry.
    """
    moment = now()
    before = latest_head(register)
    detail = {"actor": actor.as_dict(), "head": before.signed_at if before else None}
    with register.database.write() as connection:
        record(connection, [NewEvent(Kind.CLOCK_ACCEPTED, f"clock:{stamp(moment)}", detail)], moment)


def _in_time(register: Register, head: TreeHead, key: "ServiceKey") -> bool:
    """Whether a head was signed while its key was valid; the present key's own heads are told by their time."""
    from signing.authority.opening import open_authority
    from signing.credential.token import TREE_HEAD_TYPE, key_of, verify
    from signing.errors import ServiceKeyNotValid, TokenKeyNotValid

    try:
        if key_of(head.token) == key.kid:
            key.require_valid(moment_of(head.signed_at))
            return True
        verify(head.token, open_authority(register.home).keyset, TREE_HEAD_TYPE)
    except (TokenKeyNotValid, ServiceKeyNotValid):
        return False
    return True


def _sign(register: Register, key: "ServiceKey", size: int, root: bytes) -> TreeHead:
    from signing.credential.token import TREE_HEAD_TYPE, sign

    moment = now()
    payload = {
        "iat": int(moment.timestamp()),
        "iss": register.settings.region_code,
        "size": size,
        "root": root.hex(),
    }
    token = sign(payload, key, TREE_HEAD_TYPE)
    with register.database.write() as connection:
        known = _head(connection, size)
        if known:
            return known
        row = {"size": size, "root": root, "signed_at": stamp(moment), "token": token}
        connection.execute(insert(log_heads).values(**row))
    return TreeHead(size, root.hex(), stamp(moment), token)


def latest_head(register: Register) -> TreeHead | None:
    """The newest signed head."""
    with register.database.read() as connection:
        row = connection.execute(select(log_heads).order_by(log_heads.c.size.desc()).limit(1)).one_or_none()
    return _tree_head(row) if row else None


def heads(register: Register) -> tuple[TreeHead, ...]:
    """Every signed head, oldest first."""
    with register.database.read() as connection:
        return tuple(map(_tree_head, connection.execute(select(log_heads).order_by(log_heads.c.size))))


def _head(connection: Connection, size: int) -> TreeHead | None:
    row = connection.execute(select(log_heads).where(log_heads.c.size == size)).one_or_none()
    return _tree_head(row) if row else None


def _tree_head(row: Any) -> TreeHead:
    return TreeHead(row.size, bytes(row.root).hex(), row.signed_at, row.token)


def prove_inclusion(register: Register, position: int, size: int | None = None) -> InclusionProof:
    """Prove that the event at `position` is in the tree of `size` events (by default all).

    Raises:
        LogEntryUnknown: the log has no such position or has never been of that size.
    """
    with register.database.read() as connection:
        total = _checked_size(connection, size)
        row = connection.execute(select(events).where(events.c.position == position)).one_or_none()
        if row is None or position >= total:
            raise LogEntryUnknown(position=position, size=total)
        subtree = _subtree(connection)
        path = merkle.inclusion_proof(position, total, subtree)
        root = merkle.root(total, subtree)
    steps, leaf_hash = tuple(step.hex() for step in path), bytes(row.leaf_hash).hex()
    return InclusionProof(position, total, root.hex(), public_leaf(row.leaf), leaf_hash, steps, row.leaf)


def prove_consistency(register: Register, old: int, new: int | None = None) -> ConsistencyProof:
    """Prove that the log of `new` events (by default all) continues that of `old` events.

    Raises:
        LogEntryUnknown: one of the sizes has never been.
    """
    with register.database.read() as connection:
        total = _checked_size(connection, new)
        if not 0 <= old <= total:
            raise LogEntryUnknown(position=old, size=total)
        subtree = _subtree(connection)
        path = merkle.consistency_proof(old, total, subtree)
        old_root, new_root = merkle.root(old, subtree), merkle.root(total, subtree)
    return ConsistencyProof(old, total, old_root.hex(), new_root.hex(), tuple(step.hex() for step in path))


def _checked_size(connection: Connection, size: int | None) -> int:
    total = read_state(connection).size
    if size is not None and not 0 <= size <= total:
        raise LogEntryUnknown(position=size, size=total)
    return total if size is None else size


def _subtree(connection: Connection) -> merkle.Subtree:
    """Subtree roots out of the stored tile roots; never more than 255 hashes are read per subtree."""

    def subtree(level: int, position: int) -> bytes:
        stored, inside = divmod(level, TILE_LEVELS)
        first, last = position << inside, (position + 1) << inside
        return merkle.full_root(_hashes(connection, stored * TILE_LEVELS, first, last))

    return subtree


def _hashes(connection: Connection, level: int, first: int, last: int) -> list[bytes]:
    if level == 0:
        rows = connection.execute(
            select(events.c.leaf_hash)
            .where(events.c.position >= first, events.c.position < last)
            .order_by(events.c.position)
        )
        return [bytes(row.leaf_hash) for row in rows]
    rows = connection.execute(
        select(log_nodes.c.hash)
        .where(log_nodes.c.level == level, log_nodes.c.position >= first, log_nodes.c.position < last)
        .order_by(log_nodes.c.position)
    )
    return [bytes(row.hash) for row in rows]


def leaves(connection: Connection) -> Iterator[Any]:
    """Every event row in order, a page at a time, so that a long log does not fill the memory."""
    total = connection.execute(select(func.max(events.c.position))).scalar()
    for first in range(0, 0 if total is None else total + 1, PAGE):
        yield from connection.execute(
            select(events)
            .where(events.c.position >= first, events.c.position < first + PAGE)
            .order_by(events.c.position)
        ).all()
