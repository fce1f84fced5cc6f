"""Commands of the registry room."""

import click

COMMANDS: tuple[click.Command, ...] = ()
