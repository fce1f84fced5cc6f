"""What a validation answers: verdict, stable code, numbered steps, and what was read on the way."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from core.message import message


class Verdict(StrEnum):
    """The four answers about a file."""

    GENUINE = "genuine"
    TAMPERED = "tampered"
    FOREIGN = "foreign"
    UNREADABLE = "unreadable"


class Code(StrEnum):
    """Why. Stable: programs may compare them; the sentences are in the catalogue under `file.<code>`."""

    OK = "ok"
    REGISTER_HASH = "register_hash"
    NOT_REGISTERED = "not_registered"
    REGISTER_CONTRADICTED = "register_contradicted"

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_PDF = "not_pdf"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    TOO_COMPLEX = "too_complex"
    TIME_EXCEEDED = "time_exceeded"
    MEMORY_EXCEEDED = "memory_exceeded"
    CHECKER_DIED = "checker_died"

    UNSIGNED = "unsigned"
    OWN_DOCUMENT = "own_document"
    ARCHIVE_SIGNATURE = "archive_signature"
    SIGNED_BY_OTHER = "signed_by_other"
    NOT_CERTIFIED = "not_certified"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_REVOKED = "certificate_revoked"
    CERTIFICATE_UNUSABLE = "certificate_unusable"
    REVOCATION_UNKNOWN = "revocation_unknown"
    TIMESTAMP_UNTRUSTED = "timestamp_untrusted"

    SIGNATURE_REMOVED = "signature_removed"
    SIGNATURE_DAMAGED = "signature_damaged"
    BYTES_APPENDED = "bytes_appended"
    BYTE_RANGE_FORGED = "byte_range_forged"
    PADDING_FILLED = "padding_filled"
    SECOND_SPELLING = "second_spelling"
    CONTENT_CHANGED = "content_changed"
    SIGNATURE_WRONG = "signature_wrong"
    STRUCTURE_SUSPICIOUS = "structure_suspicious"
    CHANGED_AFTER_SIGNING = "changed_after_signing"
    TIMESTAMP_WRONG = "timestamp_wrong"
    CREDENTIAL_WRONG = "credential_wrong"
    PAGE_DIFFERS = "page_differs"


_GENUINE: Final = {Code.OK, Code.REGISTER_HASH}
_UNREADABLE: Final = {
    Code.EMPTY,
    Code.TOO_LARGE,
    Code.NOT_PDF,
    Code.DAMAGED,
    Code.ENCRYPTED,
    Code.TOO_COMPLEX,
    Code.TIME_EXCEEDED,
    Code.MEMORY_EXCEEDED,
    Code.CHECKER_DIED,
}
_FOREIGN: Final = {
    Code.UNSIGNED,
    Code.OWN_DOCUMENT,
    Code.ARCHIVE_SIGNATURE,
    Code.SIGNED_BY_OTHER,
    Code.NOT_CERTIFIED,
    Code.CERTIFICATE_EXPIRED,
    Code.CERTIFICATE_REVOKED,
    Code.CERTIFICATE_UNUSABLE,
    Code.REVOCATION_UNKNOWN,
    Code.TIMESTAMP_UNTRUSTED,
}


def verdict_of(code: Code) -> Verdict:
    """The verdict that a code stands for; whatever is not listed elsewhere is tampering."""
    if code in _GENUINE:
        return Verdict.GENUINE
    if code in _UNREADABLE:
        return Verdict.UNREADABLE
    return Verdict.FOREIGN if code in _FOREIGN else Verdict.TAMPERED


class StepName(StrEnum):
    """The steps in their order; the number of a step is its place here, from 1."""

    SIZE = "size"
    FORM = "form"
    SIGNATURE = "signature"
    COVERAGE = "coverage"
    CONTENT = "content"
    STRUCTURE = "structure"
    CERTIFICATION = "certification"
    TIMESTAMP = "timestamp"
    CHAIN = "chain"
    REVOCATION = "revocation"
    CREDENTIAL = "credential"
    PAGE = "page"
    REGISTER = "register"

    @property
    def number(self) -> int:
        """Place in the order, from 1."""
        return list(StepName).index(self) + 1


class Outcome(StrEnum):
    """What a step found. `absent`: there was nothing to check; `skipped`: an earlier step ended the check."""

    PASSED = "passed"
    FAILED = "failed"
    ABSENT = "absent"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered step; `detail` is for technicians, in English."""

    name: StepName
    outcome: Outcome
    detail: str = ""

    def as_json(self) -> dict[str, Any]:
        """Number, name, outcome and detail."""
        return {
            "number": self.name.number,
            "name": self.name.value,
            "outcome": self.outcome.value,
            "detail": self.detail,
        }


