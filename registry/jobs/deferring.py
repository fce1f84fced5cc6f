"""The one place that speaks with Procrastinate's queue from inside the registry's own transactions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, text

from core.settings import Home
from registry.database.engine import Database
from registry.errors import RunnerNotAvailable
from registry.settings import JobsSettings, Runner

if TYPE_CHECKING:
    from registry.register import Register

QUEUE: Final = "zhicheng"
TASK: Final = "zhicheng.chunk"


def shared_out(home: Home) -> bool:
    """Whether long work of this home goes to workers.

    Raises:
        HomeNotReady: the settings contradict themselves.
    """
    return home.section("jobs", JobsSettings).runner is Runner.PROCRASTINATE


def require_queue(database: Database) -> None:
    """Make sure that there can be a queue.

    Raises:
        RunnerNotAvailable: the register is on SQLite, or Procrastinate is not installed.
    """
    if database.is_sqlite:
        raise RunnerNotAvailable(reason="[registry] database")
    try:
        import procrastinate  # noqa: F401
    except ImportError as error:
        raise RunnerNotAvailable(reason="pip install 'zhicheng[postgresql]'") from error


def defer(connection: Connection, chunk_ids: Sequence[int]) -> None:
    """Queue chunks in the caller's transaction; one that waits in the queue already is not queued twice."""
    from procrastinate import App
    from procrastinate.jobs import Job

    waiting = {f"chunk:{one}" for one in chunk_ids} - _queued(connection)
    wanted = [
        Job(
            id=None,
            queue=QUEUE,
            task_name=TASK,
            lock=f"chunk:{one}",
            queueing_lock=None,
            task_kwargs={"chunk_id": one},
        )
        for one in chunk_ids
        if f"chunk:{one}" in waiting
    ]
    if wanted:
        app = App(connector=_connector())
        app.job_manager.batch_defer_jobs(jobs=wanted, connection=connection.connection.driver_connection)


def _queued(connection: Connection) -> set[str]:
    waiting = text("SELECT lock FROM procrastinate_jobs WHERE status = 'todo' AND lock IS NOT NULL")
    return set(connection.execute(waiting).scalars())


def _connector() -> Any:
    from procrastinate import SyncPsycopgConnector

    return SyncPsycopgConnector()


def workers_alive(register: "Register") -> int:
    """How many workers have lately given a sign of life."""
    settings = register.home.section("jobs", JobsSettings)
    alive = text(
        "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => :age)"
    )
    with register.database.read() as connection:
        return int(connection.execute(alive, {"age": settings.stalled_seconds}).scalar_one())
