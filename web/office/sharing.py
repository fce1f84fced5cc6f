"""Long work of the workspace on `zhicheng worker` processes, where `[jobs] runner` says so.

The child that the page started shares the work out and follows it; the page sees the same job as ever. A wish to pause
or cancel goes on to the workers, who finish what they have in hand.
"""

import time
from dataclasses import dataclass
from typing import Final

from core.sentences import Sentence
from registry.jobs import chunks, store
from registry.jobs.following import Follow
from registry.jobs.store import Job, JobState
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

    def watch(self, *, counted: bool = True) -> Follow:
        """What to tell the page while workers work; `counted`: their people are what the page counts."""
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
