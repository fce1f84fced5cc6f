"""Following a shared-out job from the command that began it, or from any other machine."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from registry import jobs
from registry.errors import JobNotDone
from registry.jobs import Job, JobState
from registry.queue import chunks
from registry.queue.deferring import workers_alive
from registry.register import Register

STEP_S: Final = 0.3
LONELY_S: Final = 5.0  # without any worker: then the operator is told to start one


def _nothing(job: Job) -> None:
    """Nobody looks."""


@dataclass(frozen=True)
class Follow:
    """What to call while a job goes on: with the job whenever it changed, and once when no worker is there."""

    changed: Callable[[Job], None] = _nothing
    lonely: Callable[[Job], None] = _nothing


def follow(register: Register, job_id: int, watch: Follow) -> Job:
    """Wait until a job is done; a paused or failed one goes on first. The job does not need whoever follows it.

    Raises:
        JobNotDone: it was paused or cancelled, or chunks failed for good; data say why.
        DatabaseNotReady: the database does not answer; the job goes on without this program.
    """
    chunks.resume(register, job_id)
    last, quiet_since, told = None, time.monotonic(), False
    while True:
        job = jobs.get(register, job_id)
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
        if not told and time.monotonic() - quiet_since > LONELY_S and not workers_alive(register):
            watch.lonely(job)
            told = True
        time.sleep(STEP_S)
