"""Commands of documents: `generate`, and `document list / fields / preview`."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.console import EXIT_BAD, Context, emit_json, json_option, pass_context, progress
from cli.template import template_command
from core.message import message
from generator.errors import GeneratorError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.documents.bundle import Manifest
    from records.batch.model import Finding
    from records.input.checking import Checked

ROOM = "generator"
FORMATS = ("pdf", "docx", "xlsx")


class UnknownFormat(GeneratorError):
    """Raised when `--format` names a format that no document has; data: `format`, `known`."""

    key = "unknown_format"


def _split(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").replace("，", ",").split(",") if part.strip())


def _formats(text: str | None) -> tuple[str, ...]:
    chosen = tuple(part.lower() for part in _split(text)) or FORMATS
    for name in chosen:
        if name not in FORMATS:
            raise UnknownFormat(format=name, known="、".join(FORMATS))
    return chosen


@click.command("generate")
@click.argument("batch", type=click.Path(path_type=Path))
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="输出目录。"
)
@click.option("--only", help="只制作这些文书，如 A102,A601。")
@click.option("--format", "formats", help="格式：pdf,docx,xlsx，默认全部。")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, help="并行进程数。")
@click.option("--force", is_flag=True, help="有强制问题也制作，每页标注“草稿”。")
@click.option(
    "--cases", "cases_file", type=click.Path(path_type=Path), help="情形文件（延期、撤销、补正等的事实）。"
)
@click.option("--print", "for_print", is_flag=True, help="另外制作可直接付印的成套文件。")
@json_option
@pass_context
def generate_command(
    context: Context,
    batch: Path,
    out: Path,
    only: str | None,
    formats: str | None,
    jobs: int,
    force: bool,
    cases_file: Path | None,
    for_print: bool,
    as_json: bool,
) -> None:
    """由批次制作全部文书，写入目录并附 manifest.json。"""
    from app.checking import check_batch
    from app.documents import MakeDocuments, blocking_findings, make_documents
    from app.executors import Watch, executor_of
    from cli.issue import watching

    batch = context.batch_file(batch)
    chosen, wanted = _split(only), _formats(formats)
    checked = check_batch(context.home, batch, approving=True)
    held = {} if force else _held(checked, context, as_json=as_json)
    request = MakeDocuments(
        batch=checked.batch,
        out=out,
        photos=batch.resolve().parent,
        only=chosen,
        formats=wanted,
        draft=force,
        for_print=for_print,
        cases_file=cases_file,
        lang=context.lang,
        jobs=jobs,
        held=held,
    )
    with progress(message(ROOM, "documents.making", context.lang), 0) as bar:
        task = bar.task_ids[0]
        manifest = make_documents(
            context.home,
            request,
            executor_of(context.home, Watch(follow=watching(context))),
            started=lambda total: bar.update(task, total=total),
            step=lambda: bar.advance(task),
        )
    _report(manifest, out, context, as_json=as_json, blocked=bool(blocking_findings(checked)))


def _held(checked: "Checked", context: Context, *, as_json: bool) -> dict[str, str]:
    """People whose documents must wait; ends with exit code 1 when the whole batch must."""
    from app.documents import blocking_findings, held_people
    from app.errors import BatchRefused

    blocking = blocking_findings(checked)
    if not as_json:
        _say_findings(blocking, context)
    try:
        return held_people(checked)
    except BatchRefused as refusal:
        if as_json:
            shown = [finding.model_dump(mode="json") for finding in blocking]
            told = {"code": refusal.key, "message": refusal.diagnostics(context.lang)}
            emit_json({"error": told, "findings": shown})
        else:
            click.echo(refusal.diagnostics(context.lang), err=True)
        sys.exit(EXIT_BAD)


def _say_findings(blocking: "Iterable[Finding]", context: Context) -> None:
    for finding in blocking:
        place = (
            f"{finding.sheet}{f' 第{finding.row}行' if finding.row else ''} {finding.column or ''}".strip()
        )
        context.say(
            ROOM,
            "documents.finding",
            place=place,
            rule=finding.rule,
            clauses="、".join(finding.clauses),
            message=finding.message,
            remedy=finding.remedy,
        )


def _report(manifest: "Manifest", out: Path, context: Context, *, as_json: bool, blocked: bool) -> None:
    from generator.documents.bundle import HELD

    if as_json:
        emit_json(manifest.as_json())
    else:
        for problem in manifest.problems:
            kind = "documents.held" if problem.code == HELD else "documents.problem"
            context.say(ROOM, kind, **asdict(problem))
        for item in manifest.left_out:
            context.say(ROOM, "documents.left_out", **asdict(item))
        context.say(ROOM, "documents.done", count=manifest.made, out=str(out))
        if manifest.fonts:
            stand_ins = "、".join(f"{one.font}→{one.drawn_by}" for one in manifest.fonts)
            context.say(ROOM, "documents.fonts", fonts=stand_ins)
        if manifest.draft:
            context.say(ROOM, "documents.draft" if blocked else "documents.draft_only")
    if not manifest.complete:
        sys.exit(EXIT_BAD)


@click.group("document")
def document_group() -> None:
    """文书目录：有哪些文书、缺哪些事实、有哪些数据项。"""


document_group.add_command(template_command)


@document_group.command("list")
@click.option("--batch", "batch_file", type=click.Path(path_type=Path), help="按此批次说明哪些文书可以制作。")
@json_option
@pass_context
def list_command(context: Context, batch_file: Path | None, as_json: bool) -> None:
    """列出全部文书；给出批次时说明已具备的和缺少的事实。"""
    from generator.documents.readiness import readiness
    from records.input.reading import read_batch

    batch = read_batch(batch_file).batch if batch_file else None
    rows = readiness(batch)
    if as_json:
        emit_json({"documents": rows})
        return
    stage = ""
    for row in rows:
        if row["stage_name"] != stage:
            stage = row["stage_name"]
            click.echo(f"\n{row['stage']} {stage}")
        click.echo(_list_line(row, context.lang))


def _list_line(row: dict[str, Any], lang: str) -> str:
    if not row["made"]:
        note = message(ROOM, "documents.not_made", lang, reason=row["reason"])
    elif row["left_out"]:
        note = message(
            ROOM, "documents.not_called", lang, reason=message(ROOM, f"left_out.{row['left_out']}", lang)
        )
    elif row["missing"]:
        note = message(ROOM, "documents.missing", lang, facts="、".join(row["missing"]))
    elif row["ready"] is None:
        note = "、".join(row["outputs"])
    else:
        note = message(
            ROOM, "documents.ready" if row["count"] else "documents.blank_only", lang, count=row["count"]
        )
    return f"  {row['code']:<6}{row['name']}　{note}"


@document_group.command("fields")
@click.argument("document")
@json_option
@pass_context
def fields_command(context: Context, document: str, as_json: bool) -> None:
    """列出一种文书可用的数据项：名称、含义、样例。"""
    from app.documents import template_folders
    from generator.documents.bundle.build_document import template_names
    from generator.documents.catalogue import CATALOGUE
    from generator.documents.fields import fields_of

    (entry,) = CATALOGUE.choose((document,))
    used = template_names(entry.template, template_folders(context.home))
    rows = [
        {
            "name": field.name,
            "label": field.label,
            "scope": str(field.scope),
            "used": field.name in used,
            "sample": _sample(field.sample),
        }
        for field in fields_of(entry)
    ]
    if as_json:
        emit_json({"document": entry.id, "name": entry.name, "fields": rows})
        return
    for row in rows:
        click.echo(f"{'*' if row['used'] else ' '} {row['name']:<26}{row['label']}　{_short(row['sample'])}")


def _sample(sample: Any) -> Any:
    return sample if isinstance(sample, str | list | dict) else str(sample)


def _short(sample: Any, limit: int = 40) -> str:
    """A text cut to one line; the columns of a row whole, since a template names each of them."""
    if isinstance(sample, list) and sample and isinstance(sample[0], dict):
        return "［" + "　".join(f"{key}={_short(value, 20)}" for key, value in sample[0].items()) + "］"
    text = sample if isinstance(sample, str) else repr(sample)
    return text if len(text) <= limit else f"{text[:limit]}…"


@document_group.command("preview")
@click.argument("document")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help=".pdf、.docx、.xlsx 或 .html。",
)
@click.option(
    "--batch", "batch_file", type=click.Path(path_type=Path), help="用此批次的第一个对象；默认用虚构样例。"
)
@pass_context
def preview_command(context: Context, document: str, out: Path, batch_file: Path | None) -> None:
    """制作一份文书的预览，不需要真实数据。"""
    from app.documents import template_folders
    from generator.documents.preview import preview

    folders = template_folders(context.home)
    data = preview(document, out.suffix.lstrip("."), batch_file, folders, context.home)
    out.write_bytes(data)
    context.say(ROOM, "documents.previewed", path=str(out))


@document_group.command("gallery")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default="docs")
@pass_context
def gallery_command(context: Context, folder: Path) -> None:
    """重新生成文书样张 gallery.md（每种文书的第一页）。"""
    from generator.documents.catalogue import CATALOGUE
    from generator.documents.gallery import make_gallery

    total = len(CATALOGUE.made)
    with progress(message(ROOM, "documents.making", context.lang), total) as bar:
        for _ in make_gallery(folder):
            bar.advance(bar.task_ids[0])
    context.say(ROOM, "documents.previewed", path=str(folder / "gallery.md"))
