"""Recomputing the whole log and comparing it with every head that was ever signed."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select

from registry.audit.problems import Problem
from registry.clock import moment_of, stamp
from registry.database.schema import log_nodes
from registry.log.events import LogState, digest, hash_of, read_state
from registry.log.tree_heads import TreeHead, heads, leaves
from registry.register import Register

if TYPE_CHECKING:
    from signing.keys.service_key import KeySet


@dataclass(frozen=True, slots=True)
class LogReport:
    """What `log verify` found: events recomputed, heads compared, everything that does not fit."""

    size: int
    heads: int
    problems: tuple[Problem, ...]


def check_log(register: Register, keyset: "KeySet", kept: Sequence[str] = ()) -> LogReport:
    """Recompute every leaf, every stored node and every head's root; `kept` are head tokens kept elsewhere."""
    signed = list(heads(register))
    problems = list(_tokens(signed, keyset))
    foreign = [head for token in kept if (head := _kept(token, keyset)) is not None]
    problems += [Problem("head_token", "kept head")] * (len(kept) - len(foreign))
    with register.database.read() as connection:
        walk = _Walk(connection, [*signed, *foreign])
        problems += walk.problems()
    return LogReport(walk.state.size, len(signed) + len(foreign), tuple(problems))


class _Walk:
    """One pass over all events with the tree growing beside it."""

    def __init__(self, connection: Connection, signed: Sequence[TreeHead]) -> None:
        self.connection = connection
        self.state = LogState(0, "[]")
        self.nodes = 0
        self.heads: dict[int, list[TreeHead]] = {}
        for head in signed:
            self.heads.setdefault(head.size, []).append(head)

    def problems(self) -> Iterator[Problem]:
        """Everything that does not fit, in the order of the log."""
        yield from self._heads_here()
        for row in leaves(self.connection):
            if row.position != self.state.size:
                yield Problem("event_missing", f"events {self.state.size}")
                return
            yield from _row(row)
            for node in self.state.append(hash_of(row.leaf)):
                yield from self._node(node)
            yield from self._heads_here()
        yield from self._other_nodes()
        stored = read_state(self.connection)
        if (stored.size, stored.frontier) != (self.state.size, self.state.frontier):
            yield Problem("log_state", f"log_state {stored.size}")
        yield from (Problem("head_beyond", f"head {size}") for size in self.heads if size > self.state.size)

    def _heads_here(self) -> Iterator[Problem]:
        for head in self.heads.get(self.state.size, ()):
            if head.root != self.state.root.hex():
                yield Problem("head_root", f"head {head.size}")

    def _other_nodes(self) -> Iterator[Problem]:
        """Nodes that no event has completed."""
        count = self.connection.execute(select(func.count()).select_from(log_nodes)).scalar_one()
        if count != self.nodes:
            yield Problem("log_node", f"log_nodes {count} ≠ {self.nodes}")

    def _node(self, node: dict[str, Any]) -> Iterator[Problem]:
        self.nodes += 1
        found = self.connection.execute(
            select(log_nodes.c.hash).where(
                log_nodes.c.level == node["level"], log_nodes.c.position == node["position"]
            )
        ).scalar()
        if found is None or bytes(found) != node["hash"]:
            yield Problem("log_node", f"log_nodes {node['level']}/{node['position']}")


def _row(row: Any) -> Iterator[Problem]:
    """Leaf, hash, detail and kind of one event agree."""
    place = f"events {row.position}"
    if bytes(row.leaf_hash) != hash_of(row.leaf):
        yield Problem("event_hash", place)
    leaf = json.loads(row.leaf)
    if leaf.get("detail") != digest(row.detail):
        yield Problem("event_detail", place)
    if leaf.get("kind") != row.kind:
        yield Problem("event_kind", place)


def _tokens(signed: Sequence[TreeHead], keyset: "KeySet") -> Iterator[Problem]:
    """Heads that say something else than their token, and those that no later one makes up for.

    A head signed after its key had ended, or by a clock that was ahead, proves nothing by itself; a later head of a
    valid key covers the same entries.
    """
    timeless = keyset.timeless()
    good = max((head.size for head in signed if _kept(head.token, keyset) == head), default=-1)
    for head in signed:
        if _kept(head.token, keyset) == head:
            continue
        if _kept(head.token, timeless, at=moment_of(head.signed_at)) != head:
            yield Problem("head_token", f"head {head.size}")
        elif head.size > good:
            yield Problem("head_key_ended", f"head {head.size}")


def _kept(token: str, keyset: "KeySet", at: datetime | None = None) -> TreeHead | None:
    """The head that a token states; None when the token does not verify at that moment, by default now."""
    from signing.credential.token import TREE_HEAD_TYPE, verify
    from signing.errors import TokenInvalid

    try:
        accepted = verify(token.strip(), keyset, TREE_HEAD_TYPE, at)
        return TreeHead(
            int(accepted.payload["size"]), str(accepted.payload["root"]), stamp(accepted.issued_at), token
        )
    except (TokenInvalid, KeyError, ValueError, TypeError):
        return None
