"""`zhicheng certificate preview`: see a layout before it is used. The registry attaches it to its group."""

from pathlib import Path

import click

from house.console import Context, fail, pass_context
from house.errors import HouseError

CASE_NAMES = (
    "usual",
    "full_senior",
    "intermediate",
    "assistant",
    "basic",
    "long",
    "rare",
    "targeted",
    "reissued",
    "all",
)


@click.command("preview")
@click.option(
    "--layout", default="standard", show_default=True, help="版式名称（templates/certificates 下的文件名）。"
)
@click.option(
    "--case", "case_name", type=click.Choice(CASE_NAMES), default="usual", show_default=True, help="样例。"
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="存为 .pdf 或 .png。",
)
@pass_context
def preview(ctx: Context, layout: str, case_name: str, output: Path) -> None:
    """用虚构的数据查看证书版式；--case all 把各种情形拼成一张图（.png）。"""
    from generator.certificate.cases import BY_NAME
    from generator.certificate.loading import load_face
    from generator.certificate.preview import contact_sheet, preview_pdf, save_preview

    templates = ctx.home.templates
    try:
        face = load_face(layout, templates)
        if case_name == "all":
            contact_sheet(face, output, home_templates=templates)
        else:
            save_preview(preview_pdf(face, BY_NAME[case_name], home_templates=templates), output)
    except HouseError as error:
        fail(error, ctx.lang)
    ctx.say("generator", "certificate.preview.written", path=output, name=face.name)
