"""Checking a form's placeholders against the field catalogue: every problem with its place, none hidden."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from jinja2 import TemplateSyntaxError, nodes

from core.message import DEFAULT_LANGUAGE, message
from generator.wordforms.language import FormEnvironment, Names, environment, forbidden
from generator.wordforms.places import Spot
from generator.wordforms.tags import Tag

_FOR: Final = re.compile(r"for\s+(\w+)\s+in\s+(.+)", re.DOTALL)
_IF: Final = re.compile(r"(?:el)?if\s+(.+)", re.DOTALL)
_BARE: Final = frozenset(("else", "endfor", "endif"))


class Problem(StrEnum):
    """What can be wrong with a placeholder."""

    UNKNOWN_FIELD = "unknown_field"
    SYNTAX = "syntax"
    NOT_ALLOWED = "not_allowed"
    UNBALANCED = "unbalanced"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class FormFinding:
    """One thing wrong with a form: where, which placeholder, what."""

    spot: Spot
    placeholder: str
    problem: Problem
    detail: str

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The finding as a sentence."""
        return message(
            "generator",
            f"office.{self.problem}",
            lang,
            place=self.spot.text(lang),
            placeholder=self.placeholder,
            detail=self.detail,
        )


class Checker:
    """Goes through the placeholders in reading order with the fields that are known at each."""

    def __init__(self, samples: Mapping[str, Any]) -> None:
        self._environment: FormEnvironment = environment(None)
        self._names = Names(samples)
        self._open: list[Tag] = []
        self.findings: list[FormFinding] = []

    def check(self, tags: Iterable[Tag]) -> tuple[FormFinding, ...]:
        """All findings."""
        for tag in tags:
            if tag.block:
                self._block(tag)
            else:
                self._expression(tag, tag.code)
        for tag in self._open:
            self._found(tag, Problem.UNBALANCED, tag.source)
        return tuple(self.findings)

    def _found(self, tag: Tag, problem: Problem, detail: str) -> None:
        self.findings.append(FormFinding(tag.spot, tag.source, problem, detail))

    def _block(self, tag: Tag) -> None:
        if tag.code in _BARE:
            self._bare(tag)
        elif found := _FOR.fullmatch(tag.code):
            rows = self._expression(tag, found[2])
            if rows is not None:
                self._names.enter(found[1], self._names.sample(rows))
            else:
                self._names.enter(found[1], None)
            self._open.append(tag)
        elif found := _IF.fullmatch(tag.code):
            self._expression(tag, found[1])
            if tag.code.startswith("if"):
                self._open.append(tag)
            elif not self._inside("if"):
                self._found(tag, Problem.UNBALANCED, tag.source)
        else:
            self._found(tag, Problem.NOT_ALLOWED, tag.code.split(" ", 1)[0])

    def _bare(self, tag: Tag) -> None:
        if tag.code == "else":
            if not self._open:
                self._found(tag, Problem.UNBALANCED, tag.source)
            return
        kind = tag.code.removeprefix("end")
        if not self._inside(kind):
            self._found(tag, Problem.UNBALANCED, tag.source)
            return
        opened = self._open.pop()
        if opened.scope is not tag.scope:
            self._found(tag, Problem.UNBALANCED, f"{opened.source} … {tag.source}")
        if kind == "for":
            self._names.leave()

    def _inside(self, kind: str) -> bool:
        return bool(self._open) and self._open[-1].code.startswith(kind)

    def _expression(self, tag: Tag, code: str) -> nodes.Node | None:
        """The parsed expression when it is in order, with its names looked up."""
        try:
            tree = self._environment.parse(Tag(code, False, tag.scope, tag.spot, code).jinja())
        except TemplateSyntaxError as error:
            self._found(tag, Problem.SYNTAX, error.message or "")
            return None
        bad = forbidden(tree)
        if bad is not None:
            self._found(tag, Problem.NOT_ALLOWED, bad)
            return None
        output = tree.body[0] if tree.body else None
        if not isinstance(output, nodes.Output) or len(output.nodes) != 1:
            self._found(tag, Problem.SYNTAX, code)
            return None
        for name in self._names.unknown(output.nodes[0]):
            self._found(tag, Problem.UNKNOWN_FIELD, name)
        return output.nodes[0]
