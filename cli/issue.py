"""`zhicheng issue`: sign and register everybody who passed."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from cli.console import (
    EXIT_BAD,
    EXIT_NOT_READY,
    Context,
    emit_json,
    json_option,
    pass_new_home,
    progress,
)
from core.message import message

if TYPE_CHECKING:
    from registry.issuing.run import IssueReport
    from registry.jobs.following import Follow
    from registry.jobs.store import Job

SHOWN_WAITING: Final = 5  # they all wait for the same reason


@click.command("issue")
@click.argument("batch", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="证书和清单的输出目录。")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, help="制证进程数。")
@click.option("--actor", default="", help="经办人姓名，记入登记日志；默认为系统用户。")
@json_option
@pass_new_home
def issue_command(ctx: Context, batch: Path, out: Path, jobs: int, actor: str, as_json: bool) -> None:
    """制发电子职称证书：核对、编号、签章、登记；重复运行不会重复发证。"""
    report = _issue(ctx, batch, out, jobs, actor)
    if as_json:
        emit_json(_document(report))
    else:
        _tell(ctx, report)
    if report.waiting:
        raise SystemExit(EXIT_NOT_READY)
    if not report.complete:
        raise SystemExit(EXIT_BAD)


def _issue(ctx: Context, path: Path, out: Path, jobs: int, actor: str) -> "IssueReport":
    from app.executors import Watch, executor_of
    from app.issuing import IssueBatch, issue_batch
    from registry.issuing.sources import open_source
    from registry.log.events import Actor, system_actor
    from registry.register import Register

    path = ctx.batch_file(path)
    source = open_source(path, ctx.home)
    who = Actor(actor) if actor else system_actor()
    label = message("registry", "issue.label", ctx.lang)
    with Register.open(ctx.home) as register, progress(label, source.passed, by_itself=False) as bar:
        task = bar.task_ids[0]
        watch = Watch(
            lambda count: bar.update(task, advance=count, refresh=True),
            watching(ctx, lambda done: bar.update(task, completed=done, refresh=True)),
        )
        wanted = IssueBatch(source=source, path=path, out=out, actor=who)
        return issue_batch(register, wanted, executor_of(ctx.home, watch, jobs=jobs))


def watching(ctx: Context, done: Callable[[int], None] | None = None) -> "Follow":
    """Tells on stderr what happens to a shared-out job while its bar moves."""
    from registry.jobs.following import Follow

    seen = set[tuple[int, str]]()

    def say(key: str, job: "Job") -> None:
        click.echo(
            message("registry", key, ctx.lang, job=job.id, note=job.note.in_words(ctx.lang)[0]), err=True
        )

    def changed(job: "Job") -> None:
        if not seen:
            say("job.queued", job)
        if job.note and (job.id, job.note) not in seen:
            say("job.trouble", job)
        seen.add((job.id, job.note))
        if done:
            done(job.done + job.failed)

    return Follow(changed, lambda job: say("job.lonely", job))


def _tell(ctx: Context, report: "IssueReport") -> None:
    for one in report.left_out:
        ctx.say(
            "registry", "issue.left_out", application=one.application_number, reasons="；".join(one.reasons)
        )
    for one in report.waiting[:SHOWN_WAITING]:
        ctx.say(
            "registry", "issue.waiting", application=one.application_number, reasons="；".join(one.reasons)
        )
    if report.waiting:
        ctx.say("registry", "issue.waiting_count", count=len(report.waiting))
    for application in report.changed:
        ctx.say("registry", "issue.changed", application=application)
    ctx.say(
        "registry",
        "issue.summary",
        batch=report.batch,
        issued=report.issued,
        already=report.already,
        not_passed=report.not_passed,
        left_out=len(report.left_out),
    )
    ctx.say("registry", "issue.written" if report.issued + report.already else "issue.none", out=report.out)


def _document(report: "IssueReport") -> dict[str, object]:
    return {
        "batch": report.batch,
        "out": str(report.out),
        "issued": report.issued,
        "already": report.already,
        "not_passed": report.not_passed,
        "left_out": [
            {"application": one.application_number, "reasons": list(one.reasons)} for one in report.left_out
        ],
        "waiting": [
            {"application": one.application_number, "reasons": list(one.reasons)} for one in report.waiting
        ],
        "changed": report.changed,
    }
