"""Errors of the workspace."""

from registry.errors import RegistryError


class WorkspaceError(RegistryError):
    """Root of the errors of the workspace."""


class WorkUnknown(WorkspaceError):
    """Raised when there is no such batch in the workspace; data: `id`."""

    key = "work_unknown"


class StepNotPossible(WorkspaceError):
    """Raised when a batch at this stage does not allow a step; data: `act`, `stage`."""

    key = "step_not_possible"


class SamePerson(WorkspaceError):
    """Raised when one account would do two of preparing, approving and issuing; data: `act`, `earlier`."""

    key = "same_person"


class WorkBusy(WorkspaceError):
    """Raised when a job on the batch is still under way."""

    key = "work_busy"


class NotReleasable(WorkspaceError):
    """Raised when what is to be released is no open 原则 finding of the batch; data: `rule`."""

    key = "not_releasable"
