"""`zhicheng database`: check, backup, restore, move, new encryption key, list of long work."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import click

from cli.console import EXIT_BAD, Context, emit_json, json_option, pass_context, pass_new_home
from core.message import message

if TYPE_CHECKING:
    from registry.register import Register

_FILE = click.Path(path_type=Path)
T = TypeVar("T")
MOST_NAMED: Final = 20
"""Lost files that are named on the screen; the backup lists all."""


@click.group("database")
def database_group() -> None:
    """登记库：检查、备份、恢复、迁移、更换加密密钥。"""


@database_group.command("check")
@click.option("--no-files", is_flag=True, help="不逐一核对证书文件。")
@click.option("--head", "heads", type=_FILE, multiple=True, help="另行保存的日志头文件，一并核对。")
@json_option
@pass_context
def check(ctx: Context, no_files: bool, heads: tuple[Path, ...], as_json: bool) -> None:
    """检查登记库：任何一行被改动、任何一份文件丢失都会查出。"""
    from registry.audit.checks import check_register
    from signing.authority.opening import open_authority
    from signing.keys.exposure import exposed_keys

    kept = [_token(path.read_text("utf-8", errors="replace")) for path in heads]
    keyset = open_authority(ctx.home).keyset
    report = ctx.with_register(
        lambda register: check_register(register, keyset, files=not no_files, kept=kept)
    )
    problems = [one.as_dict() for one in report.problems]
    exposed = [str(path) for path in exposed_keys(ctx.home.keys)]  # told on stderr when the keys were opened
    if as_json:
        counted = {"certificates": report.certificates, "events": report.events}
        emit_json({**counted, "problems": problems, "exposed_keys": exposed})
    else:
        for one in report.problems:
            ctx.say("registry", f"problems.{one.code}", place=one.place)
        key = "database.bad" if problems else "database.good"
        ctx.say(
            "registry", key, certificates=report.certificates, events=report.events, problems=len(problems)
        )
    if problems:
        raise SystemExit(EXIT_BAD)


def _token(text: str) -> str:
    """The token in a file kept from `log head --json`, or in one that holds nothing else."""
    try:
        document = json.loads(text)
    except ValueError:
        return text.strip()
    return str(document.get("token", "")) if isinstance(document, dict) else ""


@database_group.command("backup")
@click.argument("file", type=_FILE)
@pass_context
def backup(ctx: Context, file: Path) -> None:
    """备份：数据、密钥、设置和全部证书文件，可在使用中进行；备份文件含密钥，请妥善保管。

    缺失或损坏的文件逐一列出，其余照常备份（退出码 1）。
    """
    from registry.database.backup import back_up

    done = ctx.with_register(lambda register: back_up(register, file))
    ctx.say("registry", "database.backed_up", path=done.path, rows=done.rows, files=done.files)
    if done.missing:
        _say_missing(ctx, done.missing)
        ctx.say("registry", "database.backup_lacks", files=len(done.missing))
        raise SystemExit(EXIT_BAD)


def _say_missing(ctx: Context, places: Sequence[str]) -> None:
    for place in places[:MOST_NAMED]:
        ctx.say("registry", "problems.file_missing", place=place)
    if len(places) > MOST_NAMED:
        ctx.say("registry", "database.more_missing", files=len(places) - MOST_NAMED)


@database_group.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@pass_new_home
def restore(ctx: Context, file: Path) -> None:
    """恢复到空的工作目录，然后全面检查。"""
    from registry.audit.checks import check_register
    from registry.database.backup import restore as bring_back
    from signing.authority.opening import open_authority

    done = bring_back(file, ctx.home)
    ctx.say("registry", "database.restored", taken_at=done.taken_at, rows=done.rows, files=done.files)
    keyset = open_authority(ctx.home).keyset
    report = ctx.with_register(lambda register: check_register(register, keyset))
    for one in report.problems:
        ctx.say("registry", f"problems.{one.code}", place=one.place)
    key = "database.bad" if report.problems else "database.good"
    ctx.say(
        "registry", key, certificates=report.certificates, events=report.events, problems=len(report.problems)
    )
    if report.problems:
        raise SystemExit(EXIT_BAD)


@database_group.command("move")
@click.argument("address")
@pass_context
def move(ctx: Context, address: str) -> None:
    """把全部数据搬到另一个空的数据库（如 postgresql://…），不丢一个事件。"""
    from registry.database.engine import Database
    from registry.database.migrations import migrate
    from registry.database.transfer import copy_all, put_aside
    from registry.settings import database_address

    try:
        given = database_address(address)
    except ValueError as error:
        raise click.BadParameter(message("registry", "database.bad_address", ctx.lang)) from error

    def work(register: "Register") -> int:
        target = Database(given, busy_seconds=register.settings.busy_seconds)
        try:
            migrate(target)
            return sum(copy_all(register.database, target).values())
        finally:
            target.close()

    rows = ctx.with_register(work)
    place = (address.partition("@")[2] or address).partition("?")[0]  # without what may be a password
    ctx.say("registry", "database.moved", rows=rows, address=place)
    if aside := put_aside(ctx.home):
        ctx.say("registry", "database.put_aside", path=aside)
    else:
        ctx.say("registry", "database.name_it")


@database_group.command("rotate")
@pass_context
def rotate(ctx: Context) -> None:
    """更换个人信息的加密密钥，并重新加密全部证件号码和电话。"""
    from registry.log.events import system_actor
    from registry.privacy.key_rotation import rotate as renew

    rows = ctx.with_register(lambda register: renew(register, system_actor()))
    ctx.say("registry", "database.rotated", rows=rows)


@database_group.command("seal")
@click.option("--reason", default="", help="原因或文号，记入登记日志。")
@click.option("--accept", is_flag=True, help="检查有不符也以现状为准。")
@pass_context
def seal(ctx: Context, reason: str, accept: bool) -> None:
    """为各行重新加封：旧版登记库升级后一次，或查明不符之后；运行时须停止其他程序。"""
    from registry.audit.checks import check_register
    from registry.audit.seal_check import NOT_SEALED, seal_anew
    from registry.log.events import system_actor
    from signing.authority.opening import open_authority

    keyset = open_authority(ctx.home).keyset
    report = ctx.with_register(lambda register: check_register(register, keyset, files=False))
    problems = [one for one in report.problems if one.code != NOT_SEALED]
    for one in problems:
        ctx.say("registry", f"problems.{one.code}", place=one.place)
    if problems and not accept:
        ctx.say("registry", "database.seal_refused", problems=len(problems))
        raise SystemExit(EXIT_BAD)
    rows = ctx.with_register(lambda register: seal_anew(register, system_actor(), reason))
    ctx.say("registry", "database.sealed", rows=rows)


@database_group.command("jobs")
@json_option
@pass_context
def jobs(ctx: Context, as_json: bool) -> None:
    """列出最近的制发任务及其进度。"""
    from registry.jobs.store import listed

    found = ctx.with_register(listed)
    if as_json:
        emit_json([{name: getattr(one, name) for name in one.__slots__} for one in found])
        return
    for one in found:
        ctx.say(
            "registry",
            "database.job",
            id=one.id,
            kind=one.kind,
            subject=one.subject,
            state=one.state,
            done=one.done,
            total=one.total,
            note=one.note,
        )
