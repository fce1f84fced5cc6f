"""The chunks of a shared-out job: who works on which, what came of it, what went wrong. Every change is one transaction.

A chunk is `waiting`, `running`, `done` or `failed`. A job has ended when all its chunks have; a wish to pause or
cancel is heeded by each worker before its next chunk.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, exists, func, insert, select, update

from core.sentences import Sentence, stored
from registry.clock import now, stamp
from registry.database.schema import job_chunks, jobs
from registry.jobs.deferring import defer
from registry.jobs.store import JobState
from registry.privacy import encrypted_packages
from registry.register import Register

RUNNER: Final = "procrastinate"
_WISHES: Final = {JobState.PAUSING: JobState.PAUSED, JobState.CANCELLING: JobState.CANCELLED}
RESUMABLE: Final = (JobState.PAUSED, JobState.FAILED)


class ChunkState(StrEnum):
    """State of a chunk."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class NewChunk:
    """A chunk about to be added: how many people or documents, which part of the work, its parcel's pieces."""

    people: int
    part: Mapping[str, Any]
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk as it stands; `key` opens its parcel, `subject` is the batch number."""

    id: int
    job: int
    kind: str
    subject: str
    position: int
    people: int
    part: Mapping[str, Any]
    pieces: tuple[str, ...]
    state: ChunkState
    worker: str
    attempts: int
    done: int
    failed: int
    note: Sentence
    result: Mapping[str, Any]
    key: str


def sealed_place(job_id: int) -> str:
    """Where the key of a job's parcels belongs; authenticated with it."""
    return f"jobs.key:{job_id}"


def parcel_place(content: str) -> str:
    """Place of the parcels of a job that works on that content."""
    return f"job:{content}"


def add_job(
    register: Register, kind: str, subject: str, content: str, key: str, chunks: Sequence[NewChunk]
) -> int:
    """Add a job with its chunks and give them to the queue, all in one transaction; returns the job's id.

    Raises:
        DatabaseNotReady: nothing was added, nothing was queued.
    """
    moment = stamp(now())
    values = {"kind": kind, "subject": subject, "state": str(JobState.RUNNING), "runner": RUNNER}
    counts = {"total": sum(one.people for one in chunks), "done": 0, "failed": 0, "note": ""}
    times = {"started_at": moment, "changed_at": moment}
    with register.database.write() as connection:
        made = insert(jobs).values(**values, **counts, **times, content=content).returning(jobs.c.id)
        job_id = int(connection.execute(made).scalar_one())
        sealed = register.vault.seal(key, sealed_place(job_id))
        connection.execute(update(jobs).where(jobs.c.id == job_id).values(key_sealed=sealed))
        rows = [_row(job_id, place, one, moment) for place, one in enumerate(chunks)]
        connection.execute(insert(job_chunks), rows)
        defer(connection, _ids(connection, job_id))
    return job_id


def begin(register: Register, chunk_id: int, worker: str) -> Chunk | None:
    """Take a chunk; None when it is done already, or the operator does not want it now.

    A chunk that is `running` already was another worker's who died; that is noted.
    """
    with register.database.write() as connection:
        job_id = connection.execute(
            select(job_chunks.c.job_id).where(job_chunks.c.id == chunk_id)
        ).scalar_one_or_none()
        if job_id is None:
            return None
        state = _lock(connection, job_id)
        row = connection.execute(select(job_chunks).where(job_chunks.c.id == chunk_id)).one()
        if row.state == ChunkState.DONE:
            return None
        if state is not JobState.RUNNING:
            _change(connection, chunk_id, state=ChunkState.WAITING, worker="")
            _settle(connection, job_id)
            return None
        lost = row.state == ChunkState.RUNNING
        note = Sentence.of("registry", "chunk.taken_over", worker=row.worker) if lost else row.note
        values = {"worker": worker, "attempts": row.attempts + 1, "note": stored(note)}
        _change(connection, chunk_id, state=ChunkState.RUNNING, **values)
        if lost:
            _note(connection, job_id, row.position, note)
    return get(register, chunk_id)


