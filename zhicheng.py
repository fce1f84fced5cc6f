"""The front door: the `zhicheng` command, which loads one module of `cli` for each command."""

from importlib import import_module
from typing import Any

import click

from cli import click_words
from cli.console import JSON_WANTED, Context, fail
from core.errors import HouseError
from core.failures import in_words
from core.message import DEFAULT_LANGUAGE, LANGUAGES
from core.settings import HOME_VARIABLE, Home

COMMANDS = {
    "workbook": "workbook:workbook",
    "check": "workbook:check",
    "records": "workbook:records",
    "rules": "rules:rules_command",
    "generate": "documents:generate_command",
    "document": "documents:document_group",
    "fonts": "fonts:fonts_command",
    "keys": "keys:keys",
    "credential": "keys:credential",
    "issue": "issue:issue_command",
    "verify": "verify:verify_command",
    "signatures": "renewal:signatures",
    "certificate": "certificate:certificate_group",
    "database": "database:database_group",
    "region": "region:region_group",
    "account": "account:account_group",
    "export": "export:export_command",
    "log": "log:log_group",
    "job": "job:job_group",
    "worker": "job:worker_command",
    "archive": "archive:archive_group",
    "progress": "progress:progress_group",
    "approval": "approval:approval_group",
    "integrity": "misconduct:integrity_group",
    "demo": "serve:demo",
    "serve": "serve:serve",
    "doctor": "doctor:doctor_command",
}
"""Each command: the module of `cli` that holds it, and its name there."""

click_words.teach()  # before anything below takes words of Click's


class FrontDoor(click.Group):
    """Loads a command's module only when it is called, so that each command starts fast."""

    lang, as_json = DEFAULT_LANGUAGE, False

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order in which people meet them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; None where there is none."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"cli.{module}"), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Its errors are told here, once; what nobody foresaw, `main` tells in the same way."""
        try:
            return super().invoke(ctx)
        except HouseError as error:
            fail(error, ctx.params["lang"], as_json=ctx.meta.get(JSON_WANTED, False))
        finally:
            self.lang, self.as_json = ctx.params["lang"], ctx.meta.get(JSON_WANTED, False)


def _speak(ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    """Also what Click itself says from here on."""
    del ctx, parameter
    click_words.speak(value)
    return value


@click.group(cls=FrontDoor, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--home", envvar=HOME_VARIABLE, help="工作目录，默认 ./zhicheng-home。")
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=DEFAULT_LANGUAGE,
    is_eager=True,
    callback=_speak,
    help="提示语言。",
)
@click.version_option(package_name="zhicheng")
@click.pass_context
def cli(ctx: click.Context, home: str | None, lang: str) -> None:
    """职称评审文书、电子证书与核验。"""
    ctx.obj = Context(Home.locate(home, founding=False), lang)


def main() -> None:
    """Run the command line; whatever ends it becomes one sentence and an exit code, never a traceback."""
    try:
        cli(prog_name="zhicheng")
    except Exception as error:  # noqa: BLE001 - the last place where one can be caught
        fail(in_words(error), cli.lang, as_json=cli.as_json)


if __name__ == "__main__":
    main()
