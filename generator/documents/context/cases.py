"""Cases (情形): the facts of a thing that happened to a batch and is not in its workbook (延期、撤销、补正 …).

A case file is TOML: one table per occurrence under the document's id, with the fields that
`generator/data/cases.toml` declares. A case of a person's document names the `application` it concerns, a case of
an employer's document the `employer`.

    [[A514]]
    reason = "……"
    postponed_to = 2025-11-28
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from generator.documents.context.formats import cn_day
from generator.errors import GeneratorError

DATA: Final = Path(__file__).parents[2] / "data" / "cases.toml"
SELECTORS: Final = ("application", "employer")


class CaseUnreadable(GeneratorError):
    """Raised when a case file is not TOML or its shape is wrong; data: `path`, `reason`."""

    key = "case_unreadable"


class CaseFieldUnknown(GeneratorError):
    """Raised when a case states a field that its document does not have; data: `document`, `field`, `known`."""

    key = "case_field_unknown"


@dataclass(frozen=True)
class CaseField:
    """One declared field of a document's case."""

    name: str
    label: str
    sample: Any


@dataclass(frozen=True)
class Case:
    """One occurrence: whom it concerns and the values of its fields, ready for a template."""

    values: Mapping[str, Any] = field(default_factory=dict)
    application: str | None = None
    employer: str | None = None


Cases = Mapping[str, tuple[Case, ...]]


@cache
def case_fields(document: str) -> tuple[CaseField, ...]:
    """The fields that cases of `document` may state, in order."""
    return _declared().get(document, ())


@cache
def _declared() -> dict[str, tuple[CaseField, ...]]:
    raw = tomllib.loads(DATA.read_text("utf-8"))
    return {
        document: tuple(CaseField(name, item["label"], item["sample"]) for name, item in fields.items())
        for document, fields in raw.items()
    }


def sample_case(document: str) -> dict[str, Any]:
    """The sample values of a document's case fields."""
    return {item.name: plain(item.sample) for item in case_fields(document)}


def blank_case(document: str) -> dict[str, Any]:
    """Every case field of a document, empty: text as "", rows as []."""
    return {item.name: [] if isinstance(item.sample, list) else "" for item in case_fields(document)}


def plain(value: Any) -> Any:
    """A TOML value as a template takes it: dates in words, yes as 是, numbers as text, lists of the same."""
    if isinstance(value, bool):
        return "是" if value else ""
    if isinstance(value, date):
        return cn_day(value)
    if isinstance(value, list):
        return [plain(item) for item in value]
    return str(value)


def read_cases(path: Path) -> Cases:
    """Read a case file.

    Raises:
        CaseUnreadable: not a file, not TOML, or not arrays of tables.
        CaseFieldUnknown: a field that the document does not declare.
    """
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CaseUnreadable(path=str(path), reason=str(error)) from error
    for document, items in raw.items():
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise CaseUnreadable(path=str(path), reason=document)
    return {document: tuple(_case(document, item) for item in items) for document, items in raw.items()}


def _case(document: str, item: dict[str, Any]) -> Case:
    known = {declared.name for declared in case_fields(document)}
    for name in item:
        if name not in known and name not in SELECTORS:
            raise CaseFieldUnknown(document=document, field=name, known="、".join(sorted(known)) or "—")
    values = {name: plain(value) for name, value in item.items() if name not in SELECTORS}
    return Case({**blank_case(document), **values}, item.get("application"), item.get("employer"))
