"""The face of a certificate (证书版式) as data: what a layout file may say, with units and defaults.

Positions are measured from the page's upper left corner. A bare number is millimetres for positions and points for
type sizes and line widths; texts such as `"25mm"`, `"2.5cm"`, `"16pt"` say their unit themselves.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, StringConstraints
from pydantic_core import PydanticCustomError

from generator.certificate.drawing.ornament import Palette
from generator.layout.tree import Align, Role, VAlign
from generator.layout.units import Length, Mm, Pt

_MEASURE: Final = re.compile(r"(-?\d+(?:\.\d+)?)\s*([a-zA-Z%]*)")
_UNITS: Final = {"mm": Mm(1), "cm": Mm(10), "pt": Pt(1)}


def _length(value: Any, unit: str) -> Length:
    if isinstance(value, Length):
        return value
    match = _MEASURE.fullmatch(str(value).strip()) if not isinstance(value, bool) else None
    if match is None:
        raise PydanticCustomError("measure", "not a length")  # noqa: EM101 - the kind of defect
    name = match[2] or unit
    if name not in _UNITS:
        raise PydanticCustomError("unit", "unknown unit {unit}", {"unit": name})  # noqa: EM101
    return Length(float(match[1]) * _UNITS[name])


def _millimetres(value: Any) -> Length:
    return _length(value, "mm")


def _points(value: Any) -> Length:
    return _length(value, "pt")


Position = Annotated[Length, PlainValidator(_millimetres)]
Size = Annotated[Length, PlainValidator(_points)]
HexColour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]
ColourName = Annotated[str, StringConstraints(pattern=r"^(#[0-9A-Fa-f]{6}|paper|red|gold|ink|label)$")]
Share = Annotated[float, Field(ge=0, le=1)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class Part(BaseModel):
    """Base of all parts of a layout: immutable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Box(Part):
    """A rectangle on the page; `x`, `y` is its upper left corner."""

    x: Position
    y: Position
    width: Position
    height: Position

    def overlaps(self, other: Box) -> bool:
        """Whether the two rectangles share more than an edge."""
        return (
            self.x + self.width > other.x + _TOUCH
            and other.x + other.width > self.x + _TOUCH
            and self.y + self.height > other.y + _TOUCH
            and other.y + other.height > self.y + _TOUCH
        )


_TOUCH: Final = 0.1


class Tag(StrEnum):
    """What a text is for a screen reader."""

    HEADING = "H1"
    PARAGRAPH = "P"


class Emphasis(Part):
    """How the value of a placeholder differs inside a longer text."""

    role: Role | None = None
    colour: ColourName | None = None
    scale: Annotated[float, Field(ge=0.5, le=2)] = 1.0


class Text(Box):
    """A text in a box. `content` may hold placeholders such as `{name}`; without any it is drawn once per batch.

    A long text is set in up to `lines` lines and made smaller down to `min_size`; it is never cut. With `when` it is
    drawn only if that placeholder has a value.
    """

    id: Identifier
    content: str
    role: Role = Role.SONG
    size: Size = Pt(10.5)
    min_size: Size | None = None
    lines: Annotated[int, Field(ge=1, le=12)] = 1
    line_height: Size | None = None
    align: Align = Align.LEFT
    valign: VAlign = VAlign.MIDDLE
    indent: Annotated[float, Field(ge=0, le=8)] = 0
    colour: ColourName = "ink"
    tracking: Size = Pt(0)
    when: Identifier | None = None
    tag: Tag = Tag.PARAGRAPH
    emphasis: dict[str, Emphasis] = {}

    @property
    def leading(self) -> float:
        """Distance of baselines as a multiple of the type size."""
        return float(self.line_height / self.size) if self.line_height else DEFAULT_LEADING

    @property
    def least(self) -> float:
        """The smallest type size in points."""
        return float(self.min_size or self.size * DEFAULT_SHRINK)


DEFAULT_LEADING: Final = 1.3
DEFAULT_SHRINK: Final = 0.6


class FieldStyle(Part):
    """How labelled fields look: label on the left, value on a hairline."""

    height: Position = Mm(7.2)
    label_width: Position = Mm(22)
    label_role: Role = Role.KAI
    label_size: Size = Pt(10.5)
    label_colour: ColourName = "label"
    value_role: Role = Role.SONG
    value_size: Size = Pt(11)
    value_min_size: Size = Pt(6.5)
    value_lines: Annotated[int, Field(ge=1, le=4)] = 2
    value_colour: ColourName = "ink"
    rule_colour: ColourName = "gold"
    rule_width: Size = Pt(0.35)


