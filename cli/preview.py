"""`zhicheng certificate preview`: see a layout before it is used.

The registry attaches it to its group; there `make_preview` is given the seal that issuing would use for an authority.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from cli.console import Context, pass_context
from core.settings import Home

if TYPE_CHECKING:
    from generator.certificate.cases import Case
    from generator.certificate.face.face import CertificateFace
    from generator.certificate.parts import SealAppearance

SealFor: TypeAlias = "Callable[[Home, CertificateFace, str], SealAppearance]"
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


def make_preview(seal_for: SealFor | None = None) -> click.Command:
    """The command; without `seal_for` a ring with a star stands where the seal will be."""

    @click.command("preview")
    @click.option(
        "--layout",
        default="standard",
        show_default=True,
        help="版式名称（templates/certificates 下的文件名）。",
    )
    @click.option(
        "--case",
        "case_name",
        type=click.Choice(CASE_NAMES),
        default="usual",
        show_default=True,
        help="样例。",
    )
    @click.option(
        "-o",
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        required=True,
        help="存为 .pdf 或 .png。",
    )
    @pass_context
    def command(ctx: Context, layout: str, case_name: str, output: Path) -> None:
        """用虚构的数据查看证书版式；--case all 把各种情形拼成一张图（.png）。"""
        name = _preview(ctx, layout, case_name, output, seal_for)
        ctx.say("generator", "certificate.preview.written", path=output, name=name)

    return command


def _preview(ctx: Context, layout: str, case_name: str, output: Path, seal_for: SealFor | None) -> str:
    from generator.certificate.cases import BY_NAME
    from generator.certificate.face.loading import load_face
    from generator.certificate.preview import contact_sheet, preview_pdf, save_preview

    templates = ctx.home.templates
    face = load_face(layout, templates)

    def seal_of(case: Case) -> SealAppearance | None:
        return seal_for(ctx.home, face, case.facts.authority) if seal_for else None

    if case_name == "all":
        contact_sheet(face, output, seal_of=seal_of, home_templates=templates)
    else:
        case = BY_NAME[case_name]
        save_preview(preview_pdf(face, case, seal=seal_of(case), home_templates=templates), output)
    return face.name


preview = make_preview()
