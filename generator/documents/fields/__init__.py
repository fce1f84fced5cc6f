"""The field catalogue (字段目录): every variable that a document's template may use, by document."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from generator.documents.catalogue import Audience, DocumentEntry, Per
from generator.documents.context.cases import case_fields
from generator.documents.context.copies import copies_of
from generator.documents.context.subjects import Subject
from generator.documents.fields.batch import BATCH_FIELDS
from generator.documents.fields.field import Field, Scope, missing
from generator.documents.fields.others import COMPLAINT_FIELDS, EMPLOYER_FIELDS, EXPERT_FIELDS, UNIT_FIELDS
from generator.documents.fields.person import PERSON_FIELDS
from generator.documents.fields.rows import ROW_FIELDS
from generator.documents.fields.sheet import SHEET_FIELDS
from records.batch.model import Application

__all__ = ["Field", "PersonRow", "Scope", "fields_of", "missing", "missing_facts", "variables"]

PERSON: Final = (*PERSON_FIELDS, *ROW_FIELDS, *SHEET_FIELDS)
_PEOPLE: Final[dict[str, tuple[str, Callable[[Subject], tuple[Application, ...]]]]] = {
    "people": ("本文书涉及的人员", lambda subject: subject.people),
    "applicants": ("全部申报人员", lambda subject: subject.batch.applications),
    "passed": ("通过人员", lambda subject: subject.batch.passed),
}
_SCOPED: Final = {
    Per.BATCH: (),
    Per.PERSON: PERSON,
    Per.EMPLOYER: EMPLOYER_FIELDS,
    Per.UNIT: UNIT_FIELDS,
    Per.EXPERT: tuple(field for field in EXPERT_FIELDS if field.scope is Scope.EXPERT),
    Per.COMPLAINT: tuple(field for field in COMPLAINT_FIELDS if field.scope is Scope.COMPLAINT),
}
_BATCH_WIDE: Final = (
    *BATCH_FIELDS,
    *(field for field in (*EXPERT_FIELDS, *COMPLAINT_FIELDS) if field.scope is Scope.BATCH),
)


class PersonRow(Mapping[str, Any]):
    """One person in a list: the person fields that the document's audience may see, computed when asked for."""

    def __init__(self, subject: Subject, audience: Audience) -> None:
        self._subject = subject
        self._audience = audience

    def __getitem__(self, key: str) -> Any:
        field = _PERSON_BY_NAME[key]
        if not self._audience.may_show(field.sensitivity):
            raise KeyError(key)
        value = field.get(self._subject)
        return field.empty if value is None else value

    def __iter__(self) -> Iterator[str]:
        return (field.name for field in PERSON if self._audience.may_show(field.sensitivity))

    def __len__(self) -> int:
        return sum(1 for _ in self)


_PERSON_BY_NAME: Final = {field.name: field for field in PERSON}


def _people_field(name: str, audience: Audience) -> Field:
    label, choose = _PEOPLE[name]

    def get(subject: Subject) -> list[PersonRow]:
        return [PersonRow(_about(subject, one), audience) for one in choose(subject)]

    sample = [{field.name: field.sample for field in PERSON if audience.may_show(field.sensitivity)}]
    return Field(name, label, sample, get, Scope.BATCH)


def _about(subject: Subject, one: Application) -> Subject:
    return Subject(subject.batch, (one,), one, photos=subject.photos)


@cache
def fields_of(entry: DocumentEntry) -> tuple[Field, ...]:
    """Every field that the document's template may use; what its audience may not see is not among them."""
    scoped = _SCOPED[entry.per]
    names = {field.name for field in scoped}
    wide = tuple(field for field in _BATCH_WIDE if field.name not in names)
    people = tuple(_people_field(name, entry.audience) for name in _PEOPLE)
    cases = tuple(
        Field(item.name, item.label, item.sample, _case_getter(item.name), Scope.CASE, entry.audience)
        for item in case_fields(entry.id)
    )
    copies = (
        Field(
            "copies",
            "份数",
            str(entry.copies),
            lambda subject: str(copies_of(entry, subject.batch)),
            Scope.BATCH,
        ),
        Field("copy", "第几份", "", lambda subject: subject.copy, Scope.BATCH),
    )
    return tuple(
        field
        for field in (*cases, *scoped, *wide, *people, *copies)
        if entry.audience.may_show(field.sensitivity)
    )


def _case_getter(name: str) -> Any:
    return lambda subject: subject.case.get(name)


def variables(entry: DocumentEntry, subject: Subject, names: Iterable[str] | None = None) -> dict[str, Any]:
    """The template variables of one subject; with `names` only those, which spares work for short templates."""
    wanted = None if names is None else set(names)
    found: dict[str, Any] = {}
    for field in fields_of(entry):
        if wanted is None or field.name in wanted:
            value = field.get(subject)
            found[field.name] = field.empty if value is None else value
    return found


def missing_facts(entry: DocumentEntry, subject: Subject) -> tuple[Field, ...]:
    """The needed fields that the subject's records do not state."""
    needed = {field.name: field for field in fields_of(entry) if field.name in entry.needs}
    return tuple(field for field in needed.values() if missing(field.get(subject)))
