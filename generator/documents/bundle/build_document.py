"""Making one document: variables → layout tree → bytes of each format."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import meta

from generator.documents.catalogue import CATALOGUE, Audience, DocumentEntry
from generator.documents.compose import compose
from generator.documents.compose.engine import BUILT_IN, environment
from generator.documents.context.law import own_law
from generator.documents.context.subjects import Subject
from generator.documents.fields import fields_of, variables
from generator.documents.fields.functions import functions
from generator.layout.text.errors import Undrawable
from generator.layout.text.fonts import FontBook
from generator.layout.tree import (
    Align,
    Block,
    Chart,
    Document,
    PageSetup,
    Paragraph,
    Picture,
    Pinned,
    Role,
    Run,
    Section,
    Space,
    Table,
    TextStyle,
)
from generator.layout.units import Pt

DRAFT: Final = "草稿"
SIGNATURE: Final = "署名和成文日期"
STATISTICS: Final = "统计表"  # the kind of documents whose digits are numbers to be summed
FORMULA: Final = 8  # 字: “特此报告。”“请予支持为盼。”
CLOSING_BLOCKS: Final = 3  # below a list: signing lines, notes; what is longer is text of its own
CONFIDENTIAL_NOTE: Final = "内部资料　注意保密"


@dataclass(frozen=True)
class Made:
    """One rendered format of a document."""

    format: str
    data: bytes
    paper: str
    pages: int | None


def layout_of(
    entry: DocumentEntry,
    subject: Subject,
    *,
    folders: Sequence[Path] = (),
    draft: bool = False,
    fonts: FontBook | None = None,
) -> Document:
    """The layout tree of one document about one subject, marked for its audience and as a draft.

    Raises:
        TemplateError, MarkupOutside, StyleBroken: the template is defective.
        LawUnreadable: a `law.toml` beside own templates is defective.
    """
    used = template_names(entry.template, tuple(folders))
    with own_law(folders):
        told = {**variables(entry, subject, used), **functions(entry, subject, folders)}
        filled = compose(entry.template, told, folders=folders, fonts=fonts)
    sections = tuple(_marked(section, entry.audience, draft=draft) for section in filled.sections)
    if entry.duplex:
        sections = tuple(map(_imprint_even, sections))
    return replace(filled, sections=sections, document_id=entry.id, audience=str(entry.audience))


def _marked(section: Section, audience: Audience, *, draft: bool) -> Section:
    page: PageSetup = section.page
    if draft:
        page = replace(page, watermark=DRAFT)
    if audience is Audience.CONFIDENTIAL:
        style = TextStyle(role=Role.HEI, size=Pt(10.5))
        note = Paragraph((Run(CONFIDENTIAL_NOTE, style),), style, align=Align.LEFT)
        page = replace(page, header=(note, *page.header))
    return replace(section, page=page, blocks=_closed(_kept(section.blocks)))


def _imprint_even(section: Section) -> Section:
    """版记 on an even page, the back of the last leaf, whatever the length of the text."""
    blocks = tuple(
        replace(block, even_page=True) if isinstance(block, Pinned) and block.last_page else block
        for block in section.blocks
    )
    return replace(section, blocks=blocks)


def _kept(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The text's last paragraph, the signature and the note below it stay on one page (GB/T 9704 7.3.5.5)."""
    done = list(blocks)
    for place, block in enumerate(blocks):
        if not isinstance(block, Table) or block.description != SIGNATURE:
            continue
        if any(isinstance(below, Paragraph) for below in blocks[place + 1 : place + 2]):
            done[place] = _with_next(block)
        for before in range(place - 1, -1, -1):
            earlier = done[before]
            if not isinstance(earlier, Paragraph | Space):
                break
            if isinstance(earlier, Paragraph):
                done[before] = replace(earlier, keep_with_next=True)
                if earlier.style_name is None and not earlier.left and not _is_formula(earlier):
                    break
    return tuple(done)


def _is_formula(paragraph: Paragraph) -> bool:
    """特此报告。此复。: no text to stand alone above a signature; the sentence before it goes along."""
    return sum(len(run.text) for run in runs_of(paragraph)) <= FORMULA


