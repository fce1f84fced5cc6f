"""Numbered copies (第×份): what differs from copy to copy is laid over a page that all copies share.

A document whose template uses `copy` inside a pinned block is rendered once without that block; the numbered blocks
are small overlays, equal for all people. So fifteen numbered copies cost little more than one.
"""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Final

import pikepdf

from generator.documents.bundle.build_document import layout_of, template_names
from generator.documents.catalogue import DocumentEntry
from generator.documents.context.subjects import Subject
from generator.layout.text.fonts import FontBook
from generator.layout.tree import Block, Document, Pinned
from generator.render.pdf import render

MARK: Final = "/CopyMark"


class CopyMarks:
    """Adds all copies of a document to a set; what copies share is stored once."""

    def __init__(
        self,
        target: pikepdf.Pdf,
        entry: DocumentEntry,
        copies: int,
        folders: Sequence[Path],
        fonts: FontBook,
        *,
        draft: bool,
    ) -> None:
        self._target = target
        self._entry = entry
        self._copies = copies
        self._folders = tuple(folders)
        self._fonts = fonts
        self._draft = draft
        self._numbered = copies > 1 and "copy" in template_names(entry.template, self._folders)
        self._overlays: dict[tuple[Block, ...], list[pikepdf.Object]] = {}

    def append(self, path: Path, subject: Subject, *, padded: bool) -> list[int]:
        """Append every copy, each filled up to whole leaves when `padded`; returns where each begins."""
        data = self._render(_without(self._layout(subject, 1))) if self._numbered else path.read_bytes()
        starts = []
        with pikepdf.open(BytesIO(data)) as source:
            own = [self._target.copy_foreign(page.obj) for page in source.pages]
        for copy in range(1, self._copies + 1):
            starts.append(len(self._target.pages))
            for page in own:
                self._target.pages.append(
                    pikepdf.Page(self._target.make_indirect(pikepdf.Dictionary(_entries(page))))
                )
            if self._numbered:
                self._mark(self._layout(subject, copy), starts[-1])
            if padded and len(own) % 2:
                self._add_blank()
        return starts

    def _add_blank(self) -> None:
        box = self._target.pages[-1].mediabox
        self._target.add_blank_page(page_size=(float(box[2]), float(box[3])))

    def _mark(self, document: Document, start: int) -> None:
        for place, form in enumerate(self._forms(document)):
            page = self._target.pages[start + place]
            resources = _entries(page.obj.Resources)
            drawn = _entries(resources["/XObject"]) if "/XObject" in resources else {}
            resources["/XObject"] = pikepdf.Dictionary({**drawn, MARK: form})
            page.obj.Resources = pikepdf.Dictionary(resources)
            page.contents_add(b"q", prepend=True)
            page.contents_add(f"Q q {MARK} Do Q".encode())

    def _layout(self, subject: Subject, copy: int) -> Document:
        numbered = replace(subject, copy=str(copy))
        return layout_of(self._entry, numbered, folders=self._folders, draft=self._draft, fonts=self._fonts)

    def _render(self, document: Document) -> bytes:
        return render(document, fonts=self._fonts).data

    def _forms(self, document: Document) -> list[pikepdf.Object]:
        pinned = tuple(
            block for section in document.sections for block in section.blocks if isinstance(block, Pinned)
        )
        if pinned not in self._overlays:
            with pikepdf.open(BytesIO(self._render(_only(document)))) as mark:
                self._overlays[pinned] = [
                    self._target.copy_foreign(page.as_form_xobject()) for page in mark.pages
                ]
        return self._overlays[pinned]


def _entries(dictionary: pikepdf.Object) -> dict[str, pikepdf.Object]:
    return {str(key): dictionary[key] for key in dictionary.keys()}  # noqa: SIM118 - iterating gives no names


def _without(document: Document) -> Document:
    sections = tuple(
        replace(section, blocks=tuple(block for block in section.blocks if not isinstance(block, Pinned)))
        for section in document.sections
    )
    return replace(document, sections=sections)


def _only(document: Document) -> Document:
    sections = tuple(
        replace(
            section,
            page=replace(section.page, watermark=None, header=()),
            blocks=tuple(block for block in section.blocks if isinstance(block, Pinned)),
        )
        for section in document.sections
    )
    return replace(document, sections=sections)
