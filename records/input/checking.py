"""Everything that is wrong with a batch: the reader's findings and the rules', with cell addresses and releases."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from core.settings import Home
from records.batch.model import Batch, Finding, Severity
from records.input.reading import Reading, read_batch
from records.input.sheets import sheets
from records.input.workbook.layout import locate
from records.regulation import rules
from records.regulation.calendar import home_calendar
from records.regulation.policy import home_policy
from records.settings import limits_of

CALENDAR_FOLDER, POLICY_FOLDER = "calendar", "policy"


@dataclass(frozen=True)
class Checked:
    """A batch with all its findings, in the order of the workbook."""

    batch: Batch
    findings: tuple[Finding, ...]
    reading: Reading

    @cached_property
    def blocking(self) -> tuple[Finding, ...]:
        """Mandatory findings that belong to no single applicant: they stop the whole batch."""
        return tuple(item for item in self.findings if item.blocks and self._about_all(item))

    @cached_property
    def blocked_applications(self) -> frozenset[str]:
        """Applications that must wait because of a mandatory finding of their own."""
        return frozenset(
            item.application_number
            for item in self.findings
            if item.blocks and item.application_number and not self._about_all(item)
        )

    @property
    def good(self) -> bool:
        """Whether nothing mandatory was found."""
        return not any(item.blocks for item in self.findings)

    def count(self, severity: Severity) -> int:
        """Findings of that severity, released ones not counted."""
        return sum(item.severity is severity and item.released_by is None for item in self.findings)

    @property
    def released(self) -> tuple[Finding, ...]:
        """The 原则 findings that somebody released, for the approval report's annex."""
        return tuple(item for item in self.findings if item.released_by)

    def _about_all(self, finding: Finding) -> bool:
        return finding.application_number not in self._numbers

    @cached_property
    def _numbers(self) -> frozenset[str]:
        return frozenset(application.number for application in self.batch.applications)


def check(source: Reading | Batch, *, only: Sequence[str] = ()) -> tuple[Finding, ...]:
    """All findings on a batch or a reading of one, ordered by sheet, row and column.

    `only` keeps the findings whose rule id begins with one of these (`B-T`, `R-IN`).

    Raises:
        CalendarFileUnreadable: an override file of the working-day calendar is broken.
    """
    reading = source if isinstance(source, Reading) else Reading(source)
    found = (*reading.findings, *(locate(item, reading.layout) for item in rules.check(reading.batch)))
    wanted = (item for item in found if not only or item.rule.startswith(tuple(only)))
    return in_order(rules.apply_releases(wanted, reading.batch))


def check_file(path: Path, home: Home | None = None, *, only: Sequence[str] = ()) -> Checked:
    """Read a batch file and check it; the home folder's calendar and policy files count.

    Raises:
        BatchUnreadable: nothing can be read.
        CalendarFileUnreadable: an override file of the working-day calendar is broken.
    """
    return check_reading(read_batch(path, limits_of(home)), home, only=only)


def check_reading(reading: Reading, home: Home | None = None, *, only: Sequence[str] = ()) -> Checked:
    """Check what was read; the home folder's calendar and policy files count."""
    if home is None:
        return Checked(reading.batch, check(reading, only=only), reading)
    with home_calendar(home.root / CALENDAR_FOLDER), home_policy(home.root / POLICY_FOLDER):
        return Checked(reading.batch, check(reading, only=only), reading)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in the order of the workbook's sheets, then rows, then columns."""
    places = {item.name: place for place, item in enumerate(sheets())}
    columns = {
        (item.name, column.head): place for item in sheets() for place, column in enumerate(item.columns)
    }
    last = len(columns)

    def key(item: Finding) -> tuple[int, str, int, int, str]:
        row = 0 if item.row is None else item.row
        return (
            places.get(item.sheet, len(places)),
            item.sheet,
            row,
            columns.get((item.sheet, item.column or ""), last),
            item.rule,
        )

    return tuple(sorted(findings, key=key))
