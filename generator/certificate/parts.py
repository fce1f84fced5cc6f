"""What the press is given and what it gives back: facts, marks, the finished file, and its two collaborators.

The signer and the seal come from outside (`signing`); the generator knows them only by these protocols.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, runtime_checkable


@runtime_checkable
class DigestSigner(Protocol):
    """Makes the CMS of a detached signature. `cms_size` is the greatest length in bytes of what it returns."""

    @property
    def cms_size(self) -> int:
        """Bytes of DER to reserve in the file."""
        ...

    def sign_digest(self, digest: bytes, signed_at: datetime) -> bytes:
        """A CMS SignedData (DER) over the SHA-256 `digest` of the byte range."""
        ...


@runtime_checkable
class SealAppearance(Protocol):
    """The visible seal (印章): PDF path operators only, origin lower left, unit point; no fonts, no transparency."""

    @property
    def width_mm(self) -> float:
        """Width in millimetres."""
        ...

    @property
    def height_mm(self) -> float:
        """Height in millimetres."""
        ...

    @property
    def content(self) -> bytes:
        """The drawing operators."""
        ...


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What the records say about one title, ready to be printed.

    `grade` is 正高级/副高级/中级/助理级/员级; `conferrer` is the 评审委员会 or, without a committee's vote, the unit that
    recognised, assessed or reconfirmed; `scope` names where a 定向评价 title may be used (None: everywhere).
    """

    application_number: str
    name: str
    sex: str
    birth: str
    identity_kind: str
    identity_masked: str
    series: str
    specialty: str
    title: str
    level: str
    grade: str
    acquisition: str
    obtained_on: date
    conferrer: str
    employer: str
    authority: str
    authority_region: str
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class IssueMarks:
    """What the register gives a certificate: its number, licence identifier, verification address and day of issue.

    `url` is what the QR code holds (`https://HOST/V/CODE`); `predecessor` is the number of the certificate that this
    one replaces.
    """

    number: str
    licence_identifier: str
    code: str
    url: str
    issued_on: date
    predecessor: str | None = None


@dataclass(frozen=True, slots=True)
class PressedCertificate:
    """A finished, signed certificate; `sha256` is the hexadecimal hash of the whole file.

    `parts` are the file's bytes in order. The first part is shared by all certificates of a plan, so that whoever
    writes the file need not copy it together first.
    """

    number: str
    parts: tuple[bytes, ...]
    sha256: str

    @property
    def data(self) -> bytes:
        """The whole file."""
        return b"".join(self.parts)
