"""Commands of the signing room."""

import click

COMMANDS: tuple[click.Command, ...] = ()
