"""Issuing on workers: the command shares people out in chunks and collects; workers reserve, press and register.

What a worker gets is a parcel with the batch's head and the people of one chunk, with their portraits. Everything that
makes issuing idempotent holds as before, so a chunk that is worked on twice gives each person one certificate.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from core.sentences import Sentence, stored
from records.batch.model import Application, Batch
from records.input.checking import POLICY_FOLDER
from records.input.interchange import batch_from_json, batch_to_json
from records.regulation.policy import home_policy
from registry.clock import local_day, now
from registry.database.schema import applications, certificates
from registry.issuing import source_archive
from registry.issuing.batches import register_batch
from registry.issuing.delivery import Handover
from registry.issuing.preconditions import check_batch
from registry.issuing.press_maker import certificate_maker
from registry.issuing.produce import MakerFactory
from registry.issuing.reservation import FIRST_VERSION, Reservation
from registry.issuing.run import (
    IssueReport,
    IssueRun,
    LeftOut,
    Nobody,
    Part,
    by_person,
    refuse_blocked_batch,
)
from registry.issuing.sources import Source
from registry.issuing.types import Candidate
from registry.jobs import chunks
from registry.jobs.chunks import Chunk, NewChunk
from registry.jobs.following import Follow, follow
from registry.log.clock_guard import require_clock
from registry.log.events import Actor
from registry.privacy import encrypted_packages
from registry.register import Register
from registry.settings import JobsSettings
from signing.authority.opening import open_authority

KIND: Final = "issue"
PEOPLE: Final = "batch.json"


@dataclass
class Shared:
    """An issuing run whose chunks go to workers."""

    register: Register
    source: Source
    path: Path
    out: Path
    actor: Actor

    def issue(self, watch: Follow) -> IssueReport:
        """Share out whoever has no certificate yet, wait for the workers, then hand everything over.

        Raises:
            IssueRefused, BatchHeadChanged: see `registry.issuing.run.issue`.
            StoreNotWritable, DatabaseNotReady: nothing was queued.
            JobNotDone: paused, cancelled or failed; the same command goes on.
        """
        register, batch = self.register, self.source.batch
        open_authority(register.home).require_valid(now())
        require_clock(register)
        check_batch(batch, local_day(now()))
        blocked = by_person(self.source.findings)
        refuse_blocked_batch(blocked.get(None, ()))
        batch_id = register_batch(register, batch, self.actor)
        report = IssueReport(batch.number, self.out)
        run = IssueRun(
            register, batch, batch_id, report, self.actor, blocked, self.source.folder, certificate_maker
        )
        people = self.source.applications
        content = source_archive.keep(register, batch.number, self.path, people(), self.source.folder)
        with home_policy(register.home.root / POLICY_FOLDER):
            job = chunks.unfinished(register, KIND, batch.number, content) or self._share_out(run, content)
            if job:
                follow(register, job, watch)
                self._read_results(job, report)
                report.job = job
            issued, left_out = report.issued, report.left_out
            report.left_out, report.not_passed = [], 0
            with Handover(register, self.out, batch.number) as handover:
                self._collect(run, handover)
        report.left_out = _merged(report.left_out, left_out)
        report.already -= issued
        if job:
            chunks.drop_parcels(register, job)
        return report

    def _share_out(self, run: IssueRun, content: str) -> int:
        """Queue everybody who has no certificate yet; 0 when there is nobody."""
        key, new = encrypted_packages.new_key(), list[NewChunk]()
        try:
            for people in self._waiting(run):
                new.append(self._chunk(people, key, content))
            if not new:
                return 0
            return chunks.add_job(self.register, KIND, run.batch.number, content, key, new)
        except BaseException:
            for one in new:
                encrypted_packages.drop(self.register.storage, one.pieces)
            raise

    def _waiting(self, run: IssueRun) -> Iterator[list[Application]]:
        size = self.register.home.section("jobs", JobsSettings).chunk
        by_number = dict[str, Application]()

        def noted() -> Iterator[Application]:
            for application in self.source.applications():
                by_number[application.number] = application
                yield application

        waiting = list[Application]()
        for part in _slices(run.candidates(noted()), size):
            done = self._issued(run, part)
            waiting += [
                by_number[one.application_number] for one in part if one.application_number not in done
            ]
            by_number.clear()
            while len(waiting) >= size:
                yield waiting[:size]
                del waiting[:size]
        if waiting:
            yield waiting

    def _chunk(self, people: Sequence[Application], key: str, content: str) -> NewChunk:
        head = {"applications": tuple(people), "releases": (), "integrity": (), "recusals": ()}
        text = batch_to_json(self.source.batch.model_copy(update=head), indent=None)
        files: list[tuple[str, Path | bytes]] = [
            (PEOPLE, text.encode()),
            *source_archive.portraits(people, self.source.folder),
        ]
        with tempfile.SpooledTemporaryFile(encrypted_packages.SPOOL) as spool:
            encrypted_packages.pack(files, spool)
            pieces = encrypted_packages.put(self.register.storage, key, chunks.parcel_place(content), spool)
        return NewChunk(len(people), {"content": content, "actor": self.actor.as_dict()}, pieces)

    def _issued(self, run: IssueRun, part: Sequence[Candidate]) -> dict[str, int]:
        """Application number → id of the first certificate, of those who have one."""
        wanted = (
            select(applications.c.number, certificates.c.id)
            .join_from(applications, certificates, certificates.c.application_id == applications.c.id)
            .where(
                applications.c.batch_id == run.batch_id,
                applications.c.number.in_([one.application_number for one in part]),
                certificates.c.version == FIRST_VERSION,
            )
        )
        with self.register.database.read() as connection:
            return {row.number: row.id for row in connection.execute(wanted)}

    def _read_results(self, job: int, report: IssueReport) -> None:
        for one in chunks.chunks_of(self.register, job):
            report.issued += one.done
            for name, people in (("left_out", report.left_out), ("waiting", report.waiting)):
                people += [
                    LeftOut(number, tuple(map(Sentence.read, why)))
                    for number, why in one.result.get(name, ())
                ]

    def _collect(self, run: IssueRun, handover: Handover) -> None:
        """Hand over whatever is registered, and compare it with the records."""
        run.report.already = 0
        for part in _slices(run.candidates(self.source.applications()), self.register.settings.chunk):
            done = self._issued(run, part)
            held = [one for one in part if one.application_number in done]
            run.hand_over(Part(held, Reservation({}, done)), {}, handover)


def work_on(register: Register, chunk: Chunk, factory: MakerFactory = certificate_maker) -> dict[str, Any]:
    """What a worker does with a chunk; returns the result that is kept with it.

    Raises:
        HouseError: nothing of it, or only whole certificates, were registered; the chunk is tried again.
    """
    open_authority(register.home).require_valid(now())
    require_clock(register)
    content = str(chunk.part["content"])
    with tempfile.TemporaryDirectory(prefix="zhicheng-chunk-") as folder, tempfile.TemporaryFile() as spool:
        place = chunks.parcel_place(content)
        spool.writelines(encrypted_packages.get(register.storage, chunk.key, place, chunk.pieces))
        spool.seek(0)
        encrypted_packages.unpack(spool, Path(folder))
        batch = batch_from_json((Path(folder) / PEOPLE).read_bytes())
        report = _issue_part(register, batch, Path(folder), Actor(**chunk.part["actor"]), factory)
    return {
        "done": report.issued + report.already,
        "failed": report.undone,
        "left_out": _listed(report.left_out),
        "waiting": _listed(report.waiting),
    }


def _listed(people: Iterable[LeftOut]) -> list[list[Any]]:
    return [[one.application_number, [stored(reason) for reason in one.reasons]] for one in people]


def _issue_part(
    register: Register, batch: Batch, folder: Path, actor: Actor, factory: MakerFactory
) -> IssueReport:
    check_batch(batch, local_day(now()))
    report = IssueReport(batch.number, folder)
    run = IssueRun(
        register,
        batch,
        register_batch(register, batch, actor),
        report,
        actor,
        {},
        folder,
        factory,
    )
    with home_policy(register.home.root / POLICY_FOLDER):
        run.go(batch.applications, 1, Nobody(), None)
    return report


def _merged(here: Iterable[LeftOut], there: Iterable[LeftOut]) -> list[LeftOut]:
    """Everybody left out once; what the workers said comes after what the command knew itself."""
    found = {one.application_number: one for one in (*there, *here)}
    return list(found.values())


def _slices(candidates: Iterable[Candidate], size: int) -> Iterator[list[Candidate]]:
    part = list[Candidate]()
    for one in candidates:
        part.append(one)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part
