"""Hands the secretary's own workbook back with every finding as a coloured cell and a comment, and a list of all.

The file's parts are edited in place (OOXML through lxml); whatever is not touched stays byte for byte: values,
formats, drop-downs, pictures, everything that a load-and-save through a library would lose.
"""

from collections.abc import Iterable
from pathlib import Path

from core.settings import write_atomically
from records.batch.model import Finding
from records.errors import RecordsError
from records.input.sheets import ISSUES
from records.input.workbook.annotate.comments import SheetComments
from records.input.workbook.annotate.grid import Grid
from records.input.workbook.annotate.issues import issues_xml
from records.input.workbook.annotate.styles import Styles
from records.input.workbook.guard import DEFAULT_LIMITS, Limits, guard
from records.input.workbook.package import Package


class AnnotateNeedsWorkbook(RecordsError):
    """Raised when a batch that is no workbook is to be annotated; data: `path`."""

    key = "annotate_needs_workbook"


class AnnotateOntoItself(RecordsError):
    """Raised when the annotated workbook would overwrite the original; data: `path`."""

    key = "annotate_onto_itself"


def annotate_file(
    source: Path, findings: Iterable[Finding], target: Path, limits: Limits = DEFAULT_LIMITS
) -> None:
    """Write a copy of the workbook `source` with the findings marked; marks of an earlier run are taken off first.

    Raises:
        AnnotateNeedsWorkbook: `source` is JSON.
        AnnotateOntoItself: `target` is `source`.
        BatchUnreadable: `source` is no workbook that may be opened.
    """
    if source.suffix.lower() != ".xlsx":
        raise AnnotateNeedsWorkbook(path=source.name)
    if target.exists() and target.resolve() == source.resolve():
        raise AnnotateOntoItself(path=target.name)
    guard(source, limits)
    write_atomically(target, annotate(source.read_bytes(), tuple(findings)))


def annotate(data: bytes, findings: tuple[Finding, ...]) -> bytes:
    """The workbook `data` with the findings marked."""
    package = Package(data)
    styles = Styles(package)
    marks = _by_cell(findings)
    for name, part in package.sheets():
        if name.strip() == ISSUES:
            continue
        grid = Grid(package, part)
        comments = SheetComments(package, part, grid)
        grid.unmark(styles)
        comments.take_off()
        for address, items in marks.get(name.strip(), {}).items():
            grid.mark(address, styles, items[0].severity)
            comments.add(address, items)
        comments.store()
        grid.store()
    package.put_sheet(ISSUES, issues_xml(findings, styles, package))
    styles.store()
    return package.save()


def _by_cell(findings: tuple[Finding, ...]) -> dict[str, dict[str, list[Finding]]]:
    """Findings by sheet and address, the gravest first."""
    found: dict[str, dict[str, list[Finding]]] = {}
    order = {severity: place for place, severity in enumerate(type(findings[0].severity))} if findings else {}
    for item in sorted(findings, key=lambda item: order[item.severity]):
        if item.cell:
            sheet, _, address = item.cell.rpartition("!")
            found.setdefault(sheet, {}).setdefault(address, []).append(item)
    return found
