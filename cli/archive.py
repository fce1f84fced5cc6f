"""`zhicheng archive`: scanned forms (电子档案), their reminder, and the register of destroyed papers."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.console import EXIT_BAD, Context, emit_json, json_option, pass_context
from core.errors import HouseError

if TYPE_CHECKING:
    from registry.register import Register

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])
T = TypeVar("T")


@click.group("archive")
def archive_group() -> None:
    """电子档案：上传已用印评审表的扫描件、催办、下载；材料销毁登记。"""


@archive_group.command("add")
@click.argument("reference")
@click.argument("file", type=_FILE)
@click.option("--actor", default="", help="经办人姓名；默认为系统用户。")
@json_option
@pass_context
def add(ctx: Context, reference: str, file: Path, actor: str, as_json: bool) -> None:
    """为一份证书的持证人存入评审表扫描件（PDF），签章并加盖时间戳。"""

    def work(register: "Register") -> Any:
        from registry.applications.archive import attach

        return attach(register, reference, file.read_bytes(), _actor(actor))

    scan = ctx.with_register(work)
    if as_json:
        emit_json({name: getattr(scan, name) for name in scan.__slots__})
    else:
        ctx.say("registry", "scan.kept", number=scan.certificate_number, pages=scan.pages)


@archive_group.command("add-folder")
@click.argument("folder", type=_FOLDER)
@click.option("--actor", default="", help="经办人姓名；默认为系统用户。")
@json_option
@pass_context
def add_folder(ctx: Context, folder: Path, actor: str, as_json: bool) -> None:
    """成批存入：文件夹中每个“证书编号.pdf”归入相应的证书。"""

    def work(register: "Register") -> list[dict[str, Any]]:
        from registry.applications.archive import Scan, attach_folder

        rows: list[dict[str, Any]] = []
        for path, outcome in attach_folder(register, folder, _actor(actor)):
            kept = isinstance(outcome, Scan)
            reason = outcome.diagnostics(ctx.lang) if isinstance(outcome, HouseError) else ""
            state = "kept" if kept else "refused" if reason else "not_a_number"
            rows.append({"path": str(path), "state": state, "reason": reason})
        return rows

    rows = ctx.with_register(work)
    kept = sum(row["state"] == "kept" for row in rows)
    if as_json:
        emit_json({"results": rows, "kept": kept})
    else:
        for row in rows:
            if row["state"] != "kept":
                ctx.say("registry", f"scan.{row['state']}", path=row["path"], reason=row["reason"])
        ctx.say("registry", "scan.folder_kept", kept=kept, total=len(rows))
    if kept < len(rows):
        raise SystemExit(EXIT_BAD)


@archive_group.command("get")
@click.argument("reference")
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@pass_context
def get(ctx: Context, reference: str, out: Path) -> None:
    """取出一份证书的评审表扫描件。"""

    def work(register: "Register") -> bool:
        from core.settings import write_atomically
        from registry.applications.archive import scan_file, scan_of

        scan = scan_of(register, register.lookup.find(reference))
        if scan is not None:
            write_atomically(out, scan_file(register, scan))
        return scan is not None

    if not ctx.with_register(work):
        ctx.say("registry", "scan.none", number=reference)
        raise SystemExit(EXIT_BAD)
    ctx.say("registry", "scan.written", path=out)


@archive_group.command("due")
@click.option("--batch", help="列出这个批次中尚缺扫描件的证书编号。")
@json_option
@pass_context
def due(ctx: Context, batch: str | None, as_json: bool) -> None:
    """催办：核准备案后一个月内应存入；有逾期的批次时退出码为1。"""

    def work(register: "Register") -> tuple[Any, ...]:
        from registry.applications.archive import archive_states, missing_scans

        return archive_states(register), missing_scans(register, batch) if batch else ()

    states, missing = ctx.with_register(work)
    if as_json:
        emit_json({"batches": [_state(one) for one in states], "missing": list(missing)})
    else:
        for one in states:
            key = "done" if not one.missing else "overdue" if one.overdue else "open"
            ctx.say("registry", f"archive.{key}", **_state(one))
        for number in missing:
            click.echo(number)
    if any(one.overdue for one in states):
        raise SystemExit(EXIT_BAD)


@archive_group.command("destroy")
@click.argument("batch_number")
@click.option("--papers", required=True, help="销毁的材料，如“个人申报材料”；评审表和会议记录不得销毁。")
@click.option("--copies", type=click.IntRange(1), required=True, help="份数。")
@click.option("--on", "day", type=_DAY, required=True, help="销毁日期。")
@click.option("--document", required=True, help="批准销毁的文号。")
@click.option("--handler", required=True, help="销毁人。")
@click.option("--witness", required=True, help="监销人。")
@json_option
@pass_context
def destroy(ctx: Context, /, day: datetime, as_json: bool, **given: Any) -> None:
    """销毁登记：备查满一年的申报材料（细则第五十八条）。"""

    def work(register: "Register") -> int:
        from registry.applications.disposals import Disposal, dispose
        from registry.log.events import system_actor

        return dispose(register, Disposal(disposed_on=day.date(), **given), system_actor())

    number = ctx.with_register(work)
    if as_json:
        emit_json({"entry": number, "batch": given["batch_number"], "disposed_on": f"{day:%Y-%m-%d}"})
    else:
        ctx.say("registry", "disposal.entered", number=number, batch=given["batch_number"])


@archive_group.command("destroyed")
@click.option("--batch", help="只列这个批次。")
@json_option
@pass_context
def destroyed(ctx: Context, batch: str | None, as_json: bool) -> None:
    """销毁登记簿，以及各批次材料可以销毁的日期。"""

    def work(register: "Register") -> tuple[Any, ...]:
        from registry.applications.disposals import disposable, disposals_of

        return disposals_of(register, batch), disposable(register)

    entries, ready = ctx.with_register(work)
    ready = [one for one in ready if batch in (None, one.batch_number)]
    if as_json:
        emit_json({"entries": [_plain(one) for one in entries], "batches": [_plain(one) for one in ready]})
        return
    for one in entries:
        ctx.say("registry", "disposal.line", **_plain(one))
    for one in ready:
        ctx.say("registry", "disposal.allowed", batch=one.batch_number, day=one.allowed_from)


def _state(one: Any) -> dict[str, Any]:
    return {**_plain(one), "overdue": one.overdue}


def _plain(one: Any) -> dict[str, Any]:
    found = {name: getattr(one, name) for name in one.__slots__}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in found.items()}


def _actor(name: str) -> Any:
    from registry.log.events import Actor, system_actor

    return Actor(name) if name else system_actor()
