"""Pass phrases (口令) from the environment, a file or a prompt; never from the command line."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import click

from signing.errors import PassphraseMissing

UNLOCKED = "none"
PROMPT = "prompt"


@dataclass(frozen=True)
class Passphrase:
    """Where a pass phrase comes from: `none`, `prompt`, `env:NAME` or `file:PATH`.

    A prompted one is remembered in the object, so that worker processes can re-open the key; it is never shown
    and never written.
    """

    origin: str = UNLOCKED
    remembered: str | None = field(default=None, repr=False, compare=False)

    def read(self) -> str | None:
        """The pass phrase, or None when the key has none.

        Raises:
            PassphraseMissing: the variable is not set, the file cannot be read, or there is no terminal.
        """
        if self.remembered is not None:
            return self.remembered
        kind, _, rest = self.origin.partition(":")
        match kind:
            case "none":
                return None
            case "env" if rest in os.environ:
                return os.environ[rest]
            case "file":
                return self._from_file(Path(rest))
            case "prompt":
                return self._from_terminal()
            case _:
                raise PassphraseMissing(origin=self.origin)

    def resolved(self) -> "Passphrase":
        """The same with a prompted pass phrase remembered, so that nobody is asked twice."""
        return Passphrase(self.origin, self.read()) if self.origin == PROMPT else self

    def _from_file(self, path: Path) -> str:
        try:
            return path.read_text("utf-8").rstrip("\r\n")
        except OSError as error:
            raise PassphraseMissing(origin=self.origin) from error

    def _from_terminal(self) -> str:
        try:
            return str(click.prompt("口令", hide_input=True, err=True))
        except click.Abort as error:
            raise PassphraseMissing(origin=self.origin) from error
