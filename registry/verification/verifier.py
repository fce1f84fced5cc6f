"""Verification (核验): a file or a code in, three answers out.

A file of this region is genuine only if it is byte for byte one that was registered and every step of its examination
agrees (`signing.validate.report.settled` states the rule). For files of other regions see `recognition.verifying`.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from registry import clock, recognition
from registry.audit.alarms import alarm
from registry.identifiers import is_code, normal_code
from registry.model import Certificate, Copy, State
from registry.recognition import QueryResult, RecognitionAnswer
from registry.recognition.recogniser import Recogniser
from registry.recognition.verifying import report_of_members, verify_foreign_file
from registry.register import Register
from registry.verification.answers import (
    ARCHIVED,
    FileAnswer,
    FileCode,
    RegisterAnswer,
    RegisterCode,
    Verdict,
    Verification,
    good,
)
from registry.verification.page_check import CALLED

if TYPE_CHECKING:
    from signing.keys.service_key import KeySet
    from signing.trust import TrustAnchors
    from signing.validate import FileReport

__all__ = ["FileAnswer", "RecognitionAnswer", "RegisterAnswer", "Verdict", "Verification", "Verifier"]


@dataclass(frozen=True)
class Verifier:
    """Verifies against one register. `trust` is by default what the home's own authority publishes."""

    register: Register
    trust: "TrustAnchors | None" = None

    def verify_code(self, code: str) -> Verification:
        """The register's and the recognition answer for a verification code or a scanned address."""
        normal = normal_code(code)
        file = FileAnswer(FileCode.NOT_PRESENTED)
        certificate = self.register.lookup.by_code(normal) if is_code(normal) else None
        if certificate is not None:
            return self._known(file, certificate)
        copy = self.register.lookup.copy_by_code(normal) if is_code(normal) else None
        return self._known_copy(file, copy) if copy else self._unknown(file, Verdict.UNKNOWN)

    def verify_file(self, data: bytes) -> Verification:
        """The three answers for the bytes of a file.

        1. Does the register know exactly these bytes? 2. What do structure and signature say? 3. Which certificate
        does it claim to be? 4. What does the register say of that one? 5. May it be used here?
        """
        sha256 = hashlib.sha256(data).hexdigest()
        # 1. the whole file's hash
        certificate = self.register.lookup.by_sha256(sha256)
        copy = None if certificate else self.register.lookup.copy_by_sha256(sha256)
        # 2. structure and signature
        report = self._validate(data, sha256, certificate, copy)
        file = _file_answer(report, sha256)
        if copy is not None:
            return self._known_copy(file, copy)
        if certificate is None and (report.is_archived or self._is_scan(sha256)):
            return self._paper(file)
        if file.code is FileCode.FOREIGN and (elsewhere := self._of_another_region(data, sha256)):
            return elsewhere
        # 3. the certificate that the file claims to be
        certificate = certificate or (self._claimed(report) if file.code in _CLAIMS_COUNT else None)
        # 4 and 5
        return self._known(file, certificate) if certificate else self._not_known(file)

    @cached_property
    def recogniser(self) -> Recogniser:
        """Decides on certificates of other regions."""
        return Recogniser(self.register.home)

    def _of_another_region(self, data: bytes, sha256: str) -> Verification | None:
        """The three answers when an accepted region has signed the file (互认)."""
        found = report_of_members(self.recogniser, data)
        if found is None:
            return None
        report, code = found
        return verify_foreign_file(self.recogniser, report, code, _file_answer(report, sha256))

    @property
    def keyset(self) -> "KeySet | None":
        """The published keys of this register's region."""
        return self._anchors.keyset

    @cached_property
    def _anchors(self) -> "TrustAnchors":
        if self.trust is not None:
            return self.trust
        from signing.authority.opening import open_authority

        return open_authority(self.register.home).anchors

    @cached_property
    def _anchors_of_registered(self) -> "TrustAnchors":
        if self.trust is not None:
            return replace(self.trust, strict=False)
        from signing.authority.opening import open_authority

        return open_authority(self.register.home).anchors_of_registered

    def _validate(
        self, data: bytes, sha256: str, certificate: Certificate | None, copy: Copy | None
    ) -> "FileReport":
        """Every step, also for known bytes; only the page is not read again: it is the one that the press drew."""
        from signing.validate import Code, validate_isolated

        if certificate is None and copy is None:
            return validate_isolated(data, self._anchors, known_hash=False, page_check=CALLED)
        trust = self._anchors_of_registered
        report = validate_isolated(data, trust, known_hash=True)
        if (
            report.code is Code.REGISTER_CONTRADICTED
        ):  # by now keys may have expired; they had not when it was registered
            moments = [self.register.lookup.registered_at(certificate, sha256)] if certificate else []
            moments += [copy.made_at] if copy else []
            report = validate_isolated(data, trust, known_hash=True, now=clock.moment_of(moments[0]))
        if report.code is Code.REGISTER_CONTRADICTED:
            failed = next((step for step in report.steps if step.outcome == "failed"), None)
            why = f"{failed.name} {failed.detail}" if failed else report.detail
            alarm("register_contradicted", f"sha256 {sha256}, {why}")
        return report

    def _claimed(self, report: "FileReport") -> Certificate | None:
        """The certificate whose code stands in the embedded credential; a claim only, the file answer stays."""
        from signing.credential.token import split
        from signing.errors import TokenInvalid

        payload = report.credential
        if payload is None and report.credential_token:
            try:
                payload = split(report.credential_token)[1]
            except TokenInvalid:
                return None
        code = (payload or {}).get("code")
        return self.register.lookup.by_code(code) if isinstance(code, str) and is_code(code) else None

    def _known(self, file: FileAnswer, certificate: Certificate) -> Verification:
        intact = file.code is not FileCode.TAMPERED
        answer = RegisterAnswer(RegisterCode(certificate.state), certificate)
        verdict = _file_verdict(file) or _STATE_VERDICTS.get(certificate.state, good(file.code))
        return self._done(verdict, file, answer, recognition.decide(certificate, intact=intact))

    def _known_copy(self, file: FileAnswer, copy: Copy) -> Verification:
        data = {
            "copy": {"purpose": copy.purpose, "expires_on": copy.expires_on},
            "expires_on": copy.expires_on,
        }
        certificate = copy.certificate
        if certificate.state is State.VALID and copy.revoked_at:
            answer = RegisterAnswer(RegisterCode.COPY_REVOKED, certificate, data)
        elif certificate.state is State.VALID and date.fromisoformat(copy.expires_on) < self._today():
            answer = RegisterAnswer(RegisterCode.COPY_EXPIRED, certificate, data)
        else:
            return self._with_copy(self._known(file, certificate), data)
        refused = RecognitionAnswer(recognition.Usable.NOT, QueryResult.PROVINCE_FOUND)
        return self._done(_file_verdict(file) or Verdict.REVOKED, file, answer, refused)

    def _with_copy(self, known: Verification, data: dict[str, Any]) -> Verification:
        answer = RegisterAnswer(known.register.code, known.register.certificate, data)
        return self._done(known.verdict, known.file, answer, known.recognition)

    def _not_known(self, file: FileAnswer) -> Verification:
        match file.code:
            case FileCode.UNREADABLE:
                return self._unknown(file, Verdict.UNREADABLE)
            case FileCode.FOREIGN:
                return self._unknown(file, Verdict.FOREIGN)
            case FileCode.TAMPERED:
                answer = RegisterAnswer(RegisterCode.UNKNOWN)
                return self._done(Verdict.TAMPERED, file, answer, recognition.refuse_changed_file())
            case FileCode.REGISTERED | FileCode.INTACT | FileCode.NOT_PRESENTED:
                return self._unknown(file, Verdict.UNKNOWN)

    def _is_scan(self, sha256: str) -> bool:
        """Whether it is kept as a scanned form; earlier releases signed those with the certificate key."""
        return bool(self.register.lookup.rows(_SCAN, bytes.fromhex(sha256)))

    def _paper(self, file: FileAnswer) -> Verification:
        """A paper of this authority under its archive signature: never a certificate, whatever it shows."""
        paper = replace(file, code=FileCode.FOREIGN, reason=ARCHIVED)
        refused = RecognitionAnswer(recognition.Usable.NOT, QueryResult.NOT_FOUND)
        return self._done(Verdict.FOREIGN, paper, RegisterAnswer(RegisterCode.UNKNOWN), refused)

    def _unknown(self, file: FileAnswer, verdict: Verdict) -> Verification:
        result = QueryResult.NOT_FOUND if verdict is Verdict.UNKNOWN else QueryResult.UNAVAILABLE
        answer = RegisterAnswer(RegisterCode.UNKNOWN)
        return self._done(verdict, file, answer, recognition.cannot_decide(result))

    def _done(
        self, verdict: Verdict, file: FileAnswer, answer: RegisterAnswer, recognised: RecognitionAnswer
    ) -> Verification:
        return Verification(verdict, file, answer, recognised, clock.stamp(clock.now()))

    def _today(self) -> date:
        return clock.local_day(clock.now())


