"""What a run made: `manifest.json`, the contract with whoever picks the files up."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from core.settings import write_atomically

MANIFEST_NAME: Final = "manifest.json"


@dataclass(frozen=True)
class FileEntry:
    """One file: path inside the folder, document, person, format, paper, pages (None where only an office program
    could count them), hash and audience.
    """

    path: str
    document: str
    name: str
    person: str | None
    format: str
    paper: str
    pages: int | None
    sha256: str
    audience: str


@dataclass(frozen=True)
class Problem:
    """A document that was not made, with the reason for people."""

    document: str
    name: str
    person: str | None
    code: str
    message: str
    code_point: str | None = None
    field: str | None = None


@dataclass(frozen=True)
class LeftOut:
    """A document that this batch does not call for (不制发), with the reason for people."""

    document: str
    name: str
    code: str
    message: str


@dataclass(frozen=True)
class SubstituteFont:
    """A prescribed font that another one stands in for in the PDFs."""

    font: str
    drawn_by: str


@dataclass(frozen=True)
class Manifest:
    """All files of a folder, and what could not be made in this run."""

    batch: str
    files: tuple[FileEntry, ...] = ()
    problems: tuple[Problem, ...] = ()
    draft: bool = False
    made: int = field(default=0, compare=False)
    left_out: tuple[LeftOut, ...] = ()
    fonts: tuple[SubstituteFont, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether everything that was asked for was made."""
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        """The document that is written."""
        return {
            "batch": self.batch,
            "draft": self.draft,
            "files": [asdict(entry) for entry in self.files],
            "problems": [asdict(problem) for problem in self.problems],
            "left_out": [asdict(item) for item in self.left_out],
            "fonts": [asdict(item) for item in self.fonts],
        }

    def write(self, folder: Path) -> Path:
        """Write `manifest.json` into the folder."""
        path = folder / MANIFEST_NAME
        text = json.dumps(self.as_json(), ensure_ascii=False, indent=1)
        write_atomically(path, text.encode("utf-8", "backslashreplace"))
        return path


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of an earlier run, or None when there is none that can be read."""
    try:
        raw = json.loads((folder / MANIFEST_NAME).read_text("utf-8"))
        files = tuple(FileEntry(**item) for item in raw["files"])
        return Manifest(raw["batch"], files, draft=raw.get("draft", False))
    except (OSError, ValueError, KeyError, TypeError):
        return None
