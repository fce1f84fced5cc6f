"""`zhicheng log`: signed heads and proofs of the register's log."""

from typing import TYPE_CHECKING

import click

from house.console import EXIT_BAD, Context, emit_json, fail, json_option, pass_context
from house.errors import HouseError

if TYPE_CHECKING:
    from registry.log_check import LogReport


@click.group("log")
def log_group() -> None:
    """登记日志：签名的日志头、包含证明和一致性证明。"""


@log_group.command("head")
@json_option
@pass_context
def head(ctx: Context, as_json: bool) -> None:
    """签发当前日志头。"""
    from registry.log import sign_head
    from registry.register import Register
    from signing.authority import open_authority

    try:
        with Register.open(ctx.home) as register:
            found = sign_head(register, open_authority(ctx.home).service)
    except HouseError as error:
        fail(error, ctx.lang, as_json=as_json)
    if as_json:
        emit_json(found.as_dict())
    else:
        ctx.say("registry", "log.head", size=found.size, root=found.root, at=found.signed_at)


@log_group.command("verify")
@json_option
@pass_context
def verify(ctx: Context, as_json: bool) -> None:
    """重算整个日志，并与每个签过的日志头核对。"""
    from registry.log_check import check_log
    from registry.register import Register
    from signing.authority import open_authority

    try:
        with Register.open(ctx.home) as register:
            report = check_log(register, open_authority(ctx.home).keyset)
    except HouseError as error:
        fail(error, ctx.lang, as_json=as_json)
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
    from registry.log import prove_inclusion
    from registry.register import Register

    try:
        with Register.open(ctx.home) as register:
            events = register.lookup.events_of(register.lookup.find(reference))
            proof = prove_inclusion(register, events[0].position)
    except HouseError as error:
        fail(error, ctx.lang, as_json=as_json)
    if as_json:
        emit_json(proof.as_dict())
    else:
        ctx.say("registry", "log.proof", position=proof.position, size=proof.size, root=proof.root)
