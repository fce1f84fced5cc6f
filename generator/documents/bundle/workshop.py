"""The workshop of a run: makes one document after the other, with fonts, templates and subjects loaded once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.errors import HouseError
from core.message import DEFAULT_LANGUAGE
from core.sentences import Sentence
from core.settings import Home, write_atomically
from generator.documents.bundle.build_document import layout_of, locate, render
from generator.documents.bundle.manifest import FileEntry, Problem, digest
from generator.documents.bundle.naming import relative_path
from generator.documents.bundle.ownforms import own_form
from generator.documents.catalogue import CATALOGUE, DocumentEntry
from generator.documents.context.cases import Cases
from generator.documents.context.home import fonts_of
from generator.documents.context.subjects import Subject, subjects
from generator.documents.fields import variables
from generator.layout.text.errors import Undrawable
from records.batch.model import Batch

UNEXPECTED: Final = "unexpected"


@dataclass(frozen=True)
class Order:
    """What every document of a run shares; sent to each worker once."""

    batch: Batch
    out: Path
    formats: tuple[str, ...]
    folders: tuple[Path, ...] = ()
    home: Home | None = None
    cases: Cases | None = None
    photos: Path | None = None
    draft: bool = False
    lang: str = "zh"


@dataclass(frozen=True)
class Task:
    """One document about one subject, by the subject's place in `subjects(...)`."""

    document: str
    subject: int


Outcome = tuple[tuple[FileEntry, ...], Problem | None]


class Workshop:
    """Makes and writes documents; one per process, within the rules of the order's home."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.fonts = fonts_of(order.home)
        self._subjects: dict[str, tuple[Subject, ...]] = {}

    def subjects(self, entry: DocumentEntry) -> tuple[Subject, ...]:
        """The subjects of a document, found once."""
        if entry.id not in self._subjects:
            self._subjects[entry.id] = subjects(
                entry, self.order.batch, self.order.cases, photos=self.order.photos
            )
        return self._subjects[entry.id]

    def run(self, task: Task) -> Outcome:
        """Make one document; what goes wrong with it becomes a problem, never an end of the run."""
        entry = CATALOGUE[task.document]
        subject = self.subjects(entry)[task.subject]
        try:
            return self._make(entry, subject), None
        except Undrawable as error:
            found = locate(error, entry, subject)
            return (), self._problem(
                entry, subject, found, found.code_point, str(found.data["field"]) or None
            )
        except HouseError as error:
            return (), self._problem(entry, subject, error)
        except Exception as error:  # noqa: BLE001 - process boundary: one record never ends a batch
            message = Sentence.of(
                "generator", "documents.unexpected", detail=f"{type(error).__name__}: {error}"
            )
            return (), Problem(entry.id, entry.name, subject.person, UNEXPECTED, message)

    def _make(self, entry: DocumentEntry, subject: Subject) -> tuple[FileEntry, ...]:
        order = self.order
        form = None if order.draft else own_form(entry, order.folders)
        if form is not None and {"pdf", "docx"} & set(order.formats):
            data = form.fill(variables(entry, subject))
            return (self._write(entry, subject, "docx", data, entry.paper, None),)
        document = layout_of(entry, subject, folders=order.folders, draft=order.draft, fonts=self.fonts)
        wanted = [name for name in entry.outputs if name in order.formats]
        made = list(render(document, wanted, self.fonts))
        return tuple(
            self._write(entry, subject, item.format, item.data, item.paper, item.pages) for item in made
        )

    def _write(
        self, entry: DocumentEntry, subject: Subject, kind: str, data: bytes, paper: str, pages: int | None
    ) -> FileEntry:
        path = relative_path(entry, subject, kind)
        write_atomically(self.order.out / path, data)
        return FileEntry(
            path, entry.id, entry.name, subject.person, kind, paper, pages, digest(data), str(entry.audience)
        )

    def _problem(
        self,
        entry: DocumentEntry,
        subject: Subject,
        error: HouseError,
        code_point: str | None = None,
        field: str | None = None,
    ) -> Problem:
        lang = self.order.lang
        message = error.sentence() if lang == DEFAULT_LANGUAGE else error.diagnostics(lang)
        return Problem(entry.id, entry.name, subject.person, error.key, message, code_point, field)