class LabelledField(Part):
    """One field (栏目): its label, its value with placeholders, its place; style from `[field_style]`."""

    id: Identifier
    label: str
    value: str
    x: Position
    y: Position
    width: Position
    label_width: Position | None = None


class Photo(Box):
    """The photo (照片), 25 × 35 mm. `missing` stands in the frame when there is none."""

    frame: ColourName = "gold"
    frame_width: Size = Pt(0.5)
    missing: str = ""
    description: str


class QrPlace(Part):
    """The QR code (二维码): `size` includes the quiet zone of four modules on every side."""

    x: Position
    y: Position
    size: Position
    colour: ColourName = "ink"
    description: str


class SealPlace(Part):
    """Centre of the seal (印章). `image` is an SVG or PNG beside the layout, `width` wide, instead of the drawn seal."""

    x: Position
    y: Position
    image: str | None = None
    width: Position = Mm(42)
    description: str


class Direction(StrEnum):
    """How Mongolian is set: upright columns from left to right, or laid on its side in one line."""

    VERTICAL = "vertical"
    HORIZONTAL = "horizontal"


class Mongolian(Box):
    """A fixed, proof-read heading in Mongolian script, shaped once per batch; shrunk to its box."""

    text: str
    size: Size
    colour: ColourName = "red"
    direction: Direction = Direction.VERTICAL


class Border(Part):
    """The border (花边): guilloche band between rails, knots in the corners, meander inside."""

    margin: Position = Mm(9)
    band: Position = Mm(10)
    period: Position = Mm(13)
    knot: Position = Mm(15)
    meander: Position = Mm(2.6)
    gap: Position = Mm(1.4)


class Rosette(Part):
    """The rosette (团花) behind the text; `x`, `y` is its centre."""

    x: Position
    y: Position
    radius: Position
    petals: Annotated[int, Field(ge=5, le=60)] = 18
    strength: Share = 0.3


class Waves(Part):
    """The wave lines of the ground (底纹)."""

    period: Position = Mm(18)
    spacing: Position = Mm(1.1)
    strength: Share = 0.25


class Divider(Part):
    """An ornamental line with a small lozenge in its middle; `x`, `y` is the middle."""

    x: Position
    y: Position
    width: Position
    colour: ColourName = "gold"


class SampleMark(Part):
    """The word across the face of everything made with a demonstration key."""

    text: str = "样本"
    size: Size = Pt(190)
    strength: Share = 0.25
    angle: Annotated[float, Field(ge=-90, le=90)] = 18


class Wording(Part):
    """Sentences with placeholders, by 取得方式; the words for levels; scope and predecessor sentences."""

    statement: dict[str, str]
    conferrer_label: dict[str, str]
    level: dict[str, str]
    scope: str
    predecessor: str
    title: str


class Colours(Part):
    """The colours of the face."""

    paper: HexColour
    red: HexColour
    gold: HexColour
    ink: HexColour
    label: HexColour


class Page(Part):
    """Paper and language."""

    width: Position = Mm(297)
    height: Position = Mm(210)
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{2,8})*$")] = "zh-CN"


class CertificateFace(Part):
    """A whole layout file. `reading_order` lists the ids that a screen reader meets first."""

    name: str
    page: Page = Page()
    colours: Colours
    border: Border | None = None
    waves: Waves | None = None
    rosette: Rosette | None = None
    dividers: tuple[Divider, ...] = ()
    texts: tuple[Text, ...]
    field_style: FieldStyle = FieldStyle()
    fields: tuple[LabelledField, ...] = ()
    photo: Photo
    qr: QrPlace
    seal: SealPlace
    mongolian: Mongolian | None = None
    sample: SampleMark = SampleMark()
    wording: Wording
    reading_order: tuple[str, ...] = ()

    @property
    def palette(self) -> Palette:
        """The colours as ornament wants them."""
        return Palette(**self.colours.model_dump())

    def colour(self, name: str) -> str:
        """`#RRGGBB` of a colour name."""
        return name if name.startswith("#") else str(getattr(self.colours, name))
