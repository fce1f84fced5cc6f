"""Commands of the records room."""

import click

from records.input_commands import INPUT_COMMANDS
from records.rules_commands import RULES_COMMANDS

COMMANDS: tuple[click.Command, ...] = (*INPUT_COMMANDS, *RULES_COMMANDS)
