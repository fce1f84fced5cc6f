"""Seals over rows: what no event of the log binds is bound by keyed digests, so that SQL alone can rewrite nothing.

Every row of a sealed table has a digest under the key `rows` of the home. Of each table the number and the sum of
the digests is kept (a multiset hash: Clarke et al., ASIACRYPT 2003, MSet-Add-Hash), encrypted under the same key, so
that whoever has the database but not the home can neither change, add or remove a row nor make the sum fit again.
A change costs two digests, whatever the size of the table; `database check` adds all rows up and compares.

The sums of all tables lie in one value that also covers the state of the log: an older copy of it fits nothing else.
Certificates, events and tree nodes are left out, because the log itself binds them row by row.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from operator import itemgetter
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Table, select

from registry.database.schema import job_chunks, log_state, metadata, row_seals
from registry.errors import SealedValueDamaged

BOUND_BY_LOG: Final = frozenset({"certificates", "events", "log_nodes"})
PASSING: Final = frozenset({job_chunks.name})  # not copied with the others, so they have a sum of their own
REGISTER_SEAL, PASSING_SEAL = 1, 2  # rows of `row_seals`
BORN: Final[Mapping[str, Sequence[tuple[Any, ...]]]] = {log_state.name: ((1, 0, "[]"),)}
"""Rows that the migrations make, before there is a key."""

_READ: Final = "SELECT sealed FROM row_seals WHERE id = ?"
_WRITE: Final = "UPDATE row_seals SET sealed = ? WHERE id = ?"
_MODULUS: Final = 1 << 256
_DIGEST_BYTES: Final = 32
_NONCE_BYTES: Final = 12  # NIST SP 800-38D
_CHUNK: Final = 1000
_number: Final = int.from_bytes

Sums = dict[str, tuple[int, int]]
"""Table → how many rows, and the sum of their digests."""


def is_sealed(table: Table) -> bool:
    """Whether the rows of a table are under a seal: all are but those that the log binds, and the seals themselves."""
    return table.name not in BOUND_BY_LOG and table is not row_seals


def sealed_tables() -> Iterator[Table]:
    """Every sealed table."""
    return filter(is_sealed, metadata.sorted_tables)


class Ledger:
    """What one transaction changes in the sums."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._changes: dict[str, list[int]] = {}
        self.pending: Any = None

    @property
    def changes(self) -> Sums:
        """Table → change of the number, change of the sum."""
        return {name: (count, total) for name, (count, total) in self._changes.items()}

    def add(self, table: Table, rows: Iterable[Sequence[Any]], sign: int = 1) -> None:
        """Rows (values of all columns in their order) that are there now; `sign` -1: that are gone."""
        change = self._changes.setdefault(table.name, [0, 0])
        key, defaults = _table_key(self._key, table.name), _defaults(table)
        for row in rows:
            change[0] += sign
            change[1] += sign * _row_digest(key, defaults, row)

    def inserted(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Rows that were inserted as they are, all with the same columns; absent columns are empty."""
        names = table.c.keys()
        if rows and rows[0].keys() >= set(names):
            self.add(table, map(itemgetter(*names), rows))
        else:
            self.add(table, ([row.get(name) for name in names] for row in rows))


def _row_digest(key: bytes, defaults: Sequence[str | None], row: Sequence[Any]) -> int:
    """Keyed digest of one row.

    Columns at the end that hold nothing, or what a migration filled in, count for nothing: a column added later,
    always as the last one, leaves the digests of older rows as they are.
    """
    values = tuple(row)
    for default in defaults:
        if values[-1] is not None and (default is None or str(values[-1]) != default):
            break
        values = values[:-1]
    return _number(blake2b(ascii(values).encode(), digest_size=_DIGEST_BYTES, key=key).digest(), "big")


@lru_cache(maxsize=256)
def _table_key(key: bytes, name: str) -> bytes:
    """Another key for every table, so that no row of one passes for a row of another."""
    return blake2b(name.encode(), digest_size=_DIGEST_BYTES, key=key).digest()


@lru_cache(maxsize=128)
def _defaults(table: Table) -> tuple[str | None, ...]:
    """What the database fills in, from the last column to the first."""
    defaults = [one.server_default for one in table.c]
    return tuple(None if one is None else str(getattr(one, "arg", None)) for one in reversed(defaults))


class Seals:
    """Keeps and compares the sums of one home."""

    def __init__(self, key: bytes) -> None:
        self._row_key = blake2b(b"row", digest_size=_DIGEST_BYTES, key=key).digest()
        self._cipher = AESGCM(blake2b(b"sum", digest_size=_DIGEST_BYTES, key=key).digest())

    def ledger(self) -> Ledger:
        """An empty one."""
        return Ledger(self._row_key)

    def settle(self, connection: Connection, ledger: Ledger) -> None:
        """Bring the kept sums up to date; the last step of a transaction, because it makes others wait."""
        parts: dict[int, Sums] = {}
        for name, change in ledger.changes.items():
            if change != (0, 0):
                parts.setdefault(_part(name), {})[name] = change
        for part in sorted(parts):
            kept = self._open(part, _locked(connection, part))
            self._keep(connection, part, _added(kept, parts[part]))

    def reset(self, connection: Connection) -> dict[str, int]:
        """Take all rows as they are now; returns their number by table."""
        found = {table.name: self.sum_of(connection, table) for table in sealed_tables()}
        for part in (REGISTER_SEAL, PASSING_SEAL):
            mine = {name: one for name, one in found.items() if _part(name) == part}
            self._keep(connection, part, _added(mine, self._born(part), -1))
        return {name: count for name, (count, _) in found.items()}

    def expected(self, connection: Connection, part: int) -> Sums:
        """The kept sums, those of the rows of the migrations among them.

        Raises:
            SealedValueDamaged: not sealed with this home's key.
        """
        sealed = connection.execute(select(row_seals.c.sealed).where(row_seals.c.id == part)).scalar()
        return _added(self._open(part, sealed), self._born(part))

    def sum_of(self, connection: Connection, table: Table) -> tuple[int, int]:
        """Number and sum of the rows that are there."""
        ledger = self.ledger()
        rows = connection.execute(select(*table.c), execution_options={"yield_per": _CHUNK})
        ledger.add(table, map(tuple, rows))
        count, total = ledger.changes[table.name]
        return count, total % _MODULUS

    def _born(self, part: int) -> Sums:
        ledger = self.ledger()
        for name, rows in BORN.items():
            if _part(name) == part:
                ledger.add(metadata.tables[name], rows)
        return ledger.changes

    def _open(self, part: int, sealed: bytes | None) -> Sums:
        if not sealed:
            return {}
        value = bytes(sealed)
        place = f"{row_seals.name} {part}"
        try:
            text = self._cipher.decrypt(value[:_NONCE_BYTES], value[_NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError) as error:
            raise SealedValueDamaged(place=place) from error
        return {name: (count, int(total, 16)) for name, (count, total) in json.loads(text).items()}

    def _keep(self, connection: Connection, part: int, sums: Sums) -> None:
        text = json.dumps({name: (count, f"{total:x}") for name, (count, total) in sums.items()})
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, text.encode(), f"{row_seals.name} {part}".encode())
        connection.exec_driver_sql(_statement(connection, _WRITE), (sealed, part))


def _locked(connection: Connection, part: int) -> bytes | None:
    """A seal that nobody else changes before the transaction ends."""
    lock = "" if connection.dialect.name == "sqlite" else " FOR UPDATE"
    found: bytes | None = connection.exec_driver_sql(_statement(connection, _READ) + lock, (part,)).scalar()
    return found


def _statement(connection: Connection, text: str) -> str:
    """In the driver's own words: this is run in every writing transaction, and building statements costs more."""
    return text if connection.dialect.paramstyle == "qmark" else text.replace("?", "%s")


def _part(name: str) -> int:
    return PASSING_SEAL if name in PASSING else REGISTER_SEAL


def _added(sums: Sums, changes: Sums, sign: int = 1) -> Sums:
    found = dict(sums)
    for name, (count, total) in changes.items():
        old = found.get(name, (0, 0))
        found[name] = (old[0] + sign * count, (old[1] + sign * total) % _MODULUS)
    return found