def finish(register: Register, chunk_id: int, done: int, failed: int, result: Mapping[str, Any]) -> bool:
    """Record what came of a chunk; False when another worker was quicker, whose result stands."""
    with register.database.write() as connection:
        row = _locked(connection, chunk_id)
        if row.state == ChunkState.DONE:
            return False
        values = {"done": done, "failed": failed, "result": json.dumps(result, ensure_ascii=False)}
        _change(connection, chunk_id, state=ChunkState.DONE, note="", **values)
        _settle(connection, row.job_id)
    return True


def stumble(register: Register, chunk_id: int, reason: str, *, final: bool) -> None:
    """Record why a chunk could not be worked on; it waits for its next turn, or has failed for good."""
    with register.database.write() as connection:
        row = _locked(connection, chunk_id)
        if row.state == ChunkState.DONE:
            return
        state = ChunkState.FAILED if final else ChunkState.WAITING
        _change(connection, chunk_id, state=state, note=stored(reason), worker="")
        _note(connection, row.job_id, row.position, reason)
        _settle(connection, row.job_id)


def wish(register: Register, job_id: int, wanted: JobState) -> bool:
    """Pause or cancel a running job, cancel a paused or failed one; False when that is not possible."""
    with register.database.write() as connection:
        state = _lock(connection, job_id)
        possible = [JobState.RUNNING, *(RESUMABLE if wanted is JobState.CANCELLING else ())]
        if state not in possible:
            return False
        _job(connection, job_id, state=wanted)
        _settle(connection, job_id)
    return True


def resume(register: Register, job_id: int) -> bool:
    """Queue what is not done of a paused or failed job; False when it is in another state."""
    with register.database.write() as connection:
        if _lock(connection, job_id) not in RESUMABLE:
            return False
        waiting = (ChunkState.WAITING, ChunkState.FAILED)
        ids = _ids(connection, job_id, waiting)
        if not ids:
            return False
        connection.execute(
            update(job_chunks).where(job_chunks.c.id.in_(ids)).values(state=ChunkState.WAITING)
        )
        _job(connection, job_id, state=JobState.RUNNING, note="")
        defer(connection, ids)
    return True


def get(register: Register, chunk_id: int) -> Chunk:
    """A chunk as it stands."""
    [found] = _chunks(register, job_chunks.c.id == chunk_id)
    return found


def chunks_of(register: Register, job_id: int) -> tuple[Chunk, ...]:
    """The chunks of a job in their order."""
    return _chunks(register, job_chunks.c.job_id == job_id)


def unfinished(register: Register, kind: str, subject: str, content: str) -> int | None:
    """Id of the newest job on the same content whose results nobody has collected; not of a cancelled one."""
    over = (JobState.CANCELLING, JobState.CANCELLED)
    uncollected = exists().where(job_chunks.c.job_id == jobs.c.id, job_chunks.c.pieces != "[]")
    wanted = select(jobs.c.id).where(
        jobs.c.runner == RUNNER,
        jobs.c.kind == kind,
        jobs.c.subject == subject,
        jobs.c.content == content,
        jobs.c.state.not_in(list(map(str, over))),
        uncollected,
    )
    with register.database.read() as connection:
        return connection.execute(wanted.order_by(jobs.c.id.desc()).limit(1)).scalar_one_or_none()


def tidy(register: Register, job_id: int) -> None:
    """Forget the parcels of a job that has been cancelled."""
    with register.database.read() as connection:
        state = connection.execute(select(jobs.c.state).where(jobs.c.id == job_id)).scalar_one()
    if state == JobState.CANCELLED:
        drop_parcels(register, job_id)


def drop_parcels(register: Register, job_id: int) -> None:
    """Forget the parcels of a job that is over, those of its results too."""
    for one in chunks_of(register, job_id):
        encrypted_packages.drop(register.storage, (*one.pieces, *one.result.get("pieces", ())))
    with register.database.write() as connection:
        gone = update(job_chunks).where(job_chunks.c.job_id == job_id)
        connection.execute(gone.values(pieces="[]"))


