"""Examples for every rule that the program decides: the clause quoted, a batch that keeps it, a batch that breaks it."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from records.batch.model import Batch, Frozen
from records.sample import sample_batch
from records.sample.plans import Kind

PEOPLE, SEED = 12, 7


@cache
def base(kind: Kind) -> Batch:
    """A lawful batch of that kind."""
    return sample_batch(PEOPLE, SEED, kind=kind)


def with_facts(batch: Batch, facts: Mapping[str, Any]) -> Batch:
    """The batch with facts replaced; `a.0.vote.for_` is of the first applicant, `e.0.level` of the first expert."""
    for path, value in facts.items():
        batch = replaced(batch, _names(path), value)
    return batch


def _names(path: str) -> list[str]:
    first, *rest = path.split(".")
    return {"a": ["applications"], "e": ["committee", "experts"]}.get(first, [first]) + rest


def replaced(record: Any, names: list[str], value: Any) -> Any:
    """A copy of a record (or tuple of records) with one fact deep inside replaced."""
    if not names:
        return value
    first, *rest = names
    if isinstance(record, tuple):
        items = list(record)
        for index in range(len(items)) if first == "*" else (int(first),):
            items[index] = replaced(items[index], rest, value)
        return tuple(items)
    inner = replaced(getattr(record, first), rest, value)
    if isinstance(record, Frozen):
        return record.model_copy(update={first: inner})
    return dataclasses.replace(record, **{first: inner})


@dataclass(frozen=True)
class Example:
    """One rule's example: `always` holds in both batches, `keeps` and `breaks` tell them apart."""

    rule: str
    clause: str
    breaks: Mapping[str, Any]
    says: str
    keeps: Mapping[str, Any] = field(default_factory=dict)
    always: Mapping[str, Any] = field(default_factory=dict)
    kind: Kind = Kind.GREEN

    @property
    def keeping(self) -> Batch:
        """The batch that keeps the rule."""
        return with_facts(base(self.kind), {**self.always, **self.keeps})

    @property
    def breaking(self) -> Batch:
        """The batch that breaks it."""
        return with_facts(base(self.kind), {**self.always, **self.breaks})
