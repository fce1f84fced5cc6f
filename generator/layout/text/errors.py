"""Errors of text and fonts."""

from __future__ import annotations

from generator.errors import GeneratorError


class TextError(GeneratorError):
    """Root of the errors about characters and font files."""

    key = "text"


class Undrawable(TextError):
    """Raised when no font draws a character: private use, surrogate, control, or without a glyph anywhere.

    Data: `character`, `code_point` (`U+E234`), and, once the caller knows them, `person` and `field`.
    """

    key = "undrawable"

    def __init__(self, *, character: str, person: str = "", field: str = "") -> None:
        self.character = character
        self.code_point = f"U+{ord(character):04X}"
        place = "".join(f"{part}，" for part in (person, field) if part)
        super().__init__(
            character=character if character.isprintable() else "",
            code_point=self.code_point,
            person=person,
            field=field,
            place=place,
        )

    def located(self, *, person: str, field: str = "") -> Undrawable:
        """The same error with the person and the field it was met in."""
        return Undrawable(character=self.character, person=person, field=field)


class FontUnusable(TextError):
    """Root of the errors about a font file that cannot be used; data: `path`."""

    key = "font_unusable"
    exit_code = 3


class FontMissing(FontUnusable):
    """Raised when there is no such font file."""

    key = "font_missing"


class FontDamaged(FontUnusable):
    """Raised when a file is not a font or cannot be unpacked."""

    key = "font_damaged"


class FontNotTrueType(FontUnusable):
    """Raised when a font has CFF outlines, which cannot be embedded here."""

    key = "font_not_truetype"


class FontVariable(FontUnusable):
    """Raised for a variable font, whose default weight would be drawn silently."""

    key = "font_variable"


class FontRestricted(FontUnusable):
    """Raised when the font file forbids embedding (OS/2 fsType 2)."""

    key = "font_restricted"