def _closed(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """What closes a list (signing lines, a note) never stands on a page alone: the list's last row goes with it."""
    lists = [place for place, block in enumerate(blocks) if isinstance(block, Table) and block.header_rows]
    if not lists:
        return blocks
    start, end = lists[-1], len(blocks)
    while end and isinstance(blocks[end - 1], Pinned):
        end -= 1
    closing = blocks[start + 1 : end]
    if not 0 < len(closing) <= CLOSING_BLOCKS or not all(map(_closes, closing)):
        return blocks
    joined = (
        _with_next(block) if isinstance(block, Table) else _leading(block)
        for block in blocks[start : end - 1]
    )
    return (*blocks[:start], *joined, *blocks[end - 1 :])


def _closes(block: Block) -> bool:
    match block:
        case Paragraph():
            return block.heading is None and not any(
                isinstance(one, Chart | Picture) for one in block.inlines
            )
        case Table():
            return not block.header_rows
        case _:
            return False


def _leading(block: Block) -> Block:
    return replace(block, keep_with_next=True) if isinstance(block, Paragraph) else block


def _with_next(table: Table) -> Table:
    *rows, last = table.rows
    cells = tuple(
        replace(
            cell,
            blocks=tuple(
                replace(one, keep_with_next=True) if isinstance(one, Paragraph) else one
                for one in cell.blocks
            ),
        )
        for cell in last.cells
    )
    return replace(table, rows=(*rows, replace(last, cells=cells)))


@cache
def template_names(template: str, folders: tuple[Path, ...]) -> frozenset[str]:
    """Every variable that a template and what it extends or includes may ask for."""
    names: set[str] = set()
    todo, seen = [template], set()
    while todo:
        name = todo.pop()
        path = next((folder / name for folder in (*folders, BUILT_IN) if (folder / name).is_file()), None)
        if path is None or name in seen:
            continue
        seen.add(name)
        tree = environment(folders).parse(path.read_text("utf-8"))
        names |= meta.find_undeclared_variables(tree)
        todo += [other for other in meta.find_referenced_templates(tree) if other]
    return frozenset(names)


def render(document: Document, formats: Sequence[str], fonts: FontBook | None = None) -> Iterator[Made]:
    """Each wanted format of a layout tree; the PDF first, because it knows the pages, in `fonts` or the built-in ones.

    Raises:
        Undrawable: a character that no font draws.
    """
    from generator.render import docx, pdf, xlsx

    paper = document.sections[0].page.paper
    pages: int | None = None
    if "pdf" in formats:
        rendered = pdf.render(document, fonts=fonts)
        pages = rendered.pages
        yield Made("pdf", rendered.data, paper, pages)
    else:
        refuse_undrawable(document, fonts)
    if "docx" in formats:
        yield Made("docx", docx.render(document), paper, pages)
    if "xlsx" in formats:
        entry = CATALOGUE.get(document.document_id)
        numbers = entry is not None and entry.kind == STATISTICS
        yield Made("xlsx", xlsx.render(xlsx.sheets_of(document, numbers=numbers)), paper, pages)


def refuse_undrawable(document: Document, fonts: FontBook | None = None) -> None:
    """Refuse what could not be printed, also where only editable formats are asked for.

    Raises:
        Undrawable: a character that no font draws.
    """
    book = fonts or FontBook.default()
    for run in runs_of(document):
        book.runs(run.text, run.style.role)


def runs_of(node: Any) -> Iterator[Run]:
    """Every run of text in a layout tree."""
    if isinstance(node, Run):
        yield node
    elif isinstance(node, tuple):
        for item in node:
            yield from runs_of(item)
    elif is_dataclass(node) and not isinstance(node, type):
        for part in fields(node):
            yield from runs_of(getattr(node, part.name))


def locate(error: Undrawable, entry: DocumentEntry, subject: Subject) -> Undrawable:
    """The error with the person and the field that hold the character; unchanged when no field does."""
    for one in (
        [subject.application] if subject.application else list(subject.people or subject.batch.applications)
    ):
        if one is None:
            continue
        about = replace(subject, application=one, people=(one,))
        for field in fields_of(replace_person(entry)):
            if error.character in _text(field.get(about)):
                return error.located(
                    person=f"{one.number} {one.person.name or ''}".strip(), field=field.label
                )
    for field in fields_of(entry):
        if not field.name.endswith(("people", "applicants", "passed")) and error.character in _text(
            field.get(subject)
        ):
            return error.located(person="", field=field.label)
    return error


def replace_person(entry: DocumentEntry) -> DocumentEntry:
    """The same document as if it were made per person, to look at person fields."""
    from generator.documents.catalogue import Per

    return replace(entry, per=Per.PERSON, audience=Audience.INTERNAL)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return "".join(_text(item) for item in value.values())
    if isinstance(value, list | tuple):
        return "".join(_text(item) for item in value)
    return ""
