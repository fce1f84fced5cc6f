"""`zhicheng approval`: prepare and approve a batch at the command line, before a third person issues it."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import Context, emit_json, json_option, pass_context, pass_new_home
from core.message import message

if TYPE_CHECKING:
    from registry.workspace.four_eyes import CommandStep

_BATCH = click.Path(path_type=Path)


@click.group("approval")
def approval_group() -> None:
    """命令行上的经办、复核、签发分离（[registry] four_eyes = true 时 issue 必须先经这两步）。"""


@approval_group.command("prepare")
@click.argument("batch", type=_BATCH)
@click.option("--actor", default="", help="经办人姓名；系统用户另行记录。")
@json_option
@pass_new_home
def prepare(ctx: Context, batch: Path, actor: str, as_json: bool) -> None:
    """经办：核对无误，提交复核。"""
    _step(ctx, batch, "prepare", actor, as_json=as_json)


@approval_group.command("approve")
@click.argument("batch", type=_BATCH)
@click.option("--actor", default="", help="复核人姓名；系统用户另行记录。")
@json_option
@pass_context
def approve(ctx: Context, batch: Path, actor: str, as_json: bool) -> None:
    """复核：同意签发这份批次文件；须由另一个系统用户来做。"""
    _step(ctx, batch, "approve", actor, as_json=as_json)


@approval_group.command("show")
@click.argument("number")
@json_option
@pass_context
def show(ctx: Context, number: str, as_json: bool) -> None:
    """一个批次经过的各步。"""
    from registry.register import Register
    from registry.workspace.four_eyes import command_steps_of

    with Register.open(ctx.home) as register:
        steps = command_steps_of(register, number)
    if as_json:
        emit_json({"steps": [_document(one) for one in steps]})
        return
    for one in steps:
        ctx.say("registry", "approval.line", **_told(ctx, one))
    if not steps:
        ctx.say("registry", "approval.none", number=number)


def _step(ctx: Context, path: Path, act: str, actor: str, *, as_json: bool) -> None:
    from registry.issuing.sources import open_source
    from registry.log.events import Actor, system_actor
    from registry.register import Register
    from registry.workspace.four_eyes import CommandAct, file_digest, take_command_step

    path = ctx.batch_file(path)
    number = open_source(path, ctx.home).batch.number
    who = Actor(actor) if actor else system_actor()
    with Register.open(ctx.home) as register:
        step = take_command_step(register, number, file_digest(path), CommandAct(act), who)
    if as_json:
        emit_json(_document(step))
    else:
        ctx.say("registry", "approval.done", **_told(ctx, step))


def _document(step: "CommandStep") -> dict[str, str]:
    return {name: str(getattr(step, name)) for name in step.__slots__}


def _told(ctx: Context, step: "CommandStep") -> dict[str, str]:
    act = message("registry", f"command_acts.{step.act}", ctx.lang)
    return {**_document(step), "act": act, "short": step.digest[:12]}
