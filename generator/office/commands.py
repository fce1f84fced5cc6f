"""The command that takes in a region's own Word form: `document template A102 --from official.docx`."""

import sys
from pathlib import Path

import click

from house.console import EXIT_BAD, Context, emit_json, fail, json_option, pass_context
from house.errors import HouseError

ROOM = "generator"


@click.command("template")
@click.argument("document")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    help="本地区的 Word 表样（.docx，含占位符）。",
)
@json_option
@pass_context
def template_command(context: Context, document: str, source: Path, as_json: bool) -> None:
    """检查本地区自己的 Word 表样；没有问题就采用。"""
    from generator.catalogue import CATALOGUE
    from generator.fields import fields_of
    from generator.office import adopt, form_path

    try:
        (entry,) = CATALOGUE.choose((document,))
        findings = adopt(
            context.home, entry.id, source, {field.name: field.sample for field in fields_of(entry)}
        )
    except HouseError as error:
        fail(error, context.lang, as_json=as_json)
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
