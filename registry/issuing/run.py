"""Issuing (制发): every passed person of an approved batch gets exactly one certificate, however often it is run.

Chunk by chunk: reserve numbers (committed), press and store files, register rows and log entries (committed), hand
over. Whatever dies in between, the next run goes on where this one stopped; persons with findings are left out and
reported, the others are not held up.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from itertools import chain, starmap
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from core.errors import HouseError
from core.sentences import Sentence
from records.batch.model import Acquisition, Application, Batch, Finding
from records.input.checking import POLICY_FOLDER
from records.input.photos import PhotoFolder
from records.regulation.policy import home_policy
from registry.applications.misconduct import barred
from registry.clock import local_day, now, stamp
from registry.errors import IssueRefused, JobCancelled
from registry.issuing.batches import register_batch
from registry.issuing.delivery import Handover
from registry.issuing.gc_control import Sweep, no_sweep, sweeping
from registry.issuing.held_titles import titles_held
from registry.issuing.preconditions import check_batch, open_complaint
from registry.issuing.press_maker import certificate_maker
from registry.issuing.process_pool import press_all
from registry.issuing.produce import MakerFactory
from registry.issuing.registration import certificate_of, register_pressed
from registry.issuing.reservation import Reservation, reserve
from registry.issuing.types import Candidate, NotPressed, Order, Outcome, Pressed, Slot, candidate, kept_facts
from registry.jobs import store
from registry.jobs.store import JobState
from registry.log.clock_guard import require_clock
from registry.log.events import Actor
from registry.model import Certificate, State
from registry.recognition.cases import exchange
from registry.register import Register

if TYPE_CHECKING:
    from signing.authority.opening import Authority

Progress = Callable[[int], None]
SHOWN_REASONS: Final = 5
SHORT_CHUNK: Final = (
    256  # people: what processes share out, and where an authority is waited for a whole chunk
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A person who passed and yet got no certificate, with every reason as a sentence."""

    application_number: str
    reasons: tuple[str, ...]


@dataclass
class IssueReport:
    """What an issuing run did. `changed` names people whose records differ from their certificate: reissue those.

    `waiting` are people whose number is reserved and whose certificate needs an answer of a time-stamp or revocation
    authority; the next run makes it.
    """

    batch: str
    out: Path
    issued: int = 0
    already: int = 0
    not_passed: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    waiting: list[LeftOut] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    job: int = 0

    @property
    def complete(self) -> bool:
        """Whether everybody who passed holds a certificate that agrees with the records."""
        return not self.undone and not self.changed

    @property
    def undone(self) -> int:
        """How many people who passed got no certificate in this run."""
        return len(self.left_out) + len(self.waiting)


def issue(
    register: Register,
    batch: Batch,
    out: Path,
    *,
    actor: Actor,
    findings: Iterable[Finding] = (),
    applications: Iterable[Application] | None = None,
    photos: Path | None = None,
    jobs_wanted: int = 1,
    factory: MakerFactory = certificate_maker,
    progress: Progress | None = None,
) -> IssueReport:
    """Issue certificates to the passed people of a batch and write them to `out`.

    `findings` are those of the check; a person with a mandatory one is left out. `applications` may stream people
    in place of `batch.applications`. `photos` is the folder that photo names refer to. `progress` is called with
    the number of people dealt with.

    Raises:
        IssueRefused: B-S04 or B-S07 is not fulfilled for the batch as a whole, or a finding blocks all of it.
        BatchHeadChanged: the batch number is registered with other head data.
        ClockWrong: the machine's clock is behind the log, or apart from the database server's.
        ServiceKeyNotValid, CertificateNotValidNow: a key's time is over, before or in the middle of it.
        DatabaseNotReady, StoreNotWritable, WorkersLost: the installation failed; run again, nothing is issued twice.
    """
    from signing.authority.opening import open_authority

    open_authority(register.home).require_valid(now())
    require_clock(register)
    check_batch(batch, local_day(now()))
    blocked = by_person(findings)
    refuse_blocked_batch(blocked.get(None, ()))
    batch_id = register_batch(register, batch, actor)
    report = IssueReport(batch.number, out)
    report.job = store.start(register, "issue", batch.number, len(batch.applications))
    run = IssueRun(register, batch, batch_id, report, actor, blocked, photos, factory)
    try:
        with (
            home_policy(register.home.root / POLICY_FOLDER),
            sweeping() as run.sweep,
            Handover(register, out, batch.number) as handover,
        ):
            run.go(applications or batch.applications, jobs_wanted, handover, progress)
    except HouseError as error:
        if not isinstance(error, JobCancelled):
            store.finish(register, report.job, JobState.FAILED, error.sentence())
        raise
    store.finish(register, report.job, JobState.DONE, _note(report))
    return report


def _note(report: IssueReport) -> str:
    """What the job says when people have to wait for an authority."""
    return Sentence.of("registry", "issue.waiting_count", count=len(report.waiting)) if report.waiting else ""


@dataclass
class Part:
    """One chunk on its way through."""

    candidates: Sequence[Candidate]
    reservation: Reservation
    exchanged: Mapping[str, str] = field(default_factory=dict)


