"""The three answers for a PDF of another accepted region; None when no accepted region has signed it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from registry import clock
from registry.model import State
from registry.recognition.answer import Reason, Usable
from registry.recognition.recogniser import Claim, Recognised, Recogniser
from registry.verification.answers import (
    NOT_REGISTERED,
    FileCode,
    RegisterAnswer,
    RegisterCode,
    Verdict,
    Verification,
    good,
)

if TYPE_CHECKING:
    from registry.verification.answers import FileAnswer
    from signing.trust import TrustAnchors
    from signing.trustlist import TrustList
    from signing.validate import FileReport

_VERDICTS = {
    State.SUSPENDED: Verdict.SUSPENDED,
    State.REVOKED: Verdict.REVOKED,
    State.SUPERSEDED: Verdict.SUPERSEDED,
}

_OVERRULED: Mapping[Reason | None, Verdict] = {
    Reason.MISMATCH: Verdict.UNKNOWN,
    Reason.TAMPERED: Verdict.TAMPERED,
}


def report_of_members(recogniser: Recogniser, data: bytes) -> "tuple[FileReport, str] | None":
    """The report of the one member that the file says it is from, with that member's code.

    1. Has any member signed it? 2. Which one does the credential name (in a damaged file: whose signer is it)?
    3. Only that member's keys count: no region can speak for another.
    """
    from signing.validate import validate_isolated

    listing = recogniser.members.current()
    if listing is None or not listing.members:
        return None
    # 1
    report = validate_isolated(data, _joined(listing))
    if str(report.verdict) not in ("genuine", "tampered"):
        return None
    # 2 and 3
    code = _claimed(report)
    named = listing.member(code) if code else None
    for member in (named,) if named else listing.members:
        report = validate_isolated(data, member.entry.facts.trust)
        if str(report.verdict) in ("genuine", "tampered"):
            return report, member.code
    return None


def verify_foreign_file(
    recogniser: Recogniser, report: "FileReport", code: str, file: "FileAnswer"
) -> Verification | None:
    """The three answers, out of the member's report and the file answer that was made of it."""
    sha256 = file.sha256 or ""
    match str(report.verdict):
        case "genuine":
            claim = Claim(token=report.credential_token, sha256=sha256)
            found = recogniser.recognise(code, claim)
            return verification_of(found, _identified(file, found.registered))
        case "tampered" if str(report.code) == "credential_wrong":
            return verification_of(recogniser.recognise(code, Claim(token=report.credential_token)), file)
        case "tampered":
            return verification_of(recogniser.refuse_tampered(code, sha256), file)
        case _:
            return None


def _identified(file: "FileAnswer", registered: bool | None) -> "FileAnswer":
    """The file answer with what the issuing region said of the file's hash; nothing is added when it did not say."""
    if registered is None:
        return file
    if registered:
        return replace(file, code=FileCode.REGISTERED)
    return replace(file, code=FileCode.TAMPERED, reason=NOT_REGISTERED)


def verification_of(found: Recognised, file: "FileAnswer") -> Verification:
    """A decision as the three answers."""
    reason, standing = found.answer.reason, found.standing
    if found.certificate is None or standing is None:
        answer = RegisterAnswer(RegisterCode.UNKNOWN, data={"region": found.region})
        verdict = Verdict.TAMPERED if reason is Reason.TAMPERED else Verdict.UNKNOWN
    else:
        data: dict[str, object] = {"region": found.region}
        if standing.listed_at is not None:
            data["listed_at"] = clock.stamp(standing.listed_at)
        answer = RegisterAnswer(RegisterCode(standing.state), found.certificate, data)
        undecided = (
            found.answer.code is Usable.UNDECIDED
        )  # what cannot be decided is not called genuine either
        stated = _VERDICTS.get(standing.state, good(file.code))
        verdict = _OVERRULED.get(reason) or (Verdict.UNKNOWN if undecided else stated)
    return Verification(verdict, file, answer, found.answer, clock.stamp(clock.now()), found.code)


def _joined(listing: "TrustList") -> "TrustAnchors":
    first, *others = (one.entry.facts.trust for one in listing.members)
    return first.joined(*others)


def _claimed(report: "FileReport") -> str | None:
    from signing.credential.token import split
    from signing.errors import TokenInvalid

    if report.credential_token is None:
        return None
    try:
        return str(split(report.credential_token)[1].get("iss"))
    except TokenInvalid:
        return None
