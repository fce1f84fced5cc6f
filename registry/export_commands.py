"""`zhicheng export`: the national field set for the push (数据推送)."""

from pathlib import Path

import click

from house.console import Context, emit_json, fail, json_option, pass_context
from house.errors import HouseError


@click.command("export")
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="输出目录。")
@click.option("--batch", help="只导出这个批次。")
@click.option("--since", help="只导出此时（如 2026-11-21T00:00:00Z）之后签发或变更的证书。")
@json_option
@pass_context
def export_command(ctx: Context, out: Path, batch: str | None, since: str | None, as_json: bool) -> None:
    """导出全国查询用的数据：JSON 行和 CSV，附条数和 SHA-256；含完整证件号码。"""
    from registry.export import export
    from registry.register import Register

    try:
        with Register.open(ctx.home) as register:
            done = export(register, out, batch=batch, since=since)
    except HouseError as error:
        fail(error, ctx.lang, as_json=as_json)
    if as_json:
        emit_json({"out": str(out), "count": done.count, "sha256": done.sha256, "taken_at": done.taken_at})
    else:
        ctx.say(
            "registry", "export.done", out=out, count=done.count, sha256=done.sha256, taken_at=done.taken_at
        )
