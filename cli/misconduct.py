"""`zhicheng integrity`: the integrity archive (诚信档案) of applicants, experts and staff."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.console import Asked, Context, emit_json, json_option, pass_context
from core.message import message

if TYPE_CHECKING:
    from registry.register import Register

T = TypeVar("T")


@click.group("integrity")
def integrity_group() -> None:
    """诚信档案：记录申报人、评审专家、工作人员的违规情形，期限三年（细则第七十一至七十四条）。"""


@integrity_group.command("add")
@click.option(
    "--subject", type=click.Choice(("applicant", "expert", "staff")), required=True, help="人员类型。"
)
@click.option("--name", required=True, help="姓名。")
@click.option("--id-number", cls=Asked, prompt="证件号码", hide_input=True, help="证件号码；不写则提示输入。")
@click.option("--violation", required=True, help="违规情形。")
@click.option("--basis", required=True, help="处理依据，如“第六十二条第一项”。")
@click.option("--measure", required=True, help="处理措施。")
@click.option("--effective", type=click.DateTime(["%Y-%m-%d"]), required=True, help="生效时间。")
@click.option("--actor", default="", help="经办人姓名；默认为系统用户。")
@json_option
@pass_context
def add(
    ctx: Context,
    /,
    subject: str,
    id_number: str,
    effective: datetime,
    actor: str,
    as_json: bool,
    **given: str,
) -> None:
    """记入一条；违规情形、处理依据、处理措施、生效时间、记录期限五项齐全（期限为生效起三年）。"""

    def work(register: "Register") -> Any:
        from registry.applications.misconduct import Dishonesty, Subject, enter
        from registry.log.events import Actor, system_actor

        entry = Dishonesty(
            subject=Subject(subject), identity_number=id_number, effective_on=effective.date(), **given
        )
        return enter(register, entry, Actor(actor) if actor else system_actor()), entry.until_on

    number, until = ctx.with_register(work)
    if as_json:
        emit_json({"entry": number, "until_on": until.isoformat()})
    else:
        ctx.say("registry", "integrity.entered", number=number, until=until)


@integrity_group.command("list")
@click.option("--all", "everything", is_flag=True, help="连同记录期已满的。")
@json_option
@pass_context
def list_command(ctx: Context, everything: bool, as_json: bool) -> None:
    """列出记录期内的记录；不显示证件号码。"""

    def work(register: "Register") -> Any:
        from registry.applications.misconduct import entries
        from registry.clock import local_day, now

        return entries(register, None if everything else local_day(now()))

    found = ctx.with_register(work)
    rows = [
        {
            "entry": number,
            "subject": str(one.subject),
            "name": one.name,
            "violation": one.violation,
            "basis": one.basis,
            "measure": one.measure,
            "effective_on": one.effective_on.isoformat(),
            "until_on": one.until_on.isoformat(),
        }
        for number, one in found
    ]
    if as_json:
        emit_json({"entries": rows})
        return
    for row in rows:
        kind = message("registry", f"integrity_subjects.{row['subject']}", ctx.lang)
        ctx.say("registry", "integrity.line", **{**row, "subject": kind})
    if not rows:
        ctx.say("registry", "integrity.none")
