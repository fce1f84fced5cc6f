"""The bundle (成套文书): every document of a batch in readable folders with a manifest."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from core.message import message
from core.settings import Home
from generator.documents.bundle.manifest import (
    FileEntry,
    LeftOut,
    Manifest,
    Problem,
    SubstituteFont,
    read_manifest,
)
from generator.documents.bundle.ownforms import own_form, print_forms
from generator.documents.bundle.workers import run_all
from generator.documents.bundle.workshop import Order, Outcome, Task
from generator.documents.catalogue import CATALOGUE, DocumentEntry
from generator.documents.context.applies import left_out
from generator.documents.context.cases import Cases
from generator.documents.context.home import fonts_of, home_rules
from generator.documents.context.subjects import subjects
from records.batch.model import Batch

__all__ = ["FORMATS", "FileEntry", "Manifest", "Problem", "generate", "plan"]

FORMATS: Final = ("pdf", "docx", "xlsx")
HELD: Final = "held"
HELD_DOCUMENT: Final = "*"
Runner = Callable[[Order, Sequence[Task], int, Callable[[], None]], Iterator[tuple[int, Outcome]]]


def _nothing() -> None:
    """No progress is shown."""


def plan(
    batch: Batch,
    *,
    only: Sequence[str] = (),
    formats: Sequence[str] = FORMATS,
    cases: Cases | None = None,
    held: Collection[str] = (),
) -> tuple[Task, ...]:
    """Every document that a run makes, in the order of the process.

    `held` are application numbers whose records must be mended first: nothing that concerns one of them is made,
    neither his own forms nor a roster with him in it or without him.

    Raises:
        UnknownDocument: `only` names a document that is not made.
    """
    chosen = [
        entry
        for entry in CATALOGUE.choose(tuple(only))
        if set(entry.outputs) & set(formats) and left_out(entry, batch, cases) is None
    ]
    waiting = frozenset(held)
    return tuple(
        Task(entry.id, place)
        for entry in chosen
        for place, subject in enumerate(subjects(entry, batch, cases))
        if not waiting & subject.numbers
    )


def generate(
    batch: Batch,
    out: Path,
    *,
    only: Sequence[str] = (),
    formats: Sequence[str] = FORMATS,
    jobs: int = 1,
    force: bool = False,
    folders: Sequence[Path] = (),
    home: Home | None = None,
    cases: Cases | None = None,
    photos: Path | None = None,
    lang: str = "zh",
    held: Mapping[str, str] | None = None,
    started: Callable[[int], None] | None = None,
    step: Callable[[], None] = _nothing,
    runner: Runner = run_all,
) -> Manifest:
    """Make the documents of a batch in `out` and write `manifest.json`.

    `force` marks every page 草稿 and leaves the region's own Word forms aside, which cannot be marked. `folders` are
    template folders that stand before the built-in ones; a Word form in them (`A102.docx`) is filled in place of the
    template, its PDF needs LibreOffice. The policy, calendar and fonts of `home` count. `photos` is the folder that
    photo paths refer to. `started` is told the number of documents, `step` is called after each. Running again
    overwrites the same files; files of the chosen documents that are no longer made are removed.

    `runner` makes the tasks; by default `jobs` processes of this machine do.

    `held` holds back what concerns these application numbers; the reason of each stands among the problems.

    Raises:
        UnknownDocument: `only` names a document that is not made.
        FormUnreadable: an own Word form cannot be used.
        ConversionFailed: LibreOffice did not print an own Word form.
        PolicyUnreadable: a policy file of the home is broken.
    """
    tasks = plan(batch, only=only, formats=formats, cases=cases, held=held or ())
    if started:
        started(len(tasks))
    out.mkdir(parents=True, exist_ok=True)
    order = Order(batch, out, tuple(formats), tuple(folders), home, cases, photos, force, lang)
    with home_rules(home):
        outcomes: dict[int, Outcome] = dict(runner(order, tasks, jobs, step))
    ordered = [outcomes[place] for place in sorted(outcomes)]
    files = tuple(entry for made, _ in ordered for entry in made)
    problems = (*_held(held or {}, batch), *(problem for _, problem in ordered if problem))
    if "pdf" in formats and not force:
        own = {entry.id for entry in CATALOGUE.choose(tuple(only)) if own_form(entry, folders)}
        files += tuple(print_forms(out, [entry for entry in files if entry.document in own]))
    concerned = {entry.id for entry in CATALOGUE.choose(tuple(only)) if left_out(entry, batch, cases)}
    kept = _tidy(out, batch, {task.document for task in tasks} | concerned, formats, files)
    unmade = tuple(_left_out(CATALOGUE.choose(tuple(only)), batch, cases, lang))
    manifest = Manifest(
        batch.number,
        _in_order((*kept, *files)),
        problems,
        force,
        len(files),
        unmade,
        _substitutes(home, formats),
    )
    manifest.write(out)
    return manifest


def _held(held: Mapping[str, str], batch: Batch) -> Iterator[Problem]:
    names = {one.number: one.person.name or "" for one in batch.applications}
    for number, reason in held.items():
        yield Problem(HELD_DOCUMENT, names.get(number, ""), number, HELD, reason)


def _substitutes(home: Home | None, formats: Sequence[str]) -> tuple[SubstituteFont, ...]:
    """What stands in for prescribed fonts in the PDFs of this run."""
    found = fonts_of(home).substitutes if "pdf" in formats else ()
    return tuple(SubstituteFont(font, drawn_by) for font, drawn_by in found)


def _left_out(
    chosen: Sequence[DocumentEntry], batch: Batch, cases: Cases | None, lang: str
) -> Iterator[LeftOut]:
    for entry in chosen:
        reason = left_out(entry, batch, cases)
        if reason:
            yield LeftOut(entry.id, entry.name, reason, message("generator", f"left_out.{reason}", lang))


def _tidy(
    out: Path, batch: Batch, documents: set[str], formats: Sequence[str], files: tuple[FileEntry, ...]
) -> tuple[FileEntry, ...]:
    """Earlier files that this run did not concern; those that it did and that are stale are removed."""
    earlier = read_manifest(out)
    if earlier is None or earlier.batch != batch.number:
        return ()
    fresh = {entry.path for entry in files}
    kept = []
    for entry in earlier.files:
        path = out / entry.path
        if entry.path in fresh or not path.resolve().is_relative_to(out.resolve()):
            continue
        if entry.document in documents and entry.format in formats:
            path.unlink(missing_ok=True)
        elif path.is_file():
            kept.append(entry)
    return tuple(kept)


def _in_order(files: tuple[FileEntry, ...]) -> tuple[FileEntry, ...]:
    order = {name: place for place, name in enumerate(CATALOGUE)}
    return tuple(sorted(files, key=lambda entry: order.get(entry.document, len(order))))
