"""Where long work is done (执行): by processes of this machine, or shared out to `zhicheng worker` processes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.errors import BatchFileNeeded
from core.settings import Home
from registry.issuing.run import IssueReport, issue
from registry.issuing.source_archive import keep
from registry.issuing.sources import Source
from registry.jobs.deferring import require_queue, shared_out
from registry.jobs.following import Follow
from registry.jobs.issuing import Shared
from registry.log.events import Actor
from registry.register import Register

if TYPE_CHECKING:
    from generator.documents.bundle import Runner


def _nothing(count: int) -> None:
    """Nobody waits."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told how far work is: `step` how many more are done here, `follow` what workers say of theirs."""

    step: Callable[[int], None] = _nothing
    follow: Follow = field(default_factory=Follow)


class Executor(Protocol):
    """Does the work of a use case, wherever that is."""

    def issue(
        self, register: Register, source: Source, path: Path | None, out: Path, actor: Actor
    ) -> IssueReport:
        """Issue a batch, and keep the file that it was read from."""

    @contextmanager
    def documents(self, home: Home, cases_file: Path | None) -> Iterator["Runner"]:
        """Who makes the documents of a batch."""


@dataclass(frozen=True, slots=True)
class Here:
    """This machine: `jobs` processes, at most `chunk` people in one transaction."""

    watch: Watch = field(default_factory=Watch)
    jobs: int = 1
    chunk: int | None = None

    def issue(
        self, register: Register, source: Source, path: Path | None, out: Path, actor: Actor
    ) -> IssueReport:
        """Issue with processes of this machine."""
        chunk = min(register.settings.chunk, self.chunk or register.settings.chunk)
        report = issue(
            replace(register, settings=register.settings.model_copy(update={"chunk": chunk})),
            source.batch,
            out,
            actor=actor,
            findings=source.findings,
            applications=source.applications(),
            photos=source.folder,
            jobs_wanted=self.jobs,
            progress=self.watch.step,
        )
        if path is not None:
            keep(register, source.batch.number, path, source.applications(), source.folder)
        return report

    @contextmanager
    def documents(self, home: Home, cases_file: Path | None) -> Iterator["Runner"]:
        """The pool of this machine's processes; no register is needed."""
        del home, cases_file
        from generator.documents.bundle.workers import run_all  # issuing needs no documents

        yield run_all


@dataclass(frozen=True, slots=True)
class OnWorkers:
    """Every machine that runs `zhicheng worker` on the register."""

    watch: Watch = field(default_factory=Watch)

    def issue(
        self, register: Register, source: Source, path: Path | None, out: Path, actor: Actor
    ) -> IssueReport:
        """Share out, follow, collect.

        Raises:
            RunnerNotAvailable: there can be no queue.
            BatchFileNeeded: there is no file that the workers' parcels could be bound to.
            JobNotDone: paused, cancelled or failed; the same act goes on.
        """
        require_queue(register.database)
        if path is None:
            raise BatchFileNeeded(number=source.batch.number)
        return Shared(register, source, path, out, actor).issue(self.watch.follow)

    @contextmanager
    def documents(self, home: Home, cases_file: Path | None) -> Iterator["Runner"]:
        """Workers in place of this machine's processes.

        Raises:
            RunnerNotAvailable: there can be no queue.
        """
        from registry.jobs.documents import SharedDocuments  # issuing needs no documents

        with Register.open(home) as register:
            require_queue(register.database)
            yield SharedDocuments(register, cases_file, self.watch.follow).run


def executor_of(home: Home, watch: Watch, *, jobs: int = 1, chunk: int | None = None) -> Executor:
    """The one that `[jobs] runner` asks for.

    Raises:
        HomeNotReady: the settings contradict themselves.
    """
    return OnWorkers(watch) if shared_out(home) else Here(watch, jobs, chunk)
