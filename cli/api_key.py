"""`zhicheng account key`: keys with which machines of other organisations use the API."""

from typing import TYPE_CHECKING, Any

import click

from cli.console import Context, emit_json, json_option, pass_context
from core.message import message

if TYPE_CHECKING:
    from registry.accounts.keys import ApiKey
    from registry.register import Register

SCOPES = ("verify", "query", "bulk", "recognise")
DAYS = click.IntRange(1, 730)


@click.group("key")
def key_group() -> None:
    """接口密钥：建立、列出、更换、吊销。"""


@key_group.command("create")
@click.argument("organisation")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(SCOPES),
    multiple=True,
    default=SCOPES,
    help="可用范围，可多次给出。",
)
@click.option("--days", type=DAYS, default=365, help="有效天数，默认 365。")
@json_option
@pass_context
def create_command(
    ctx: Context, organisation: str, scopes: tuple[str, ...], days: int, *, as_json: bool
) -> None:
    """为一家单位建立密钥，只打印一次。"""

    def work(register: "Register") -> None:
        from registry.accounts.keys import Scope, create
        from registry.log.events import system_actor

        wanted = frozenset(map(Scope, scopes))
        _tell(ctx, *create(register, organisation, wanted, system_actor(), days=days), as_json=as_json)

    ctx.with_register(work)


@key_group.command("rotate")
@click.argument("number", type=int)
@click.option("--days", type=DAYS, default=365, help="新密钥的有效天数，默认 365。")
@click.option("--overlap", type=click.IntRange(0, 90), default=14, help="旧密钥还可用的天数，默认 14。")
@json_option
@pass_context
def rotate_command(ctx: Context, number: int, days: int, overlap: int, *, as_json: bool) -> None:
    """更换密钥：给出新的，旧的在规定天数后失效。"""

    def work(register: "Register") -> None:
        from registry.accounts.keys import rotate
        from registry.log.events import system_actor

        made = rotate(register, number, system_actor(), days=days, overlap_days=overlap)
        _tell(ctx, *made, as_json=as_json)

    ctx.with_register(work)


@key_group.command("revoke")
@click.argument("number", type=int)
@json_option
@pass_context
def revoke_command(ctx: Context, number: int, *, as_json: bool) -> None:
    """吊销密钥，立即失效。"""

    def work(register: "Register") -> None:
        from registry.accounts.keys import revoke
        from registry.log.events import system_actor

        key = revoke(register, number, system_actor())
        if as_json:
            emit_json(_document(key))
        else:
            ctx.say("registry", "api_key.was_revoked", number=key.id, name=key.name)

    ctx.with_register(work)


@key_group.command("list")
@json_option
@pass_context
def list_command(ctx: Context, *, as_json: bool) -> None:
    """列出全部密钥；密钥本身不保存，只显示开头几位。"""

    def work(register: "Register") -> None:
        from registry.accounts.keys import listed

        found = listed(register)
        if as_json:
            emit_json([_document(one) for one in found])
            return
        if not found:
            ctx.say("registry", "api_key.none")
        for one in found:
            state = message("registry", f"api_key.{one.state}", ctx.lang)
            ctx.say("registry", "api_key.line", **{**_document(one), "state": state})

    ctx.with_register(work)


def _tell(ctx: Context, key: "ApiKey", secret: str, *, as_json: bool) -> None:
    if as_json:
        emit_json({**_document(key), "secret": secret})
        return
    ctx.say("registry", "api_key.made", number=key.id, name=key.name, expires_at=key.expires_at)
    ctx.say("registry", "api_key.secret", secret=secret)


def _document(key: "ApiKey") -> dict[str, Any]:
    return {
        "number": key.id,
        "name": key.name,
        "hint": key.hint,
        "scopes": sorted(map(str, key.scopes)),
        "state": key.state,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "replaces": key.replaces,
    }
