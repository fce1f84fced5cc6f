"""Where a region's own forms are kept: `HOME/templates/documents/A102.docx` stands before the built-in template."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from core.settings import Home, write_atomically
from generator.wordforms.check import FormFinding
from generator.wordforms.form import Form

FOLDER: Final = "documents"
SUFFIX: Final = ".docx"


def form_path(home: Home, document_id: str) -> Path:
    """The place of a document's own form, whether there is one or not."""
    return home.templates / FOLDER / f"{document_id}{SUFFIX}"


def own_form(home: Home, document_id: str) -> Form | None:
    """The region's own form of a document, or None.

    Raises:
        FormUnreadable: there is a file, but it cannot be used.
    """
    path = form_path(home, document_id)
    return Form.read(path.read_bytes(), path.name) if path.is_file() else None


def adopt(home: Home, document_id: str, source: Path, samples: Mapping[str, Any]) -> tuple[FormFinding, ...]:
    """Check a form and, when nothing is wrong with it, keep it for the document; returns what is wrong.

    Raises:
        FormUnreadable: the file is no usable Word document.
    """
    data = source.read_bytes()
    findings = Form.read(data, source.name).findings(samples)
    if not findings:
        write_atomically(form_path(home, document_id), data)
    return findings
