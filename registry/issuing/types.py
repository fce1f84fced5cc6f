"""What passes between reserving, pressing and registering: plain data that another process can be given."""

import os
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from generator.certificate.face.facts import certificate_facts
from generator.certificate.parts import CertificateFacts
from records.batch.model import Application, Batch, Channel
from records.codes import find_series
from records.input.photos import PhotoFolder
from records.regulation.authority import AUTONOMOUS_REGION, scope
from records.regulation.authority import ScopeKind as RecordsScope
from registry.clock import local_day, moment_of
from registry.issuing.numbering import FARMERS_SERIES, WAYS, Series, series_of
from registry.model import Facts, ScopeKind, canonical


@dataclass(frozen=True, slots=True)
class League:
    """The league (盟市) that a targeted title is limited to."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who is to get a certificate: facts for the face, and what only the register keeps."""

    facts: CertificateFacts
    identity_number: str | None
    phone: str | None
    photo: str | None
    series: Series
    league: League | None

    @property
    def application_number(self) -> str:
        """申报编号."""
        return self.facts.application_number

    @property
    def way(self) -> str:
        """Letter of the way in the certificate number."""
        return WAYS[self.facts.acquisition]


@dataclass(frozen=True, slots=True)
class Slot:
    """A reserved number: everything that a certificate has before it is pressed."""

    id: int
    application_id: int
    batch_id: int
    version: int
    number: str
    code: str
    licence_id: str
    list_id: int
    list_position: int
    predecessor: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One certificate to press: slot and facts, with the moment that the signature will state."""

    slot: Slot
    face: CertificateFacts
    facts: Facts
    issued_at: str
    url: str
    photo: str | None

    @property
    def moment(self) -> datetime:
        """The moment of issue."""
        return moment_of(self.issued_at)

    @property
    def day(self) -> date:
        """The day of issue in Beijing time, as printed."""
        return local_day(self.moment)


@dataclass(frozen=True, slots=True)
class Pressed:
    """A pressed certificate whose file lies in the store, ready to be registered; `level` is the file's (PAdES)."""

    order: Order
    facts: str
    credential: str
    sha256: str
    size: int
    level: str = ""

    def content(self) -> str:
        """Canonical text of everything that the register keeps unchangeably; the log binds its digest."""
        return content_of(self.row())

    def row(self) -> dict[str, Any]:
        """The unchangeable columns of the certificate's row; `sha256` is still hexadecimal."""
        slot = self.order.slot
        return {
            "id": slot.id,
            "application_id": slot.application_id,
            "batch_id": slot.batch_id,
            "version": slot.version,
            "number": slot.number,
            "code": slot.code,
            "licence_id": slot.licence_id,
            "list_id": slot.list_id,
            "list_position": slot.list_position,
            "predecessor": slot.predecessor,
            "issued_at": self.order.issued_at,
            "facts": self.facts,
            "credential": self.credential,
            "sha256": self.sha256,
            "size": self.size,
        }


@dataclass(frozen=True, slots=True)
class NotPressed:
    """An order that could not be pressed because of the person's own data; `reason` is a Chinese sentence.

    `waits`: nothing is wrong with the data, a time-stamp or revocation authority did not answer; try again later.
    """

    order: Order
    reason: str
    waits: bool = False


Outcome = Pressed | NotPressed


CONTENT_COLUMNS = (
    "id",
    "application_id",
    "batch_id",
    "version",
    "number",
    "code",
    "licence_id",
    "list_id",
    "list_position",
    "predecessor",
    "issued_at",
    "facts",
    "credential",
    "sha256",
    "size",
)


def content_of(row: dict[str, Any]) -> str:
    """The canonical text of a certificate row, as `Pressed.content` and the database check make it."""
    return canonical(row)


def kept_facts(one: Candidate, issued_on: date, *, sample: bool) -> Facts:
    """The facts as the register keeps them, out of those on the face."""
    face, league = one.facts, one.league
    return Facts(
        name=face.name,
        sex=face.sex,
        birth=face.birth,
        identity_kind=face.identity_kind,
        identity_masked=face.identity_masked,
        series=face.series,
        specialty=face.specialty,
        title=face.title,
        level=face.level,
        grade=face.grade,
        acquisition=face.acquisition,
        obtained_on=face.obtained_on.isoformat(),
        conferrer=face.conferrer,
        employer=face.employer,
        authority=face.authority,
        authority_region=face.authority_region,
        issued_on=issued_on.isoformat(),
        scope=ScopeKind.LEAGUE if league else ScopeKind.REGION,
        scope_name=league.name if league else str(RecordsScope.WHOLE_REGION),
        scope_region=league.code if league else AUTONOMOUS_REGION,
        sample=sample,
    )


def candidate(application: Application, batch: Batch, photos: PhotoFolder | None) -> Candidate:
    """A passed application as a candidate; `photos` is the folder that photo names are relative to.

    Raises:
        PhotoEscapes: the photo's name points out of that folder.
        FactsMissing: a fact without which no certificate may be made is not stated.
        AuthorityUnknown: nobody can be named who seals it.
    """
    face = certificate_facts(application, batch)
    found = find_series(face.series)
    farmer = batch.review.channel is Channel.FARMER
    number = FARMERS_SERIES if farmer else int(found.number) if found else None
    return Candidate(
        facts=face,
        identity_number=application.person.identity_number,
        phone=application.person.phone,
        photo=_photo(application.person.photo, photos),
        series=series_of(face.obtained_on, face.authority_region, face.grade, number),
        league=_league(application, batch),
    )


def _league(application: Application, batch: Batch) -> League | None:
    limit = scope(application, batch)
    if limit.region_code is None or limit.region_name is None:
        return None
    return League(limit.region_code, limit.region_name)


def _photo(reference: str | None, folder: PhotoFolder | None) -> str | None:
    if not reference or folder is None:
        return None
    path = folder.resolve(reference)
    return path if os.path.isfile(path) else None  # noqa: PTH113 - once per certificate
