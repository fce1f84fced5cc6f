"""`zhicheng region case`: open cases of recognition; `region deliver` and `region receive`: messages about exchanges."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import EXIT_BAD, Context, emit_json, json_option, pass_context
from core.message import message

if TYPE_CHECKING:
    from registry.recognition.answer import RecognitionAnswer
    from registry.recognition.cases.model import Applicant, Case, Expert

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
YES, NO = "同意", "不同意"


@click.group("case")
def case_group() -> None:
    """互认事项：须由人处理的核对和重新确认（细则第五十七条）。"""


@case_group.command("open")
@click.option("--region", default="", help="原发证地区代码（6 位）。")
@click.option(
    "--paper", is_flag=True, help="只有纸质证书、无处可查的：不作网上核验，用 --office 写明发证机关。"
)
@click.option("--office", default="", help="纸质证书上的发证机关。")
@click.option("--number", required=True, help="原证书编号。")
@click.option("--name", required=True, help="姓名。")
@click.option("--id-number", required=True, envvar="ZHICHENG_ID_NUMBER", help="证件号码。")
@click.option("--level", required=True, help="资格等级，如 副高级。")
@click.option("--title", default="", help="职称名称。")
@click.option("--note", default="", help="不能网上核验的情况说明。")
@click.option("--anyway", is_flag=True, help="即使网上核验可用也登记。")
@json_option
@pass_context
def case_open(
    ctx: Context,
    region: str,
    paper: bool,
    office: str,
    number: str,
    name: str,
    id_number: str,
    level: str,
    title: str,
    note: str,
    anyway: bool,
    as_json: bool,
) -> None:
    """登记一份重新确认申请；先自动核验，网上可用的不必重新确认。"""
    from registry.log.events import system_actor
    from registry.recognition.answer import Usable
    from registry.recognition.cases.model import Applicant, CaseKind
    from registry.recognition.cases.store import open_case
    from registry.register import Register

    if bool(region) == paper or bool(office) != paper:
        raise click.UsageError(message("registry", "cases.paper_or_region", ctx.lang))
    applicant = Applicant(name, id_number, region, number, level, title, note, office)
    with Register.open(ctx.home) as register:
        answer = _asked(ctx, applicant)
        if answer.code in (Usable.IN_REGION, Usable.IN_LEAGUE, Usable.NOT) and not anyway:
            if as_json:
                told = message(
                    "registry", "cases.already_usable", ctx.lang, message=answer.sentence(ctx.lang)
                )
                emit_json({"case": None, "recognition": str(answer.code), "message": told})
            else:
                ctx.say("registry", "cases.already_usable", message=answer.sentence(ctx.lang))
            raise SystemExit(EXIT_BAD)
        case = open_case(register, CaseKind.RECONFIRM, applicant, system_actor(), answer)
    if as_json:
        emit_json(case.as_dict())
    else:
        kind = message("registry", f"case_kinds.{case.kind}", ctx.lang)
        ctx.say("registry", "cases.opened", id=case.id, kind=kind, region=applicant.place, number=number)


@case_group.command("list")
@click.option("--all", "everything", is_flag=True, help="连同已办结的。")
@json_option
@pass_context
def case_list(ctx: Context, everything: bool, as_json: bool) -> None:
    """列出待办事项和下一步做什么。"""
    from registry.recognition.cases.store import list_cases
    from registry.register import Register

    with Register.open(ctx.home) as register:
        cases = list_cases(register, only_open=not everything)
    if as_json:
        emit_json([one.as_dict() for one in cases])
        return
    for one in cases:
        shown = one.as_dict()
        words = {
            "state": message("registry", f"case_states.{one.state}", ctx.lang),
            "kind": message("registry", f"case_kinds.{one.kind}", ctx.lang),
            "todo": todo(one, ctx.lang),
            "region": one.applicant.place,
        }
        ctx.say("registry", "cases.line", **{**shown, **words})
    if not cases:
        ctx.say("registry", "cases.none")


@case_group.command("review")
@click.argument("case_id", type=int)
@click.option(
    "--expert", "experts", multiple=True, required=True, help="姓名,职称,同意或不同意[,意见]；不少于 3 个。"
)
@json_option
@pass_context
def case_review(ctx: Context, case_id: int, experts: tuple[str, ...], as_json: bool) -> None:
    """登记专家组的意见（保密）。"""
    from registry.log.events import system_actor
    from registry.recognition.cases.store import review
    from registry.register import Register

    given = [_expert(one) for one in experts]
    with Register.open(ctx.home) as register:
        case = review(register, case_id, given, system_actor())
    if as_json:
        emit_json(case.as_dict())
    else:
        agree = sum(one.agrees for one in case.experts)
        ctx.say("registry", "cases.reviewed", id=case.id, count=len(case.experts), agree=agree)


@case_group.command("decide")
@click.argument("case_id", type=int)
@click.option("--confirm/--refuse", "confirm", required=True, help="予以确认，或不予确认。")
@click.option("--document", required=True, help="决定的文号。")
@click.option("--opinion", default="", help="决定的理由。")
@json_option
@pass_context
def case_decide(
    ctx: Context, case_id: int, confirm: bool, document: str, opinion: str, as_json: bool
) -> None:
    """作出决定；予以确认的列入“重新确认”批次换发证书。"""
    from registry.log.events import system_actor
    from registry.recognition.cases.store import decide_case
    from registry.register import Register

    with Register.open(ctx.home) as register:
        case = decide_case(
            register, case_id, confirm=confirm, document=document, opinion=opinion, actor=system_actor()
        )
    if as_json:
        emit_json(case.as_dict())
    else:
        state = message("registry", f"case_states.{case.state}", ctx.lang)
        ctx.say("registry", "cases.decided", id=case.id, state=state, document=document)


@click.command("deliver")
@click.option("--all", "everything", is_flag=True, help="不等下次时间，立即全部再送。")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="写入文件夹（U 盘），不联网。")
@json_option
@pass_context
def region_deliver(ctx: Context, everything: bool, folder: Path | None, as_json: bool) -> None:
    """把换发告知送达原地区，未收到回执的按时再送。"""
    from registry.recognition.cases.outbox import deliver, write_letters
    from registry.register import Register

    with Register.open(ctx.home) as register:
        if folder is not None:
            count = write_letters(register, folder)
            if as_json:
                emit_json({"written": count, "folder": str(folder)})
            else:
                ctx.say("registry", "cases.written", count=count)
            return
        done = deliver(register, now_or_never=everything)
    names = ("case_id", "region", "attempts", "next_at", "problem", "delivered_at")
    rows = [{name: getattr(one, name) for name in names} for one in done]
    if as_json:
        emit_json(rows)
    else:
        for row in rows:
            ctx.say("registry", "cases.delivered" if row["delivered_at"] else "cases.not_delivered", **row)
        if not rows:
            ctx.say("registry", "cases.nothing_waits")
    if any(not row["delivered_at"] for row in rows):
        raise SystemExit(EXIT_BAD)


@click.command("receive")
@click.argument("folder", type=FOLDER)
@pass_context
def region_receive(ctx: Context, folder: Path) -> None:
    """从文件夹（U 盘）收取其他地区的换发告知和回执；给告知写出签名回执。"""
    from registry.recognition.cases.outbox import read_folder
    from registry.register import Register
    from signing.authority.opening import open_authority

    with Register.open(ctx.home) as register:
        taken, receipts, refused = read_folder(register, open_authority(ctx.home).service, folder)
    ctx.say("registry", "cases.taken", taken=taken, receipts=receipts, refused=refused)
    if refused:
        raise SystemExit(EXIT_BAD)


def todo(case: "Case", lang: str) -> str:
    """What is to be done next, as a sentence."""
    key = f"todo_open_{case.kind}" if str(case.state) == "open" else f"todo_{case.state}"
    if key == "todo_exchanged" and case.applicant.office:
        key = "todo_exchanged_paper"
    return message("registry", f"cases.{key}", lang, id=case.id, successor=case.successor)


def _asked(ctx: Context, one: "Applicant") -> "RecognitionAnswer":
    """The machine's answer; what is on paper only is not asked for."""
    from registry.recognition.recogniser import Claim, Recogniser

    recogniser = Recogniser(ctx.home)
    if one.office:
        return recogniser.on_paper(one.office, one.level).answer
    claim = Claim(number=one.number, name=one.name, id_number=one.id_number, level=one.level)
    return recogniser.recognise(one.region, claim).answer


def _expert(text: str) -> "Expert":
    from registry.recognition.cases.model import Expert

    parts = [part.strip() for part in text.replace("，", ",").split(",", 3)]
    if len(parts) < 3 or not parts[0] or parts[2] not in (YES, NO):
        raise click.BadParameter(message("registry", "cases.expert_form", text=text), param_hint="--expert")
    return Expert(parts[0], parts[1], parts[2] == YES, parts[3] if len(parts) > 3 else "")