_CLAIMS_COUNT = (FileCode.INTACT, FileCode.TAMPERED)  # a stranger's file may claim to be anything
_SCAN = "SELECT 1 FROM scans WHERE sha256 = ?"
_STATE_VERDICTS = {
    State.SUSPENDED: Verdict.SUSPENDED,
    State.REVOKED: Verdict.REVOKED,
    State.SUPERSEDED: Verdict.SUPERSEDED,
}


def _file_verdict(file: FileAnswer) -> Verdict | None:
    """The verdict that the file alone decides; None where the register decides."""
    match file.code:
        case FileCode.TAMPERED:
            return Verdict.TAMPERED
        case FileCode.FOREIGN:
            return Verdict.FOREIGN
        case FileCode.UNREADABLE:
            return Verdict.UNREADABLE
        case FileCode.REGISTERED | FileCode.INTACT | FileCode.NOT_PRESENTED:
            return None


_KNOWN_REASON = "register_hash"


def _file_answer(report: "FileReport", sha256: str) -> FileAnswer:
    """The validator's report in the register's words."""
    codes = {
        "genuine": FileCode.INTACT,
        "tampered": FileCode.TAMPERED,
        "foreign": FileCode.FOREIGN,
        "unreadable": FileCode.UNREADABLE,
    }
    code = FileCode.REGISTERED if str(report.code) == _KNOWN_REASON else codes[str(report.verdict)]
    return FileAnswer(
        code=code,
        signer=report.signer,
        signed_at=clock.stamp(report.signed_at) if report.signed_at else None,
        level=report.level,
        reason=str(report.code),
        sha256=sha256,
        steps=tuple(step.as_json() for step in report.steps),
    )
