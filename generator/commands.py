"""Commands of the generator room."""

import click

COMMANDS: tuple[click.Command, ...] = ()
