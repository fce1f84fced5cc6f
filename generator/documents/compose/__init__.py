"""Composition (编排): a template and its variables → a layout tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from generator.documents.compose.engine import BUILT_IN, place_of, render_text, style_files, template_name
from generator.documents.compose.errors import MarkupOutside, MarkupProblem
from generator.documents.compose.markup import parse
from generator.documents.compose.pages import build_document
from generator.documents.compose.styles import STYLES_FILE, style_sheet
from generator.documents.compose.workshop import Workshop
from generator.layout.text.fonts import FontBook
from generator.layout.tree import Document

__all__ = ["compose"]


def compose(
    template: str,
    variables: Mapping[str, object],
    *,
    folders: Sequence[Path] = (),
    fonts: FontBook | None = None,
) -> Document:
    """Fill a template and lay it out as a tree.

    `template` is a file name with or without `.html`, looked for in `folders` (the home folder's
    `templates/documents` first), then among the built-in ones. `fonts` measures list markers.

    Raises:
        TemplateMissing: no folder holds it.
        TemplateSyntax: Jinja cannot read it.
        TemplateUndefined, TemplateFailed: an expression uses an unknown name or cannot be computed.
        MarkupOutside: the output leaves the HTML subset; names template and line.
        StyleBroken: a styles.toml is defective.
    """
    text = render_text(template, variables, folders)
    sheet = style_sheet(style_files(folders, STYLES_FILE))
    shop = Workshop(sheet, (*folders, BUILT_IN), fonts or FontBook.default())
    try:
        return build_document(shop, parse(text))
    except MarkupProblem as problem:
        marked = render_text(template, variables, folders, marked=True)
        name, line = place_of(marked, problem.offset)
        raise MarkupOutside(
            template=name or template_name(template),
            line=line,
            problem=problem.problem,
            detail=problem.detail,
        ) from problem
