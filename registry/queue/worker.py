"""`zhicheng worker`: takes chunks from the queue, one at a time, for as long as it is wanted.

A worker that loses the database waits and comes back. One that dies leaves its chunk `doing` in the queue; whichever
worker looks next finds that its heartbeat has stopped and puts the chunk back.
"""

import asyncio
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException, ProcrastinateException
from procrastinate.jobs import Job as QueuedJob
from psycopg import Error as DriverError
from psycopg_pool import PoolTimeout

from house.errors import BAD_INPUT, HouseError
from house.settings import Home
from registry import parcels
from registry.making import certificate_maker
from registry.pressing import Maker, MakerFactory
from registry.queue import chunks, documents, issuing
from registry.queue.chunks import Chunk
from registry.queue.deferring import QUEUE, TASK, require_queue
from registry.register import Register
from registry.settings import JobsSettings

BACK_OFF_MOST_S: Final = 300
FIRST_WAIT_S: Final = 0.5
RECONNECT_MOST_S: Final = 30
POLL_S: Final = 5.0
GRACE_S: Final = 60.0
Tell = Callable[[str, Chunk, str], None]
T = TypeVar("T")


def _silent(what: str, chunk: Chunk, note: str) -> None:
    """Nobody listens."""


def own_name() -> str:
    """`machine:process`, as the operator sees it in `zhicheng job show`."""
    return f"{socket.gethostname()}:{os.getpid()}"


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
class Worker:
    """One worker process: opens the register and the press once, works on one chunk at a time."""

    register: Register
    factory: MakerFactory = certificate_maker
    tell: Tell = _silent
    once: bool = False
    """End as soon as the queue is empty."""
    name: str = field(default_factory=own_name)
    _maker: Maker | None = None
    _bench: documents.Bench | None = None
    _stopping: bool = False

    def __post_init__(self) -> None:
        require_queue(self.register.database)
        self.settings = self.register.home.section("jobs", JobsSettings)
        self.back_off = BackOff(self.settings.retries)

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; the chunk in hand is finished first.

        Raises:
            RunnerNotAvailable: there can be no queue.
        """
        asyncio.run(self._run())

    async def _run(self) -> None:
        for one in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(one, self._stop)
        self._stopped = asyncio.Event()
        wait = FIRST_WAIT_S
        while not self._stopping:
            try:
                await self._serve()
            except (ProcrastinateException, DriverError, PoolTimeout, OSError):
                wait = min(2 * wait, RECONNECT_MOST_S)
            else:
                wait = FIRST_WAIT_S
                if self.once:
                    return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), wait)

    def _stop(self) -> None:
        self._stopping = True
        self._stopped.set()

    async def _serve(self) -> None:
        """Take chunks over one connection pool until it breaks or the worker is to stop."""
        app = self._app()
        async with app.open_async():
            await self._revive(app)
            work = asyncio.create_task(
                app.run_worker_async(
                    queues=[QUEUE],
                    name=self.name,
                    concurrency=1,
                    wait=not self.once,
                    fetch_job_polling_interval=POLL_S,
                    update_heartbeat_interval=self.settings.heartbeat_seconds,
                    stalled_worker_timeout=self.settings.stalled_seconds,
                    shutdown_graceful_timeout=GRACE_S,
                    install_signal_handlers=False,
                    delete_jobs="successful",
                )
            )
            side = [
                asyncio.create_task(self._keep_reviving(app)),
                asyncio.create_task(self._stopped.wait()),
            ]
            try:
                await asyncio.wait([work, *side], return_when=asyncio.FIRST_COMPLETED)
                if not work.done():
                    work.cancel()  # graceful: the chunk in hand is finished
                with suppress(asyncio.CancelledError):
                    await work
                if side[0].done():
                    await side[0]
            finally:
                for one in side:
                    one.cancel()

    async def _keep_reviving(self, app: App) -> None:
        while True:
            await asyncio.sleep(self.settings.stalled_seconds / 2)
            await self._revive(app)

    async def _revive(self, app: App) -> None:
        """Put back the chunks of workers that give no more signs of life."""
        stalled = await app.job_manager.get_stalled_jobs(
            queue=QUEUE, seconds_since_heartbeat=self.settings.stalled_seconds
        )
        for job in stalled:
            with suppress(ConnectorException):  # another worker was quicker
                await app.job_manager.retry_job(job)

    def _app(self) -> App:
        address = self.register.database.url.set(drivername="postgresql").render_as_string(
            hide_password=False
        )
        pool: Any = {"min_size": 1, "max_size": 4, "timeout": RECONNECT_MOST_S}
        app = App(connector=PsycopgConnector(conninfo=address, **pool))
        app.task(name=TASK, queue=QUEUE, retry=self.back_off, pass_context=True)(self._take)
        return app

    def _take(self, context: JobContext, chunk_id: int) -> None:
        """Procrastinate's task: one chunk, on a thread beside the heartbeat."""
        chunk = chunks.begin(self.register, chunk_id, self.name)
        if chunk is None:
            return  # done already, or not wanted now
        self.tell("begun", chunk, "")
        try:
            result = self._work(chunk)
        except HouseError as error:
            self._stumble(chunk, error, error.diagnostics(), context.job.attempts)
            raise
        except Exception as error:
            self._stumble(chunk, error, f"{type(error).__name__}: {error}", context.job.attempts)
            raise
        done, failed = result.pop("done"), result.pop("failed")
        if not chunks.finish(self.register, chunk.id, done, failed, result):
            parcels.drop(self.register.storage, result.get("pieces", ()))
        chunks.tidy(self.register, chunk.job)
        self.tell("done", chunk, "")

    def _work(self, chunk: Chunk) -> dict[str, Any]:
        if chunk.kind == documents.KIND:
            return self._one_bench(chunk).make(self.register, chunk)
        return issuing.work_on(self.register, chunk, self._one_maker)

    def _stumble(self, chunk: Chunk, error: Exception, reason: str, attempts: int) -> None:
        self.tell("failed", chunk, reason)
        with suppress(HouseError):  # the database itself is away: the heartbeat tells the others
            chunks.stumble(self.register, chunk.id, reason, final=self.back_off.is_last(error, attempts))

    def _one_bench(self, chunk: Chunk) -> documents.Bench:
        """The workshop of the batch in hand is kept until another one comes."""
        if self._bench is None or self._bench.content != chunk.part["content"]:
            if self._bench is not None:
                self._bench.close()
            self._bench = documents.Bench(self.register, chunk)
        return self._bench

    def _one_maker(self, home: Home) -> Maker:
        """The press is loaded at the first chunk and kept."""
        if self._maker is None:
            self._maker = self.factory(home)
        return self._maker
