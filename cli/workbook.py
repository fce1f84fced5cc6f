"""Commands of the input side: `workbook`, `check`, `records`."""

from pathlib import Path

import click

from cli.console import EXIT_BAD, Context, emit_json, json_option, pass_context

_KINDS = ("green", "engineering", "junior", "targeted", "farmer")
_FILE = click.Path(path_type=Path)
DEFAULT_PEOPLE, DEFAULT_SEED, MOST_PEOPLE = 36, 2025, 100_000


@click.group()
def workbook() -> None:
    """空白工作簿和样例工作簿。"""


@workbook.command("blank")
@click.argument("file", type=_FILE)
@click.option("--full", is_flag=True, help="含全部选填栏目和附加工作表。")
@click.option("--force", is_flag=True, help="文件已存在时覆盖。")
@pass_context
def blank(context: Context, file: Path, full: bool, force: bool) -> None:
    """写出空白工作簿：下拉列表、批注、文本格式的证件号码列。"""
    from records.errors import FileExists
    from records.input.workbook import write_blank

    if file.exists() and not force:
        raise FileExists(path=str(file))
    write_blank(file, full=full)
    context.say("records", "command.blank_written", path=file)


@workbook.command("sample")
@click.argument("file", type=_FILE)
@click.option("--people", type=click.IntRange(1, MOST_PEOPLE), default=DEFAULT_PEOPLE, help="人数。")
@click.option("--seed", type=int, default=DEFAULT_SEED, help="随机种子；相同的种子得到相同的数据。")
@click.option("--kind", type=click.Choice(_KINDS), default="green", help="批次种类。")
@pass_context
def sample(context: Context, file: Path, people: int, seed: int, kind: str) -> None:
    """写出虚构的、合乎规定的批次，以及照片文件夹。"""
    from records.input.workbook import write_batch
    from records.sample import Kind, sample_batch, write_photos

    batch = sample_batch(people, seed, kind=Kind(kind))
    write_batch(batch, file)
    write_photos(batch, file.resolve().parent)
    context.say("records", "command.sample_written", path=file, people=people, number=batch.number)


@workbook.command("describe")
def describe() -> None:
    """打印工作簿说明（即 docs/workbook.md）。"""
    from records.input.workbook.manual import workbook_markdown

    click.echo(workbook_markdown(), nl=False)


@click.command()
@click.argument("batch", type=_FILE)
@json_option
@click.option("--annotate", type=_FILE, help="另存一份工作簿：问题单元格着色、加批注，并附“问题清单”。")
@click.option("--only", help="只列出这些规则，编号前缀用逗号分隔，如 B-T,R-IN。")
@pass_context
def check(context: Context, batch: Path, as_json: bool, annotate: Path | None, only: str | None) -> None:
    """核对批次：逐条列出问题的位置、依据和改法；有“强制”级问题时退出码为1。"""
    from app.checking import check_batch
    from records.findings.report import findings_document, print_findings
    from records.input.workbook.annotate import annotate_file
    from records.settings import limits_of

    prefixes = tuple(part.strip() for part in (only or "").split(",") if part.strip())
    batch = context.batch_file(batch)
    checked = check_batch(context.home, batch, only=prefixes)
    if annotate:
        annotate_file(batch, checked.findings, annotate, limits_of(context.home))
    if as_json:
        emit_json(findings_document(checked))
    else:
        print_findings(checked, annotated=annotate)
    if not checked.good:
        raise SystemExit(EXIT_BAD)


@click.group()
def records() -> None:
    """批次数据的导出和导入（JSON）。"""


@records.command("export")
@click.argument("batch", type=_FILE)
@click.option("-o", "--output", type=_FILE, required=True, help=".json 或 .ndjson 文件。")
@pass_context
def export(context: Context, batch: Path, output: Path) -> None:
    """工作簿 → JSON（或一行一人的 NDJSON）。"""
    from records.input.interchange import export_batch
    from records.input.reading import read_batch
    from records.settings import limits_of

    reading = read_batch(batch, limits_of(context.home))
    export_batch(reading.batch, output)
    people = len(reading.batch.applications)
    context.say("records", "command.exported", path=output, people=people, findings=len(reading.findings))


@records.command("import")
@click.argument("source", type=_FILE)
@click.option("-o", "--output", type=_FILE, required=True, help=".xlsx 文件。")
@pass_context
def import_(context: Context, source: Path, output: Path) -> None:
    """JSON 或 NDJSON → 工作簿。"""
    from records.input.reading import read_batch
    from records.input.workbook import write_batch
    from records.settings import limits_of

    batch = read_batch(source, limits_of(context.home)).batch
    write_batch(batch, output)
    context.say("records", "command.imported", path=output, people=len(batch.applications))


@records.command("schema")
def schema() -> None:
    """打印批次 JSON 的 JSON Schema（即 docs/batch.schema.json）。"""
    from records.input.interchange import schema_text

    click.echo(schema_text(), nl=False)
