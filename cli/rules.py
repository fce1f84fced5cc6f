"""`zhicheng rules`: the list of rules, and the check list of those that people decide."""

import sys
from pathlib import Path

import click

from cli.console import EXIT_GOOD, EXIT_USAGE, Context, emit_json, json_option, pass_context
from core.settings import write_atomically


@click.command("rules")
@click.option("--group", help="只列一组：期限、评委会组成…，或规则编号中的字母 T C M E A S H X。")
@click.option("--manual", is_flag=True, help="只列需要人工核对的规则。")
@click.option(
    "--markdown", "page", type=click.Path(dir_okay=False, path_type=Path), help="写出 docs/rules.md。"
)
@json_option
@pass_context
def rules_command(
    context: Context, group: str | None, manual: bool, page: Path | None, as_json: bool
) -> None:
    """列出全部规则：编号、级别、依据、适用年度、口径；人工核对的单列清单。"""
    from records.regulation.rules.core import Decided
    from records.regulation.rules.listing import as_record, chosen, markdown

    if page is not None:
        write_atomically(page, markdown().encode())
        context.say("records", "rules.written", path=page)
        return
    found = chosen(group=group, manual=manual)
    if not found:
        context.say("records", "rules.none", group=group or "")
        sys.exit(EXIT_USAGE)
    if as_json:
        emit_json([as_record(rule) for rule in found])
        sys.exit(EXIT_GOOD)
    for rule in found:
        mark = "○" if rule.decided is Decided.BY_PEOPLE else "●"
        click.echo(
            f"{mark} {rule.id} {rule.title}〔{rule.severity}〕{'；'.join(rule.clauses)}　{rule.applies.text}"
        )
        click.echo(f"    {rule.remedy if rule.decided is Decided.BY_PEOPLE else rule.formula}")
    by_people = sum(rule.decided is Decided.BY_PEOPLE for rule in found)
    context.say(
        "records", "rules.summary", count=len(found), automatic=len(found) - by_people, manual=by_people
    )
