"""Errors of the Word renderer."""

from generator.errors import GeneratorError


class TextNotWritable(GeneratorError):
    """Raised when a text holds a character that XML cannot carry; data: `code_point`, `context`."""

    key = "docx_text_not_writable"


class PictureUnreadable(GeneratorError):
    """Raised when a picture is neither PNG nor JPEG; data: `description`."""

    key = "docx_picture_unreadable"
