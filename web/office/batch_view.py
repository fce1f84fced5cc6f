"""What lies on the desk for one batch: the records as read, findings with releases, the folder of results."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from core.settings import Home
from records.batch.model import Batch, Finding, Place, Release, Severity
from records.input.interchange import batch_from_json
from records.regulation.rules import apply_releases
from registry.register import Register
from registry.workspace import store
from registry.workspace.files import workspace
from registry.workspace.model import WorkBatch, WorkRelease

BATCH: Final = "batch.json"
FINDINGS: Final = "findings.json"
RESULT: Final = "result.json"
DOCUMENTS: Final = "documents"
HANDOVER: Final = "handover"
RELEASE_SHEET: Final = "放行"


@dataclass(frozen=True)
class Desk:
    """One batch with everything that its pages show."""

    work: WorkBatch
    batch: Batch
    findings: tuple[Finding, ...]
    folder: Path

    @property
    def mandatory(self) -> tuple[Finding, ...]:
        """What must be corrected in the workbook."""
        return tuple(one for one in self.findings if one.blocks)

    @property
    def unreleased(self) -> tuple[Finding, ...]:
        """原则 findings that nobody has released yet."""
        return tuple(one for one in self.findings if is_open_principle(one))

    @property
    def documents(self) -> Path:
        """Folder of the generated documents."""
        return self.folder / DOCUMENTS

    @property
    def handover(self) -> Path:
        """Folder of the issued certificates."""
        return self.folder / HANDOVER


def folder_of(home: Home, work_id: int) -> Path:
    """The folder of one batch."""
    return workspace(home) / str(work_id)


def workbook_in(folder: Path) -> Path:
    """The workbook as it was uploaded."""
    return next(path for path in (folder / "workbook.xlsx", folder / "workbook.json") if path.exists())


def open_desk(register: Register, work_id: int) -> Desk:
    """The desk of a batch.

    Raises:
        WorkUnknown: there is no such batch.
    """
    work = store.get(register, work_id)
    folder = folder_of(register.home, work_id)
    batch, findings = _read(folder, (folder / FINDINGS).stat().st_mtime_ns)
    batch = with_releases(batch, store.releases_of(register, work_id))
    return Desk(work, batch, apply_releases(findings, batch), folder)


def with_releases(batch: Batch, released: Iterable[WorkRelease]) -> Batch:
    """The batch as if the releases stood in its workbook."""
    rows = tuple(
        Release(
            place=Place(RELEASE_SHEET),
            rule=one.rule,
            application_number=one.application_number,
            reason=one.reason,
            released_by=one.name,
        )
        for one in released
    )
    return batch.model_copy(update={"releases": (*batch.releases, *rows)}) if rows else batch


def as_stored(finding: Finding) -> dict[str, object]:
    """The finding as it lies on the desk: with what its sentence was made from, to be said in other languages."""
    told = {"variant": finding.told.variant, "data": finding.told.texts} if finding.told else None
    return {**finding.model_dump(mode="json"), "told": told}


def is_open_principle(finding: Finding) -> bool:
    """Whether it may be released and has not been."""
    return finding.severity is Severity.PRINCIPLE and finding.released_by is None


@lru_cache(maxsize=8)
def _read(folder: Path, changed: int) -> tuple[Batch, tuple[Finding, ...]]:
    del changed
    batch = batch_from_json((folder / BATCH).read_bytes())
    rows = json.loads((folder / FINDINGS).read_bytes())
    return batch, tuple(Finding.model_validate_json(json.dumps(row)) for row in rows)
