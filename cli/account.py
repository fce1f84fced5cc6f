"""`zhicheng account`: who may sign in to the workspace."""

from typing import TYPE_CHECKING, Any

import click

from cli.api_key import key_group
from cli.console import Asked, Context, emit_json, json_option, pass_context, pass_new_home
from core.message import message

if TYPE_CHECKING:
    from registry.accounts.model import Account
    from registry.register import Register

ROLES = ("operator", "reviewer", "issuer", "auditor", "admin")


@click.group("account")
def account_group() -> None:
    """工作区账户：建立、列出、停用、重置。"""


@account_group.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True, help="经办、复核、签发、审计、管理员之一。")
@json_option
@pass_new_home
def add_command(ctx: Context, name: str, role: str, as_json: bool) -> None:
    """建立账户，打印一次性密码。"""

    def work(register: "Register") -> None:
        from registry.accounts.model import Role
        from registry.accounts.store import add
        from registry.log.events import system_actor

        account, password = add(register, name, Role(role), system_actor())
        _tell_password(ctx, "added", account, password, as_json=as_json)

    ctx.with_register(work)


@account_group.command("reset")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), help="同时改换角色。")
@json_option
@pass_context
def reset_command(ctx: Context, name: str, role: str | None, as_json: bool) -> None:
    """重置账户：新的一次性密码，解除锁定和停用，关闭动态验证码。"""

    def work(register: "Register") -> None:
        from registry.accounts.model import Role
        from registry.accounts.store import reset
        from registry.log.events import system_actor

        account, password = reset(register, name, system_actor(), Role(role) if role else None)
        _tell_password(ctx, "was_reset", account, password, as_json=as_json)

    ctx.with_register(work)


@account_group.command("disable")
@click.argument("name")
@pass_context
def disable_command(ctx: Context, name: str) -> None:
    """停用账户，立即结束其全部登录。"""

    def work(register: "Register") -> None:
        from registry.accounts.store import disable
        from registry.log.events import system_actor

        account = disable(register, name, system_actor())
        ctx.say("registry", "account.disabled", name=account.name)

    ctx.with_register(work)


@account_group.command("list")
@json_option
@pass_context
def list_command(ctx: Context, as_json: bool) -> None:
    """列出全部账户。"""

    def work(register: "Register") -> None:
        from registry.accounts.store import listed

        found = listed(register)
        if as_json:
            emit_json([_document(one) for one in found])
            return
        if not found:
            ctx.say("registry", "account.none")
        for one in found:
            document = _document(one)
            state = message("registry", f"account.{document['state']}", ctx.lang)
            state += message("registry", "account.totp", ctx.lang) if one.has_totp else ""
            role = message("registry", f"roles.{one.role}", ctx.lang)
            ctx.say(
                "registry", "account.line", name=one.name, role=role, state=state, created_at=one.created_at
            )

    ctx.with_register(work)


account_group.add_command(key_group)


@account_group.command("erase-person")
@click.option(
    "--id-number",
    cls=Asked,
    prompt="证件号码",
    hide_input=True,
    help="证件号码；不写则提示输入，不留在命令历史里。",
)
@click.option("--document", default="", help="依据文书的文号或申请编号。")
@click.option("--plan", is_flag=True, help="只说明会清除什么、必须保留什么，不动数据。")
@json_option
@pass_context
def erase_command(ctx: Context, id_number: str, document: str, plan: bool, as_json: bool) -> None:
    """清除一个人的信息：能清除的清除，必须保留的逐项说明理由。"""

    def work(register: "Register") -> None:
        from registry.log.events import system_actor
        from registry.privacy.erasing import erase_person

        done = erase_person(register, id_number, system_actor(), document, plan=plan)
        removed = {
            str(one): (count, message("registry", f"erased.{one}", ctx.lang))
            for one, count in done.removed.items()
        }
        kept = {
            str(one): (count, message("registry", f"erase_kept.{one}", ctx.lang))
            for one, count in done.kept.items()
        }
        if as_json:
            shown = {
                name: [
                    {"code": code, "count": count, "message": text} for code, (count, text) in part.items()
                ]
                for name, part in (("removed", removed), ("kept", kept))
            }
            emit_json({"planned": plan, "applications": done.applications, **shown})
            return
        ctx.say("registry", "erasing.planned" if plan else "erasing.done", count=done.applications)
        for count, text in removed.values():
            ctx.say("registry", "erasing.removed", count=count, text=text)
        for count, text in kept.values():
            ctx.say("registry", "erasing.kept", count=count, text=text)

    ctx.with_register(work)


def _tell_password(ctx: Context, key: str, account: "Account", password: str, *, as_json: bool) -> None:
    if as_json:
        emit_json({**_document(account), "one_time_password": password})
        return
    role = message("registry", f"roles.{account.role}", ctx.lang)
    ctx.say("registry", f"account.{key}", name=account.name, role=role)
    ctx.say("registry", "account.one_time", password=password)


def _document(account: "Account") -> dict[str, Any]:
    from registry.accounts.store import state_of

    return {
        "name": account.name,
        "role": str(account.role),
        "state": state_of(account),
        "two_step": account.has_totp,
        "created_at": account.created_at,
    }
