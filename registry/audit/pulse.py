"""How the register is at this moment (体检): what `zhicheng doctor` asks of it, without changing a row.

A look at the state, not an examination: whether rows were altered is `registry.audit.checks`' business.
"""

import json
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, and_, exists, func, select, text

from core.settings import Home
from registry.clock import moment_of, now, stamp
from registry.database.engine import Database, sqlite_address
from registry.database.migrations import HEAD, revision_of
from registry.database.schema import certificates, events, jobs, log_heads, numbers
from registry.jobs.store import JobState
from registry.settings import DATABASE_FILE, RegistrySettings

LOOKS: Final = 5
WAITING_AFTER: Final = timedelta(hours=1)  # a number without certificate, a job without a step


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a register says of itself. Times are None where there is nothing yet.

    `latency_ms`: the best of five empty questions. `damage`: what SQLite says of its file, empty when it is whole.
    """

    kind: str
    revision: str | None
    latency_ms: float
    damage: str
    certificates: int
    last_event: datetime | None
    last_head: datetime | None
    unsigned_events: int
    waiting: int
    stuck_jobs: tuple[int, ...]

    @property
    def current(self) -> bool:
        """Whether the schema is this program's."""
        return self.revision == HEAD


def take_pulse(home: Home) -> Pulse | None:
    """Ask the register of a home; None where there is none yet. Nothing is created or migrated.

    Raises:
        DatabaseNotReady: the database does not answer.
        HomeNotReady: the settings cannot be read.
    """
    settings = home.section("registry", RegistrySettings)
    file = home.root / DATABASE_FILE
    if not settings.database and not (file.exists() and file.stat().st_size):
        return None
    database = Database(settings.database or sqlite_address(file), busy_seconds=settings.busy_seconds)
    try:
        with database.read() as connection:
            return _asked(connection, database)
    finally:
        database.close()


def _asked(connection: Connection, database: Database) -> Pulse:
    latency = min(_timed(connection) for _ in range(LOOKS)) * 1000
    kind, revision = connection.dialect.name, revision_of(connection)
    damage = str(connection.execute(text("PRAGMA quick_check(1)")).scalar()) if database.is_sqlite else "ok"
    damage = "" if damage == "ok" else damage
    if revision != HEAD:
        return Pulse(kind, revision, latency, damage, 0, None, None, 0, 0, ())
    last = connection.execute(
        select(events.c.position, events.c.leaf).order_by(events.c.position.desc()).limit(1)
    ).first()
    head = connection.execute(
        select(log_heads.c.size, log_heads.c.signed_at).order_by(log_heads.c.size.desc()).limit(1)
    ).first()
    return Pulse(
        kind,
        revision,
        latency,
        damage,
        int(connection.execute(select(func.count()).select_from(certificates)).scalar_one()),
        moment_of(json.loads(last.leaf)["at"]) if last else None,
        moment_of(head.signed_at) if head else None,
        (last.position + 1 if last else 0) - (head.size if head else 0),
        _waiting(connection),
        _stuck(connection),
    )


def _timed(connection: Connection) -> float:
    started = time.perf_counter()
    connection.execute(text("SELECT 1")).scalar()
    return time.perf_counter() - started


def _waiting(connection: Connection) -> int:
    """Numbers reserved for a first certificate that has not come."""
    issued = exists().where(
        and_(
            certificates.c.application_id == numbers.c.application_id,
            certificates.c.version == numbers.c.version,
        )
    )
    statement = select(func.count(numbers.c.application_id.distinct())).where(
        numbers.c.reserved_at < stamp(now() - WAITING_AFTER), ~issued
    )
    return int(connection.execute(statement).scalar_one())


def _stuck(connection: Connection) -> tuple[int, ...]:
    before = stamp(now() - WAITING_AFTER)
    statement = select(jobs.c.id).where(jobs.c.state == str(JobState.RUNNING), jobs.c.changed_at < before)
    return tuple(connection.execute(statement.order_by(jobs.c.id)).scalars())
