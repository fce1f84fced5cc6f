"""How many copies of a document are printed (份数)."""

from typing import Final

from generator.documents.catalogue import DocumentEntry
from records.batch.model import Batch

FORM: Final = "A102"
SHEET: Final = "A103"
BALLOT: Final = "A508"


def copies_of(entry: DocumentEntry, batch: Batch) -> int:
    """The copies that the batch states, else the catalogue's (评审表2份、送审表15份); ballots by those present."""
    stated = {
        FORM: batch.charges.form_copies,
        SHEET: batch.charges.submission_copies,
        BALLOT: batch.committee.present,
    }.get(entry.id)
    return stated or entry.copies
