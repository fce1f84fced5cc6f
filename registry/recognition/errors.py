"""Errors of mutual recognition."""

from core.errors import NOT_READY
from registry.errors import RegistryError


class AnswerMissing(RegistryError):
    """Raised when another region's site gave no usable answer in time; data: `code`, `reason`."""

    key = "answer_missing"
    exit_code = NOT_READY


class QueryUnavailable(RegistryError):
    """Raised when a query service gave no usable answer; data: `service`, `reason`."""

    key = "query_unavailable"
    exit_code = NOT_READY


class AnswerNotBelieved(RegistryError):
    """Raised when an answer is not signed by the region, replayed, or dated wrongly; data: `code`, `reason`."""

    key = "answer_not_believed"
