"""Commands of the web room."""

import click

COMMANDS: tuple[click.Command, ...] = ()
