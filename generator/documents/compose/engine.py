"""Templates → text: the sandboxed Jinja environment, and where in a template an output came from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Final

from jinja2 import FileSystemLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.sandbox import ImmutableSandboxedEnvironment

from generator.documents.compose.errors import (
    TemplateError,
    TemplateFailed,
    TemplateMissing,
    TemplateSyntax,
    TemplateUndefined,
)
from generator.documents.compose.filters import FILTERS, GLOBALS

BUILT_IN: Final = Path(__file__).resolve().parents[3] / "templates" / "documents"
SUFFIX: Final = ".html"
_MARK = re.compile("\x01([^\x02]*)\x02(\\d+)\x03")
_FAILURES = (
    TypeError,
    ValueError,
    AttributeError,
    LookupError,
    ArithmeticError,
    OverflowError,
    SecurityError,
)


class LineMarks(Extension):
    """Writes template name and line at the start of every line of output (only to find an error's place)."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Mark each line of literal text."""
        for token in stream:
            if token.type != "data":
                yield token
                continue
            first, *rest = str(token.value).split("\n")
            lines = [f"\x01{stream.name}\x02{token.lineno}\x03{first}"]
            lines += [
                f"\x01{stream.name}\x02{token.lineno + number}\x03{line}"
                for number, line in enumerate(rest, 1)
            ]
            yield Token(token.lineno, "data", "\n".join(lines))


@lru_cache(16)
def environment(folders: tuple[Path, ...], *, marked: bool = False) -> ImmutableSandboxedEnvironment:
    """The environment of these folders (the built-in one is last); autoescape on, undefined names are errors."""
    made = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([*folders, BUILT_IN]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[LineMarks] if marked else [],
    )
    made.filters.update(FILTERS)
    made.globals.update(GLOBALS)
    return made


def template_name(template: str) -> str:
    """`A102` → `A102.html`."""
    return template if template.endswith(SUFFIX) else template + SUFFIX


def render_text(
    template: str, variables: Mapping[str, object], folders: Sequence[Path], *, marked: bool = False
) -> str:
    """The HTML of a template.

    Raises:
        TemplateMissing, TemplateSyntax, TemplateUndefined, TemplateFailed.
    """
    name = template_name(template)
    try:
        return environment(tuple(folders), marked=marked).get_template(name).render(variables)
    except TemplateNotFound as error:
        raise TemplateMissing(template=error.name or name) from error
    except TemplateSyntaxError as error:
        raise TemplateSyntax(
            template=error.name or name, line=error.lineno, reason=error.message or ""
        ) from error
    except UndefinedError as error:
        raise _located(TemplateUndefined, name, error) from error
    except (JinjaError, *_FAILURES) as error:
        raise _located(TemplateFailed, name, error) from error


def _located(kind: type[TemplateError], name: str, error: Exception) -> TemplateError:
    found = (name, 0)
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename.endswith(SUFFIX):
            found = (Path(code.co_filename).name, trace.tb_lineno)
        trace = trace.tb_next
    return kind(template=found[0], line=found[1], reason=str(error))


def place_of(marked: str, plain_offset: int) -> tuple[str, int]:
    """Template and line of an offset of the unmarked output."""
    place = ("", 0)
    removed = 0
    for mark in _MARK.finditer(marked):
        if mark.start() - removed > plain_offset:
            break
        place = (mark[1], int(mark[2]))
        removed += len(mark[0])
    return place


def style_files(folders: Sequence[Path], name: str) -> tuple[tuple[Path, int], ...]:
    """The style files to load, built-in first, with their modification times (ns)."""
    paths = (folder / name for folder in (BUILT_IN, *reversed(list(folders))))
    return tuple((path, path.stat().st_mtime_ns) for path in paths if path.is_file())
