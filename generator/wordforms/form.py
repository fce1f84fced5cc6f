"""A region's own Word form: read once, checked, filled many times; its formatting stays as it is."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any, Final

from jinja2 import Template, TemplateError, Undefined
from lxml import etree

from generator.layout.tree import PageSetup
from generator.layout.units import Pt
from generator.render.docx.markup import encode, escape
from generator.wordforms.check import Checker, FormFinding, Problem
from generator.wordforms.errors import FormBroken, FormUnreadable
from generator.wordforms.language import environment, forbidden
from generator.wordforms.package import WordPackage, parse
from generator.wordforms.photos import Photos
from generator.wordforms.places import W
from generator.wordforms.tags import CLOSE, MARK, OPEN, Tag, TagReader, lift

MAX_OUTPUT: Final = 50_000_000  # characters of one story
SHOWABLE: Final = (str, int, float, date)
_BREAK: Final = '</w:t><w:br/><w:t xml:space="preserve">'
_BODY: Final = re.compile(rb"<w:body[^>]*>")
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class Form:
    """A Word file with placeholders.

    `Form.read(data, name)` opens it, `findings(samples)` checks it, `fill(values)` makes a document.
    """

    def __init__(self, package: WordPackage) -> None:
        self.package = package
        self.tags: list[Tag] = []
        self._sources: dict[str, str] = {}
        self._photos = Photos(package)
        for story, kind in package.stories.items():
            first = len(self.tags)
            root = parse(package.parts[story], package.name)
            self._refuse_private(package.parts[story])
            TagReader(root, kind, self.tags).read()
            if len(self.tags) > first:
                lift(root, self.tags)
                self._sources[story] = etree.tostring(root, encoding="unicode")

    @classmethod
    def read(cls, data: bytes, name: str) -> "Form":
        """Open a form.

        Raises:
            FormUnreadable: it is no Word document, too large, with macros, or damaged.
        """
        return cls(WordPackage.read(data, name))

    def _refuse_private(self, data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        if OPEN in text or CLOSE in text:
            raise FormUnreadable(name=self.package.name, reason="U+E000, U+E001")

    def findings(self, samples: Mapping[str, Any]) -> tuple[FormFinding, ...]:
        """Everything that is wrong with the placeholders; `samples` is a sample value for every field.

        Rows are lists of mappings: the keys of the first are the ones that a form may use.
        """
        found = Checker(samples).check(self.tags)
        if found:
            return found
        try:
            self.fill(samples)
        except FormBroken as error:
            first = self.tags[0]
            return (FormFinding(first.spot, first.source, Problem.BROKEN, str(error.data["reason"])),)
        return ()

    @cached_property
    def _templates(self) -> dict[str, Template]:
        """The stories as compiled templates.

        Raises:
            FormBroken: a placeholder is not allowed, or loops cross the structure of the document.
        """
        made = environment(self._shown)
        templates = {}
        for story, source in self._sources.items():
            code = MARK.sub(lambda match: self.tags[int(match[1])].jinja(), source)
            try:
                bad = forbidden(made.parse(code))
                if bad is not None:
                    raise FormBroken(place=story, reason=bad)
                templates[story] = made.from_string(code)
            except TemplateError as error:
                raise FormBroken(place=story, reason=error.message or type(error).__name__) from error
        return templates

    @cached_property
    def paper(self) -> str:
        """`A4`, `A3` … by the form's first page."""
        size = next(parse(self.package.parts[self._body], self.package.name).iter(f"{W}pgSz"), None)
        if size is None:
            return PageSetup().paper
        width, height = (Pt(int(size.get(f"{W}{side}")) / 20) for side in ("w", "h"))
        return PageSetup(width, height).paper

    @property
    def _body(self) -> str:
        return next(story for story, kind in self.package.stories.items() if kind == "body")

    def fill(self, values: Mapping[str, Any], *, mark: str = "") -> bytes:
        """The form with its placeholders filled; `mark` (草稿) becomes a line at its top.

        Raises:
            FormBroken: a field is missing, too much text comes out, or what comes out is no document any more.
            TextNotWritable: a value holds a character that XML cannot carry.
        """
        self._photos = Photos(self.package)
        changed = {self._body: self.package.parts[self._body]} if mark else {}
        for story, template in self._templates.items():
            self._photos.begin(story)
            text = self._text(story, template, values)
            changed[story] = self._checked(story, text)
        if mark:
            changed[self._body] = _marked(changed[self._body], mark)
        return self.package.with_parts(changed | self._photos.parts())

    def _text(self, story: str, template: Template, values: Mapping[str, Any]) -> str:
        chunks: list[str] = []
        size = 0
        try:
            for chunk in template.generate(values):
                size += len(chunk)
                if size > MAX_OUTPUT:
                    raise FormBroken(place=story, reason=f"> {MAX_OUTPUT}")
                chunks.append(chunk)
        except (TemplateError, TypeError, ValueError, LookupError) as error:
            raise FormBroken(place=story, reason=str(error)) from error
        return "".join(chunks)

    def _checked(self, story: str, text: str) -> bytes:
        """The story as bytes, if it is still well-formed."""
        data = encode(_DECLARATION + text)
        try:
            parse(data, self.package.name)
        except FormUnreadable as error:
            raise FormBroken(place=story, reason=str(error.data["reason"])) from error
        return data

    def _shown(self, value: Any) -> str:
        """A value as XML inside `w:t`."""
        if value is None:
            return ""
        if isinstance(value, bytes):
            return self._photos.inline(value)
        if isinstance(value, Undefined):
            return str(value)  # raises with the field's name
        if not isinstance(value, SHOWABLE):
            raise FormBroken(place="", reason=type(value).__name__)
        return re.sub(r"\r\n|\r|\n", _BREAK, escape(str(value)))


def _marked(body: bytes, mark: str) -> bytes:
    """The body with a bold red line before everything else."""
    line = (
        '<w:p><w:pPr><w:jc w:val="right"/></w:pPr><w:r><w:rPr><w:b/><w:color w:val="C00000"/><w:sz w:val="28"/>'
        f"</w:rPr><w:t>{escape(mark)}</w:t></w:r></w:p>"
    ).encode()
    return _BODY.sub(lambda match: match.group() + line, body, count=1)
