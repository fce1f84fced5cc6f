"""Click's own words (headings of help, wrong usage) in the language of the program.

Click takes them from gettext, which looks for compiled files by the machine's locale. Here they come from a catalogue
like every other sentence: `messages/click.LANGUAGE.toml`, from Click's English to the language. English has no file.
"""

import tomllib
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final

import click

from core.message import DEFAULT_LANGUAGE

_FOLDER: Final = Path(__file__).resolve().parent / "messages"
_MODULES: Final = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types", "utils")
_USAGE: Final = ("[OPTIONS]", "COMMAND [ARGS]...")
_KINDS: Final = {
    kind: kind.name
    for kind in (type(click.STRING), type(click.INT), type(click.FLOAT), click.IntRange, click.FloatRange)
}
"""Kinds of values whose English names Click shows as they are."""

_language = DEFAULT_LANGUAGE


def speak(lang: str) -> None:
    """Let Click speak this language from now on, in this process."""
    global _language
    _language = lang
    for kind, name in _KINDS.items():
        kind.name = said(name)


@cache
def words(lang: str) -> dict[str, str]:
    """Click's English and what is said instead; nothing for a language without a file."""
    path = _FOLDER / f"click.{lang}.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


def said(text: str) -> str:
    """In the place of `gettext`."""
    return words(_language).get(text, text)


def counted(text: str, texts: str, number: int) -> str:
    """In the place of `ngettext`."""
    return words(_language).get(text) or (text if number == 1 else texts)


class Formatter(click.HelpFormatter):
    """Help whose line of usage speaks the language too: Click has its words there as they are."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line of usage."""
        for text in _USAGE:
            args = args.replace(text, said(text))
        super().write_usage(prog, args, prefix)


def teach() -> None:
    """Put ours in the place of gettext's, whose names Click's modules bound when they were imported."""
    for name in _MODULES:
        module = import_module(f"click.{name}")
        for bound, ours in (("_", said), ("ngettext", counted)):
            if hasattr(module, bound):
                setattr(module, bound, ours)
    click.Context.formatter_class = Formatter
    speak(DEFAULT_LANGUAGE)