@dataclass(frozen=True, slots=True)
class FileReport:
    """The answer about a file.

    `signed_at` is proven when `time_proven` (a time-stamp of a trusted authority), otherwise claimed by the signer.
    `credential` is the payload of the embedded token once it was accepted; `credential_token` the token as found.
    """

    code: Code
    size: int
    sha256: str
    steps: tuple[Step, ...] = ()
    signer: str | None = None
    signed_at: datetime | None = None
    time_proven: bool = False
    level: str | None = None
    root_fingerprint: str | None = None
    credential_token: str | None = None
    credential: Mapping[str, Any] | None = None
    detail: str = ""
    verdict: Verdict = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "verdict", verdict_of(self.code))

    @property
    def is_archived(self) -> bool:
        """Whether it is an unchanged paper under an archive key (归档): no certificate, whatever it shows."""
        return self.code is Code.ARCHIVE_SIGNATURE

    @property
    def genuine(self) -> bool:
        """Whether the verdict is `genuine`; for everything finer read `verdict` and `code`."""
        return self.verdict is Verdict.GENUINE

    def message(self, lang: str = "zh") -> str:
        """The sentence for people."""
        when = f"{self.signed_at:%Y-%m-%d}" if self.signed_at else "-"
        return message("signing", f"file.{self.code.value}", lang, signer=self.signer or "-", date=when)

    def step(self, name: StepName) -> Step | None:
        """One step by name."""
        return next((step for step in self.steps if step.name is name), None)

    def as_json(self) -> dict[str, Any]:
        """A JSON document that `from_json` reads back."""
        return {
            "verdict": self.verdict.value,
            "code": self.code.value,
            "size": self.size,
            "sha256": self.sha256,
            "steps": [step.as_json() for step in self.steps],
            "signer": self.signer,
            "signed_at": self.signed_at.isoformat() if self.signed_at else None,
            "time_proven": self.time_proven,
            "level": self.level,
            "root_fingerprint": self.root_fingerprint,
            "credential_token": self.credential_token,
            "credential": self.credential,
            "detail": self.detail,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "FileReport":
        """Read a document of `as_json`.

        Raises:
            KeyError, ValueError: it is none.
        """
        values = {name: document[name] for name in document if name not in {"verdict", "steps", "code"}}
        signed_at = document["signed_at"]
        values["signed_at"] = datetime.fromisoformat(signed_at) if signed_at else None
        steps = tuple(
            Step(StepName(one["name"]), Outcome(one["outcome"]), one["detail"]) for one in document["steps"]
        )
        return cls(code=Code(document["code"]), steps=steps, **values)


_NOT_EXAMINED: Final = _UNREADABLE - {Code.NOT_PDF, Code.DAMAGED, Code.ENCRYPTED} | {Code.REVOCATION_UNKNOWN}


def settled(found: Code, known_hash: bool | None) -> Code:
    """The rule: what is said of a file whose examination ended with `found`, given what the register says of its hash.

    A file of the own region is genuine only if the register knows the SHA-256 of exactly these bytes (issued, reissued,
    renewed, annotated copy) and every step of the examination agrees.

    - Known, and every step agrees: `register_hash`, genuine.
    - Known, and a step fails: `register_contradicted`, never genuine and an alarm, because either the register or the
      file was tampered with. Where it could not be examined (time, memory, size, no revocation list) that is said instead.
    - Not known, and every step agrees: `not_registered`, tampered. The signature is sound, but it is not the file.
    - Nobody could be asked (`None`: a trust file alone, another region's file): what the steps say. Behind the
      certification they let nothing pass but what the own extender writes; that the bytes are the registered ones is
      then neither said nor denied.
    """
    match known_hash:
        case None:
            return found
        case False:
            return Code.NOT_REGISTERED if found is Code.OK else found
        case True:
            if found is Code.OK:
                return Code.REGISTER_HASH
            return found if found in _NOT_EXAMINED else Code.REGISTER_CONTRADICTED


def failed_report(data: bytes, code: Code, known_hash: bool | None, detail: str = "") -> FileReport:
    """A report without steps, by the same rule."""
    return FileReport(
        code=settled(code, known_hash),
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        detail=detail,
    )
