"""Brings a batch of the workspace to a stage without doing the work, for tests that are about what comes afterwards."""

from __future__ import annotations

from collections.abc import Mapping

from registry.accounts.model import Account, Role
from registry.jobs import store as jobs
from registry.jobs.store import JobState
from registry.register import Register
from registry.workspace import store
from registry.workspace.model import Act, Stage


def move(register: Register, who: Mapping[Role, Account], work: int, stage: Stage) -> None:
    """To `generated` (without documents), `submitted` or `approved`, by those who have to do it."""
    job = store.start_job(register, work, Act.GENERATE, who[Role.OPERATOR], 1)
    store.end_job(register, work, Stage.GENERATED, {"documents": 0, "draft": False, "print": False})
    jobs.finish(register, job, JobState.DONE)
    if stage in (Stage.SUBMITTED, Stage.APPROVED):
        store.take_step(register, work, Act.SUBMIT, who[Role.OPERATOR])
    if stage is Stage.APPROVED:
        store.take_step(register, work, Act.APPROVE, who[Role.REVIEWER], "材料齐全，同意")
