"""The plan of a press (印版): everything that all certificates of a batch share, frozen as bytes.

Built once with reportlab, pickled to worker processes, and never changed. What a certificate adds is written after
it, so that the plan's bytes and their hash need no second look.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from generator.certificate.drawing.curves import numbers
from generator.certificate.drawing.page import PageMarks, draw_page, page_marks, page_slots
from generator.certificate.drawing.tagging import SealTag, TreeNumbers, pdf_text, tree_objects
from generator.certificate.face.face import CertificateFace
from generator.certificate.parts import SealAppearance
from generator.certificate.pdf.fontobjects import base_font, composite, descriptor, font_bytes
from generator.certificate.pdf.metadata import srgb_profile
from generator.certificate.pdf.painting import FontUse, FrozenFont
from generator.certificate.pdf.pdfobjects import Collector, Transplant, stream
from generator.certificate.typesetting.freezing import Example, constant_texts, freeze_characters
from generator.layout.text.fonts import FontBook
from generator.layout.units import PT_PER_MM

FIELD_NAME = "seal"
PRINTED_AND_LOCKED = 132  # annotation flags Print and Locked, ISO 32000-1 12.5.3


@dataclass(frozen=True, slots=True)
class Variable:
    """Object numbers of what each certificate writes itself, and which constant objects refer to."""

    content: int
    fonts: int
    pictures: int
    signature: int
    free: int


@dataclass(frozen=True, slots=True)
class PressPlan:
    """The frozen part of all certificates of a batch.

    `seal` draws the seal on the page as well, because some readers do not show signature fields.
    `prefix` is the file's beginning, `entries` its lines of the cross-reference table; `font_entries` and
    `picture_entries` are ready resource entries; `catalog` is the catalogue without its variable entries; `frozen`
    are the plan's own fonts by face.
    """

    face: CertificateFace
    fonts_folder: Path | None
    sample: bool
    signed: bool
    prefix: bytes
    entries: bytes
    font_entries: str
    picture_entries: str
    catalog: str
    variable: Variable
    marks: PageMarks
    frozen: dict[str, FrozenFont]
    seal: str


def make_plan(
    face: CertificateFace,
    seal: SealAppearance,
    *,
    sample: bool,
    home_templates: Path | None = None,
    signed: bool = True,
    like: Iterable[Example] = (),
) -> PressPlan:
    """Draw the constant page and freeze it, for one face and one seal; about half a second.

    `sample` puts 样本 across the face: set it whenever the key is a demonstration key. `signed=False` leaves the
    signature out (previews). `like` are certificates to come, of which names and employers do not matter: what they
    have in common with others is frozen too, which makes each certificate cheaper.

    Raises:
        TextTooLong: a constant text does not fit its box.
        Undrawable: a character of the layout has no glyph.
    """
    fonts = FontBook.default(home_templates)
    slots = page_slots(face, fonts)
    marks = page_marks(face, slots, sample=sample)
    collector = Collector()
    origin = Transplant(draw_page(face, fonts, marks), collector)
    brush = constant_texts(slots, marks.texts)
    freeze_characters(brush, slots, face, like)
    content = collector.add(stream("", origin.content() + b"\n" + brush.content()))
    font_numbers = origin.resources("/Font")
    pictures = origin.resources("/XObject")
    for use in brush.fonts.values():
        font_numbers[f"/{use.resource}"] = _add_font(collector, use)
    frame = _Frame(collector, face, seal, marks, signed=signed)
    frame.build(content)
    prefix, entries = collector.prefix()
    return PressPlan(
        face=face,
        fonts_folder=home_templates,
        sample=sample,
        signed=signed,
        prefix=prefix,
        entries=entries,
        font_entries=_references(font_numbers),
        picture_entries=_references({**pictures, "/Seal": frame.appearance}),
        catalog=frame.catalog,
        variable=frame.variable,
        marks=marks,
        seal=f"/Artifact BMC\nq 1 0 0 1 {numbers(*frame.seal_corner)} cm /Seal Do Q\nEMC",
        frozen={name: FrozenFont(use.resource, dict(use)) for name, use in brush.fonts.items()},
    )


def _references(numbers: dict[str, int]) -> str:
    return "".join(f"{name} {number} 0 R" for name, number in numbers.items())


def _add_font(collector: Collector, use: FontUse) -> int:
    base, (program, unicode, widths) = base_font(use), font_bytes(use)
    file = collector.add(stream(f"/Length1 {len(program)}", program))
    about = collector.add(descriptor(base, use.sliced.face, file))
    return collector.add(composite(base, widths, about, collector.add(stream("", unicode))))


class _Frame:
    """Page, widget, seal, structure tree, colour profile: the objects around the drawing."""

    def __init__(
        self,
        collector: Collector,
        face: CertificateFace,
        seal: SealAppearance,
        marks: PageMarks,
        *,
        signed: bool,
    ) -> None:
        self._collector = collector
        self._face = face
        self._seal = seal
        self._marks = marks.reading_order
        self._signed = signed

    def build(self, static_content: int) -> None:
        """Add all objects; afterwards `catalog` and `variable` are known."""
        add, reserve = self._collector.add, self._collector.reserve
        profile = add(stream("/N 3", srgb_profile()))
        intent = add(
            f"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)"
            f"/DestOutputProfile {profile} 0 R>>".encode()
        )
        self.appearance = add(self._appearance())
        pages, page = reserve(), reserve()
        tree = TreeNumbers(reserve(), reserve(), reserve(len(self._marks)), page)
        field = SealTag(reserve(), reserve(), self._face.seal.description) if self._signed else None
        self._collector.bodies |= tree_objects(self._marks, tree, field)
        after = self._collector.size
        self.variable = Variable(after, after + 1, after + 2, after + 3, after + 4)
        if field:
            self._collector.bodies[field.widget] = self._widget(page)
        self._collector.bodies |= {
            pages: f"<</Type/Pages/Count 1/Kids[{page} 0 R]>>".encode(),
            page: self._page(pages, field, static_content),
        }
        self.catalog = (
            f"/Type/Catalog/Version/1.7/Pages {pages} 0 R/Lang({self._face.page.language})"
            f"/MarkInfo<</Marked true>>/StructTreeRoot {tree.root} 0 R/OutputIntents[{intent} 0 R]"
            f"/ViewerPreferences<</DisplayDocTitle true>>"
            + (f"/AcroForm<</SigFlags 3/Fields[{field.widget} 0 R]>>" if field else "")
        )

    @property
    def seal_corner(self) -> tuple[float, float]:
        """Lower left corner of the seal on the page."""
        place, height = self._face.seal, float(self._face.page.height)
        return (
            float(place.x) - self._seal.width_mm * PT_PER_MM / 2,
            height - float(place.y) - self._seal.height_mm * PT_PER_MM / 2,
        )

    def _appearance(self) -> bytes:
        width, height = self._seal.width_mm * PT_PER_MM, self._seal.height_mm * PT_PER_MM
        entries = f"/Type/XObject/Subtype/Form/FormType 1/BBox[0 0 {width:.2f} {height:.2f}]/Resources<<>>"
        return stream(entries, self._seal.content)

    def _page(self, pages: int, field: SealTag | None, static_content: int) -> bytes:
        face, variable = self._face.page, self.variable
        annotations = f"/Annots[{field.widget} 0 R]" if field else ""
        return (
            f"<</Type/Page/Parent {pages} 0 R/MediaBox[0 0 {face.width:.2f} {face.height:.2f}]"
            f"/Contents[{static_content} 0 R {variable.content} 0 R]"
            f"/Resources<</Font {variable.fonts} 0 R/XObject {variable.pictures} 0 R>>"
            f"{annotations}/StructParents 0/Tabs/S>>"
        ).encode()

    def _widget(self, page: int) -> bytes:
        width, height = self._seal.width_mm * PT_PER_MM, self._seal.height_mm * PT_PER_MM
        left, low = self.seal_corner
        return (
            f"<</Type/Annot/Subtype/Widget/FT/Sig/T({FIELD_NAME})/F {PRINTED_AND_LOCKED}"
            f"/TU{pdf_text(self._face.seal.description)}/V {self.variable.signature} 0 R"
            f"/P {page} 0 R/StructParent 1/AP<</N {self.appearance} 0 R>>"
            f"/Rect[{left:.2f} {low:.2f} {left + width:.2f} {low + height:.2f}]>>"
        ).encode()