class Piece(NamedTuple):
    """As much of a chunk as is pressed at a time, and stands for so many people; the last one brings the chunk."""

    chunk: Part | None
    people: int


class Recipient(Protocol):
    """Who is handed each valid certificate."""

    def add(self, certificate: Certificate, application_number: str) -> None:
        """Take one."""


class Nobody:
    """The null recipient: a worker on another machine has nobody to hand certificates to."""

    def add(self, certificate: Certificate, application_number: str) -> None:
        """Nothing is handed over."""


@dataclass
class IssueRun:
    """Walks over people and issues; `report.job` 0 means that somebody else keeps count of the job."""

    register: Register
    batch: Batch
    batch_id: int
    report: IssueReport
    actor: Actor
    findings: Mapping[str | None, tuple[str, ...]]
    photos: Path | None
    factory: MakerFactory
    sweep: Sweep = no_sweep
    _chunk: int = field(default=SHORT_CHUNK, init=False)
    _authority: "Authority | None" = field(default=None, init=False)

    def go(
        self,
        applications: Iterable[Application],
        jobs_wanted: int,
        handover: Recipient,
        progress: Progress | None,
    ) -> None:
        """Press, register and hand over chunk by chunk, with `jobs_wanted` processes."""
        from signing.authority.opening import open_authority

        authority = open_authority(self.register.home)
        authority.require_valid(now())
        self._authority = authority
        self._chunk = self._people_at_once(authority)
        chunks = ((chunk, self._orders(chunk, sample=authority.demo)) for chunk in self._chunks(applications))
        work = chain.from_iterable(starmap(_pieces, chunks))
        outcomes: list[Outcome] = []
        for piece, some in press_all(self.register.home, self.factory, work, jobs_wanted):
            outcomes += some
            if piece.chunk is not None:
                self.hand_over(piece.chunk, self._register(outcomes), handover)
                outcomes = []
                report = self.report
                if report.job:
                    store.advance(self.register, report.job, report.issued + report.already, report.undone)
                self.sweep()
            if progress:
                progress(piece.people)

    def _people_at_once(self, authority: "Authority") -> int:
        """As many as the settings say, so that index pages are written once for all of them; fewer, see `SHORT_CHUNK`."""
        from signing.keys import TokenSource
        from signing.settings import SigningSettings

        most = self.register.settings.chunk
        level = self.register.home.section("signing", SigningSettings).level
        slow = level.needs_timestamp or isinstance(authority.source, TokenSource)
        return min(most, SHORT_CHUNK) if slow else most

    def _chunks(self, applications: Iterable[Application]) -> Iterator[Part]:
        waiting: list[Candidate] = []
        for one in self.candidates(applications):
            waiting.append(one)
            if len(waiting) == self._chunk:
                yield from self._reserve(waiting)
                waiting = []
        if waiting:
            yield from self._reserve(waiting)

    def _reserve(self, waiting: Sequence[Candidate]) -> Iterator[Part]:
        if self._authority is not None:
            self._authority.require_valid(now())
        listed = barred(self.register, [one.identity_number for one in waiting], local_day(now()))
        good = [one for one in waiting if one.identity_number not in listed]
        for one in waiting:
            if one.identity_number in listed:
                self._leave_out(one.application_number, Sentence.of("registry", "issue.barred"))
        good = self._without_title(good)
        exchanged: Mapping[str, str] = {}
        if self._reconfirms:
            good = self._decided(good)
            exchanged = exchange.old_numbers(self.register, good)
        if good:
            yield Part(good, reserve(self.register, self.batch_id, good), exchanged)

    def _without_title(self, candidates: list[Candidate]) -> list[Candidate]:
        """Leave out who holds a title of this year and level from another batch (细则第二十三条)."""
        held = titles_held(
            self.register,
            self.batch,
            {one.application_number: (one.identity_number, one.facts.level) for one in candidates},
        )
        for number, title in held.items():
            self._leave_out(
                number, Sentence.of("registry", "issue.title_held", number=title.number, batch=title.batch)
            )
        return [one for one in candidates if one.application_number not in held]

    @property
    def _reconfirms(self) -> bool:
        return self.batch.review.acquisition is Acquisition.RECONFIRMATION

    def _decided(self, candidates: list[Candidate]) -> list[Candidate]:
        """Leave out whose re-confirmation is not decided in their favour (细则第五十七条)."""
        blocked = exchange.undecided(self.register, candidates)
        for number in sorted(blocked):
            self._leave_out(number, Sentence.of("registry", "issue.case_open"))
        return [one for one in candidates if one.application_number not in blocked]

    def candidates(self, applications: Iterable[Application]) -> Iterator[Candidate]:
        """Who is to get a certificate; the others are counted or reported."""
        for application in applications:
            if not application.passed:
                self.report.not_passed += 1
            elif application.number in self.findings:
                self._leave_out(application.number, *self.findings[application.number])
            elif open_complaint(application, self.batch):
                self._leave_out(application.number, Sentence.of("registry", "issue.open_complaint"))
            else:
                yield from self._candidate(application)

    def _candidate(self, application: Application) -> Iterator[Candidate]:
        try:
            yield candidate(application, self.batch, self._folder)
        except HouseError as error:
            self._leave_out(application.number, error.sentence())

    @cached_property
    def _folder(self) -> PhotoFolder | None:
        return PhotoFolder(self.photos) if self.photos else None

    def _leave_out(self, application_number: str, *reasons: str) -> None:
        self.report.left_out.append(LeftOut(application_number, reasons))

    def _orders(self, chunk: Part, *, sample: bool) -> list[Order]:
        moment = now()
        return [
            self._order(one, self._slot(chunk, one), moment, sample=sample)
            for one in chunk.candidates
            if one.application_number in chunk.reservation.slots
        ]

    def _slot(self, chunk: Part, one: Candidate) -> Slot:
        slot = chunk.reservation.slots[one.application_number]
        old = chunk.exchanged.get(one.application_number)
        return replace(slot, predecessor=old) if old else slot

    def _order(self, one: Candidate, slot: Slot, moment: datetime, *, sample: bool) -> Order:
        return Order(
            slot=slot,
            face=one.facts,
            facts=kept_facts(one, local_day(moment), sample=sample),
            issued_at=stamp(moment),
            url=self.register.verification_url(slot.code),
            photo=one.photo,
        )

    def _register(self, outcomes: Sequence[Outcome]) -> dict[int, Certificate]:
        """Register a chunk; returns what this run has registered, by internal id, to save reading it again."""
        pressed = [one for one in outcomes if isinstance(one, Pressed)]
        late = register_pressed(self.register, self.batch_id, pressed, self.actor)
        self.report.issued += len(pressed) - len(late)
        self.report.already += len(late)
        for one in outcomes:
            if isinstance(one, NotPressed):
                kept = self.report.waiting if one.waits else self.report.left_out
                kept.append(LeftOut(one.order.face.application_number, (one.reason,)))
        return {one.order.slot.id: certificate_of(one) for one in pressed if one not in late}

    def hand_over(self, chunk: Part, fresh: Mapping[int, Certificate], handover: Recipient) -> None:
        """Hand a chunk over; what `fresh` holds by internal id is not read again."""
        reservation = chunk.reservation
        self.report.already += len(reservation.issued)
        ids = {**reservation.issued, **{number: slot.id for number, slot in reservation.slots.items()}}
        known = self.register.lookup.by_ids([one for one in ids.values() if one not in fresh])
        found = {**known, **fresh}
        holders: list[tuple[Candidate, Certificate]] = []
        for one in chunk.candidates:
            certificate = found.get(ids[one.application_number])
            if certificate is None:
                continue
            newest = self._newest(certificate)
            if one.application_number in reservation.issued:
                self._compare(one, newest)
            if newest.state is State.VALID:
                handover.add(self._as_handed_out(newest, fresh), one.application_number)
            holders.append((one, newest))
        if self._reconfirms:
            exchange.settle(self.register, holders, self.actor)

    def _as_handed_out(self, certificate: Certificate, fresh: Mapping[int, Certificate]) -> Certificate:
        """With the hash of its renewed file, if its archive was renewed since it was issued."""
        if certificate.id in fresh:
            return certificate
        return replace(certificate, sha256=self.register.lookup.file_hash(certificate))

    def _compare(self, one: Candidate, newest: Certificate) -> None:
        """Notice records that were corrected after the certificate was made."""
        now_said = kept_facts(one, local_day(now()), sample=newest.facts.sample)
        if replace(now_said, issued_on=newest.facts.issued_on) != newest.facts:
            self.report.changed.append(one.application_number)

    def _newest(self, certificate: Certificate) -> Certificate:
        """The certificate that has taken the place of this one, or itself."""
        while certificate.successor:
            following = self.register.lookup.by_number(certificate.successor)
            if following is None:
                break
            certificate = following
        return certificate


