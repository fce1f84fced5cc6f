"""The plan of a press (印版): everything that all certificates of a batch share, frozen as bytes.

Built once with reportlab, pickled to worker processes, and never changed. What a certificate adds is written after
it, so that the plan's bytes and their hash need no second look.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from generator.certificate.face import CertificateFace
from generator.certificate.fontobjects import base_font, composite, descriptor, to_unicode
from generator.certificate.freezing import Example, constant_texts, freeze_characters
from generator.certificate.metadata import srgb_profile
from generator.certificate.page import PageMarks, draw_page, page_marks, page_slots
from generator.certificate.painting import FontUse, FrozenFont
from generator.certificate.parts import SealAppearance
from generator.certificate.pdfobjects import Collector, Transplant, stream
from generator.certificate.tagging import TreeNumbers, pdf_text, tree_objects
from generator.text.fonts import FontBook
from generator.units import PT_PER_MM

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
        picture_entries=_references(pictures),
        catalog=frame.catalog,
        variable=frame.variable,
        marks=marks,
        frozen={name: FrozenFont(use.resource, dict(use)) for name, use in brush.fonts.items()},
    )


def _references(numbers: dict[str, int]) -> str:
    return "".join(f"{name} {number} 0 R" for name, number in numbers.items())


def _add_font(collector: Collector, use: FontUse) -> int:
    base, program = base_font(use), use.sliced.program(use.slices)
    file = collector.add(stream(f"/Length1 {len(program)}", program))
    about = collector.add(descriptor(base, use.sliced.face, file))
    return collector.add(composite(base, use.slices, about, collector.add(stream("", to_unicode(use)))))


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
        appearance = add(self._appearance())
        pages, page, widget = reserve(), reserve(), reserve()
        tree = TreeNumbers(
            root=reserve(),
            document=reserve(),
            first_element=reserve(len(self._marks)),
            widget_element=reserve(),
            page=page,
            widget=widget,
        )
        self._collector.bodies |= tree_objects(
            self._marks, tree, self._face.seal.description, signed=self._signed
        )
        after = self._collector.size
        self.variable = Variable(after, after + 1, after + 2, after + 3, after + 4)
        self._collector.bodies |= {
            pages: f"<</Type/Pages/Count 1/Kids[{page} 0 R]>>".encode(),
            page: self._page(pages, widget, static_content),
            widget: self._widget(page, appearance),
        }
        self.catalog = (
            f"/Type/Catalog/Version/1.7/Pages {pages} 0 R/Lang({self._face.page.language})"
            f"/MarkInfo<</Marked true>>/StructTreeRoot {tree.root} 0 R/OutputIntents[{intent} 0 R]"
            f"/ViewerPreferences<</DisplayDocTitle true>>"
            + (f"/AcroForm<</SigFlags 3/Fields[{widget} 0 R]>>" if self._signed else "")
        )

    def _appearance(self) -> bytes:
        width, height = self._seal.width_mm * PT_PER_MM, self._seal.height_mm * PT_PER_MM
        entries = f"/Type/XObject/Subtype/Form/FormType 1/BBox[0 0 {width:.2f} {height:.2f}]/Resources<<>>"
        return stream(entries, self._seal.content)

    def _page(self, pages: int, widget: int, static_content: int) -> bytes:
        face, variable = self._face.page, self.variable
        return (
            f"<</Type/Page/Parent {pages} 0 R/MediaBox[0 0 {face.width:.2f} {face.height:.2f}]"
            f"/Contents[{static_content} 0 R {variable.content} 0 R]"
            f"/Resources<</Font {variable.fonts} 0 R/XObject {variable.pictures} 0 R>>"
            f"/Annots[{widget} 0 R]/StructParents 0/Tabs/S>>"
        ).encode()

    def _widget(self, page: int, appearance: int) -> bytes:
        width, height = self._seal.width_mm * PT_PER_MM, self._seal.height_mm * PT_PER_MM
        left = float(self._face.seal.x) - width / 2
        low = float(self._face.page.height - self._face.seal.y) - height / 2
        about = pdf_text(self._face.seal.description)
        kind = (
            f"/Subtype/Widget/FT/Sig/T({FIELD_NAME})/TU{about}/V {self.variable.signature} 0 R"
            if self._signed
            else f"/Subtype/Stamp/Contents{about}"
        )
        return (
            f"<</Type/Annot{kind}/F {PRINTED_AND_LOCKED}/P {page} 0 R/StructParent 1"
            f"/Rect[{left:.2f} {low:.2f} {left + width:.2f} {low + height:.2f}]/AP<</N {appearance} 0 R>>>>"
        ).encode()
