"""Errors of reading and filling a region's own Word form, and of LibreOffice."""

from core.errors import NOT_READY
from generator.errors import GeneratorError


class OfficeMissing(GeneratorError):
    """Raised when a PDF of a Word form is wanted and LibreOffice is not installed; data: `command`."""

    key = "office_missing"
    exit_code = NOT_READY


class ConversionFailed(GeneratorError):
    """Raised when LibreOffice ended without the PDF, or took too long; data: `name`, `reason`."""

    key = "office_conversion_failed"


class FormUnreadable(GeneratorError):
    """Raised when the file is no Word document (.docx) or is too large; data: `name`, `reason`."""

    key = "office_form_unreadable"


class FormBroken(GeneratorError):
    """Raised when a form's placeholders cannot be filled; data: `place`, `reason`."""

    key = "office_form_broken"


class TemplateChoice(GeneratorError):
    """Raised when `document template` is given neither or both of `--from` and `--copy`."""

    key = "template_choice"


class TemplateExists(GeneratorError):
    """Raised when a template to be copied stands in the home folder already; data: `path`."""

    key = "template_exists"
