"""`zhicheng job` and `zhicheng worker`: long work, wherever it is done."""

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from cli.console import Context, emit_json, json_option, pass_context
from core.message import message

if TYPE_CHECKING:
    from registry.jobs.chunks import Chunk
    from registry.jobs.store import Job, JobState
    from registry.register import Register


@click.group("job")
def job_group() -> None:
    """任务：查看、暂停、继续、取消成批制发和成批制作。"""


@job_group.command("list")
@json_option
@pass_context
def list_jobs(ctx: Context, as_json: bool) -> None:
    """列出最近的任务及其进度。"""
    from registry.jobs.store import listed

    found = ctx.with_register(listed)
    if as_json:
        emit_json([asdict(one) for one in found])
        return
    for one in found:
        tell_job(ctx, one)


@job_group.command("show")
@click.argument("job", type=int)
@json_option
@pass_context
def show(ctx: Context, job: int, as_json: bool) -> None:
    """一个任务：逐块列出由哪个制证进程承担、试过几次、出了什么问题。"""
    from registry.jobs.chunks import chunks_of
    from registry.jobs.store import get

    found, parts = ctx.with_register(lambda register: (get(register, job), chunks_of(register, job)))
    if as_json:
        emit_json({**asdict(found), "chunks": [_chunk_document(one) for one in parts]})
        return
    tell_job(ctx, found)
    for one in parts:
        state = message("registry", f"chunk.states.{one.state}", ctx.lang)
        numbers = {"position": one.position + 1, "people": one.people, "attempts": one.attempts}
        texts = {"state": state, "worker": one.worker or "–", "note": one.note.in_words(ctx.lang)[0]}
        ctx.say("registry", "chunk.line", **numbers, **texts, done=one.done, failed=one.failed)


@job_group.command("pause")
@click.argument("job", type=int)
@pass_context
def pause(ctx: Context, job: int) -> None:
    """暂停：手头的一块做完后停下；已发的证书不受影响。"""
    from registry.jobs.store import JobState

    _wish(ctx, job, JobState.PAUSING)


@job_group.command("cancel")
@click.argument("job", type=int)
@pass_context
def cancel(ctx: Context, job: int) -> None:
    """取消：手头的一块做完后不再继续；已发的证书仍然有效。"""
    from registry.jobs.store import JobState

    _wish(ctx, job, JobState.CANCELLING)


@job_group.command("resume")
@click.argument("job", type=int)
@pass_context
def resume(ctx: Context, job: int) -> None:
    """继续：把暂停的、失败的块重新排队。本机任务请原样再运行一次原来的命令。"""
    from registry.jobs.chunks import resume as go_on

    _act(ctx, job, "resume", lambda register: go_on(register, job))


@click.command("worker")
@click.option("--once", is_flag=True, help="队列空了就结束，不等待新任务。")
@click.option("--name", default="", help="显示在任务里的名称，默认为主机名和进程号。")
@pass_context
def worker_command(ctx: Context, once: bool, name: str) -> None:
    """制证进程：从队列中取任务来做，可在多台机器上各开若干个；Ctrl-C 或 SIGTERM 做完手头的一块后结束。"""
    from registry.jobs.deferring import require_queue
    from registry.register import Register

    with Register.open(ctx.home) as register:
        require_queue(register.database)
        from registry.jobs.worker import Worker, own_name
        from registry.recognition.cases.outbox_worker import postman

        worker = Worker(
            register,
            tell=_teller(ctx),
            trouble=lambda reason: ctx.say("registry", "worker.trouble", reason=reason),
            once=once,
            name=name or own_name(),
        )
        ctx.say("registry", "worker.started", name=worker.name)
        with postman(ctx.home):
            worker.run()
        ctx.say("registry", "worker.ended", name=worker.name)


def tell_job(ctx: Context, one: "Job") -> None:
    """One line about a job."""
    state = message("registry", f"job.states.{one.state}", ctx.lang)
    kind = message("registry", f"job.kinds.{one.kind}", ctx.lang)
    texts = {
        "kind": kind,
        "subject": one.subject,
        "state": state,
        "note": one.note.in_words(ctx.lang)[0],
        "since": one.changed_at,
    }
    ctx.say("registry", "job.line", id=one.id, done=one.done, failed=one.failed, total=one.total, **texts)


def _teller(ctx: Context) -> Callable[[str, "Chunk", str], None]:
    def tell(what: str, chunk: "Chunk", note: str) -> None:
        texts = {"job": chunk.job, "subject": chunk.subject, "position": chunk.position + 1, "note": note}
        ctx.say("registry", f"worker.{what}", **texts, people=chunk.people)

    return tell


def _wish(ctx: Context, job: int, wanted: "JobState") -> None:
    from registry.jobs import chunks, store

    def work(register: "Register") -> bool:
        if store.get(register, job).runner != chunks.RUNNER:
            return store.request(register, job, wanted)
        wished = chunks.wish(register, job, wanted)
        chunks.tidy(register, job)
        return wished

    _act(ctx, job, str(wanted), work)


def _act(ctx: Context, job: int, act: str, work: Callable[["Register"], bool]) -> None:
    from registry.errors import JobStateWrong
    from registry.jobs.store import get

    def acted(register: "Register") -> "Job":
        found = get(register, job)
        if not work(register):
            state = message("registry", f"job.states.{found.state}", ctx.lang)
            raise JobStateWrong(job=job, act=message("registry", f"job.acts.{act}", ctx.lang), state=state)
        return get(register, job)

    tell_job(ctx, ctx.with_register(acted))


def _chunk_document(one: "Chunk") -> dict[str, Any]:
    names = ("position", "people", "state", "worker", "attempts", "done", "failed", "note")
    return {name: getattr(one, name) for name in names}
