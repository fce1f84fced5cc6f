"""Many rows at once: the statement is written once per table, the values go to the driver as they are."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.engine import Dialect

from registry.audit.seal_hooks import ledger_of


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all name the same columns, with values that the driver takes as they are.

    SQLAlchemy's own way looks at every value of every row again, which costs more than the database does.
    """
    if rows:
        names = tuple(rows[0])
        connection.exec_driver_sql(
            _statement(table, names, connection.dialect), [*map(itemgetter(*names), rows)]
        )
        if ledger := ledger_of(connection, table):
            ledger.inserted(table, rows)


@lru_cache(maxsize=64)
def _statement(table: Table, names: tuple[str, ...], dialect: Dialect) -> str:
    quote = dialect.identifier_preparer.quote
    mark = "?" if dialect.paramstyle == "qmark" else "%s"
    columns = ", ".join(quote(name) for name in names)
    return f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({', '.join([mark] * len(names))})"  # noqa: S608
