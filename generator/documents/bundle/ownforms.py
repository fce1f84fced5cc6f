"""A region's own Word forms in the bundle: filled instead of the built-in template, printed through LibreOffice."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from core.settings import write_atomically
from generator.documents.bundle.manifest import FileEntry, digest
from generator.documents.catalogue import DocumentEntry

if TYPE_CHECKING:
    from generator.wordforms import Form

FILES_PER_RUN: Final = 40  # LibreOffice starts once for so many


def own_form(entry: DocumentEntry, folders: Sequence[Path]) -> "Form | None":
    """The form of this document in the first folder that has one, or None.

    Raises:
        FormUnreadable: there is a file, but it cannot be used.
    """
    for folder in folders:
        path = folder / f"{entry.id}.docx"
        if path.is_file():
            return _read(path, path.stat().st_mtime_ns)
    return None


@cache
def _read(path: Path, changed: int) -> "Form":
    from generator.wordforms import Form

    del changed
    return Form.read(path.read_bytes(), path.name)


def print_forms(out: Path, filled: Sequence[FileEntry]) -> Iterator[FileEntry]:
    """The PDFs of filled Word forms, in batches; nothing where LibreOffice is not installed.

    Raises:
        ConversionFailed: a form gave no PDF, or the time limit passed.
    """
    from generator.wordforms import office_command

    if office_command() is None:
        return
    for document in sorted({entry.document for entry in filled}):
        group = [entry for entry in filled if entry.document == document]
        for start in range(0, len(group), FILES_PER_RUN):
            yield from _print(out, group[start : start + FILES_PER_RUN])


def _print(out: Path, group: Sequence[FileEntry]) -> Iterator[FileEntry]:
    import pikepdf

    from generator.wordforms import to_pdf

    with TemporaryDirectory(prefix="zhicheng-forms-") as folder:
        for entry, made in zip(
            group, to_pdf([out / entry.path for entry in group], Path(folder)), strict=True
        ):
            data = made.read_bytes()
            path = str(Path(entry.path).with_suffix(".pdf"))
            write_atomically(out / path, data)
            with pikepdf.open(made) as pdf:
                pages = len(pdf.pages)
            yield FileEntry(
                path,
                entry.document,
                entry.name,
                entry.person,
                "pdf",
                entry.paper,
                pages,
                digest(data),
                entry.audience,
            )
