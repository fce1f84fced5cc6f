"""The three answers of a verification, kept apart: the file, the register, recognition. Never one green tick for all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from core.message import DEFAULT_LANGUAGE, message
from registry.clock import beijing_minute, local_day, moment_of
from registry.model import Certificate
from registry.recognition import RecognitionAnswer

ARCHIVED: Final = "archive_signature"
"""The validator's code of a paper that an archive key signed."""


class Verdict(StrEnum):
    """The overall verdict of `verify --json`; a good answer is GENUINE of a file, REGISTERED where there was none."""

    GENUINE = "genuine"
    REGISTERED = "registered"
    TAMPERED = "tampered"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    SUPERSEDED = "superseded"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"


def good(file: "FileCode") -> Verdict:
    """The verdict of a valid certificate: without a file in hand nothing was found genuine."""
    return Verdict.REGISTERED if file is FileCode.NOT_PRESENTED else Verdict.GENUINE


class FileCode(StrEnum):
    """What the file itself says."""

    REGISTERED = "registered"
    INTACT = "intact"
    TAMPERED = "tampered"
    FOREIGN = "foreign"
    UNREADABLE = "unreadable"
    NOT_PRESENTED = "not_presented"


class RegisterCode(StrEnum):
    """What the register says; the copy codes are those of annotated copies (加注件)."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"
    COPY_EXPIRED = "copy_expired"
    COPY_REVOKED = "copy_revoked"


NOT_REGISTERED: Final = "not_registered"
_OWN_SENTENCES = (
    NOT_REGISTERED,
    "register_contradicted",
    "unsigned",
    "own_document",
    "signature_removed",
    "encrypted",
    "not_pdf",
)
"""Reasons that say more than the code: `tampered` would be only half of it."""


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """The first answer. `reason` is the validator's own stable code; `steps` its numbered steps."""

    code: FileCode
    signer: str | None = None
    signed_at: str | None = None
    level: str | None = None
    reason: str | None = None
    sha256: str | None = None
    steps: tuple[Mapping[str, Any], ...] = ()

    def sentence(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The sentence for people."""
        key = self.reason if self.reason in _OWN_SENTENCES else self.code
        if self.is_archived:
            key = "archived"
        elif self.code is FileCode.NOT_PRESENTED and self.reason:
            key = "credential_refused"
        return message("registry", f"file.{key}", lang, signer=self.signer or "")

    @property
    def is_archived(self) -> bool:
        """Whether it is an unchanged paper of this authority (归档): a scan, a receipt, a report; no certificate."""
        return self.reason == ARCHIVED

    @property
    def message(self) -> str:
        """The Chinese sentence."""
        return self.sentence()

    @property
    def sound(self) -> bool:
        """Whether this region signed these bytes and the register does not know them: a receipt or a report, perhaps."""
        return self.reason == NOT_REGISTERED

    def as_dict(self, lang: str = DEFAULT_LANGUAGE) -> dict[str, Any]:
        """As `verify --json` shows it."""
        return {
            "code": str(self.code),
            "message": self.sentence(lang),
            "signer": self.signer,
            "signed_at": self.signed_at,
            "level": self.level,
            "reason": self.reason,
            "sha256": self.sha256,
            "steps": [dict(step) for step in self.steps],
        }


@dataclass(frozen=True, slots=True)
class RegisterAnswer:
    """The second answer. `certificate` is what the register holds; None when it knows nothing."""

    code: RegisterCode
    certificate: Certificate | None = None
    data: Mapping[str, object] = field(default_factory=dict)

    @property
    def number(self) -> str | None:
        """The certificate number."""
        return self.certificate.number if self.certificate else None

    @property
    def superseded_by(self) -> str | None:
        """Number of the certificate that took this one's place."""
        return self.certificate.successor if self.certificate else None

    def sentence(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The sentence for people; another region's register is named."""
        if "region" not in self.data:
            return message("registry", f"register.{self.code}", lang, **self._values())
        text = message("registry", f"foreign_register.{self.code}", lang, **self._values())
        if "listed_at" not in self.data:
            return text
        made_at = beijing_minute(moment_of(str(self.data["listed_at"])))
        return message("registry", "foreign_register.listed", lang, answer=text, made_at=made_at)

    @property
    def message(self) -> str:
        """The Chinese sentence."""
        return self.sentence()

    def as_dict(self, lang: str = DEFAULT_LANGUAGE) -> dict[str, Any]:
        """As `verify --json` shows it; the name is masked (姓名脱敏), there is no ID number."""
        certificate = self.certificate
        return {
            "code": str(self.code),
            "message": self.sentence(lang),
            "number": self.number,
            "licence_id": certificate.licence_id if certificate else None,
            "version": certificate.version if certificate else None,
            "issued_at": certificate.issued_at if certificate else None,
            "state_at": certificate.state_at if certificate else None,
            "superseded_by": self.superseded_by,
            "facts": public_facts(certificate) if certificate else None,
            **self.data,
        }

    def _values(self) -> dict[str, object]:
        certificate = self.certificate
        return {
            "number": self.number or "",
            "day": local_day(moment_of(certificate.state_at)) if certificate else "",
            "successor": self.superseded_by or "",
            **self.data,
        }


@dataclass(frozen=True, slots=True)
class Verification:
    """One verification: a verdict and the three answers it was drawn from."""

    verdict: Verdict
    file: FileAnswer
    register: RegisterAnswer
    recognition: RecognitionAnswer
    checked_at: str
    region: str = ""
    """Code of the region whose certificate this is taken to be, where that is another one than this."""
    foreign_host: str = ""
    """Host of the address that the code was taken out of, where it is neither this site's nor a listed region's."""

    @property
    def certificate(self) -> Certificate | None:
        """What the register holds for it."""
        return self.register.certificate

    def as_dict(self, lang: str = DEFAULT_LANGUAGE, path: str | None = None) -> dict[str, Any]:
        """One entry of `verify --json`; `path` is left out when there was no file."""
        head = {"path": path} if path is not None else {}
        return {
            **head,
            "verdict": str(self.verdict),
            "checked_at": self.checked_at,
            "file": self.file.as_dict(lang),
            "register": self.register.as_dict(lang),
            "recognition": self.recognition.as_dict(lang),
            **({"warning": self._warning(lang)} if self.foreign_host else {}),
        }

    def _warning(self, lang: str) -> dict[str, str]:
        text = message("registry", "warning.foreign_host", lang, host=self.foreign_host)
        return {"code": "foreign_host", "host": self.foreign_host, "message": text}


def public_facts(certificate: Certificate) -> dict[str, Any]:
    """What anybody with the code may see: the name masked, no birth, no ID number."""
    facts = certificate.facts
    return {
        "name": facts.name_masked,
        "title": facts.title,
        "series": facts.series,
        "specialty": facts.specialty,
        "level": facts.level,
        "grade": facts.grade,
        "acquisition": facts.acquisition,
        "obtained_on": facts.obtained_on,
        "conferrer": facts.conferrer,
        "authority": facts.authority,
        "issued_on": facts.issued_on,
        "scope": facts.scope_name,
        "sample": facts.sample,
    }
