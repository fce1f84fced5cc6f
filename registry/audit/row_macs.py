"""MACs of the rows that public answers rest on: a certificate, a renewed file, an annotated copy.

The log binds these rows, but a look-up cannot walk the log. So each row carries a keyed digest of all its columns, and
whatever is read for an answer is compared with it: who has the database but not the home's keys cannot set a revoked
certificate back to valid or write the hash of a forgery into a row. Who kept an older row with its MAC can put that
back; `database check` finds it by the events.
"""

import logging
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from hmac import compare_digest
from typing import Any, Final

from sqlalchemy import Connection, Table, bindparam, select, update

from registry.database.schema import certificates, copies, renewals
from registry.errors import RowAltered

MAC: Final = "mac"
CARRYING: Final[tuple[Table, ...]] = (certificates, copies, renewals)
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    table.name: tuple(name for name in table.c.keys() if name != MAC)  # noqa: SIM118 - columns, not names
    for table in CARRYING
}
"""What a MAC covers, in this order; the row's key comes first."""
_DIGEST_BYTES: Final = 32

alarms = logging.getLogger("zhicheng.integrity")


class RowMacs:
    """Makes and compares the MACs of one home; without a key (a home of before there were seals) it does neither."""

    def __init__(self, row_key: bytes | None) -> None:
        self._keys = row_key and {
            table.name: blake2b(
                table.name.encode(), key=row_key, digest_size=_DIGEST_BYTES, person=b"row-mac"
            ).digest()
            for table in CARRYING
        }

    def of(self, table: Table, row: Mapping[str, Any]) -> bytes | None:
        """The MAC of a row; an absent column is empty."""
        return self._mac(table.name, [row.get(name) for name in COLUMNS[table.name]])

    def check(self, table: Table, values: Sequence[Any]) -> None:
        """Compare a row, as its columns in the order of `COLUMNS` and then its MAC.

        Raises:
            RowAltered: the row is not as the program wrote it; an alarm is logged.
        """
        *held, mac = values
        wanted = self._mac(table.name, held)
        if wanted is not None and not (mac and compare_digest(bytes(mac), wanted)):
            alarms.critical("row altered behind the program: table=%s id=%s", table.name, held[0])
            raise RowAltered(table=table.name, row=held[0])

    def fits(self, table: Table, row: Mapping[str, Any]) -> bool:
        """Whether a row has its MAC, without an alarm."""
        wanted = self.of(table, row)
        return wanted is None or (bool(row[MAC]) and compare_digest(bytes(row[MAC]), wanted))

    def renew(self, connection: Connection, table: Table, row_id: int, changes: Mapping[str, Any]) -> None:
        """Change columns of one row and its MAC with them, after comparing what was there.

        Raises:
            RowAltered: the row was not as the program wrote it.
        """
        row = dict(connection.execute(select(table).where(table.c.id == row_id)).mappings().one())
        self.check(table, [*(row[name] for name in COLUMNS[table.name]), row[MAC]])
        values = {**changes, MAC: self.of(table, {**row, **changes})}
        connection.execute(update(table).where(table.c.id == row_id).values(**values))

    def fill(self, connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write the MACs of rows that have none and that the caller vouches for."""
        if rows and self._keys:
            statement = (
                update(table).where(table.c.id == bindparam("row_id")).values(mac=bindparam("row_mac"))
            )
            connection.execute(
                statement, [{"row_id": row["id"], "row_mac": self.of(table, row)} for row in rows]
            )

    def _mac(self, name: str, values: Sequence[Any]) -> bytes | None:
        if not self._keys:
            return None
        plain = tuple(bytes(one) if isinstance(one, memoryview) else one for one in values)
        return blake2b(ascii(plain).encode(), key=self._keys[name], digest_size=_DIGEST_BYTES).digest()
