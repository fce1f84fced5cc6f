"""`zhicheng verify`: the three answers for each file."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from cli.console import EXIT_BAD, Context, emit_json, json_option, pass_context, track
from core.message import message

if TYPE_CHECKING:
    from registry.verification.answers import Verification

MANY: Final = 10  # files, from which a progress bar is of use


@click.command("verify")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@json_option
@pass_context
def verify_command(ctx: Context, files: tuple[Path, ...], as_json: bool) -> None:
    """核验证书文件，或文件夹中（含下级）的全部 PDF：文件、登记、使用范围三项结论；全部真实有效时退出码为0。"""
    files = tuple(_pdfs(ctx, files))
    results = _verify(ctx, files)
    if as_json:
        emit_json(
            {"results": [one.as_dict(ctx.lang, str(path)) for path, one in zip(files, results, strict=True)]}
        )
    else:
        for path, one in zip(files, results, strict=True):
            _tell(ctx, path, one)
    if any(one.verdict != "genuine" for one in results):
        raise SystemExit(EXIT_BAD)


def _verify(ctx: Context, files: tuple[Path, ...]) -> list["Verification"]:
    from registry.register import Register
    from registry.verification.verifier import Verifier

    with Register.open(ctx.home) as register:
        verifier = Verifier(register)
        label = message("registry", "verify.progress", ctx.lang)
        paths = track(files, label, len(files)) if len(files) >= MANY else files
        return [verifier.verify_file(path.read_bytes()) for path in paths]


def _pdfs(ctx: Context, given: tuple[Path, ...]) -> Iterator[Path]:
    """The files that are meant: of a folder every PDF below it, in the order of their names."""
    for path in given:
        if not path.is_dir():
            yield path
            continue
        found = sorted(one for one in path.rglob("*") if one.suffix.lower() == ".pdf" and one.is_file())
        if not found:
            raise click.BadParameter(message("registry", "verify.no_pdfs", ctx.lang, path=path))
        yield from found


def _tell(ctx: Context, path: Path, one: "Verification") -> None:
    ctx.say("registry", f"verdict.{one.verdict}", path=path)
    ctx.say("registry", "verify.file", answer=one.file.sentence(ctx.lang))
    if one.file.signer and one.file.signed_at and one.file.level:
        said = {"signer": one.file.signer, "at": one.file.signed_at, "level": one.file.level}
        ctx.say("registry", "verify.signer", **said)
    elif one.file.signer:
        ctx.say("registry", "verify.claimed_signer", signer=one.file.signer)
    ctx.say("registry", "verify.register", answer=one.register.sentence(ctx.lang))
    ctx.say("registry", "verify.recognition", answer=one.recognition.sentence(ctx.lang))
