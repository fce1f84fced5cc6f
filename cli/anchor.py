"""`zhicheng region anchor`: the neutral anchor's own work, on a machine without a network and without a home."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from cli.console import Context, pass_context

FOLDER = click.Path(file_okay=False, path_type=Path)
UNLOCK_HELP = "口令来源：none、prompt、env:变量名 或 file:路径。"
folder_argument = click.argument("folder", type=FOLDER)
unlock_option = click.option("--unlock", default="none", show_default=True, help=UNLOCK_HELP)


@click.group("anchor")
def anchor_group() -> None:
    """信任锚：建立密钥，接纳、暂停、终止成员，签发互认名单。"""


@anchor_group.command("create")
@folder_argument
@click.option("--name", required=True, help="信任锚的名称。")
@unlock_option
@pass_context
def anchor_create(ctx: Context, folder: Path, name: str, unlock: str) -> None:
    """建立信任锚：在 FOLDER 中生成密钥（Ed25519）和公钥文件。"""
    from signing.keys.passphrase import Passphrase
    from signing.trustlist import create_anchor

    made = create_anchor(folder, name, Passphrase(unlock))
    ctx.say("registry", "anchor.created", path=made.public_file)


@anchor_group.command("accept")
@folder_argument
@click.argument("entry_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="从哪一天签发的证书起互认，默认今天。")
@click.option(
    "--conditions", default="{}", help="互认条件（JSON）：series、levels、issued_from、issued_until、scope。"
)
@click.option("--new-key", is_flag=True, help="已当面核对：该成员换了条目密钥。")
@pass_context
def anchor_accept(
    ctx: Context, folder: Path, entry_file: Path, since: datetime | None, conditions: str, new_key: bool
) -> None:
    """接纳一个地区的条目，或更换已有成员的条目。"""
    from registry.recognition.members import CONDITIONS
    from signing.trustlist import admit, open_anchor, read_entry

    day = since.date() if since else _today()
    anchor = open_anchor(folder)
    entry = read_entry(entry_file.read_text("utf-8").strip())
    draft = admit(anchor.draft(CONDITIONS), entry, day, _conditions(conditions, CONDITIONS), new_key=new_key)
    anchor.keep(draft)
    name, code, kid = entry.facts.name, entry.code, entry.kid
    ctx.say("registry", "anchor.admitted", name=name, code=code, kid=kid)


@anchor_group.command("suspend")
@folder_argument
@click.argument("code")
@click.option("--from", "from_day", type=click.DateTime(["%Y-%m-%d"]), help="从哪一天起，默认今天。")
@click.option("--end", "ends", is_flag=True, help="终止，而不是暂停。")
@click.option("--lift", is_flag=True, help="解除暂停。")
@pass_context
def anchor_suspend(
    ctx: Context, folder: Path, code: str, from_day: datetime | None, ends: bool, lift: bool
) -> None:
    """从某天起暂停一个成员；此前签发的证书不受影响。"""
    from registry.recognition.members import CONDITIONS
    from signing.trustlist import end, open_anchor, readmit, suspend

    act = readmit if lift else end if ends else suspend
    day = from_day.date() if from_day else _today()
    anchor = open_anchor(folder)
    anchor.keep(act(anchor.draft(CONDITIONS), code, day))
    ctx.say("registry", "anchor.noted", code=code)


@anchor_group.command("sign")
@folder_argument
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), help="名单文件。")
@click.option("--days", type=click.IntRange(1, 3660), default=180, show_default=True, help="有效天数。")
@unlock_option
@pass_context
def anchor_sign(ctx: Context, folder: Path, out: Path, days: int, unlock: str) -> None:
    """签发下一号互认名单；以前的名单保留在 FOLDER 中，只增不改。"""
    from core.settings import write_atomically
    from registry.clock import now
    from registry.recognition.members import CONDITIONS
    from signing.keys.passphrase import Passphrase
    from signing.trustlist import open_anchor

    signed = open_anchor(folder).sign(now(), timedelta(days=days), CONDITIONS, Passphrase(unlock))
    write_atomically(out, signed.token.encode("ascii"))
    count = len(signed.members)
    ctx.say("registry", "anchor.signed", sequence=signed.sequence, count=count, path=out)
    ctx.say("registry", "region.digest", digest=signed.digest)


def _conditions(text: str, known: frozenset[str]) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--conditions") from error
    if not isinstance(found, dict) or set(found) - known:
        raise click.BadParameter(text, param_hint="--conditions")
    return found


def _today() -> date:
    from registry.clock import local_day, now

    return local_day(now())
