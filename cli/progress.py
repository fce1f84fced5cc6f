"""`zhicheng progress`: where an application stands (进度查询), and stages noted by hand."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.console import Context, emit_json, json_option, pass_context
from core.message import message

if TYPE_CHECKING:
    from registry.applications.progress import Mark
    from registry.register import Register

STAGES = (
    "registered",
    "unit_review",
    "unit_returned",
    "department_review",
    "authority_review",
    "unit_publicity",
    "submitted",
    "accepted",
    "supplement",
    "not_accepted",
    "plan_filed",
    "evaluation",
    "not_passed",
    "result_publicity",
    "approving",
    "approved",
)
MOST_LONG = 80
T = TypeVar("T")


@click.group("progress")
def progress_group() -> None:
    """进度查询：申报走到了哪一步；评审前各步由人工登记。"""


@progress_group.command("show")
@click.argument("application_number")
@click.option("--batch", help="批次编号；不写则取最近的批次。")
@json_option
@pass_context
def show(ctx: Context, application_number: str, batch: str | None, as_json: bool) -> None:
    """一份申报的进度。"""

    def work(register: "Register") -> Any:
        from registry.applications.progress import progress_of

        return progress_of(register, application_number, batch)

    found = ctx.with_register(work)
    if as_json:
        emit_json(
            {
                "application": found.application_number,
                "batch": found.batch_number,
                "current": _document(ctx, found.current) if found.current else None,
                "marks": [_document(ctx, mark) for mark in found.marks],
            }
        )
        return
    ctx.say(
        "registry", "progress.head", application=found.application_number, batch=found.batch_number or "—"
    )
    for mark in found.marks:
        ctx.say("registry", "progress.line", **_document(ctx, mark))
    if not found.marks:
        ctx.say("registry", "progress.nothing")


@progress_group.command("set")
@click.argument("application_numbers", nargs=-1, required=True)
@click.option("--stage", type=click.Choice(STAGES), required=True, help="进度节点。")
@click.option(
    "--at", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="时间（北京时间），默认现在。"
)
@click.option("--batch", default="", help="批次编号；尚无批次时不写。")
@click.option("--note", default="", help="说明，如补正事项。")
@click.option("--actor", default="", help="经办人姓名；默认为系统用户。")
@json_option
@pass_context
def set_command(
    ctx: Context,
    application_numbers: tuple[str, ...],
    stage: str,
    at: datetime | None,
    batch: str,
    note: str,
    actor: str,
    as_json: bool,
) -> None:
    """人工登记进度。"""
    if any(len(one) > MOST_LONG for one in (*application_numbers, batch)):
        raise click.UsageError(message("registry", "progress.too_long", ctx.lang, most=MOST_LONG))

    def work(register: "Register") -> None:
        from registry.applications.progress import Stage, set_stage
        from registry.clock import LOCAL
        from registry.log.events import Actor, system_actor

        who = Actor(actor) if actor else system_actor()
        moment = at.replace(tzinfo=LOCAL) if at else None
        for one in application_numbers:
            set_stage(register, one, Stage(stage), who, batch_number=batch, at=moment, note=note)

    ctx.with_register(work)
    name = message("registry", f"stages_of_progress.{stage}", ctx.lang)
    if as_json:
        emit_json({"applications": list(application_numbers), "stage": stage, "name": name})
    else:
        ctx.say("registry", "progress.set", count=len(application_numbers), stage=name)


@progress_group.command("record")
@click.argument("batch", type=click.Path(path_type=Path))
@click.option("--approving", is_flag=True, help="已报送核准。")
@pass_context
def record(ctx: Context, batch: Path, approving: bool) -> None:
    """按批次文件登记全批的进度；核对、制作文书和制发时已自动登记。"""

    def work(register: "Register") -> int:
        from registry.applications.progress import note_batch
        from registry.issuing.sources import open_source

        source = open_source(ctx.batch_file(batch), ctx.home)
        note_batch(register, source.batch, source.applications(), approving=approving)
        return sum(1 for _ in source.applications())

    ctx.say("registry", "progress.recorded", count=ctx.with_register(work))


def _document(ctx: Context, mark: "Mark") -> dict[str, Any]:
    from registry.clock import beijing_minute, moment_of

    return {
        "step": mark.stage.step,
        "stage": str(mark.stage),
        "name": message("registry", f"stages_of_progress.{mark.stage}", ctx.lang),
        "at": mark.at,
        "local": beijing_minute(moment_of(mark.at)),
        "origin": str(mark.origin),
        "note": mark.note,
    }
