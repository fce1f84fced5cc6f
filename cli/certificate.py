"""`zhicheng certificate`: look at one certificate and change its state."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.console import Context, emit_json, json_option, pass_context
from cli.preview import make_preview
from core.message import message

if TYPE_CHECKING:
    from core.settings import Home
    from generator.certificate.face.face import CertificateFace
    from generator.certificate.parts import SealAppearance
    from registry.certificates.lifecycle import Grounds
    from registry.model import Certificate
    from registry.register import Register

REASONS = (
    "dishonesty",
    "unfiled_committee",
    "overstepped",
    "investigation",
    "investigation_closed",
    "correction",
    "reconfirmed",
    "holder_request",
    "operator_error",
    "other",
)
Options = Callable[[Callable[..., Any]], Callable[..., Any]]


@click.group("certificate")
def certificate_group() -> None:
    """查看证书，暂停、恢复、撤销、更正换发、注销、出具加注件。"""


def _preview_seal(home: "Home", face: "CertificateFace", authority: str) -> "SealAppearance":
    from registry.issuing.press_maker import preview_seal

    return preview_seal(home, face, authority)


certificate_group.add_command(make_preview(_preview_seal))


def grounds_options(default_reason: str, default_clause: str) -> Options:
    """Who, by which clause, document and reason: asked of every change of state."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        options = (
            click.option("--document", required=True, help="决定文书的文号。"),
            click.option("--clause", default=default_clause, show_default=True, help="依据条款。"),
            click.option("--reason", type=click.Choice(REASONS), default=default_reason, show_default=True),
            click.option("--note", default="", help="说明，不对外公布。"),
            click.option("--actor", default="", help="经办人姓名；默认为系统用户。"),
        )
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


@certificate_group.command("show")
@click.argument("reference")
@json_option
@pass_context
def show(ctx: Context, reference: str, as_json: bool) -> None:
    """按证书编号、核验码或电子证照标识查看证书及其全部事件。"""

    def work(register: "Register") -> None:
        from registry.certificates.report import certificate_document

        document = certificate_document(register, register.lookup.find(reference))
        if as_json:
            emit_json(document)
        else:
            _print_certificate(ctx, document)

    ctx.with_register(work)


@certificate_group.command("inquiries")
@click.argument("reference")
@json_option
@pass_context
def inquiries(ctx: Context, reference: str, as_json: bool) -> None:
    """谁查询过持证人：自报单位和用途的查询记录。"""

    def work(register: "Register") -> None:
        from registry.clock import beijing_minute, moment_of
        from registry.privacy.inquiries import inquiries_of

        found = inquiries_of(register, register.lookup.find(reference))
        if as_json:
            emit_json({"inquiries": [{name: getattr(one, name) for name in one.__slots__} for one in found]})
            return
        for one in found:
            channel = message("registry", f"inquiry_channels.{one.channel}", ctx.lang)
            told = {"local": beijing_minute(moment_of(one.at)), "channel": channel, "number": one.number}
            ctx.say("registry", "inquiry.line", organisation=one.organisation, purpose=one.purpose, **told)
        if not found:
            ctx.say("registry", "inquiry.none")

    ctx.with_register(work)


@certificate_group.command("suspend")
@click.argument("reference")
@grounds_options("investigation", "第七十二条")
@pass_context
def suspend(ctx: Context, /, reference: str, **given: str) -> None:
    """暂停：调查核实期间。"""
    from registry.certificates.lifecycle import suspend as move

    _change(ctx, lambda register: move(register, reference, _grounds(given)))


@certificate_group.command("resume")
@click.argument("reference")
@grounds_options("investigation_closed", "第七十二条")
@pass_context
def resume(ctx: Context, /, reference: str, **given: str) -> None:
    """恢复：暂停的证书经核实无误。"""
    from registry.certificates.lifecycle import resume as move

    _change(ctx, lambda register: move(register, reference, _grounds(given)))


@certificate_group.command("revoke")
@click.argument("reference")
@grounds_options("dishonesty", "第七十二条")
@click.option("--violation", default="", help="违规情形；写明则同时记入诚信档案（三年）。")
@pass_context
def revoke(ctx: Context, /, reference: str, violation: str, **given: str) -> None:
    """撤销：不可恢复。"""
    from registry.applications.misconduct import dishonesty_of
    from registry.certificates.lifecycle import revoke as move

    def work(register: "Register") -> "Certificate":
        grounds = _grounds(given)
        entry = None
        if violation:
            entry = dishonesty_of(register, register.lookup.find(reference), violation, grounds.clause)
        return move(register, reference, grounds, entry)

    _change(ctx, work)


