"""Errors of templates; each names the template and the line."""

from __future__ import annotations

from enum import StrEnum

from core.message import DEFAULT_LANGUAGE, message
from core.sentences import Sentence
from generator.errors import GeneratorError


class TemplateError(GeneratorError):
    """Root of the errors about templates; data: `template`, `line` and what the subclass says."""

    key = "template"


class TemplateMissing(TemplateError):
    """Raised when no folder holds the template; data: `template`."""

    key = "template_missing"


class TemplateSyntax(TemplateError):
    """Raised when Jinja cannot read a template; data: `template`, `line`, `reason`."""

    key = "template_syntax"


class TemplateUndefined(TemplateError):
    """Raised when a template uses a name that its variables do not have; data: `template`, `line`, `reason`."""

    key = "template_undefined"


class TemplateFailed(TemplateError):
    """Raised when an expression of a template cannot be computed; data: `template`, `line`, `reason`."""

    key = "template_failed"


class MarkupOutside(TemplateError):
    """Raised when a template's output leaves the HTML subset; data: `template`, `line`, `problem`, `detail`."""

    key = "markup_outside"

    def diagnostics(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The place, then what is wrong there."""
        sentence = message("generator", f"markup.{self.data['problem']}", lang, detail=self.data["detail"])
        return message("generator", f"errors.{self.key}", lang, sentence=sentence, **self.data)

    def sentence(self) -> Sentence:
        """The same, to be stored."""
        inner = Sentence.of("generator", f"markup.{self.data['problem']}", detail=self.data["detail"])
        return Sentence.of("generator", f"errors.{self.key}", sentence=inner, **self.data)


class StyleBroken(TemplateError):
    """Raised when a styles.toml cannot be read or names an unknown property; data: `path`, `detail`."""

    key = "style_broken"


class Problem(StrEnum):
    """What can be wrong with markup; the sentence is `[markup]` in the catalogue."""

    UNKNOWN_ELEMENT = "unknown_element"  # an element outside the subset
    UNKNOWN_ATTRIBUTE = "unknown_attribute"  # an attribute that its element does not have
    ATTRIBUTE_SYNTAX = "attribute_syntax"  # attributes that cannot be read
    UNKNOWN_CLASS = "unknown_class"  # a class that no style sheet has
    NESTING = "nesting"  # an element where it may not stand
    TEXT_HERE = "text_here"  # text where only elements may stand
    UNCLOSED = "unclosed"  # an element without end tag
    WRONG_CLOSE = "wrong_close"  # an end tag that does not match
    SECOND_ROOT = "second_root"  # a second article
    EMPTY = "empty"  # an element without content
    STRAY = "stray"  # a lone `<`
    NEEDS_ATTRIBUTE = "needs_attribute"  # a required attribute is missing
    VALUE = "value"  # an attribute or style value that cannot be read
    IMAGE_MISSING = "image_missing"  # no such picture
    IMAGE_KIND = "image_kind"  # a picture that is neither PNG nor JPEG
    PINNED_PLACE = "pinned_place"  # a pinned block with no place or two
    GRID = "grid"  # table rows that do not fill the columns
    HEAD_ROWS = "head_rows"  # head rows that do not come first


class MarkupProblem(Exception):
    """What is wrong at an offset of the rendered text; `compose` finds the template and line for it."""

    def __init__(self, problem: Problem, detail: str, offset: int) -> None:
        super().__init__(problem, detail, offset)
        self.problem = problem
        self.detail = detail
        self.offset = offset


class Unreadable(ValueError):
    """A style property whose value cannot be read."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__(f"{name}={value}")
