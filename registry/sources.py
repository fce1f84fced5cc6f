"""Where a batch to be issued comes from: a workbook or JSON file as a whole, or NDJSON line by line.

A line-by-line batch is checked and issued in slices, so that a hundred thousand people need no more memory than a
thousand. Rules that look at one person or at the batch's head see the same as in a whole batch.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Final

from house.settings import Home
from records.checking import check_file, check_reading
from records.interchange import stream_ndjson
from records.model import Application, Batch, Finding
from records.reading import Reading
from registry.errors import ApplicationTwice

STREAMED: Final = (".ndjson", ".jsonl")
SLICE: Final = 500
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
    findings: dict[Finding, None] = {}
    seen: set[bytes] = set()
    passed = 0
    for part in _slices(people):
        _check_once(part, seen)
        passed += sum(application.passed for application in part)
        checked = check_reading(Reading(head.model_copy(update={"applications": part}), path=path), home)
        findings.update(dict.fromkeys(finding for finding in checked.findings if finding.blocks))
    return Source(head, tuple(findings), folder, passed, lambda: stream_ndjson(path)[1])


def _slices(people: Iterator[Application]) -> Iterator[tuple[Application, ...]]:
    while part := tuple(islice(people, SLICE)):
        yield part


def _check_once(part: tuple[Application, ...], seen: set[bytes]) -> None:
    """Application and ID numbers are unique in the whole batch; eight bytes of a hash per number are kept."""
    for application in part:
        for kind, number in (
            ("申报编号", application.number),
            ("证件号码", application.person.identity_number),
        ):
            if number is None:
                continue
            key = sha256(f"{kind}:{number}".encode()).digest()[:_KEY_BYTES]
            if key in seen:
                raise ApplicationTwice(application_number=application.number, field=kind)
            seen.add(key)
