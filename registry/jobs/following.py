"""Following a shared-out job from the command that began it, or from any other machine."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from registry.errors import DatabaseNotReady, JobNotDone
from registry.jobs import chunks, store
from registry.jobs.deferring import workers_alive
from registry.jobs.store import Job, JobState
from registry.register import Register

STEP_S: Final = 0.3
LONELY_S: Final = 5.0  # without any worker: then the operator is told to start one


def _nothing(job: Job) -> None:
    """Nobody looks."""


@dataclass(frozen=True)
class Follow:
    """What to call while a job goes on: whenever it changed, once when no worker is there, and at every look."""

    changed: Callable[[Job], None] = _nothing
    lonely: Callable[[Job], None] = _nothing
    looked: Callable[[Job], None] = _nothing


def follow(register: Register, job_id: int, watch: Follow) -> Job:
    """Wait until a job is done; a paused or failed one goes on first. The job does not need whoever follows it.

    A database that restarts meanwhile is waited for as long as a writer would wait (`busy_seconds`).

    Raises:
        JobNotDone: it was paused or cancelled, or chunks failed for good; data say why.
        DatabaseNotReady: the database does not answer; the job goes on without this program.
    """
    chunks.resume(register, job_id)
    last, quiet_since, told = None, time.monotonic(), False
    while True:
        job = _asked(register, job_id)
        if job != last:
            watch.changed(job)
            last, quiet_since = job, time.monotonic()
        match job.state:
            case JobState.DONE:
                return job
            case JobState.PAUSED | JobState.CANCELLED | JobState.FAILED:
                raise JobNotDone(job=job.id, state=str(job.state), note=job.note)
            case JobState.RUNNING | JobState.PAUSING | JobState.CANCELLING:
                pass
        watch.looked(job)
        if not told and time.monotonic() - quiet_since > LONELY_S:
            with suppress(DatabaseNotReady):
                told = not workers_alive(register)
            if told:
                watch.lonely(job)
        time.sleep(STEP_S)


def _asked(register: Register, job_id: int) -> Job:
    until = time.monotonic() + register.settings.busy_seconds
    while True:
        try:
            return store.get(register, job_id)
        except DatabaseNotReady:
            if time.monotonic() > until:
                raise
            time.sleep(STEP_S)
