"""`zhicheng export`: the national field set for the push (数据推送), and the receipts that come back."""

from pathlib import Path
from typing import Any, TypeVar

import click

from cli.console import EXIT_BAD, Context, emit_json, json_option, pass_context
from core.message import message

T = TypeVar("T")


@click.command("export")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="输出目录。")
@click.option("--batch", help="只导出这个批次。")
@click.option("--since", help="只导出此时（如 2026-11-21T00:00:00Z）之后签发或变更的证书。")
@click.option("--increment", is_flag=True, help="只导出上次推送以来签发、更正、变更的，以及被退回的。")
@click.option(
    "--receipts",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="读入平台的回执（JSON 行或 CSV），列出被退回的记录。",
)
@click.option("--rejects", "list_rejects", is_flag=True, help="列出仍被退回的记录；有则退出码为 1。")
@json_option
@pass_context
def export_command(
    ctx: Context,
    out: Path | None,
    batch: str | None,
    since: str | None,
    increment: bool,
    receipts: Path | None,
    list_rejects: bool,
    as_json: bool,
) -> None:
    """导出全国查询用的数据：JSON 行和 CSV，附批次号、条数和 SHA-256（含完整证件号码）；读入回执。"""
    chosen = (out is not None) + (receipts is not None) + list_rejects
    if chosen != 1 or (since and increment):
        raise click.UsageError(message("registry", "export.usage", ctx.lang))
    if out is not None:
        _export(ctx, out, {"batch": batch, "since": since, "increment": increment}, as_json=as_json)
    elif receipts is not None:
        _take_in(ctx, receipts, as_json=as_json)
    else:
        _rejects(ctx, {}, as_json=as_json)


def _export(ctx: Context, out: Path, given: dict[str, Any], *, as_json: bool) -> None:
    from registry.push.export import export

    done = ctx.with_register(lambda register: export(register, out, **given))
    told = {"count": done.count, "sha256": done.sha256, "taken_at": done.taken_at}
    if as_json:
        emit_json({"out": str(out), "batch": done.number, **told})
    else:
        ctx.say("registry", "export.done", out=out, batch=done.number, **told)


def _take_in(ctx: Context, path: Path, *, as_json: bool) -> None:
    from registry.log.events import system_actor
    from registry.push.push_results import read_receipts

    found = ctx.with_register(lambda register: read_receipts(register, path, system_actor()))
    counts = {"accepted": found.accepted, "rejected": found.rejected}
    if not as_json:
        ctx.say("registry", "export.receipts", **counts)
        for one in found.unknown:
            ctx.say("registry", "export.receipt_unknown", line=one)
    _rejects(ctx, {**counts, "unknown": list(found.unknown)}, as_json=as_json)


def _rejects(ctx: Context, more: dict[str, Any], *, as_json: bool) -> None:
    from registry.push.push_results import rejects

    found = ctx.with_register(rejects)
    if as_json:
        rows = [{name: getattr(one, name) for name in one.__slots__} for one in found]
        emit_json({**more, "rejects": rows})
    else:
        for one in found:
            ctx.say("registry", "export.reject", number=one.number, push=one.push, reason=one.reason)
        if not found:
            ctx.say("registry", "export.no_rejects")
    if found:
        raise SystemExit(EXIT_BAD)
