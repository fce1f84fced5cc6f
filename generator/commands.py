"""Commands of the generator room."""

import click

from generator.documents_commands import document_group, generate_command
from generator.office.commands import template_command
from generator.text.commands import fonts_command

document_group.add_command(template_command)

COMMANDS: tuple[click.Command, ...] = (generate_command, document_group, fonts_command)
