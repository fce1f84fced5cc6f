"""`zhicheng doctor`: how this installation is, and what to do about it."""

import click

from cli.console import EXIT_NOT_READY, Context, emit_json, json_option, pass_context
from core.message import message


@click.command("doctor")
@json_option
@pass_context
def doctor_command(ctx: Context, as_json: bool) -> None:
    """体检：工作目录、设置、密钥、登记库、时钟、文件库、磁盘、时间戳、字体；有故障时退出码为3。"""
    from app.doctor import Health, examine, worst

    lines = []
    for one in examine(ctx.home):
        lines.append(one)
        if not as_json:
            state = message("app", f"doctor.state_{one.health}", ctx.lang)
            click.echo(f"[{state}] {one.message(ctx.lang)}")
            if one.health is not Health.OK and (remedy := one.remedy(ctx.lang)):
                ctx.say("app", "doctor.remedy", remedy=remedy)
    health = worst(lines)
    counts = {str(state): sum(one.health is state for one in lines) for state in Health}
    if as_json:
        emit_json({"state": str(health), "lines": [one.as_dict(ctx.lang) for one in lines]})
    else:
        ctx.say("app", f"doctor.summary_{health}", **counts)
    if health is Health.FAIL:
        raise SystemExit(EXIT_NOT_READY)
