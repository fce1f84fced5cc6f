"""What a field is: a named, documented variable of documents with label, sample and getter."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from generator.documents.catalogue import Audience
from generator.documents.context.subjects import Subject

Getter = Callable[[Subject], Any]


class Scope(StrEnum):
    """Where a field is known."""

    BATCH = "batch"
    PERSON = "person"
    EMPLOYER = "employer"
    EXPERT = "expert"
    COMPLAINT = "complaint"
    UNIT = "unit"
    CASE = "case"


@dataclass(frozen=True)
class Field:
    """One variable: `label` for people, `sample` for previews, `sensitivity` for who may see it, `get` for its value.

    Text is "" when the fact is missing; rows are lists of mappings with the keys of the sample's first row.
    """

    name: str
    label: str
    sample: Any
    get: Getter
    scope: Scope
    sensitivity: Audience = Audience.PUBLIC

    @property
    def empty(self) -> Any:
        """The value of a missing fact, of the sample's kind."""
        return [] if isinstance(self.sample, list | tuple) else ""


def missing(value: Any) -> bool:
    """Whether a value says nothing."""
    return value is None or value == "" or value == [] or value == ()
