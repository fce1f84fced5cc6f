"""Errors of open cases."""

from registry.errors import RegistryError


class CaseUnknown(RegistryError):
    """Raised when there is no case of that number; data: `case`."""

    key = "case_unknown"


class CaseNotReady(RegistryError):
    """Raised when a case does not allow this step now; data: `case`, `state`, `step`."""

    key = "case_not_ready"


class TooFewExperts(RegistryError):
    """Raised when fewer than three different experts are named; data: `count`, `least`."""

    key = "too_few_experts"


class ExpertsDisagree(RegistryError):
    """Raised when a confirmation has no majority of the experts; data: `agree`, `count`."""

    key = "experts_disagree"


class SameDecider(RegistryError):
    """Raised when who noted the experts' opinions would decide too; data: `case`, `account`."""

    key = "same_decider"


class MessageRefused(RegistryError):
    """Raised when another region's message is not believed; data: `reason`."""

    key = "message_refused"
