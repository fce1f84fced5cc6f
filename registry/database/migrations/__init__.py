"""The one set of migrations for both databases, run by `migrate` when a register is opened."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from registry.database import account_tables as _account_tables  # noqa: F401 - part of the one schema
from registry.database import case_tables as _case_tables  # noqa: F401 - part of the one schema
from registry.database import service_tables as _service_tables  # noqa: F401 - part of the one schema
from registry.database.engine import Database
from registry.errors import DatabaseTooNew

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011")
HEAD = REVISIONS[-1]
_MIGRATION_LOCK = 7_306_001  # any number; keeps two PostgreSQL clients from migrating at once


def migrate(database: Database) -> bool:
    """Bring the schema to the newest revision; one look when it is there already. Returns whether it was an older one.

    Raises:
        DatabaseTooNew: the schema comes from a newer release.
        DatabaseNotReady: the database cannot be written.
    """
    with database.read() as connection:
        found = revision_of(connection)
    if found == HEAD:
        return False
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
        found = revision_of(connection)
        if found is not None and found not in REVISIONS:
            raise DatabaseTooNew(found=found, known=HEAD)
        if found != HEAD:
            _upgrade(connection)
    return found is not None


def revision_of(connection: Connection) -> str | None:
    """The revision of the schema; None of an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
