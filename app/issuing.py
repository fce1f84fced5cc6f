"""Issue a batch (制证): the same act from the command line, the workspace, the demonstration and the second region."""

from dataclasses import dataclass
from pathlib import Path

from app.executors import Executor
from registry.applications.progress import note_batch
from registry.issuing.run import IssueReport
from registry.issuing.sources import Source
from registry.log.events import Actor
from registry.log.tree_heads import sign_head
from registry.register import Register
from registry.workspace.four_eyes import CommandAct, file_digest, take_command_step
from signing.authority.opening import open_authority


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueBatch:
    """What is to be issued, from which file, where the certificates go, and who does it.

    `approved`: the workspace has seen preparation, review and issue by three people; otherwise the register's four-eyes
    rule is asked here. Without `path` nothing is kept and no four-eyes step can be taken.
    """

    source: Source
    path: Path | None
    out: Path
    actor: Actor
    approved: bool = False


def issue_batch(register: Register, wanted: IssueBatch, executor: Executor) -> IssueReport:
    """Certificates for everybody who passed, their progress, the kept file, and a signed head of the log.

    Harmless to repeat: nobody gets two.

    Raises:
        FourEyesMissing, SameUser: earlier steps on this very file are missing, or were this user's.
        IssueRefused, BatchHeadChanged: see `registry.issuing.run.issue`.
        DatabaseNotReady, StoreNotWritable, WorkersLost, JobNotDone: run again, nothing is issued twice.
    """
    source = wanted.source
    if register.settings.four_eyes and not wanted.approved:
        digest = file_digest(wanted.path) if wanted.path else ""
        take_command_step(register, source.batch.number, digest, CommandAct.ISSUE, wanted.actor)
    report = executor.issue(register, source, wanted.path, wanted.out, wanted.actor)
    note_batch(register, source.batch, source.applications())
    sign_head(register, open_authority(register.home).service)
    return report
