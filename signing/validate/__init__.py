"""Validation (核验): any bytes in, a typed report in numbered steps out; hostile files in a limited child process.

Importing this is cheap; the parsers are loaded by the first examination, or only in the child.
"""

from datetime import datetime

from signing.trust import TrustAnchors
from signing.validate.case import Limits, PageCheck, PageComparison
from signing.validate.report import Code, FileReport, Outcome, Step, StepName, Verdict
from signing.validate.sandbox.isolated import ValidationPool, validate_isolated

__all__ = [
    "Code",
    "FileReport",
    "Limits",
    "Outcome",
    "PageCheck",
    "PageComparison",
    "Step",
    "StepName",
    "ValidationPool",
    "Verdict",
    "validate",
    "validate_isolated",
]


def validate(
    data: bytes,
    trust: TrustAnchors,
    known_hash: bool | None = None,
    *,
    page_check: PageCheck | None = None,
    now: datetime | None = None,
    limits: Limits | None = None,
) -> FileReport:
    """Examine any bytes in this process, where every exception is a verdict too.

    For files of strangers use `validate_isolated`, which also bounds time and memory. `known_hash` says whether the
    register knows this file's SHA-256 (None: it was not asked).
    """
    from signing.validate.sandbox.guarded import validate_guarded

    return validate_guarded(data, trust, known_hash, page_check=page_check, now=now, limits=limits)
