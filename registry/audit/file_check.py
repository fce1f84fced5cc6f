"""The database's own check of its file: pages and indexes that are damaged without a row having been rewritten."""

from collections.abc import Iterator
from typing import Final

from registry.audit.problems import Problem
from registry.database.engine import Database
from registry.errors import DatabaseNotReady

TORN: Final = "database_torn"
MOST: Final = 20
SOUND: Final = "ok"


def check_file(database: Database) -> Iterator[Problem]:
    """What SQLite's `integrity_check` finds, at most twenty lines; PostgreSQL's server looks after its own pages."""
    if not database.is_sqlite:
        return
    try:
        with database.read() as connection:
            found = connection.exec_driver_sql(f"PRAGMA integrity_check({MOST})").scalars().all()
    except DatabaseNotReady as error:  # too damaged even for its own check
        found = [str(error.data["reason"])]
    for line in found:
        if line != SOUND:
            yield Problem(TORN, " ".join(str(line).split()))
