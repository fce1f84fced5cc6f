"""Which documents a batch is ready for, and which facts are missing (`zhicheng document list`)."""

from typing import Any

from generator.documents.catalogue import CATALOGUE, DocumentEntry
from generator.documents.context.applies import left_out
from generator.documents.context.subjects import subjects
from generator.documents.fields import missing_facts
from records.batch.model import Batch


def readiness(batch: Batch | None = None) -> list[dict[str, Any]]:
    """One row per document of the inventory.

    `count` is the number of copies that the batch calls for (0: only a blank form, or none at all: `left_out` then
    names the condition that the batch does not meet), `missing` are labels of needed facts that the batch does not
    state for at least one of them; all are None or empty without a batch.
    """
    return [_row(entry, batch) for entry in CATALOGUE.values()]


def _row(entry: DocumentEntry, batch: Batch | None) -> dict[str, Any]:
    count, missing = _facts(entry, batch) if batch is not None and entry.made else (None, [])
    return {
        "code": entry.id,
        "name": entry.name,
        "title": entry.title,
        "stage": entry.stage,
        "stage_name": entry.stage_name,
        "kind": entry.kind,
        "maker": entry.maker,
        "receiver": entry.receiver,
        "source": entry.source,
        "made": entry.made,
        "reason": entry.reason,
        "audience": str(entry.audience) if entry.made else None,
        "per": str(entry.per) if entry.made else None,
        "paper": entry.paper if entry.made else None,
        "copies": entry.copies if entry.made else None,
        "outputs": list(entry.outputs),
        "needs": list(entry.needs),
        "count": count,
        "left_out": left_out(entry, batch) if batch is not None and entry.made else None,
        "missing": missing,
        "ready": None if batch is None or not entry.made else not missing,
    }


def _facts(entry: DocumentEntry, batch: Batch) -> tuple[int, list[str]]:
    real = [subject for subject in subjects(entry, batch) if not subject.blank]
    labels: dict[str, None] = {}
    for subject in real:
        for field in missing_facts(entry, subject):
            labels.setdefault(field.label)
    return len(real), list(labels)
