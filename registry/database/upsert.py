"""INSERT … ON CONFLICT, which SQLAlchemy words per database."""

from typing import Any

from sqlalchemy import Connection, Table


def insert_into(connection: Connection, table: Table) -> Any:
    """An insert that knows `on_conflict_do_nothing` and `on_conflict_do_update`, in the database's own words."""
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert
    else:  # a tenth of a second to load, for nothing where the register is a file
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]
    return insert(table)
