"""Own templates: `document template A102 --from official.docx` takes in a Word form, `--copy` gives a built-in template
to start from.
"""

import sys
from pathlib import Path

import click

from cli.console import EXIT_BAD, Context, emit_json, fail, json_option, pass_context
from core.settings import write_atomically
from generator.wordforms.errors import TemplateChoice, TemplateExists

ROOM = "generator"


@click.command("template")
@click.argument("document")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="本地区的 Word 表样（.docx，含占位符）。",
)
@click.option("--copy", "as_copy", is_flag=True, help="把自带模板复制到工作目录，作为修改的起点。")
@json_option
@pass_context
def template_command(
    context: Context, document: str, source: Path | None, as_copy: bool, as_json: bool
) -> None:
    """采用本地区自己的 Word 表样（先检查），或者复制自带模板自行修改。"""
    if as_copy == (source is not None):
        fail(TemplateChoice(), context.lang, as_json=as_json)
    if source is None:
        _copy(context, document, as_json=as_json)
    else:
        _adopt(context, document, source, as_json=as_json)


def _copy(context: Context, document: str, *, as_json: bool) -> None:
    from generator.documents.catalogue import CATALOGUE
    from generator.documents.compose.engine import BUILT_IN

    (entry,) = CATALOGUE.choose((document,))
    target = context.home.templates / "documents" / entry.template
    if target.exists():
        raise TemplateExists(path=str(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(target, (BUILT_IN / entry.template).read_bytes())
    if as_json:
        emit_json({"document": entry.id, "path": str(target)})
    else:
        context.say(ROOM, "office.copied", document=entry.id, path=str(target))


def _adopt(context: Context, document: str, source: Path, *, as_json: bool) -> None:
    from generator.documents.catalogue import CATALOGUE
    from generator.documents.fields import fields_of
    from generator.wordforms import adopt, form_path

    (entry,) = CATALOGUE.choose((document,))
    findings = adopt(context.home, entry.id, source, {field.name: field.sample for field in fields_of(entry)})
    path = str(form_path(context.home, entry.id))
    if as_json:
        shown = [
            {"place": finding.spot.text(context.lang), "placeholder": finding.placeholder,
             "problem": finding.problem, "detail": finding.detail, "message": finding.text(context.lang)}
            for finding in findings
        ]  # fmt: skip
        emit_json({"document": entry.id, "adopted": not findings, "path": path, "findings": shown})
    else:
        for finding in findings:
            click.echo(finding.text(context.lang))
        key, data = ("refused", {"count": len(findings)}) if findings else ("adopted", {"path": path})
        context.say(ROOM, f"office.{key}", document=entry.id, **data)
    if findings:
        sys.exit(EXIT_BAD)
