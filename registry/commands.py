"""Commands of the registry room."""

import click

from registry.account_commands import account_group
from registry.approval_commands import approval_group
from registry.archive_commands import archive_group
from registry.certificate_commands import certificate_group
from registry.database_commands import database_group
from registry.export_commands import export_command
from registry.integrity_commands import integrity_group
from registry.issue_commands import issue_command
from registry.job_commands import job_group, worker_command
from registry.log_commands import log_group
from registry.progress_commands import progress_group
from registry.region_commands import region_group
from registry.renewal_commands import signatures
from registry.verify_commands import verify_command

COMMANDS: tuple[click.Command, ...] = (
    issue_command,
    verify_command,
    certificate_group,
    database_group,
    region_group,
    export_command,
    log_group,
    job_group,
    worker_command,
    account_group,
    archive_group,
    progress_group,
    approval_group,
    integrity_group,
    signatures,
)