def _pieces(chunk: Part, orders: list[Order]) -> Iterator[tuple[Piece, list[Order]]]:
    """A chunk in pieces; even one without any order has a last piece."""
    rest = len(chunk.candidates)
    while len(orders) > SHORT_CHUNK:
        yield Piece(None, SHORT_CHUNK), orders[:SHORT_CHUNK]
        orders, rest = orders[SHORT_CHUNK:], rest - SHORT_CHUNK
    yield Piece(chunk, rest), orders


def by_person(findings: Iterable[Finding]) -> dict[str | None, tuple[str, ...]]:
    """Mandatory findings by application number; those that concern the whole batch under None."""
    found: dict[str | None, tuple[str, ...]] = {}
    for finding in findings:
        if finding.blocks:
            text = f"{finding.rule} {finding.message}"
            found[finding.application_number] = (*found.get(finding.application_number, ()), text)
    return found


def refuse_blocked_batch(reasons: Sequence[str]) -> None:
    """Refuse a batch that has a mandatory finding as a whole.

    Raises:
        IssueRefused: it has; `missing` lists the first few.
    """
    if reasons:
        shown = [*reasons[:SHOWN_REASONS], *(["……"] if len(reasons) > SHOWN_REASONS else [])]
        raise IssueRefused(missing="；".join(shown), codes=("findings",))
