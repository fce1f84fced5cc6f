"""Commands of the records room."""

import click

COMMANDS: tuple[click.Command, ...] = ()
