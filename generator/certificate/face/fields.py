"""Labelled fields (栏目) of a face, opened up into the two texts and the hairline that they are drawn as."""

from __future__ import annotations

from generator.certificate.face.face import CertificateFace, FieldStyle, LabelledField, Text
from generator.layout.tree import Align, VAlign
from generator.layout.units import Length, Mm

GAP = Mm(1)
RULE_GAP = Mm(0.9)
LABEL_SHRINK = 0.6


def field_texts(field: LabelledField, style: FieldStyle) -> tuple[Text, Text]:
    """The label and the value of a field as texts."""
    label_width = field.label_width if field.label_width is not None else style.label_width
    label = Text(
        id=f"{field.id}_label",
        content=field.label,
        x=field.x,
        y=field.y,
        width=label_width,
        height=Length(style.height - RULE_GAP),
        role=style.label_role,
        size=style.label_size,
        min_size=Length(style.label_size * LABEL_SHRINK),
        colour=style.label_colour,
    )
    value = Text(
        id=field.id,
        content=field.value,
        x=Length(field.x + label_width + GAP),
        y=field.y,
        width=Length(field.width - label_width - GAP),
        height=Length(style.height - RULE_GAP),
        role=style.value_role,
        size=style.value_size,
        min_size=style.value_min_size,
        lines=style.value_lines,
        line_height=Length(style.value_size * 1.12),
        colour=style.value_colour,
        align=Align.LEFT,
        valign=VAlign.MIDDLE,
    )
    return label, value


def field_rules(face: CertificateFace) -> list[tuple[Length, Length, Length]]:
    """The hairlines under the values: left end, distance from the page's top, length."""
    style = face.field_style
    return [
        (
            Length(value.x - GAP),
            Length(field.y + style.height - RULE_GAP),
            Length(value.width + GAP),
        )
        for field in face.fields
        for _, value in [field_texts(field, style)]
    ]
