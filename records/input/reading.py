"""The one way in: a batch file (.xlsx, .json, .ndjson) becomes a batch and what was odd about it."""

from dataclasses import dataclass, field
from pathlib import Path

from core.message import message
from records.batch.model import Batch, Finding
from records.input.input_rules import InputRule
from records.input.interchange import read_json, read_ndjson
from records.input.missing import missing_cells
from records.input.photos import PhotoProblem, inspect
from records.input.sheets import APPLICATIONS, sheet
from records.input.workbook.cells import Remarks
from records.input.workbook.cells import name as name_of
from records.input.workbook.errors import BatchUnreadable as BatchUnreadable
from records.input.workbook.errors import UnknownFormat
from records.input.workbook.guard import DEFAULT_LIMITS, Limits
from records.input.workbook.layout import Layout, locate, standard_layout
from records.input.workbook.reader import read_workbook

PHOTO_RULES = {
    PhotoProblem.ESCAPES: InputRule.PHOTO_ESCAPES,
    PhotoProblem.MISSING: InputRule.PHOTO_MISSING,
    PhotoProblem.TOO_LARGE: InputRule.PHOTO_UNFIT,
    PhotoProblem.NOT_AN_IMAGE: InputRule.PHOTO_UNFIT,
}


@dataclass(frozen=True)
class Reading:
    """A batch as read: findings of the reader, the file, and where its columns stood."""

    batch: Batch
    findings: tuple[Finding, ...] = ()
    path: Path | None = None
    layout: Layout = field(default_factory=standard_layout)

    @property
    def folder(self) -> Path | None:
        """The folder that photo references are relative to."""
        return self.path.resolve().parent if self.path else None


def read_batch(path: Path, limits: Limits = DEFAULT_LIMITS) -> Reading:
    """Read a batch file; what is wrong with single cells becomes findings.

    Raises:
        BatchUnreadable: one of its subclasses says why nothing can be read and what to do.
    """
    layout = standard_layout()
    match path.suffix.lower():
        case ".xlsx" | ".xls" | ".xlsm" | ".et":
            batch, findings, layout = read_workbook(path, limits)
        case ".json":
            batch = read_json(path)
            findings = [*missing_cells(batch), *_characters(batch)]
        case ".ndjson" | ".jsonl":
            batch = read_ndjson(path)
            findings = [*missing_cells(batch), *_characters(batch)]
        case suffix:
            if not path.is_file():
                raise BatchUnreadable(path=str(path))
            raise UnknownFormat(path=path.name, suffix=suffix or "—")
    findings += _identities_twice(batch)
    findings += _photos(batch, path.resolve().parent)
    return Reading(batch, tuple(locate(item, layout) for item in findings), path, layout)


def _identities_twice(batch: Batch) -> list[Finding]:
    head = sheet(APPLICATIONS).of_field("person.identity_number").head
    first: dict[str, tuple[int | None, str]] = {}
    found = []
    for application in batch.applications:
        number = application.person.identity_number
        if number is None:
            continue
        place = application.place
        if number in first:
            row, name = first[number]
            finding = InputRule.IDENTITY_TWICE.finding(
                place.sheet,
                place.row,
                head,
                None,
                application.number,
                value=number,
                first=row or "—",
                name=name,
            )
            found.append(finding)
        else:
            first[number] = (place.row, application.person.name or application.number)
    return found


def _characters(batch: Batch) -> list[Finding]:
    """Names whose characters cannot be told; a workbook's names were cleaned cell by cell."""
    column = sheet(APPLICATIONS).of_field("person.name")
    found = []
    for application in batch.applications:
        remarks: Remarks = []
        name_of(application.person.name or "", remarks)
        place = application.place
        for rule, data in remarks:
            about = application.number
            found.append(rule.finding(place.sheet, place.row, column.head, None, about, **data))
    return found


def _photos(batch: Batch, folder: Path) -> list[Finding]:
    head = sheet(APPLICATIONS).of_field("person.photo").head
    known: dict[str, PhotoProblem | None] = {}
    found = []
    for application in batch.applications:
        reference = application.person.photo
        if reference is None:
            continue
        if reference not in known:
            known[reference] = inspect(reference, folder)
        problem = known[reference]
        if problem is not None:
            reason = message("records", f"photo.{problem}")
            place = application.place
            finding = PHOTO_RULES[problem].finding(
                place.sheet, place.row, head, None, application.number, value=reference, reason=reason
            )
            found.append(finding)
    return found
