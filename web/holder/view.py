"""The variables of the holder's pages."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from registry.applications.archive import scan_of
from registry.applications.progress import Mark, progress_of_certificate
from registry.certificates.annotated_copies import MOST_DAYS, MOST_LIVE
from registry.certificates.lifecycle import Reason
from registry.clock import local_day, moment_of, now
from registry.model import Certificate, Copy, Event, State
from registry.privacy.inquiries import inquiries_of
from registry.register import Register
from web.http.citations import cited
from web.http.languages import words, words_of
from web.http.wording import beijing, people_day
from web.public.page_types import Fact, Tone
from web.public.view_models import query_row, state_tone

TOLD: Final = ("issued", "suspended", "resumed", "revoked", "superseded", "annotated", "copy_revoked")


@dataclass(frozen=True)
class CertificateCard:
    """One certificate in the list; `place` counts from 1 within the session."""

    place: int
    title: str
    number: str
    obtained: str
    state: str
    tone: Tone
    meaning: str
    facts: tuple[Fact, ...]
    valid: bool


@dataclass(frozen=True)
class Happening:
    """One line of a certificate's history, in plain words."""

    at: str
    text: str
    detail: str


@dataclass(frozen=True)
class CopyCard:
    """One annotated copy; `place` counts from 1 within the certificate."""

    place: int
    purpose: str
    expires_on: str
    made_at: str
    state: str
    tone: Tone
    live: bool


@dataclass(frozen=True)
class Looked:
    """One look-up by an organisation that said who it is."""

    at: str
    organisation: str
    purpose: str
    channel: str
    number: str
    proved: bool


@dataclass(frozen=True)
class CertificatePage:
    """Everything about one certificate; `form_pages` counts the pages of the archived form, 0 when none is kept."""

    card: CertificateCard
    history: tuple[Happening, ...]
    copies: tuple[CopyCard, ...]
    may_copy: bool
    most_live: int
    most_days: int
    first_day: str
    last_day: str
    progress: tuple[Happening, ...]
    form_pages: int


def card(certificate: Certificate, place: int) -> CertificateCard:
    """The card of a certificate; its own holder sees the whole name."""
    row = query_row(certificate)
    facts = tuple(
        Fact(fact.label, certificate.facts.name, fact.code) if index == 0 else fact
        for index, fact in enumerate(row.facts)
    )
    return CertificateCard(
        place=place,
        title=certificate.facts.title,
        number=certificate.number,
        obtained=next((fact.value for fact in row.facts if fact.label == words("facts.effective_date")), ""),
        state=row.state,
        tone=state_tone(certificate.state),
        meaning=words(f"holder.meaning.{certificate.state}", successor=certificate.successor or ""),
        facts=facts,
        valid=certificate.state is State.VALID,
    )


def page(register: Register, certificate: Certificate, place: int) -> CertificatePage:
    """The page of one certificate."""
    copies = tuple(
        copy_card(copy, index) for index, copy in enumerate(register.lookup.copies_of(certificate), 1)
    )
    today = local_day(now())
    scan = scan_of(register, certificate)
    shown = card(certificate, place)
    return CertificatePage(
        card=shown,
        history=tuple(
            happening(event) for event in register.lookup.events_of(certificate) if event.kind in TOLD
        ),
        copies=copies,
        may_copy=shown.valid and sum(copy.live for copy in copies) < MOST_LIVE,
        most_live=MOST_LIVE,
        most_days=MOST_DAYS,
        first_day=today.isoformat(),
        last_day=(today + timedelta(days=MOST_DAYS)).isoformat(),
        progress=tuple(map(reached, progress_of_certificate(register, certificate).marks)),
        form_pages=scan.pages if scan else 0,
    )


def copy_card(copy: Copy, place: int) -> CopyCard:
    """The card of an annotated copy."""
    certificate_valid = copy.certificate.state is State.VALID
    expired = copy.expires_on < local_day(now()).isoformat()
    live = certificate_valid and not copy.revoked_at and not expired
    state = "revoked" if copy.revoked_at else "expired" if expired else "live" if live else "fallen"
    return CopyCard(
        place=place,
        purpose=copy.purpose,
        expires_on=copy.expires_on,
        made_at=beijing(copy.made_at),
        state=words(f"holder.copy.{state}"),
        tone="good" if live else "idle",
        live=live,
    )


def happening(event: Event) -> Happening:
    """What happened, with the decision's number and a reason where the public may know it (not an accusation)."""
    reason, clause = event.detail.get("reason"), event.detail.get("clause")
    parts = (
        words("holder.document", document=event.detail["document"]) if event.detail.get("document") else "",
        words("holder.clause", clause=cited(clause)) if clause else "",
        words_of("registry", f"reasons.{reason}") if reason and Reason(reason).public else "",
    )
    return Happening(
        at=_day(event.at),
        text=words(f"holder.event.{event.kind}"),
        detail=words("clause_separator").join(part for part in parts if part),
    )


def reached(mark: Mark) -> Happening:
    """A stage of the application and the day on which it was reached."""
    return Happening(_day(mark.at), words_of("registry", f"stages_of_progress.{mark.stage}"), mark.note)


def looked_up(register: Register, certificate: Certificate) -> tuple[Looked, ...]:
    """Who looked up any certificate of this holder, newest first."""
    return tuple(
        Looked(
            at=beijing(one.at),
            organisation=one.organisation,
            purpose=one.purpose,
            channel=words_of("registry", f"inquiry_channels.{one.channel}"),
            number=one.number,
            proved=one.channel.proved,
        )
        for one in inquiries_of(register, certificate)
    )


def _day(at: str) -> str:
    return people_day(local_day(moment_of(at)).isoformat())
