"""Where a batch to be issued comes from: a workbook or JSON file as a whole, or NDJSON line by line.

A line-by-line batch is read twice, once to check and once to issue, and never held as a whole, so that a hundred
thousand people need hardly more memory than a thousand.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from core.settings import Home
from records.batch.model import Application, Batch, Finding
from records.input.checking import CALENDAR_FOLDER, POLICY_FOLDER, check_file
from records.input.interchange import stream_ndjson
from records.input.missing import missing_cells
from records.regulation.calendar import home_calendar
from records.regulation.policy import home_policy
from records.regulation.rules import check_people
from registry.errors import ApplicationTwice

STREAMED: Final = (".ndjson", ".jsonl")
_KEY_BYTES: Final = 8


@dataclass(frozen=True)
class Source:
    """A checked batch, and a way to walk over its people as often as wanted."""

    batch: Batch
    findings: tuple[Finding, ...]
    folder: Path
    passed: int
    applications: Callable[[], Iterable[Application]]


def open_source(path: Path, home: Home) -> Source:
    """Read and check a batch file.

    Raises:
        BatchUnreadable: nothing can be read.
        ApplicationTwice: a streamed batch holds an application number or an ID number twice.
    """
    folder = path.resolve().parent
    if path.suffix.lower() in STREAMED:
        return _open_stream(path, home, folder)
    checked = check_file(path, home)
    batch = checked.batch
    return Source(batch, checked.findings, folder, len(batch.passed), lambda: batch.applications)


def _open_stream(path: Path, home: Home, folder: Path) -> Source:
    head, people = stream_ndjson(path)
    seen = _Seen(head)
    with home_calendar(home.root / CALENDAR_FOLDER), home_policy(home.root / POLICY_FOLDER):
        found = check_people(head, seen.passing(people))
    blocking = (*seen.missing, *(finding for finding in found if finding.blocks))
    return Source(head, tuple(dict.fromkeys(blocking)), folder, seen.passed, lambda: stream_ndjson(path)[1])


class _Seen:
    """Looks at people while they pass by: numbers that occur twice, required cells that are empty."""

    def __init__(self, head: Batch) -> None:
        self._head = head
        self._keys: set[bytes] = set()
        self.missing: dict[Finding, None] = {}
        self.passed = 0

    def passing(self, people: Iterator[Application]) -> Iterator[Application]:
        """Every person, unchanged.

        Raises:
            ApplicationTwice: an application number or an ID number occurs twice.
        """
        for application in people:
            self._once(application, "申报编号", application.number)
            self._once(application, "证件号码", application.person.identity_number)
            self.passed += application.passed
            alone = self._head.model_copy(update={"applications": (application,)})
            self.missing.update(dict.fromkeys(one for one in missing_cells(alone) if one.blocks))
            yield application

    def _once(self, application: Application, field: str, number: str | None) -> None:
        """Eight bytes of a hash are kept per number."""
        if number is None:
            return
        key = sha256(f"{field}:{number}".encode()).digest()[:_KEY_BYTES]
        if key in self._keys:
            raise ApplicationTwice(application_number=application.number, field=field)
        self._keys.add(key)