@certificate_group.command("replace")
@click.argument("reference")
@click.argument("successor")
@grounds_options("reconfirmed", "第五十七条")
@pass_context
def replace(ctx: Context, /, reference: str, successor: str, **given: str) -> None:
    """换发注销：由另一份已发的证书取代。"""
    from registry.certificates.lifecycle import replace as move

    _change(ctx, lambda register: move(register, reference, successor, _grounds(given)))


@certificate_group.command("reissue")
@click.argument("reference")
@click.argument("batch", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="新证书的输出目录。")
@grounds_options("correction", "第五十四条")
@pass_context
def reissue(ctx: Context, /, reference: str, batch: Path, out: Path, **given: str) -> None:
    """更正换发：按批次文件中改正后的数据制发下一版，旧证书注销并指向新证书。"""
    from registry.certificates.reissue import reissue as move
    from registry.issuing.sources import open_source

    def work(register: "Register") -> "Certificate":
        return move(register, reference, open_source(batch, ctx.home), out, _grounds(given))

    _change(ctx, work)


@certificate_group.command("annotate")
@click.argument("reference")
@click.option("--purpose", required=True, help="用途，印在加注件上。")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="有效期至，最长90天；默认30天。")
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="加注件的输出目录。")
@click.option("--actor", default="", help="经办人姓名；默认为系统用户。")
@pass_context
def annotate(ctx: Context, reference: str, purpose: str, until: Any, out: Path, actor: str) -> None:
    """出具加注件：单独签章的副本，注明用途和期限。"""

    def work(register: "Register") -> None:
        from registry.certificates.annotated_copies import annotate as move
        from registry.log.events import Actor, system_actor

        who = Actor(actor) if actor else system_actor()
        last: date | None = until.date() if until else None
        copy, path = move(register, reference, purpose, out, actor=who, expires_on=last)
        ctx.say("registry", "certificate.annotated", path=path, expires_on=copy.expires_on, code=copy.code)

    ctx.with_register(work)


@certificate_group.command("revoke-copy")
@click.argument("code")
@click.option("--actor", default="", help="经办人姓名；默认为系统用户。")
@json_option
@pass_context
def revoke_copy(ctx: Context, code: str, actor: str, as_json: bool) -> None:
    """收回一份加注件（按它自己的核验码），立即生效；原证书不受影响。"""

    def work(register: "Register") -> None:
        from registry.certificates.annotated_copies import revoke_copy as move
        from registry.log.events import Actor, system_actor

        copy = move(register, code, Actor(actor) if actor else system_actor())
        if as_json:
            emit_json({"code": copy.code, "number": copy.certificate.number, "revoked_at": copy.revoked_at})
        else:
            ctx.say("registry", "certificate.copy_revoked", code=copy.code, number=copy.certificate.number)

    ctx.with_register(work)


def _grounds(given: dict[str, str]) -> "Grounds":
    from registry.certificates.lifecycle import Grounds, Reason
    from registry.log.events import Actor, system_actor

    actor = Actor(given["actor"]) if given["actor"] else system_actor()
    return Grounds(actor, given["clause"], given["document"], Reason(given["reason"]), given["note"])


def _change(ctx: Context, work: Callable[["Register"], "Certificate"]) -> None:
    def tell(register: "Register") -> None:
        from registry.log.tree_heads import sign_head
        from signing.authority.opening import open_authority

        certificate = work(register)
        sign_head(register, open_authority(ctx.home).service)
        state = message("registry", f"states.{certificate.state}", ctx.lang)
        ctx.say("registry", "certificate.changed", number=certificate.number, state=state)

    ctx.with_register(tell)


def _print_certificate(ctx: Context, document: dict[str, Any]) -> None:
    for key in ("number", "code", "licence_id", "version", "state_name", "name", "title", "issued_at", "url"):
        ctx.say("registry", f"show.{key}", value=document[key])
    if document["successor"]:
        ctx.say("registry", "show.successor", value=document["successor"])
    for event in document["events"]:
        ctx.say("registry", "show.event", at=event["at"], kind=event["name"], detail=event["summary"])
    possible = "、".join(message("registry", f"moves.{one}", ctx.lang) for one in document["possible"])
    ctx.say("registry", "show.possible", value=possible or message("registry", "moves.none", ctx.lang))
