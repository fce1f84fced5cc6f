"""Watches every statement of a writing transaction, so that no change of a sealed table is forgotten by its seal.

Before an UPDATE or DELETE the rows that it will meet are read and locked, after it the changed ones; an INSERT is made
to return its rows. At the end of the transaction the sums of `registry.audit.seals` are brought up to date.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Delete, Insert, Table, Update, func, select, text
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.elements import BinaryExpression, BindParameter
from sqlalchemy.sql.operators import eq

from registry.audit.seals import Ledger, Seals, is_sealed
from registry.errors import DatabaseNotReady

NOTED: Final = "zhicheng_noted"
"""Execution option: whoever runs the statement tells the ledger himself."""
_LEDGER: Final = "zhicheng_ledger"
_AT_ONCE: Final = 500  # below every database's limit of parameters

Statement = Insert | Update | Delete
Parameters = Sequence[Mapping[str, Any]]


def ledger_of(connection: Connection, table: Table) -> Ledger | None:
    """Where to tell changes of a table that the watch cannot see; None when nobody keeps account."""
    return connection.info.get(_LEDGER) if is_sealed(table) else None


class Watch:
    """Connects the seals of a home with an engine."""

    def __init__(self, seals: Seals) -> None:
        self._seals = seals

    @contextmanager
    def over(self, connection: Connection) -> Iterator[None]:
        """Keep account of what the connection writes from here to the end of the block."""
        ledger = self._seals.ledger()
        connection.info[_LEDGER] = ledger
        try:
            yield
        finally:
            del connection.info[_LEDGER]
        self._seals.settle(connection, ledger)

    def before(
        self,
        connection: Connection,
        element: Any,
        many: Parameters,
        one: Mapping[str, Any],
        options: Mapping[str, Any],
    ) -> tuple[Any, Parameters, Mapping[str, Any]]:
        """SQLAlchemy's `before_execute`."""
        ledger = _account(connection, element, options)
        if ledger is None:
            return element, many, one
        if not isinstance(element, Insert):
            ledger.pending = _met(connection, element, many or [one])
        elif _returns(element):
            element, one = _with_id(connection, element, many, one)
        else:
            conflict = element._post_values_clause  # noqa: SLF001 - no other way to tell
            if type(conflict).__name__ == "OnConflictDoUpdate":
                raise TypeError(element.table.name)  # what it overwrites cannot be seen; insert, then update
            ledger.pending = _Given(len(many) or 1, whole=conflict is None)
            element = element.returning(*element.table.c)
        return element, many, one

    def after(
        self,
        connection: Connection,
        element: Any,
        many: Parameters,
        one: Mapping[str, Any],
        options: Mapping[str, Any],
        result: Any,
    ) -> None:
        """SQLAlchemy's `after_execute`."""
        del many, one
        ledger = _account(connection, element, options)
        if ledger is None:
            return
        table = _table(element)
        if not isinstance(element, Insert):
            _exchange(connection, ledger, element, result)
        elif isinstance(ledger.pending, _Given):
            ledger.pending.add(ledger, table, result)
            ledger.pending = None
        else:
            ledger.add(table, _rows(connection, table, [ledger.pending]))
            ledger.pending = None


@dataclass(frozen=True, slots=True)
class _Given:
    """How many rows an insert was given; `whole`: all of them must come back, since none may be passed over."""

    rows: int
    whole: bool

    def add(self, ledger: Ledger, table: Table, result: Any) -> None:
        """Count what was inserted; a transaction whose rows did not all come back is not committed."""
        rows = list(map(tuple, result))
        if self.whole and len(rows) != self.rows:
            raise AssertionError(table.name, len(rows), self.rows)
        ledger.add(table, rows)


def _returns(element: Insert) -> bool:
    """Whether the caller reads what it inserts.

    Asked of a copy: SQLAlchemy keeps its answer with the statement, and a statement that has been asked gives back the
    last page of many rows only.
    """
    columns = element.table.c
    return len(element.returning(*columns).returning_column_descriptions) > len(columns)


def _account(connection: Connection, element: Any, options: Mapping[str, Any]) -> Ledger | None:
    if not isinstance(element, Statement) or options.get(NOTED):
        return None
    return ledger_of(connection, _table(element))


