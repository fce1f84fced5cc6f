"""The front door: the `zhicheng` command, put together from each room's own commands."""

from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from core import click_words
from core.console import JSON_WANTED, Context, fail
from core.failures import in_words
from core.message import DEFAULT_LANGUAGE, LANGUAGES
from core.settings import HOME_VARIABLE, Home

ROOMS = {
    "records": ("workbook", "check", "rules", "records"),
    "generator": ("generate", "document", "fonts"),
    "signing": ("keys", "credential"),
    "registry": (
        "issue",
        "verify",
        "signatures",
        "certificate",
        "database",
        "region",
        "account",
        "export",
        "log",
        "job",
        "worker",
        "archive",
        "progress",
        "approval",
        "integrity",
    ),
    "web": ("demo", "serve"),
}


click_words.teach()  # before anything below takes words of Click's


class FrontDoor(click.Group):
    """Loads a room only when one of its commands is called, so that each command starts fast."""

    lang, as_json = DEFAULT_LANGUAGE, False

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command that its room really has."""
        return [name for names in ROOMS.values() for name in names if self.get_command(ctx, name)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name from its room's `commands.COMMANDS`."""
        del ctx
        room = next((room for room, names in ROOMS.items() if cmd_name in names), None)
        if room is None:
            return None
        commands: tuple[click.Command, ...] = import_module(f"{room}.commands").COMMANDS
        return next((command for command in commands if command.name == cmd_name), None)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, and keep how its caller wants to be answered, for what it does not answer itself."""
        try:
            return super().invoke(ctx)
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
    ctx.obj = Context(
        Home.locate(home, founding=False), lang, _registered_batch, _documents_runner, _looked_up
    )


def _registered_batch(home: Home, number: str) -> Path | None:
    from registry.kept import from_register

    return from_register(home, number)


def _documents_runner(context: Context, cases_file: Path | None) -> AbstractContextManager[Any]:
    from registry.issue_commands import documents_runner

    return documents_runner(context, cases_file)


def _looked_up(home: Home, checked: Any, only: tuple[str, ...], approving: bool) -> Any:
    from registry.standing import looked_up

    return looked_up(home, checked, only=only, approving=approving)


def main() -> None:
    """Run the command line; whatever ends it becomes one sentence and an exit code, never a traceback."""
    try:
        cli(prog_name="zhicheng")
    except Exception as error:  # noqa: BLE001 - the last place where one can be caught
        fail(in_words(error), cli.lang, as_json=cli.as_json)


if __name__ == "__main__":
    main()
