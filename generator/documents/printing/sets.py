"""Merging one kind of document for the printer, volume by volume so that memory stays flat."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Final

import pikepdf

from core.settings import Home, write_atomically
from generator.documents.bundle.manifest import FileEntry, Manifest, digest
from generator.documents.bundle.naming import BLANK_FOLDER, relative_path, safe
from generator.documents.catalogue import CATALOGUE, Audience, DocumentEntry, Per
from generator.documents.compose import compose
from generator.documents.context.cases import Cases
from generator.documents.context.copies import copies_of
from generator.documents.context.home import fonts_of, home_rules
from generator.documents.context.subjects import Subject, subjects
from generator.documents.printing.copymarks import CopyMarks
from generator.documents.printing.imposition import add_booklet
from generator.layout.text.fonts import FontBook
from generator.layout.units import Mm
from generator.render.pdf import render
from records.batch.model import Batch

PRINT_FOLDER: Final = "付印"
VOLUME: Final = 100  # subjects in one file
LIST_TEMPLATE: Final = "_print_list"
BOOKLET_FROM: Final = 4  # pages


@dataclass(frozen=True)
class Piece:
    """One subject's document as it goes into the set."""

    label: str
    path: Path
    subject: Subject
    pages: int


@dataclass(frozen=True)
class Order:
    """What every set of a run shares."""

    batch: Batch
    out: Path
    folders: tuple[Path, ...]
    draft: bool
    fonts: FontBook


def print_sets(
    batch: Batch,
    out: Path,
    manifest: Manifest,
    *,
    only: Sequence[str] = (),
    folders: Sequence[Path] = (),
    home: Home | None = None,
    cases: Cases | None = None,
    photos: Path | None = None,
    draft: bool = False,
) -> Manifest:
    """Make `付印/` from the PDFs of a finished bundle and add its files to the manifest.

    One PDF per kind and volume: a list of what it holds, then each subject's copies, with bookmarks; multi-page
    documents padded to full leaves for duplex printing, and once more as A3 booklets when they have four A4 pages
    or more. Blank forms are left out. The policy, calendar and fonts of `home` count.
    """
    order = Order(batch, out, tuple(folders), draft, fonts_of(home))
    known = {entry.path: entry for entry in manifest.files if entry.format == "pdf"}
    added: list[FileEntry] = []
    with home_rules(home):
        for entry in CATALOGUE.choose(tuple(only)):
            pieces = _pieces(entry, order, known, subjects(entry, batch, cases, photos=photos))
            for number, volume in enumerate(_volumes(pieces), start=1):
                suffix = f"（第{number}册）" if len(pieces) > VOLUME else ""
                added += _volume(entry, order, volume, suffix)
    kept = tuple(entry for entry in manifest.files if not entry.path.startswith(f"{PRINT_FOLDER}/"))
    complete = replace(manifest, files=(*kept, *added), made=manifest.made + len(added))
    complete.write(out)
    return complete


def _pieces(
    entry: DocumentEntry, order: Order, known: dict[str, FileEntry], found: Iterable[Subject]
) -> list[Piece]:
    pieces = []
    for subject in found:
        path = relative_path(entry, subject, "pdf")
        if path in known and not path.startswith(BLANK_FOLDER):
            label = subject.label.replace("_", "　") or entry.name
            pieces.append(Piece(label, order.out / path, subject, known[path].pages or 0))
    return pieces


def _volumes(pieces: Sequence[Piece]) -> Iterator[Sequence[Piece]]:
    for start in range(0, len(pieces), VOLUME):
        yield pieces[start : start + VOLUME]


def _volume(entry: DocumentEntry, order: Order, pieces: Sequence[Piece], suffix: str) -> list[FileEntry]:
    stem = f"{PRINT_FOLDER}/{entry.id} {safe(entry.name)}{suffix}"
    duplex = any(piece.pages > 1 for piece in pieces)
    made = [_merged(entry, order, pieces, f"{stem}.pdf", duplex=duplex)]
    if (
        entry.paper == "A4"
        and entry.per is Per.PERSON
        and max(piece.pages for piece in pieces) >= BOOKLET_FROM
    ):
        made.append(_booklets(entry, order, pieces, f"{stem}（A3骑马订）.pdf"))
    return made


def _merged(
    entry: DocumentEntry, order: Order, pieces: Sequence[Piece], path: str, *, duplex: bool
) -> FileEntry:
    copies = copies_of(entry, order.batch)
    with pikepdf.new() as target:
        places: list[tuple[str, int]] = []
        marks = CopyMarks(target, entry, copies, order.folders, order.fonts, draft=order.draft)
        for piece in pieces:
            starts = marks.append(piece.path, piece.subject, padded=duplex)
            places += [(_bookmark(piece, copy, copies), at) for copy, at in enumerate(starts, start=1)]
        first = _add_list(target, entry, order, pieces, copies, duplex=duplex)
        _outline(target, [(title, place + first) for title, place in places])
        return _saved(target, entry, order, path, entry.paper)


def _booklets(entry: DocumentEntry, order: Order, pieces: Sequence[Piece], path: str) -> FileEntry:
    copies = copies_of(entry, order.batch)
    with pikepdf.new() as target:
        places: list[tuple[str, int]] = []
        for piece in pieces:
            start = len(target.pages)
            sides = add_booklet(target, piece.path)
            places.append((_bookmark(piece, 1, copies), start))
            for copy in range(2, copies + 1):
                places.append((_bookmark(piece, copy, copies), len(target.pages)))
                for side in range(sides):
                    target.pages.append(target.pages[start + side])
        _outline(target, places)
        return _saved(target, entry, order, path, "A3")


def _bookmark(piece: Piece, copy: int, copies: int) -> str:
    return f"{piece.label}（第{copy}份）" if copies > 1 else piece.label


def _add_list(
    target: pikepdf.Pdf,
    entry: DocumentEntry,
    order: Order,
    pieces: Sequence[Piece],
    copies: int,
    *,
    duplex: bool,
) -> int:
    """Put the list of contents before everything; returns its pages."""
    variables = {
        "name": entry.name,
        "batch_number": order.batch.number,
        "paper": entry.paper,
        "sides": "双面" if duplex else "单面",
        "copies": copies,
        "rows": [{"label": piece.label, "pages": piece.pages} for piece in pieces],
        "total": sum(piece.pages for piece in pieces) * copies,
        "confidential": entry.audience is Audience.CONFIDENTIAL,
    }
    contents = compose(LIST_TEMPLATE, variables, folders=order.folders, fonts=order.fonts)
    data = render(contents, fonts=order.fonts).data
    with pikepdf.open(BytesIO(data)) as source:
        pages = list(source.pages)
        for place, page in enumerate(pages):
            target.pages.insert(place, page)
        count = len(pages)
        if duplex and count % 2:
            blank = target.add_blank_page(page_size=(Mm(210).pt, Mm(297).pt))
            del target.pages[-1]
            target.pages.insert(count, blank)
            count += 1
    return count


def _outline(target: pikepdf.Pdf, places: Sequence[tuple[str, int]]) -> None:
    with target.open_outline() as outline:
        outline.root.extend(pikepdf.OutlineItem(title, place) for title, place in places)


def _saved(target: pikepdf.Pdf, entry: DocumentEntry, order: Order, path: str, paper: str) -> FileEntry:
    buffer = BytesIO()
    target.save(buffer, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    data = buffer.getvalue()
    write_atomically(order.out / path, data)
    return FileEntry(
        path,
        entry.id,
        f"{entry.name}（付印）",
        None,
        "pdf",
        paper,
        len(target.pages),
        digest(data),
        str(entry.audience),
    )
