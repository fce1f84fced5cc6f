"""Tags (结构标签): what a screen reader meets, in which order. ISO 32000-1 14.7, 14.8.

The tree is the same for all certificates of a batch: every text has its marked content even when it is empty, so the
tree can be frozen with the rest of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

FIGURE: Final = "Figure"
FORM: Final = "Form"


@dataclass(frozen=True, slots=True)
class Mark:
    """One structure element and its marked content (number `mcid`) on the page."""

    mcid: int
    tag: str
    alternative: str | None = None

    def opening(self, actual: str | None = None) -> str:
        """The operator that opens the marked content; `actual` replaces the text when it is copied."""
        extra = f" /ActualText {pdf_text(actual)}" if actual else ""
        return f"/{self.tag} <</MCID {self.mcid}{extra}>> BDC"


@lru_cache(maxsize=512)
def pdf_text(text: str) -> str:
    """A text string of PDF: UTF-16BE with byte order mark, in hexadecimal."""
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"


@dataclass(frozen=True, slots=True)
class SealTag:
    """The seal's structure element: its number, its annotation, and what is read aloud."""

    element: int
    widget: int
    description: str


@dataclass(frozen=True, slots=True)
class TreeNumbers:
    """Object numbers that the structure tree refers to."""

    root: int
    document: int
    first_element: int
    page: int


def tree_objects(
    marks: Sequence[Mark], numbers: TreeNumbers, seal: SealTag | None = None
) -> dict[int, bytes]:
    """The structure tree as PDF objects by number: root, document, one element per mark, one for the seal's field."""
    elements = [numbers.first_element + index for index in range(len(marks))]
    by_mcid = sorted(zip(marks, elements, strict=True), key=lambda pair: pair[0].mcid)
    kids = " ".join(f"{element} 0 R" for element in [*elements, *([seal.element] if seal else [])])
    parents = " ".join(f"{element} 0 R" for _, element in by_mcid)
    seal_parent = f"1 {seal.element} 0 R" if seal else ""
    objects = {
        numbers.root: (
            f"<</Type/StructTreeRoot/K {numbers.document} 0 R/ParentTreeNextKey 2"
            f"/ParentTree<</Nums[0[{parents}]{seal_parent}]>>>>"
        ),
        numbers.document: f"<</Type/StructElem/S/Document/P {numbers.root} 0 R/K[{kids}]>>",
    }
    if seal:
        objects[seal.element] = (
            f"<</Type/StructElem/S/{FORM}/P {numbers.document} 0 R/Alt{pdf_text(seal.description)}"
            f"/K<</Type/OBJR/Obj {seal.widget} 0 R/Pg {numbers.page} 0 R>>>>"
        )
    for mark, element in zip(marks, elements, strict=True):
        alternative = f"/Alt{pdf_text(mark.alternative)}" if mark.alternative else ""
        objects[element] = (
            f"<</Type/StructElem/S/{mark.tag}/P {numbers.document} 0 R/Pg {numbers.page} 0 R"
            f"/K {mark.mcid}{alternative}>>"
        )
    return {number: body.encode("ascii") for number, body in objects.items()}