def _row(job_id: int, place: int, one: NewChunk, moment: str) -> dict[str, Any]:
    return {
        "job_id": job_id,
        "position": place,
        "people": one.people,
        "part": json.dumps(dict(one.part)),
        "pieces": json.dumps(one.pieces),
        "state": str(ChunkState.WAITING),
        "worker": "",
        "attempts": 0,
        "done": 0,
        "failed": 0,
        "note": "",
        "result": "{}",
        "changed_at": moment,
    }


def _chunks(register: Register, condition: Any) -> tuple[Chunk, ...]:
    joined = select(job_chunks, jobs.c.kind, jobs.c.subject, jobs.c.key_sealed).join_from(job_chunks, jobs)
    with register.database.read() as connection:
        rows = connection.execute(joined.where(condition).order_by(job_chunks.c.position)).all()
    return tuple(_chunk(register, row) for row in rows)


def _chunk(register: Register, row: Any) -> Chunk:
    return Chunk(
        id=row.id,
        job=row.job_id,
        kind=row.kind,
        subject=row.subject,
        position=row.position,
        people=row.people,
        part=json.loads(row.part),
        pieces=tuple(json.loads(row.pieces)),
        state=ChunkState(row.state),
        worker=row.worker,
        attempts=row.attempts,
        done=row.done,
        failed=row.failed,
        note=Sentence.read(row.note),
        result=json.loads(row.result),
        key=register.vault.unseal(row.key_sealed, sealed_place(row.job_id)) or "",
    )


def _ids(connection: Connection, job_id: int, states: Sequence[ChunkState] = ()) -> list[int]:
    wanted = select(job_chunks.c.id).where(job_chunks.c.job_id == job_id).order_by(job_chunks.c.position)
    if states:
        wanted = wanted.where(job_chunks.c.state.in_(list(map(str, states))))
    return list(connection.execute(wanted).scalars())


def _lock(connection: Connection, job_id: int) -> JobState:
    """Lock a job's row, so that its chunks change one after another; returns its state."""
    row = connection.execute(select(jobs.c.state).where(jobs.c.id == job_id).with_for_update())
    return JobState(row.scalar_one())


def _locked(connection: Connection, chunk_id: int) -> Any:
    job_id = connection.execute(select(job_chunks.c.job_id).where(job_chunks.c.id == chunk_id)).scalar_one()
    _lock(connection, job_id)
    return connection.execute(select(job_chunks).where(job_chunks.c.id == chunk_id)).one()


def _settle(connection: Connection, job_id: int) -> None:
    """Recount a locked job; it ends when nothing waits or runs, and stops when a wish is fulfilled."""
    count = select(
        job_chunks.c.state,
        func.count().label("chunks"),
        func.sum(job_chunks.c.done).label("done"),
        func.sum(job_chunks.c.failed).label("failed"),
    )
    rows = connection.execute(count.where(job_chunks.c.job_id == job_id).group_by(job_chunks.c.state)).all()
    found = {ChunkState(row.state): row.chunks for row in rows}
    state = JobState(connection.execute(select(jobs.c.state).where(jobs.c.id == job_id)).scalar_one())
    if not found.get(ChunkState.RUNNING):
        if state in _WISHES:
            state = _WISHES[state]
        elif state is JobState.RUNNING and not found.get(ChunkState.WAITING):
            state = JobState.FAILED if found.get(ChunkState.FAILED) else JobState.DONE
    sums = {name: sum(getattr(row, name) or 0 for row in rows) for name in ("done", "failed")}
    _job(connection, job_id, state=state, **sums)


def _note(connection: Connection, job_id: int, position: int, note: str) -> None:
    told = Sentence.of("registry", "chunk.note", position=position + 1, note=note)
    _job(connection, job_id, note=told.stored())


def _job(connection: Connection, job_id: int, **values: object) -> None:
    values["changed_at"] = stamp(now())
    connection.execute(update(jobs).where(jobs.c.id == job_id).values(**values))


def _change(connection: Connection, chunk_id: int, **values: object) -> None:
    values["changed_at"] = stamp(now())
    connection.execute(update(job_chunks).where(job_chunks.c.id == chunk_id).values(**values))
