"""The examination: thirteen numbered steps, the first that fails settles the verdict.

Every step agrees when the first signature covers the file wholly, is a certification that forbids changes, leads to a
pinned root at the proven moment, and nothing came after it but what the own extender writes. What that is worth is
decided by the rule, `report.settled`, together with the register. Never only because some signature is intact, and never by an archive key.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from signing.trust import TrustAnchors, fingerprint
from signing.validate.case import Case, Limits, PageCheck, Stop, absent, passed
from signing.validate.report import Code, FileReport, Outcome, Step, StepName, settled
from signing.validate.steps.embedded import check_credential
from signing.validate.steps.on_bytes import (
    check_content,
    check_coverage,
    check_form,
    check_signature,
    check_size,
)
from signing.validate.steps.on_document import check_certification, check_structure
from signing.validate.steps.on_trust import check_chain, check_revocation, check_timestamps


def check_page(case: Case) -> Step:
    """12. The page shows what the credential says."""
    if case.page_check is None or case.credential is None:
        return absent(StepName.PAGE)
    found = case.page_check(case.data, case.credential)
    if not found.agrees:
        raise Stop(Code.PAGE_DIFFERS, found.detail)
    return passed(StepName.PAGE, found.detail)


STEPS: Final[tuple[tuple[StepName, Callable[[Case], Step]], ...]] = (
    (StepName.SIZE, check_size),
    (StepName.FORM, check_form),
    (StepName.SIGNATURE, check_signature),
    (StepName.COVERAGE, check_coverage),
    (StepName.CONTENT, check_content),
    (StepName.STRUCTURE, check_structure),
    (StepName.CERTIFICATION, check_certification),
    (StepName.TIMESTAMP, check_timestamps),
    (StepName.CHAIN, check_chain),
    (StepName.REVOCATION, check_revocation),
    (StepName.CREDENTIAL, check_credential),
    (StepName.PAGE, check_page),
)


def validate(
    data: bytes,
    trust: TrustAnchors,
    known_hash: bool | None = None,
    *,
    page_check: PageCheck | None = None,
    now: datetime | None = None,
    limits: Limits | None = None,
) -> FileReport:
    """Examine any bytes in this process; for files of strangers use `validate_isolated`.

    `known_hash` says whether the register knows this file's SHA-256 (None: it was not asked).

    Raises:
        Exception: whatever a parser raises on hostile input; `validate_isolated` turns it into a verdict.
    """
    case = Case(data, trust, now or datetime.now(UTC), known_hash, page_check, limits or Limits())
    steps: list[Step] = []
    code, detail = Code.OK, ""
    for name, check in STEPS:
        try:
            steps.append(check(case))
        except Stop as stop:
            code, detail = stop.code, stop.detail
            steps.append(Step(name, Outcome.FAILED, f"{code.value} {detail}".strip()))
            break
    if code is Code.OK and case.archived:
        code = Code.ARCHIVE_SIGNATURE
    steps += [Step(name, Outcome.SKIPPED) for name, _ in STEPS[len(steps) :]]
    steps.append(_register_step(known_hash))
    return _report(case, settled(code, known_hash), detail, steps)


def _register_step(known_hash: bool | None) -> Step:
    """13. The register knows the file's hash."""
    match known_hash:
        case True:
            return passed(StepName.REGISTER, "hash known")
        case False:
            return absent(StepName.REGISTER, "hash not known")
        case None:
            return absent(StepName.REGISTER, "not asked")


def _report(case: Case, code: Code, detail: str, steps: list[Step]) -> FileReport:
    return FileReport(
        code=code,
        size=len(case.data),
        sha256=hashlib.sha256(case.data).hexdigest(),
        steps=tuple(steps),
        signer=case.signer,
        signed_at=case.proven_at or case.claimed_at,
        time_proven=case.proven_at is not None,
        level=case.level,
        root_fingerprint=fingerprint(case.path[-1]) if case.path else None,
        credential_token=case.token,
        credential=case.credential,
        detail=detail,
    )
