"""A preview of one document without a real record: an invented batch stands in."""

from collections.abc import Sequence
from pathlib import Path

from core.settings import Home
from generator.documents.bundle.build_document import layout_of, render
from generator.documents.catalogue import CATALOGUE, DocumentEntry
from generator.documents.context.cases import sample_case
from generator.documents.context.home import fonts_of, home_rules
from generator.documents.context.subjects import Subject, subjects
from generator.errors import GeneratorError
from records.batch.model import Batch

SAMPLE_SEED = 1
SAMPLE_PEOPLE = 36
HTML = "html"


class FormatNotMade(GeneratorError):
    """Raised when a document does not come in that format; data: `document`, `format`, `known`."""

    key = "format_not_made"


def sample_subject(entry: DocumentEntry, batch: Batch, photos: Path | None = None) -> Subject:
    """The first subject of a document, with the sample case where it needs one."""
    from dataclasses import replace

    first = subjects(entry, batch, photos=photos)[0]
    case = sample_case(entry.id) if entry.event else first.case
    if first.blank:
        people = batch.applications[:1]
        first = replace(
            first, blank=False, people=people, application=people[0], employer=people[0].employer.name
        )
    return replace(first, case=case)


def preview(
    document: str,
    kind: str,
    batch_file: Path | None = None,
    folders: Sequence[Path] = (),
    home: Home | None = None,
) -> bytes:
    """One document as PDF, DOCX, XLSX or, as the site shows it, HTML; by the policy and in the fonts of `home`.

    Raises:
        UnknownDocument: no such document.
        FormatNotMade: it does not come in that format.
        RecordsError: the batch file cannot be read.
    """
    (entry,) = CATALOGUE.choose((document,))
    if kind not in (*entry.outputs, HTML):
        raise FormatNotMade(document=entry.id, format=kind, known="、".join((*entry.outputs, HTML)))
    batch, photos = _batch(batch_file)
    fonts = fonts_of(home)
    with home_rules(home):
        layout = layout_of(entry, sample_subject(entry, batch, photos), folders=folders, fonts=fonts)
    if kind == HTML:
        from generator.render import html

        return html.render(layout).encode()
    return next(made.data for made in render(layout, [kind], fonts))


def _batch(path: Path | None) -> tuple[Batch, Path]:
    if path is not None:
        from records.input.reading import read_batch

        return read_batch(path).batch, path.resolve().parent
    from records.sample import SAMPLE_FOLDER, sample_batch

    return sample_batch(SAMPLE_PEOPLE, SAMPLE_SEED), SAMPLE_FOLDER
