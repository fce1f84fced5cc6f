"""`zhicheng region bulk`: many certificates of many regions at once, with a signed report."""

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import EXIT_BAD, Context, emit_json, json_option, pass_context, progress
from core.message import message

if TYPE_CHECKING:
    from registry.recognition.bulk import BulkAnswer

REPORT = "report.json"
SHEET = "report.xlsx"


@click.command("bulk")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option(
    "-o", "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="报告文件夹。"
)
@json_option
@pass_context
def region_bulk(ctx: Context, source: Path, out: Path, as_json: bool) -> None:
    """批量核验外地区证书：Excel、CSV 表格，或存放 PDF 的文件夹；写出签名报告。"""
    from core.settings import write_atomically
    from registry.recognition.bulk import decide_many, signed_report
    from registry.recognition.bulk_table import rows_of
    from registry.register import Register
    from registry.verification.verifier import Verifier
    from signing.authority.opening import open_authority

    rows = rows_of(source)
    with Register.open(ctx.home) as register:
        label = message("registry", "bulk.label", ctx.lang)
        with progress(label, len(rows)) as bar:
            (task,) = bar.task_ids
            answers = list(
                decide_many(Verifier(register), rows, progress=lambda count: bar.advance(task, count))
            )
        key = open_authority(ctx.home).service
        report = signed_report(answers, key, register.settings.region_code)
    text = json.dumps(report, ensure_ascii=False, indent=1)
    write_atomically(out / REPORT, text.encode())
    write_atomically(out / SHEET, _sheet(answers))
    if as_json:
        emit_json(report)
    else:
        counts = Counter(one.usable or "not_asked" for one in answers).most_common()
        groups = "，".join(
            f"{message('registry', f'usable.{code}', ctx.lang)} {count}" for code, count in counts
        )
        ctx.say("registry", "bulk.done", count=len(answers), groups=groups, out=out)
    if any(one.usable not in ("usable", "usable_in_league") for one in answers):
        raise SystemExit(EXIT_BAD)


def _sheet(answers: "list[BulkAnswer]") -> bytes:
    from generator.layout.units import Mm
    from generator.render.xlsx import Column, RosterSheet, render

    heads = (("place", 40), ("number", 46), ("decision", 26), ("scope", 26), ("by", 50), ("sentence", 120))
    columns = tuple(Column(message("registry", f"bulk.{name}"), Mm(width)) for name, width in heads)
    rows = [_cells(one) for one in answers]
    title = message("registry", "bulk.title")
    return render([RosterSheet(name=title, title=title, columns=columns, rows=rows)], title=title)


def _cells(one: "BulkAnswer") -> tuple[str, ...]:
    shown = one.as_dict()
    decision = message("registry", f"usable.{one.usable or 'not_asked'}")
    texts = [shown.get(name) or "" for name in ("scope", "by", "message")]
    return (one.row.place, str(shown.get("number") or ""), decision, *map(str, texts))
