"""A region's own Word form (自有表样): checked against the field catalogue, filled in a sandbox, turned into PDF."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from generator.wordforms.check import FormFinding, Problem
    from generator.wordforms.form import Form
    from generator.wordforms.libreoffice import office_command, to_pdf
    from generator.wordforms.store import adopt, form_path, own_form

__all__ = [
    "Form",
    "FormFinding",
    "Problem",
    "adopt",
    "form_path",
    "office_command",
    "own_form",
    "to_pdf",
]

_HOMES = {
    "Form": "form",
    "FormFinding": "check",
    "Problem": "check",
    "adopt": "store",
    "form_path": "store",
    "office_command": "libreoffice",
    "own_form": "store",
    "to_pdf": "libreoffice",
}


def __getattr__(name: str) -> Any:
    """Load a part when it is asked for: python-docx and lxml are not needed to say what commands there are."""
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"generator.wordforms.{_HOMES[name]}"), name)
