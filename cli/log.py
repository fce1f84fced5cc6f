"""`zhicheng log`: signed heads and proofs of the register's log."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.console import EXIT_BAD, Context, emit_json, json_option, pass_context
from core.message import message

if TYPE_CHECKING:
    from registry.log.monitor import Look, Monitor
    from registry.log.verify import LogReport


@click.group("log")
def log_group() -> None:
    """登记日志：签名的日志头、包含证明和一致性证明。"""


@log_group.command("head")
@click.option(
    "--accept-clock", is_flag=True, help="确认系统时间正确：日志里较晚的时间是以前时钟错误时写入的。"
)
@json_option
@pass_context
def head(ctx: Context, accept_clock: bool, as_json: bool) -> None:
    """签发当前日志头。"""
    from registry.log import tree_heads
    from registry.log.events import system_actor
    from registry.register import Register
    from signing.authority.opening import open_authority

    with Register.open(ctx.home) as register:
        if accept_clock:
            tree_heads.accept_clock(register, system_actor())
        found = tree_heads.sign_head(register, open_authority(ctx.home).service)
    if as_json:
        emit_json(found.as_dict())
    else:
        ctx.say("registry", "log.head", size=found.size, root=found.root, at=found.signed_at)


@log_group.command("verify")
@json_option
@pass_context
def verify(ctx: Context, as_json: bool) -> None:
    """重算整个日志，并与每个签过的日志头核对。"""
    from registry.log.verify import check_log
    from registry.register import Register
    from signing.authority.opening import open_authority

    with Register.open(ctx.home) as register:
        report = check_log(register, open_authority(ctx.home).keyset)
    if as_json:
        emit_json(
            {
                "size": report.size,
                "heads": report.heads,
                "problems": [one.as_dict() for one in report.problems],
            }
        )
    else:
        _tell(ctx, report)
    if report.problems:
        raise SystemExit(EXIT_BAD)


def _tell(ctx: Context, report: "LogReport") -> None:
    for problem in report.problems:
        ctx.say("registry", f"problems.{problem.code}", place=problem.place)
    key = "log.bad" if report.problems else "log.good"
    ctx.say("registry", key, size=report.size, heads=report.heads, problems=len(report.problems))


@log_group.command("prove")
@click.argument("reference")
@json_option
@pass_context
def prove(ctx: Context, reference: str, as_json: bool) -> None:
    """给出一份证书的签发事件在日志中的包含证明。"""
    from registry.log.tree_heads import prove_inclusion
    from registry.register import Register

    with Register.open(ctx.home) as register:
        events = register.lookup.events_of(register.lookup.find(reference))
        proof = prove_inclusion(register, events[0].position)
    if as_json:
        emit_json(proof.as_dict())
    else:
        ctx.say("registry", "log.proof", position=proof.position, size=proof.size, root=proof.root)


@log_group.command("monitor")
@click.argument("region")
@click.option("--state", type=click.Path(dir_okay=False, path_type=Path), required=True, help="状态文件。")
@click.option("--every", type=click.IntRange(1, 86400), help="每隔多少秒查看一次；不写则只看一次。")
@json_option
@pass_context
def monitor(ctx: Context, region: str, state: Path, every: int | None, as_json: bool) -> None:
    """跟踪另一地区的登记日志（网址或地区代码）；日志头前后不一致时报警，退出码为1。"""
    from registry.log.monitor import Monitor

    watch = Monitor(ctx.home, region, state)
    while not _looked(ctx, watch, as_json=as_json, patient=every is not None) and every:
        time.sleep(every)


def _looked(ctx: Context, watch: "Monitor", *, as_json: bool, patient: bool) -> bool:
    """One look; always False, for an alarm ends the command. A silent region is waited for when `patient`."""
    from registry.log.monitor import RegionSilent

    try:
        look = watch.look()
    except RegionSilent as error:
        if not patient:
            raise
        click.echo(error.diagnostics(ctx.lang), err=True)
        return False
    told = _told(look)
    if as_json:
        emit_json(told)
    elif look.alarm is None:
        ctx.say("registry", "monitor.good", **told)
    if look.alarm is not None:
        evidence = watch.evidence_file(look.alarm)
        alarm = message("registry", f"monitor_alarms.{look.alarm}", ctx.lang)
        click.echo(message("registry", "monitor.alarm", ctx.lang, **{**told, "alarm": alarm}), err=True)
        click.echo(message("registry", "monitor.evidence", ctx.lang, path=evidence), err=True)
        raise SystemExit(EXIT_BAD)
    return False


def _told(look: "Look") -> dict[str, Any]:
    return {
        "region": look.present.code,
        "address": look.present.address,
        "size": look.present.size,
        "root": look.present.root,
        "signed_at": look.present.signed_at,
        "grown": look.grown,
        "last_good": look.before.size if look.before else None,
        "alarm": str(look.alarm) if look.alarm else None,
    }
