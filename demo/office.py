"""What the demonstration prepares for the workspace: a workbook and photos of its own, and three accounts."""

from __future__ import annotations

from pathlib import Path
from shutil import make_archive
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from core.message import message

if TYPE_CHECKING:
    from cli.console import Context
    from registry.register import Register

WORKBOOK: Final = "输入/工作区练习批次.xlsx"
PHOTOS: Final = "输入/工作区练习照片.zip"
NUMBER: Final = "PC2025-LX-01"
PEOPLE: Final = 12
SEED: Final = 20250823
ACCOUNTS: Final = {"演示经办": "operator", "演示复核": "reviewer", "演示签发": "issuer"}


def prepare_office(ctx: Context, register: Register, results: Path) -> None:
    """Write the workbook to practise with, make the accounts that are not there, print their one-time passwords."""
    from records.input.workbook import write_batch
    from records.sample import sample_batch, write_photos
    from registry.accounts.errors import AccountExists
    from registry.accounts.model import Role
    from registry.accounts.store import add
    from registry.log.events import Actor

    path = results / WORKBOOK
    batch = sample_batch(PEOPLE, SEED).model_copy(update={"number": NUMBER})
    write_batch(batch, path)
    with TemporaryDirectory() as folder:
        write_photos(batch, Path(folder))
        make_archive(str(results / PHOTOS.removesuffix(".zip")), "zip", folder)
    actor = Actor(message("web", "demo.actor", ctx.lang), channel="demo")
    ctx.say("web", "demo.office", path=path)
    for name, role in ACCOUNTS.items():
        try:
            _, password = add(register, name, Role(role), actor)
        except AccountExists:
            ctx.say("web", "demo.office_known", name=name)
        else:
            ctx.say("web", "demo.office_account", name=name, password=password)
