"""What every command shares: the context object, exit codes, JSON output, progress, tables."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import update_wrapper
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from core.errors import HouseError
from core.message import message
from core.settings import Home

if TYPE_CHECKING:
    from registry.register import Register

EXIT_GOOD = 0
EXIT_BAD = 1
EXIT_USAGE = 2
EXIT_NOT_READY = 3

JSON_WANTED = "core.json"
"""Where a call keeps that it was asked for one JSON document."""

BATCH_SUFFIXES = (".xlsx", ".json", ".ndjson", ".jsonl")

T = TypeVar("T")


@dataclass(frozen=True)
class Context:
    """What the front door hands to every command: the home folder and the language of messages."""

    home: Home
    lang: str = "zh"

    def batch_file(self, given: Path) -> Path:
        """The file that BATCH means: itself, or the kept workbook of the registered batch of that number.

        An unpacked workbook is removed when the command ends.

        Raises:
            HouseError: the register that should know it does not answer.
        """
        if given.exists() or given.suffix.lower() in BATCH_SUFFIXES:
            return given
        from registry.issuing.source_archive import (
            from_register,  # the register is loaded only where a number is given
        )

        found = from_register(self.home, str(given))
        if found is None:
            return given
        click.get_current_context().call_on_close(lambda: rmtree(found.parent, ignore_errors=True))
        return found

    def with_register(self, work: "Callable[[Register], T]") -> T:
        """What `work` makes of the home's register, which is closed afterwards.

        Raises:
            HouseError: the register cannot be opened, or what `work` raises.
        """
        from registry.register import Register  # commands without a register load none

        with Register.open(self.home) as register:
            return work(register)

    def say(self, room: str, key: str, **data: object) -> None:
        """Print one sentence of a room's catalogue on stdout."""
        click.echo(message(room, key, self.lang, **data))


pass_context = click.make_pass_decorator(Context)


def pass_new_home(command: Callable[..., T]) -> Callable[..., T]:
    """`pass_context` for the few commands that may make a home folder where there is none; they say so."""

    @click.pass_context
    def run(ctx: click.Context, /, *given: Any, **named: Any) -> T:
        context = ctx.find_object(Context)
        assert context is not None  # noqa: S101 - the front door always puts one there
        ctx.obj = replace(context, home=replace(context.home, founding=True))
        known = context.home.exists or ctx.meta.get(JSON_WANTED)
        try:
            return ctx.invoke(command, ctx.obj, *given, **named)
        finally:  # a command that fails may have made one or not
            if not known and context.home.exists:
                click.echo(message("core", "new_home", context.lang, path=context.home.root), err=True)

    run.founds = True  # type: ignore[attr-defined]
    return update_wrapper(run, command)


def _remember(ctx: click.Context, parameter: click.Parameter, value: bool) -> bool:
    """Also for the front door, which answers for whatever a command does not."""
    del parameter
    ctx.meta[JSON_WANTED] = value
    return value


json_option = click.option(
    "--json", "as_json", is_flag=True, callback=_remember, help="只输出一个 JSON 文档。"
)


class Asked(click.Option):
    """An option that is asked for on the terminal when it is not given; on stderr, so that `--json` stays one document."""

    def prompt_for_value(self, ctx: click.Context) -> Any:
        """Ask, without showing what is typed."""
        return click.prompt(
            str(self.prompt),
            hide_input=self.hide_input,
            err=True,
            value_proc=lambda given: self.process_value(ctx, given),
        )


def emit_json(document: Any) -> None:
    """Print the one JSON document of a `--json` run."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def fail(error: HouseError, lang: str, *, as_json: bool = False) -> NoReturn:
    """End the command with the error's sentence and its exit code."""
    if as_json:
        emit_json({"error": {"code": error.key, "message": error.diagnostics(lang), **error.data}})
    else:
        click.echo(error.diagnostics(lang), err=True)
    sys.exit(error.exit_code)


@contextmanager
def progress(label: str, total: int, *, by_itself: bool = True) -> Iterator[Progress]:
    """A progress bar on stderr; silent when stderr is no terminal.

    `by_itself=False` draws it only at `update(…, refresh=True)`, without a thread of its own: for work that forks.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    quiet = not console.is_terminal
    with Progress(*columns, console=console, disable=quiet, auto_refresh=by_itself, transient=False) as bar:
        bar.add_task(label, total=total)
        yield bar


def track(items: Iterable[T], label: str, total: int) -> Iterator[T]:
    """Yield the items while a progress bar moves."""
    with progress(label, total) as bar:
        task = bar.task_ids[0]
        for item in items:
            yield item
            bar.advance(task)
