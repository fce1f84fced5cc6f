"""Batches of other years and other results, and the finished text of their papers, for tests that read them."""

import re
from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import Enum
from functools import cache

from generator.documents.bundle.build_document import layout_of, runs_of
from generator.documents.catalogue import CATALOGUE
from generator.documents.context.subjects import subjects
from generator.documents.preview import sample_subject
from records.batch.frozen import Frozen
from records.batch.model import Outcome
from records.sample import Kind, sample_batch
from records.sample.batch import YEAR


def shifted(value, years):
    """The value with every day and every stated year moved by whole years."""
    match value:
        case date():
            return value.replace(year=value.year + years, day=min(value.day, 28))
        case Frozen():
            update = {name: shifted(getattr(value, name), years) for name in type(value).model_fields}
            return value.model_copy(update=update)
        case tuple():
            return tuple(shifted(item, years) for item in value)
        case Enum():
            return value
        case str():
            return re.sub(r"20[12]\d", lambda found: str(int(found[0]) + years), value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return replace(
                value, **{one.name: shifted(getattr(value, one.name), years) for one in fields(value)}
            )
        case _:
            return value


def voted(batch, passed):
    """The batch with the first `passed` people through and the others not."""
    people = tuple(
        one.model_copy(update={"outcome": Outcome.PASSED if place < passed else Outcome.FAILED})
        for place, one in enumerate(batch.applications)
    )
    return batch.model_copy(update={"applications": people})


@cache
def batch_of(year=YEAR, kind=Kind.GREEN, people=12, passed=None):
    """A sample batch of a year, of which the first `passed` people passed (None: as the sample has it)."""
    sample = shifted(sample_batch(people, 1, kind=kind), year - YEAR)
    sample = sample.model_copy(update={"year": year})
    return sample if passed is None else voted(sample, passed)


def text_of_layout(layout):
    """All text of a layout tree, paragraphs one after the other."""
    return "".join(run.text for run in runs_of(layout))


def papers(document, batch, cases=None):
    """The finished text of a document, one per subject of the batch."""
    entry = CATALOGUE[document]
    return [text_of_layout(layout_of(entry, subject)) for subject in subjects(entry, batch, cases)]


def sample_paper(document, batch):
    """The finished text of a document about the batch's first subject, with the sample facts of its event."""
    entry = CATALOGUE[document]
    return text_of_layout(layout_of(entry, sample_subject(entry, batch)))