def _table(element: Statement) -> Table:
    table: Any = element.table
    return table  # type: ignore[no-any-return]


def _met(connection: Connection, element: Update | Delete, parameters: Parameters) -> list[Sequence[Any]]:
    """The rows that a statement will meet, locked until the transaction ends."""
    table, ids = _table(element), _named_ids(element, parameters)
    if ids is not None:
        return _rows(connection, table, ids, lock=True)
    wanted = select(*table.c).order_by(*table.primary_key)
    if element.whereclause is not None:
        wanted = wanted.where(element.whereclause)
    locked = wanted.with_for_update(key_share=True)
    return [tuple(row) for given in parameters for row in connection.execute(locked, given)]


def _named_ids(element: Update | Delete, parameters: Parameters) -> list[Any] | None:
    """The keys, where the parameters of many executions name one each."""
    if len(parameters) == 1:
        return None
    match element.whereclause:
        case BinaryExpression(left=left, right=BindParameter(key=key), operator=operator) if (
            operator is eq and left is _key(_table(element))
        ):
            return [given[key] for given in parameters]
    return None


def _exchange(connection: Connection, ledger: Ledger, element: Update | Delete, result: Any) -> None:
    table, olds = _table(element), ledger.pending
    if connection.dialect.name != "sqlite" and result.rowcount != len(olds):
        raise DatabaseNotReady(reason=f"{table.name}: changed by somebody else at the same time")
    ledger.add(table, olds, -1)
    if isinstance(element, Update):
        place = list(table.c).index(_key(table))
        ledger.add(table, _rows(connection, table, [old[place] for old in olds]))


def _rows(
    connection: Connection, table: Table, ids: Sequence[Any], *, lock: bool = False
) -> list[Sequence[Any]]:
    if len(ids) == 1 and not lock:
        return [
            tuple(row) for row in connection.exec_driver_sql(_one_row(table, connection.dialect), (ids[0],))
        ]
    key = _key(table)
    found: list[Sequence[Any]] = []
    for first in range(0, len(ids), _AT_ONCE):
        wanted = select(*table.c).where(key.in_(ids[first : first + _AT_ONCE])).order_by(key)
        rows = connection.execute(wanted.with_for_update(key_share=True) if lock else wanted)
        found += map(tuple, rows)
    return found


@lru_cache(maxsize=128)
def _one_row(table: Table, dialect: Dialect) -> str:
    """Reads one row by its key, without building a statement for it."""
    quote = dialect.identifier_preparer.quote
    names = ", ".join(quote(name) for name in table.c.keys())  # noqa: SIM118 - columns, not names
    mark = "?" if dialect.paramstyle == "qmark" else "%s"
    return f"SELECT {names} FROM {quote(table.name)} WHERE {quote(_key(table).name)} = {mark}"  # noqa: S608


def _with_id(
    connection: Connection, element: Insert, many: Parameters, one: Mapping[str, Any]
) -> tuple[Insert, Mapping[str, Any]]:
    """An insert whose caller reads what it returns: its row is named beforehand, to be read again afterwards."""
    table, ledger = _table(element), connection.info[_LEDGER]
    key = _key(table)
    if many:
        raise TypeError(table.name)  # nobody reads what many inserts return
    values: Any = element._values or {}  # noqa: SLF001 - no other way to tell
    inside = {str(getattr(name, "name", name)): value for name, value in values.items()}
    named = one.get(key.name, inside.get(key.name))
    if named is None:
        ledger.pending = _next_id(connection, table)
        return element.values({key.name: ledger.pending}), one
    ledger.pending = named.value if isinstance(named, BindParameter) else named
    return element, one


def _next_id(connection: Connection, table: Table) -> int:
    """What the database itself would have given."""
    key = _key(table)
    if connection.dialect.name == "sqlite":
        return int(connection.execute(select(func.coalesce(func.max(key), 0) + 1)).scalar_one())
    sequence = text(f"SELECT nextval(pg_get_serial_sequence('{table.name}', '{key.name}'))")
    return int(connection.execute(sequence).scalar_one())


def _key(table: Table) -> Any:
    [key] = table.primary_key
    return key
