"""The ground of a face (底版): everything decorative, drawn with reportlab once per batch.

Motifs become form objects that the page places many times; a page full of fine lines stays below 20 KB.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from generator.certificate.drawing.curves import circle, fill, numbers, placed, polyline, rectangle, stroke
from generator.certificate.drawing.ornament import (
    HAIRLINE,
    Motif,
    Palette,
    band,
    knot,
    meander,
    rosette,
    waves,
)
from generator.certificate.face.face import Border, CertificateFace, Divider, Rosette, Waves
from generator.certificate.face.fields import field_rules

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

RAIL: Final = 0.9
LINING: Final = 1.6  # points between the meander and the fine line inside it


def draw_ground(canvas: Canvas, face: CertificateFace) -> None:
    """Paper, waves, rosette and border."""
    palette, page = face.palette, face.page
    artifact(canvas, fill([rectangle(0, 0, page.width, page.height)], palette.paper))
    if face.waves:
        _draw_waves(canvas, face, face.waves)
    if face.rosette:
        _draw_rosette(canvas, face, face.rosette)
    if face.border:
        _draw_border(canvas, face, face.border)


def draw_furniture(canvas: Canvas, face: CertificateFace) -> None:
    """Dividers, hairlines of the fields, frames of photo and code."""
    for divider in face.dividers:
        artifact(canvas, _divider(divider, face))
    artifact(canvas, _rules(face))
    artifact(canvas, _frames(face))


def artifact(canvas: Canvas, operators: str) -> None:
    """Put decorative operators on the page, marked as nothing to be read."""
    canvas.addLiteral(f"/Artifact BMC\n{operators}EMC")


def _form(canvas: Canvas, motif: Motif, *, centred: bool = False) -> None:
    """Define the motif as a form object."""
    low = (-motif.width / 2, -motif.height / 2) if centred else (0.0, 0.0)
    canvas.beginForm(
        motif.name,
        low[0] - motif.bleed,
        low[1] - motif.bleed,
        low[0] + motif.width + motif.bleed,
        low[1] + motif.height + motif.bleed,
    )
    canvas.addLiteral(motif.operators)
    canvas.endForm()


def _place(canvas: Canvas, motif: Motif, places: Iterable[str], *, clip: str = "") -> None:
    """Draw the motif at every place (`cm` operators), inside `clip`."""
    canvas.addLiteral("/Artifact BMC\nq")
    if clip:
        canvas.addLiteral(f"{clip} W n")
    for place in places:
        canvas.addLiteral(f"q {place}")
        canvas.doForm(motif.name)
        canvas.addLiteral("Q")
    canvas.addLiteral("Q\nEMC")


def inner_box(face: CertificateFace) -> tuple[float, float, float, float]:
    """Left, bottom, width and height of the field inside the border, in points."""
    border = face.border
    inset = float(border.margin + border.band + border.gap + border.meander) + LINING if border else 0.0
    return inset, inset, float(face.page.width) - 2 * inset, float(face.page.height) - 2 * inset


def _draw_waves(canvas: Canvas, face: CertificateFace, spec: Waves) -> None:
    x, y, width, height = inner_box(face)
    rows = 24
    motif = waves(spec.period, spec.spacing, rows, face.palette, spec.strength)
    _form(canvas, motif)
    columns, stacks = math.ceil(width / motif.width), math.ceil(height / motif.height) + 1
    places = (
        placed(x + column * motif.width, y + (stack - 0.5) * motif.height)
        for column in range(columns)
        for stack in range(stacks)
    )
    _place(canvas, motif, places, clip=rectangle(x, y, width, height))


def _draw_rosette(canvas: Canvas, face: CertificateFace, spec: Rosette) -> None:
    motif = rosette(spec.radius, spec.petals, face.palette, spec.strength)
    _form(canvas, motif, centred=True)
    x, y = float(spec.x), float(face.page.height - spec.y)

    def turned(index: int) -> str:
        angle = 2 * math.pi * index / spec.petals
        cos, sin = f"{math.cos(angle):.6f}", f"{math.sin(angle):.6f}"
        return f"{cos} {sin} {-math.sin(angle):.6f} {cos} {numbers(x, y)} cm"

    _place(canvas, motif, (turned(index) for index in range(spec.petals)))


def _draw_border(canvas: Canvas, face: CertificateFace, spec: Border) -> None:
    palette = face.palette
    artifact(canvas, _rails(face, spec, palette))
    _draw_band(canvas, face, spec, palette)
    _draw_meander(canvas, face, spec, palette)
    _draw_knots(canvas, face, spec, palette)


def _rails(face: CertificateFace, spec: Border, palette: Palette) -> str:
    """The straight lines on both sides of the band, heavy outside, fine inside."""
    width, height = float(face.page.width), float(face.page.height)

    def frame(inset: float) -> str:
        return rectangle(inset, inset, width - 2 * inset, height - 2 * inset)

    margin, band_height = float(spec.margin), float(spec.band)
    return stroke(
        [frame(margin - 2.2), frame(margin + band_height + 0.8)], palette.red, RAIL, join=0
    ) + stroke([frame(margin - 0.6), frame(margin + band_height + 2.4)], palette.gold, HAIRLINE * 2, join=0)


def _sides(face: CertificateFace, inset: float) -> Iterator[tuple[float, float, float, int]]:
    """The four sides, each with its left end (seen from outside), length and quarter turns."""
    width, height = float(face.page.width), float(face.page.height)
    across, along = width - 2 * inset, height - 2 * inset
    yield inset, inset, across, 0
    yield width - inset, inset, along, 1
    yield width - inset, height - inset, across, 2
    yield inset, height - inset, along, 3


def _along(x: float, y: float, turn: int, distance: float) -> tuple[float, float]:
    dx, dy = ((1, 0), (0, 1), (-1, 0), (0, -1))[turn]
    return x + dx * distance, y + dy * distance


def _draw_band(canvas: Canvas, face: CertificateFace, spec: Border, palette: Palette) -> None:
    height = float(spec.band)
    motif = band(float(spec.period), height, palette)
    _form(canvas, motif)

    def places() -> Iterator[str]:
        for x, y, length, turn in _sides(face, float(spec.margin)):
            inner = length - 2 * height
            count = max(1, round(inner / motif.width))
            stretch = inner / count / motif.width
            for index in range(count):
                at = _along(x, y, turn, height + index * motif.width * stretch)
                yield placed(*at, scale=(stretch, 1), turn=turn)

    _place(canvas, motif, places())


def _draw_meander(canvas: Canvas, face: CertificateFace, spec: Border, palette: Palette) -> None:
    inset = float(spec.margin + spec.band + spec.gap)
    side = float(spec.meander)
    motif = meander(side, palette.tint(palette.gold, 0.85), 0.42)
    _form(canvas, motif)

    def places() -> Iterator[str]:
        for x, y, length, turn in _sides(face, inset):
            count = max(2, round((length - side) / side))
            stretch = (length - side) / count / side
            for index in range(count):
                at = _along(x, y, turn, index * side * stretch)
                yield placed(*at, scale=(stretch, 1), turn=turn)

    _place(canvas, motif, places())
    far = inset + side + LINING
    box = rectangle(far, far, face.page.width - 2 * far, face.page.height - 2 * far)
    artifact(canvas, stroke([box], palette.tint(palette.gold, 0.8), HAIRLINE * 1.4, join=0))


def _draw_knots(canvas: Canvas, face: CertificateFace, spec: Border, palette: Palette) -> None:
    side = float(spec.knot)
    motif = knot(side, palette)
    _form(canvas, motif)
    offset = float(spec.margin) + float(spec.band) / 2
    width, height = float(face.page.width), float(face.page.height)
    centres = [(x, y) for x in (offset, width - offset) for y in (offset, height - offset)]
    plates = [circle(x, y, side * 0.56) for x, y in centres]
    artifact(
        canvas,
        fill(plates, palette.paper)
        + stroke(plates, palette.red, RAIL)
        + stroke([circle(x, y, side * 0.56 - 1.8) for x, y in centres], palette.gold, HAIRLINE * 2),
    )
    _place(canvas, motif, (placed(x - side / 2, y - side / 2) for x, y in centres))


def _divider(spec: Divider, face: CertificateFace) -> str:
    x, y, half = float(spec.x), float(face.page.height - spec.y), float(spec.width) / 2
    colour, size = face.colour(spec.colour), 3.2

    def lozenge(at: float, radius: float) -> str:
        return polyline([(at - radius, y), (at, y + radius), (at + radius, y), (at, y - radius)], closed=True)

    arms = [polyline([(x + side * size * 2.6, y), (x + side * half, y)]) for side in (-1, 1)]
    tips = [circle(x + side * half, y, 0.9) for side in (-1, 1)]
    inner = [lozenge(x + side * size * 2, 1.2) for side in (-1, 1)]
    return (
        stroke(arms, colour, 0.5)
        + fill([*tips, *inner], colour)
        + stroke([lozenge(x, size)], colour, 0.6, join=0)
        + fill([lozenge(x, size * 0.5)], face.colours.red)
    )


def _rules(face: CertificateFace) -> str:
    style = face.field_style
    lines = [
        polyline([(x, face.page.height - y), (x + length, face.page.height - y)])
        for x, y, length in field_rules(face)
    ]
    return stroke(lines, face.colour(style.rule_colour), style.rule_width) if lines else ""


def _frames(face: CertificateFace) -> str:
    """A plain field under photo and code, so that no line of the ground disturbs them."""
    photo, code, height = face.photo, face.qr, face.page.height
    field = rectangle(photo.x, height - photo.y - photo.height, photo.width, photo.height)
    outer = 1.6
    frame = rectangle(
        photo.x - outer,
        height - photo.y - photo.height - outer,
        photo.width + 2 * outer,
        photo.height + 2 * outer,
    )
    square = rectangle(code.x, height - code.y - code.size, code.size, code.size)
    colour = face.colour(photo.frame)
    return (
        fill([frame, square], "#FFFFFF")
        + stroke([frame, field], colour, photo.frame_width, join=0)
        + stroke([square], colour, photo.frame_width, join=0)
    )
