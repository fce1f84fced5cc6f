"""Documents on workers: `zhicheng generate` shares its tasks out and puts the files that come back into its folder.

What a worker gets is a parcel with the whole batch (a roster needs everybody), its portraits and its cases; what it
gives back is a parcel of files. Templates, policy and fonts are those of the worker's own home.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from shutil import rmtree
from typing import Any, Final

from core.sentences import Sentence, stored
from generator.documents.bundle.manifest import FileEntry, Problem
from generator.documents.bundle.workshop import Order, Outcome, Task, Workshop
from generator.documents.context.cases import read_cases
from generator.documents.context.home import home_rules
from records.input.interchange import batch_from_json, batch_to_json
from registry.issuing import source_archive as kept
from registry.jobs import chunks
from registry.jobs.chunks import Chunk, NewChunk
from registry.jobs.following import Follow, follow
from registry.jobs.store import Job
from registry.privacy import encrypted_packages
from registry.register import Register
from registry.settings import JobsSettings

KIND: Final = "generate"
BATCH: Final = "batch.json"
CASES: Final = "cases.toml"
OPTIONS: Final = "options.json"


@dataclass
class SharedDocuments:
    """Runs the tasks of `generator.documents.bundle.generate` on workers."""

    register: Register
    cases_file: Path | None
    watch: Follow

    def run(
        self, order: Order, tasks: Sequence[Task], jobs: int, step: Callable[[], None]
    ) -> Iterator[tuple[int, Outcome]]:
        """Outcomes with the task's place, once all are there; `step` is called as documents are made.

        Raises:
            StoreNotWritable, DatabaseNotReady: nothing was queued.
            JobNotDone: paused, cancelled or failed; the same command goes on.
        """
        del jobs
        if not tasks:
            return
        job = self._queued(order, tasks)
        follow(self.register, job, replace(self.watch, changed=_Steps(step, self.watch.changed)))
        for one in chunks.chunks_of(self.register, job):
            self._bring_home(one, order.out)
            for place, entries, problem in one.result["outcomes"]:
                files = tuple(FileEntry(**entry) for entry in entries)
                yield place, (files, _problem(problem) if problem else None)
        chunks.drop_parcels(self.register, job)

    def _queued(self, order: Order, tasks: Sequence[Task]) -> int:
        """The job on exactly this: one that has not been collected yet, or a new one."""
        register, number = self.register, order.batch.number
        with tempfile.SpooledTemporaryFile(encrypted_packages.SPOOL) as spool:
            content = encrypted_packages.pack(self._files(order, tasks), spool)
            found = chunks.unfinished(register, KIND, number, content)
            if found:
                return found
            key = encrypted_packages.new_key()
            pieces = encrypted_packages.put(register.storage, key, chunks.parcel_place(content), spool)
        try:
            new = list(self._chunks(tasks, content, pieces))
            return chunks.add_job(register, KIND, number, content, key, new)
        except BaseException:
            encrypted_packages.drop(register.storage, pieces)
            raise

    def _files(self, order: Order, tasks: Sequence[Task]) -> Iterator[tuple[str, Path | bytes]]:
        options = {"formats": order.formats, "draft": order.draft, "lang": order.lang}
        wanted = [[task.document, task.subject] for task in tasks]
        yield OPTIONS, json.dumps({**options, "tasks": wanted}).encode()
        yield BATCH, batch_to_json(order.batch, indent=None).encode()
        if self.cases_file:
            yield CASES, self.cases_file
        yield from kept.portraits(order.batch.applications, order.photos)

    def _chunks(self, tasks: Sequence[Task], content: str, pieces: tuple[str, ...]) -> Iterator[NewChunk]:
        size = self.register.home.section("jobs", JobsSettings).chunk
        for first in range(0, len(tasks), size):
            count = len(tasks[first : first + size])
            yield NewChunk(count, {"content": content, "first": first}, pieces)

    def _bring_home(self, one: Chunk, out: Path) -> None:
        """Unpack a chunk's files beside their places and move each one in whole."""
        folder = Path(tempfile.mkdtemp(prefix=".incoming-", dir=out))
        try:
            with tempfile.SpooledTemporaryFile(encrypted_packages.SPOOL) as spool:
                place = _result_place(one)
                spool.writelines(
                    encrypted_packages.get(self.register.storage, one.key, place, one.result["pieces"])
                )
                spool.seek(0)
                encrypted_packages.unpack(spool, folder)
            for path in sorted(found for found in folder.rglob("*") if found.is_file()):
                target = out / path.relative_to(folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                path.replace(target)
        finally:
            rmtree(folder, ignore_errors=True)


@dataclass
class _Steps:
    """Turns the job's progress into steps of the bar."""

    step: Callable[[], None]
    changed: Callable[[Job], None]
    seen: int = 0

    def __call__(self, job: Job) -> None:
        for _ in range(self.seen, job.done + job.failed):
            self.step()
        self.seen = max(self.seen, job.done + job.failed)
        self.changed(job)


class Bench:
    """A worker's workshop for one content; fonts and the batch are loaded once."""

    def __init__(self, register: Register, chunk: Chunk) -> None:
        self.content = str(chunk.part["content"])
        self._folder = tempfile.TemporaryDirectory(prefix="zhicheng-documents-")
        root = Path(self._folder.name)
        with tempfile.TemporaryFile() as spool:
            place = chunks.parcel_place(self.content)
            spool.writelines(encrypted_packages.get(register.storage, chunk.key, place, chunk.pieces))
            spool.seek(0)
            encrypted_packages.unpack(spool, root / "in")
        self._options = json.loads((root / "in" / OPTIONS).read_bytes())
        self.tasks = [Task(*one) for one in self._options["tasks"]]
        self.out = root / "out"
        self._workshop = Workshop(self._order(register, root / "in"))

    def _order(self, register: Register, folder: Path) -> Order:
        own, cases = register.home.templates / "documents", folder / CASES
        return Order(
            batch=batch_from_json((folder / BATCH).read_bytes()),
            out=self.out,
            formats=tuple(self._options["formats"]),
            folders=(own,) if own.is_dir() else (),
            home=register.home,
            cases=read_cases(cases) if cases.exists() else None,
            photos=folder,
            draft=self._options["draft"],
            lang=self._options["lang"],
        )

    def make(self, register: Register, chunk: Chunk) -> dict[str, Any]:
        """The documents of a chunk, stored as a parcel; returns the result that is kept with the chunk."""
        rmtree(self.out, ignore_errors=True)
        self.out.mkdir()
        first = int(chunk.part["first"])
        outcomes = []
        with home_rules(register.home):
            for place, task in islice(enumerate(self.tasks), first, first + chunk.people):
                files, problem = self._workshop.run(task)
                outcomes.append((place, [asdict(one) for one in files], problem and _kept(problem)))
        made = sorted(path for path in self.out.rglob("*") if path.is_file())
        with tempfile.SpooledTemporaryFile(encrypted_packages.SPOOL) as spool:
            encrypted_packages.pack(((str(path.relative_to(self.out)), path) for path in made), spool)
            pieces = encrypted_packages.put(register.storage, chunk.key, _result_place(chunk), spool)
        failed = sum(problem is not None for _, _, problem in outcomes)
        done = len(outcomes) - failed
        return {"done": done, "failed": failed, "pieces": pieces, "outcomes": outcomes}

    def close(self) -> None:
        """Remove what lies on the bench."""
        with suppress(OSError):
            self._folder.cleanup()


def _result_place(chunk: Chunk) -> str:
    return f"{chunks.parcel_place(str(chunk.part['content']))}:result:{chunk.position}"


def _kept(problem: Problem) -> dict[str, Any]:
    """What the chunk's result holds of a problem, its sentence with what it was made from."""
    return {**asdict(problem), "message": stored(problem.message)}


def _problem(kept: dict[str, Any]) -> Problem:
    return Problem(**{**kept, "message": Sentence.read(kept["message"])})
