"""Long work of the workspace on `zhicheng worker` processes, where `[jobs] runner` says so.

The child that the page started shares the work out and follows it; the page sees the same job as ever. A wish to pause
or cancel goes on to the workers, who finish what they have in hand.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.sentences import Sentence
from generator.documents.bundle import Runner
from records.batch.model import Application, Batch, Finding
from registry.issuing.run import IssueReport
from registry.issuing.sources import Source
from registry.jobs import chunks, store
from registry.jobs.deferring import require_queue
from registry.jobs.documents import SharedDocuments
from registry.jobs.following import Follow
from registry.jobs.issuing import Shared
from registry.jobs.store import Job, JobState
from registry.log.events import Actor
from registry.register import Register

SIGN_OF_LIFE_S: Final = 60.0
_WISHES: Final = (JobState.PAUSING, JobState.CANCELLING)


@dataclass
class SharedOut:
    """One job of the workspace whose work is done by workers."""

    register: Register
    job: int
    _note: str = ""
    _told_at: float = 0.0
    _wished: bool = False

    def issue(
        self, workbook: Path, batch: Batch, findings: tuple[Finding, ...], out: Path, actor: Actor
    ) -> IssueReport:
        """Issue by workers and hand over here.

        Raises:
            RunnerNotAvailable: there can be no queue.
            JobNotDone: paused, cancelled or failed; the same act goes on.
            HouseError: see `Shared.issue`.
        """
        require_queue(self.register.database)

        def everybody() -> tuple[Application, ...]:
            return batch.applications

        source = Source(batch, findings, workbook.parent, len(batch.passed), everybody)
        return Shared(self.register, source, workbook, out, actor).issue(self._watch())

    def documents(self) -> Runner:
        """Who makes documents in place of this machine's processes.

        Raises:
            RunnerNotAvailable: there can be no queue.
        """
        require_queue(self.register.database)
        return SharedDocuments(self.register, None, self._watch(counted=False)).run

    def _watch(self, *, counted: bool = True) -> Follow:
        return Follow(self._counted if counted else self._noted, self._lonely, self._looked)

    def _counted(self, shared: Job) -> None:
        self._tell(shared.note, shared.done + shared.failed)

    def _noted(self, shared: Job) -> None:
        self._tell(shared.note)

    def _lonely(self, shared: Job) -> None:
        del shared
        self._tell(Sentence.of("web", "office.job_lonely"))

    def _tell(self, note: str, done: int | None = None) -> None:
        self._note, self._told_at = note, time.monotonic()
        store.note(self.register, self.job, note, done)

    def _looked(self, shared: Job) -> None:
        """Hand a wish to pause or cancel on, once; give a sign of life now and then."""
        state = store.get(self.register, self.job).state
        if state in _WISHES and not self._wished:
            self._wished = True
            chunks.wish(self.register, shared.id, state)
            chunks.tidy(self.register, shared.id)
        if time.monotonic() - self._told_at > SIGN_OF_LIFE_S:
            self._tell(self._note)
