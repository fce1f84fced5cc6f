"""`zhicheng signatures extend`: stands here because the register must know the renewed files."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import EXIT_BAD, Context, emit_json, json_option, pass_context, progress
from cli.signatures import signatures
from core.message import message

if TYPE_CHECKING:
    from registry.certificates.extending import Extended

__all__ = ["signatures"]

_ANY = click.Path(exists=True, path_type=Path)


@signatures.command("extend")
@click.argument("paths", type=_ANY, nargs=-1)
@click.option("--within", type=int, default=365, help="时间戳证书在多少天内到期的才延展。")
@click.option("--all", "everything", is_flag=True, help="不论是否到期都延展。")
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), help="写到此目录，默认就地更新。"
)
@json_option
@pass_context
def extend(
    context: Context,
    paths: tuple[Path, ...],
    within: int,
    everything: bool,
    output: Path | None,
    as_json: bool,
) -> None:
    """成批延展存档签名（B-LTA）：在最后一个时间戳到期前再加盖时间戳；不给文件时延展登记库中的全部证书。"""
    deadline = datetime.max.replace(tzinfo=UTC) if everything else datetime.now(UTC) + timedelta(days=within)
    rows = list(_extended(context, paths, output, deadline))
    if as_json:
        emit_json({"results": [_row(one) for one in rows]})
    else:
        _tell(context, rows)
    if any(one.state == "failed" for one in rows):
        raise SystemExit(EXIT_BAD)


def _extended(
    context: Context, paths: tuple[Path, ...], output: Path | None, deadline: datetime
) -> "Iterator[Extended]":
    from registry.certificates.extending import extend_all, work_of_paths, work_of_register
    from registry.log.events import system_actor
    from registry.register import Register
    from signing.pades.configured import renewal
    from signing.settings import SigningSettings

    renew = renewal(context.home)
    threads = context.home.section("signing", SigningSettings).tsa_connections
    label = message("signing", "signatures.extending", context.lang)
    with Register.open(context.home) as register:
        work = work_of_paths(_pdfs(paths), output) if paths else list(work_of_register(register))
        with progress(label, len(work)) as bar:
            for one in extend_all(register, work, renew, deadline, system_actor(), threads):
                bar.advance(bar.task_ids[0])
                yield one


def _row(one: "Extended") -> dict[str, str | None]:
    row = asdict(one)
    return {"path": row.pop("name"), **row}


def _tell(context: Context, rows: "list[Extended]") -> None:
    for row in rows:
        if row.state == "failed":
            click.echo(f"{row.name}: {row.message}")
    counts = {state: sum(row.state == state for row in rows) for state in ("extended", "not_due", "failed")}
    context.say("signing", "signatures.extended", **counts)


def _pdfs(paths: tuple[Path, ...]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(path.rglob("*.pdf"))
        else:
            yield path
