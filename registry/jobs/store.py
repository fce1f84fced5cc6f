"""Jobs (任务): what long work is under way, how far it is, and the operator's wish to pause or cancel it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select, update

from core.sentences import Sentence, stored
from registry.clock import now, stamp
from registry.database.schema import jobs
from registry.errors import JobCancelled, JobUnknown
from registry.register import Register


class JobState(StrEnum):
    """State of a job; PAUSING and CANCELLING are wishes that the work heeds after its present chunk."""

    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands."""

    id: int
    kind: str
    subject: str
    state: JobState
    total: int
    done: int
    failed: int
    note: Sentence
    started_at: str
    changed_at: str
    runner: str = "local"
    content: str | None = None


def start(register: Register, kind: str, subject: str, total: int) -> int:
    """Record the beginning of long work; returns the job's id."""
    moment = stamp(now())
    with register.database.write() as connection:
        result = connection.execute(
            insert(jobs)
            .values(
                kind=kind,
                subject=subject,
                state=str(JobState.RUNNING),
                total=total,
                done=0,
                failed=0,
                note="",
                started_at=moment,
                changed_at=moment,
            )
            .returning(jobs.c.id)
        )
        return int(result.scalar_one())


def advance(register: Register, job_id: int, done: int, failed: int) -> None:
    """Record progress, then heed a wish to stop.

    Raises:
        JobCancelled: the operator paused or cancelled the job; `state` says which.
    """
    with register.database.write() as connection:
        changes = {"done": done, "failed": failed, "changed_at": stamp(now())}
        connection.execute(update(jobs).where(jobs.c.id == job_id).values(**changes))
        state = JobState(connection.execute(select(jobs.c.state).where(jobs.c.id == job_id)).scalar_one())
        reached = _REACHED.get(state)
        if reached:
            connection.execute(update(jobs).where(jobs.c.id == job_id).values(state=str(reached)))
    if reached:
        raise JobCancelled(job=job_id, state=str(reached))


def note(register: Register, job_id: int, text: str, done: int | None = None) -> None:
    """Say how a running job is doing, without heeding a wish to stop; `done` None leaves the count."""
    changes = {"note": stored(text), "changed_at": stamp(now()), **({} if done is None else {"done": done})}
    with register.database.write() as connection:
        connection.execute(update(jobs).where(jobs.c.id == job_id).values(**changes))


_REACHED = {JobState.PAUSING: JobState.PAUSED, JobState.CANCELLING: JobState.CANCELLED}


def finish(register: Register, job_id: int, state: JobState, note: str = "") -> None:
    """Record the end of the work."""
    with register.database.write() as connection:
        changes = {"state": str(state), "note": stored(note), "changed_at": stamp(now())}
        connection.execute(update(jobs).where(jobs.c.id == job_id).values(**changes))


def request(register: Register, job_id: int, wish: JobState) -> bool:
    """Ask a running job to pause or cancel after its present chunk; False when it is not running."""
    with register.database.write() as connection:
        result = connection.execute(
            update(jobs)
            .where(jobs.c.id == job_id, jobs.c.state == str(JobState.RUNNING))
            .values(state=str(wish), changed_at=stamp(now()))
        )
        return result.rowcount == 1


def listed(register: Register, limit: int = 50) -> tuple[Job, ...]:
    """The newest jobs first."""
    with register.database.read() as connection:
        rows = connection.execute(select(jobs).order_by(jobs.c.id.desc()).limit(limit))
        return tuple(map(job_of, rows))


def get(register: Register, job_id: int) -> Job:
    """One job.

    Raises:
        JobUnknown: there is none of that number.
    """
    with register.database.read() as connection:
        row = connection.execute(select(jobs).where(jobs.c.id == job_id)).one_or_none()
    if row is None:
        raise JobUnknown(job=job_id)
    return job_of(row)


def job_of(row: Any) -> Job:
    """A job out of its row."""
    return Job(
        row.id, row.kind, row.subject, JobState(row.state), row.total, row.done, row.failed,
        Sentence.read(row.note), row.started_at, row.changed_at, row.runner, row.content,
    )  # fmt: skip
