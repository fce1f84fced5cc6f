"""The loop between a worker and Procrastinate's queue: connect, take jobs, come back when the database was away.

A worker that dies leaves its job `doing`; whichever worker looks next finds that its heartbeat has stopped and puts the
job back. The same happens to a job whose end could not be written because the database was away just then.
"""

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException, ProcrastinateException
from procrastinate.jobs import Job as QueuedJob
from procrastinate.worker import Worker as Engine
from psycopg import Error as DriverError
from psycopg_pool import PoolTimeout

from core.errors import BAD_INPUT, HouseError
from registry.jobs.deferring import QUEUE, TASK
from registry.settings import JobsSettings

BACK_OFF_MOST_S: Final = 300
FIRST_WAIT_S: Final = 0.5
RECONNECT_MOST_S: Final = 30
POLL_S: Final = 5.0
GRACE_S: Final = 60.0
Take = Callable[[int, int], None]


class BackOff(BaseRetryStrategy):
    """Tries again after 2, 4, 8 … seconds; what the input is to blame for is not tried again."""

    def __init__(self, retries: int) -> None:
        self.retries = retries

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        """When to try again; None for never."""
        if self.is_last(exception, job.attempts):
            return None
        return RetryDecision(retry_in={"seconds": min(2 ** (job.attempts + 1), BACK_OFF_MOST_S)})

    def is_last(self, error: BaseException, attempts: int) -> bool:
        """Whether nothing is to be hoped for from another attempt."""
        blamed = isinstance(error, HouseError) and error.exit_code == BAD_INPUT
        return blamed or attempts >= self.retries


@dataclass
class Serving:
    """Takes jobs from the queue at `address` and gives each chunk's id and number of earlier attempts to `take`."""

    address: str
    settings: JobsSettings
    name: str
    take: Take
    back_off: BackOff
    trouble: Callable[[str], None]
    once: bool = False
    _stopped: asyncio.Event = field(default_factory=asyncio.Event)
    _in_hand: set[int] = field(default_factory=set)
    _suspects: set[int] = field(default_factory=set)

    async def run(self) -> None:
        """Serve until SIGTERM or SIGINT; what is in hand is finished first."""
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)  # `trouble` says it in one sentence
        for one in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(one, self._stopped.set)
        wait = FIRST_WAIT_S
        while not self._stopped.is_set():
            try:
                await self._connected()
            except (ProcrastinateException, DriverError, PoolTimeout, OSError) as error:
                self.trouble(_reason(error))
                wait = min(2 * wait, RECONNECT_MOST_S)
            else:
                wait = FIRST_WAIT_S
                if self.once:
                    return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), wait)

    async def _connected(self) -> None:
        """Take jobs over one pool of connections until it breaks or the end is wished for."""
        app = self._app()
        async with app.open_async():
            engine = Engine(
                app,
                queues=[QUEUE],
                name=self.name,
                wait=not self.once,
                fetch_job_polling_interval=min(POLL_S, self.settings.stalled_seconds / 2),
                update_heartbeat_interval=self.settings.heartbeat_seconds,
                stalled_worker_timeout=self.settings.stalled_seconds,
                shutdown_graceful_timeout=GRACE_S,
                install_signal_handlers=False,
                delete_jobs="successful",
            )
            await self._revive(app, engine)
            working = asyncio.create_task(engine.run())  # type: ignore[no-untyped-call]
            reviving = asyncio.create_task(self._keep_reviving(app, engine))
            wished = asyncio.create_task(self._stopped.wait())
            try:
                await asyncio.wait([working, reviving, wished], return_when=asyncio.FIRST_COMPLETED)
                engine.stop()  # type: ignore[no-untyped-call]
                await working
                if reviving.done():
                    await reviving
            finally:
                reviving.cancel()
                wished.cancel()

    async def _keep_reviving(self, app: App, engine: Engine) -> None:
        while True:
            await asyncio.sleep(self.settings.stalled_seconds / 2)
            await self._revive(app, engine)

    async def _revive(self, app: App, engine: Engine) -> None:
        """Put back the jobs of dead workers, and those that this one lost hold of two looks ago."""
        manager = app.job_manager
        found = list(
            await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=self.settings.stalled_seconds)
        )
        if engine.worker_id is not None:
            own = await manager.list_jobs_async(queue=QUEUE, status="doing", worker_id=engine.worker_id)
            lost = [job for job in own if job.id is not None and job.id not in self._in_hand]
            found += [job for job in lost if job.id in self._suspects]
            self._suspects = {job.id for job in lost if job.id is not None}
        for job in found:
            with suppress(ConnectorException):  # another worker was quicker
                await manager.retry_job(job)

    def _app(self) -> App:
        pool: Any = {"min_size": 1, "max_size": 4, "timeout": RECONNECT_MOST_S}
        app = App(connector=PsycopgConnector(conninfo=self.address, **pool))
        app.task(name=TASK, queue=QUEUE, retry=self.back_off, pass_context=True)(self._take)
        return app

    def _take(self, context: JobContext, chunk_id: int) -> None:
        """Procrastinate's task: one chunk, on a thread beside the heartbeat."""
        job_id = context.job.id or 0
        self._in_hand.add(job_id)
        try:
            self.take(chunk_id, context.job.attempts)
        finally:
            self._in_hand.discard(job_id)


def _reason(error: BaseException) -> str:
    """The driver's own words, in one line."""
    cause = error.__cause__ or error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]
