"""Does the page of a certificate show what the credential inside it says? Step 12 of the validator, run in its child.

Text is compared without spaces and line ends, because long texts are set in several lines and pieces.
"""

from collections.abc import Mapping
from typing import Any, Final

from signing.validate import PageComparison

CALLED: Final = f"{__name__}:page_shows"  # how the validator's child process finds it
SHOWN: Final = (("number",), ("holder", "name"), ("title", "name"))  # what every layout has on its face


def page_shows(data: bytes, credential: Mapping[str, Any]) -> PageComparison:
    """Compare number, name and title of the credential with the text of the first page.

    A credential that lacks one of them is of another kind; what it does not say is not compared.
    """
    text = _squeezed(_first_page(data))
    for path in SHOWN:
        value = _value(credential, path)
        if value is not None and _squeezed(value) not in text:
            return PageComparison(agrees=False, detail=".".join(path))
    return PageComparison(agrees=True, detail=f"{len(SHOWN)} texts")


def _first_page(data: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        page = document[0].get_textpage()
        text: str = page.get_text_bounded()
        page.close()
        return text
    finally:
        document.close()


def _value(credential: Mapping[str, Any], path: tuple[str, ...]) -> str | None:
    found: Any = credential
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else None


def _squeezed(text: str) -> str:
    return "".join(text.split())
