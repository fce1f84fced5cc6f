"""Keeping batches of the workspace: each step in one transaction with its event, four eyes decided inside it."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from core.message import message
from core.sentences import stored
from registry.accounts.model import Account
from registry.clock import now, stamp
from registry.database.account_tables import accounts, work_batches, work_releases, work_steps
from registry.database.schema import jobs
from registry.jobs.store import Job, JobState, job_of
from registry.log.events import Kind, NewEvent, record
from registry.model import canonical
from registry.register import Register
from registry.workspace.errors import SamePerson, StepNotPossible, WorkBusy, WorkUnknown
from registry.workspace.model import DUTIES, MOVES, Act, Stage, Step, WorkBatch, WorkRelease

UNDER_WAY = (JobState.RUNNING, JobState.PAUSING, JobState.CANCELLING)


def create(
    register: Register,
    account: Account,
    *,
    number: str,
    title: str,
    file_name: str,
    sha256: str,
    summary: Mapping[str, Any],
) -> WorkBatch:
    """Take in a checked workbook whose bytes the store holds already."""
    moment = stamp(now())
    values = {
        "number": number,
        "title": title,
        "file_name": file_name,
        "sha256": bytes.fromhex(sha256),
        "stage": str(Stage.CHECKED),
        "summary": canonical(dict(summary)),
        "created_at": moment,
        "changed_at": moment,
    }
    with register.database.write() as connection:
        row = connection.execute(insert(work_batches).values(**values).returning(work_batches)).one()
        _write_step(connection, _batch(row), Act.UPLOAD, account, file_name)
    return _batch(row)


def get(register: Register, work_id: int) -> WorkBatch:
    """One batch.

    Raises:
        WorkUnknown: there is none of that id.
    """
    with register.database.read() as connection:
        return _get(connection, work_id)


def listed(register: Register, stage: Stage | None = None, number: str = "") -> tuple[WorkBatch, ...]:
    """Batches, the newest first; discarded ones only when asked for."""
    wanted = select(work_batches).order_by(work_batches.c.id.desc())
    if stage is not None:
        wanted = wanted.where(work_batches.c.stage == str(stage))
    else:
        wanted = wanted.where(work_batches.c.stage != str(Stage.DISCARDED))
    if number:
        wanted = wanted.where(work_batches.c.number == number)
    with register.database.read() as connection:
        return tuple(map(_batch, connection.execute(wanted)))


def steps_of(register: Register, work_id: int) -> tuple[Step, ...]:
    """Everything done to a batch, oldest first."""
    with register.database.read() as connection:
        return _steps(connection, work_id)


def releases_of(register: Register, work_id: int) -> tuple[WorkRelease, ...]:
    """What was released in the workspace."""
    joined = select(work_releases, accounts.c.name).join_from(work_releases, accounts)
    with register.database.read() as connection:
        rows = connection.execute(
            joined.where(work_releases.c.batch_id == work_id).order_by(work_releases.c.id)
        )
        return tuple(
            WorkRelease(row.rule, row.application_number, row.reason, row.name, row.at) for row in rows
        )


def take_step(register: Register, work_id: int, act: Act, account: Account, note: str = "") -> WorkBatch:
    """Do one step and record who did it.

    Raises:
        WorkUnknown: there is no such batch.
        StepNotPossible: the batch's stage does not allow it.
        SamePerson: the account has another of the three duties on this batch.
        WorkBusy: a job on it is under way.
    """
    with register.database.write() as connection:
        batch = _allowed(connection, work_id, act, account)
        return _do(connection, batch, act, account, note)


def release(
    register: Register, work_id: int, account: Account, rule: str, application_number: str | None, reason: str
) -> WorkBatch:
    """Release a 原则 finding; the caller has looked that it is one.

    Raises:
        As `take_step`.
    """
    with register.database.write() as connection:
        batch = _allowed(connection, work_id, Act.RELEASE, account)
        values = {"rule": rule, "application_number": application_number, "reason": reason}
        keys = {"batch_id": work_id, "account_id": account.id, "at": stamp(now())}
        connection.execute(insert(work_releases).values(**values, **keys))
        return _do(connection, batch, Act.RELEASE, account, f"{rule} {reason}")


def withdraw_release(
    register: Register, work_id: int, account: Account, rule: str, application_number: str | None
) -> WorkBatch:
    """Take a release of the workspace back before the batch is handed over; the steps keep both.

    Raises:
        StepNotPossible: there is no such release, or the batch's stage does not allow it.
        As `take_step` otherwise.
    """
    with register.database.write() as connection:
        batch = _allowed(connection, work_id, Act.UNRELEASE, account)
        person = work_releases.c.application_number
        fits = person.is_(None) if application_number is None else person == application_number
        gone = delete(work_releases).where(
            work_releases.c.batch_id == work_id, work_releases.c.rule == rule, fits
        )
        if not connection.execute(gone).rowcount:
            stage = message("registry", f"stages.{batch.stage}")
            raise StepNotPossible(act=message("registry", f"acts.{Act.UNRELEASE}"), stage=stage)
        return _do(connection, batch, Act.UNRELEASE, account, f"{rule} {application_number or ''}".strip())


def start_job(
    register: Register, work_id: int, act: Act, account: Account, total: int, content: str | None = None
) -> int:
    """Record the step that begins a job, and the job; one job at a time on a batch. Returns the job's id.

    `content` is kept with the job, for whoever goes on with it.

    Raises:
        As `take_step`.
    """
    moment = stamp(now())
    with register.database.write() as connection:
        batch = _allowed(connection, work_id, act, account)
        values = {"kind": f"office-{act}", "subject": batch.number, "state": str(JobState.RUNNING)}
        counts = {"total": total, "done": 0, "failed": 0, "note": ""}
        times = {"started_at": moment, "changed_at": moment}
        made = insert(jobs).values(**values, **counts, **times, content=content).returning(jobs.c.id)
        job_id = int(connection.execute(made).scalar_one())
        _change(connection, work_id, job_id=job_id)
        _do(connection, batch, act, account, "")
    return job_id


def end_job(register: Register, work_id: int, stage: Stage, more: Mapping[str, Any]) -> None:
    """The job did what it should: the batch is at a new stage, its summary knows more."""
    with register.database.write() as connection:
        batch = _get(connection, work_id)
        summary = canonical({**batch.summary, **more})
        _change(connection, work_id, stage=str(stage), summary=summary)


def job(register: Register, job_id: int) -> Job | None:
    """A job as it stands."""
    with register.database.read() as connection:
        row = connection.execute(select(jobs).where(jobs.c.id == job_id)).one_or_none()
    return job_of(row) if row else None


def work_of_job(register: Register, job_id: int) -> WorkBatch | None:
    """The batch that a job works on."""
    with register.database.read() as connection:
        row = connection.execute(select(work_batches).where(work_batches.c.job_id == job_id)).one_or_none()
    return _batch(row) if row else None


def fail_lost(register: Register, job_id: int, note: str) -> None:
    """Mark a job as failed whose process ended without a word."""
    with register.database.write() as connection:
        lost = update(jobs).where(jobs.c.id == job_id, jobs.c.state.in_([str(one) for one in UNDER_WAY]))
        connection.execute(
            lost.values(state=str(JobState.FAILED), note=stored(note), changed_at=stamp(now()))
        )


def duty_of(steps: tuple[Step, ...], account: Account) -> str | None:
    """Which of the three duties an account has on a batch."""
    return next(
        (DUTIES[one.act] for one in steps if one.account_id == account.id and one.act in DUTIES), None
    )


def _allowed(connection: Connection, work_id: int, act: Act, account: Account) -> WorkBatch:
    """The batch, locked, if the act is possible and this person may do it."""
    batch = _get(connection, work_id, lock=True)
    if not batch.allows(act):
        stage = message("registry", f"stages.{batch.stage}")
        raise StepNotPossible(act=message("registry", f"acts.{act}"), stage=stage)
    if batch.job_id is not None:
        state = connection.execute(select(jobs.c.state).where(jobs.c.id == batch.job_id)).scalar()
        if state in [str(one) for one in UNDER_WAY]:
            raise WorkBusy
    duty, earlier = DUTIES.get(act), duty_of(_steps(connection, work_id), account)
    if duty and earlier and duty != earlier:
        texts = {
            name: message("registry", f"duties.{one}") for name, one in (("act", duty), ("earlier", earlier))
        }
        raise SamePerson(**texts)
    return batch


def _do(connection: Connection, batch: WorkBatch, act: Act, account: Account, note: str) -> WorkBatch:
    after = MOVES[act].after
    if after is not None:
        _change(connection, batch.id, stage=str(after))
    _write_step(connection, batch, act, account, note)
    return _get(connection, batch.id)


def _write_step(connection: Connection, batch: WorkBatch, act: Act, account: Account, note: str) -> None:
    moment = now()
    values = {
        "batch_id": batch.id,
        "act": str(act),
        "account_id": account.id,
        "at": stamp(moment),
        "note": note,
    }
    connection.execute(insert(work_steps).values(**values))
    detail = {"act": str(act), "actor": account.actor.as_dict(), "batch": batch.number, "note": note}
    record(connection, [NewEvent(Kind.WORKSPACE, f"workspace:{batch.id}", detail)], moment)


def _change(connection: Connection, work_id: int, **values: object) -> None:
    values["changed_at"] = stamp(now())
    connection.execute(update(work_batches).where(work_batches.c.id == work_id).values(**values))


def _get(connection: Connection, work_id: int, *, lock: bool = False) -> WorkBatch:
    wanted = select(work_batches).where(work_batches.c.id == work_id)
    row = connection.execute(wanted.with_for_update() if lock else wanted).one_or_none()
    if row is None:
        raise WorkUnknown(id=work_id)
    return _batch(row)


def _steps(connection: Connection, work_id: int) -> tuple[Step, ...]:
    joined = select(work_steps, accounts.c.name).join_from(work_steps, accounts)
    rows = connection.execute(joined.where(work_steps.c.batch_id == work_id).order_by(work_steps.c.id))
    return tuple(Step(Act(row.act), row.account_id, row.name, row.at, row.note) for row in rows)


def _batch(row: Any) -> WorkBatch:
    return WorkBatch(
        id=row.id,
        number=row.number,
        title=row.title,
        file_name=row.file_name,
        sha256=bytes(row.sha256).hex(),
        stage=Stage(row.stage),
        summary=json.loads(row.summary),
        created_at=row.created_at,
        changed_at=row.changed_at,
        job_id=row.job_id,
    )
