"""`zhicheng region`: which regions' certificates are decided here; publish, accept, refresh. All by file if wanted."""

from pathlib import Path

import click

from cli.anchor import anchor_group
from cli.case import case_group, region_deliver, region_receive
from cli.console import EXIT_BAD, Context, emit_json, json_option, pass_context, pass_new_home
from cli.region_bulk import region_bulk

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group("region")
def region_group() -> None:
    """互认地区名录。"""


for command in (anchor_group, case_group, region_bulk, region_deliver, region_receive):
    region_group.add_command(command)


@region_group.command("list")
@json_option
@pass_context
def region_list(ctx: Context, as_json: bool) -> None:
    """列出可在本平台核验的地区；第一个是本地区。"""
    from registry.recognition.regions import trusted_regions

    regions = trusted_regions(ctx.home)
    if as_json:
        emit_json([one.as_dict() for one in regions])
        return
    for one in regions:
        ctx.say("registry", "region.line", code=one.code, name=one.name, address=one.address)
        if not one.own:
            ctx.say("registry", f"region.{one.status}", since=one.since, state_from=one.state_from)


@region_group.command("publish")
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), help="条目文件。")
@click.option("--status-lists", type=click.Path(path_type=Path), help="同时把状态名单写入该文件夹。")
@pass_new_home
def region_publish(ctx: Context, out: Path, status_lists: Path | None) -> None:
    """签名并导出本地区的条目，交给信任锚；首次运行时生成条目密钥。"""
    from core.settings import write_atomically
    from registry.recognition.refreshing import publish_status_lists
    from registry.recognition.regions import sign_own_entry

    write_atomically(out, sign_own_entry(ctx.home).encode("ascii"))
    count = publish_status_lists(ctx.home, status_lists) if status_lists else 0
    ctx.say("registry", "region.published", path=out)
    if status_lists:
        ctx.say("registry", "region.status_published", count=count, path=status_lists)


@region_group.command("accept")
@click.argument("list_file", type=FILE)
@click.option("--anchor", "anchor_file", type=FILE, help="信任锚的公钥文件，首次接受时必须给出。")
@pass_context
def region_accept(ctx: Context, list_file: Path, anchor_file: Path | None) -> None:
    """采用信任锚签名的互认名单；旧的、过期的、被改动的名单一律拒绝。"""
    from registry.recognition.members import Members

    found = Members(ctx.home).accept(list_file.read_text("utf-8", errors="replace"), anchor_file)
    until = found.valid_until.date()
    count = len(found.members)
    ctx.say("registry", "region.accepted_list", sequence=found.sequence, count=count, until=until)
    ctx.say("registry", "region.digest", digest=found.digest)


@region_group.command("refresh")
@click.option("--from", "folder", type=FOLDER, help="从文件夹读取（U 盘），不联网。")
@json_option
@pass_context
def region_refresh(ctx: Context, folder: Path | None, as_json: bool) -> None:
    """更新互认名单和各地区的状态名单。"""
    from registry.recognition.refreshing import refresh, refresh_from

    try:
        done = refresh_from(ctx.home, folder) if folder else refresh(ctx.home)
        if folder is None:
            _deliver_waiting(ctx)
    except OSError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        emit_json([{"code": one.code, "lists": one.lists, "problem": one.problem} for one in done])
    else:
        for one in done:
            key = "region.not_refreshed" if one.problem else "region.refreshed"
            ctx.say("registry", key, code=one.code, count=one.lists, problem=one.problem)
    if any(one.problem for one in done):
        raise SystemExit(EXIT_BAD)


def _deliver_waiting(ctx: Context) -> None:
    """Messages about exchanges that are due go out on the same occasion."""
    from registry.recognition.cases.outbox import deliver
    from registry.register import Register

    with Register.open(ctx.home) as register:
        deliver(register)
