"""`zhicheng signatures`: sign other PDFs, look at a signature, renew archives before their time-stamp runs out."""

from pathlib import Path

import click

from cli.console import EXIT_BAD, Context, emit_json, json_option, pass_context
from core.message import message
from core.settings import write_atomically

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_ANY = click.Path(exists=True, path_type=Path)


@click.group()
def signatures() -> None:
    """文件签名：签署其他 PDF、查看签名、延展存档。"""


@signatures.command("sign")
@click.argument("file", type=_FILE)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--visible", is_flag=True, help="加盖可见印章。")
@click.option("--page", type=int, default=-1, help="印章所在页，从 0 起，-1 为末页。")
@click.option("--left", type=float, default=130.0, help="印章左边距（毫米）。")
@click.option("--bottom", type=float, default=30.0, help="印章下边距（毫米）。")
@click.option("--reason", help="签署事由。")
@pass_context
def sign(
    context: Context,
    file: Path,
    output: Path,
    visible: bool,
    page: int,
    left: float,
    bottom: float,
    reason: str | None,
) -> None:
    """以归档密钥签署一份 PDF（扫描件等）：逐页重绘为图像后签署，核验时不会被当作证书。"""
    from signing.pades.configured import sign_brought
    from signing.pades.sign import SealPlace

    place = SealPlace(page, left, bottom)
    data = sign_brought(file.read_bytes(), context.home, visible=visible, place=place, reason=reason)
    write_atomically(output, data)
    context.say("signing", "signatures.signed", path=output)


@signatures.command("check")
@click.argument("files", type=_FILE, nargs=-1, required=True)
@json_option
@click.pass_context
def check(click_context: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """只看文件本身：逐步检查签名（不查登记簿）。"""
    from signing.authority.opening import open_authority
    from signing.validate import validate_isolated

    context = click_context.find_object(Context)
    assert context is not None  # noqa: S101 - the front door always puts one there
    trust = open_authority(context.home).anchors
    reports = [(path, validate_isolated(path.read_bytes(), trust)) for path in files]
    if as_json:
        emit_json({"results": [{"path": str(path), **report.as_json()} for path, report in reports]})
    else:
        for path, report in reports:
            click.echo(f"{path}: {report.message(context.lang)}")
            for step in report.steps:
                name = message("signing", f"step.{step.name.value}", context.lang)
                outcome = message("signing", f"outcome.{step.outcome.value}", context.lang)
                click.echo(f"  {step.name.number:2}. {name}: {outcome} {step.detail}".rstrip())
    if not all(report.genuine for _, report in reports):
        click_context.exit(EXIT_BAD)
