"""An SVG seal: filled paths and basic shapes become PDF path operators; anything else is refused by name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from signing.errors import SealUnusable
from signing.seal.shapes import SEAL_RED, Colour, Seal, SegmentPen, Shape, make_seal, transformed

Matrix: TypeAlias = tuple[float, ...]

_NAMESPACE: Final = "{http://www.w3.org/2000/svg}"
_DRAWN: Final = frozenset({"path", "circle", "ellipse", "rect", "polygon"})
_GROUPS: Final = frozenset({"svg", "g"})
_SILENT: Final = frozenset({"title", "desc", "metadata"})
_IDENTITY: Final[Matrix] = (1, 0, 0, 1, 0, 0)
_TRANSFORM: Final = re.compile(r"(matrix|translate|scale|rotate)\s*\(([^)]*)\)")
_MAX_DEPTH: Final = 50


@dataclass(frozen=True)
class _State:
    """What elements inherit."""

    matrix: Matrix
    colour: Colour
    place: str
    depth: int = 0

    def refuse(self, *, reason: str) -> SealUnusable:
        """The error of this file."""
        return SealUnusable(place=self.place, reason=reason)


def seal_from_svg(data: bytes, width_mm: float, place: str) -> Seal:
    """Make a seal from an SVG with a viewBox.

    Raises:
        SealUnusable: not SVG, no viewBox, nothing drawn, or text, images, strokes, gradients in it.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise SealUnusable(place=place, reason=str(error)) from error
    left, top, width, height = _view_box(root, place)
    scale = width_mm / width
    page = (scale, 0, 0, -scale, -left * scale, (top + height) * scale)
    shapes = list(_shapes(root, _State(page, SEAL_RED, place)))
    if not shapes:
        raise SealUnusable(place=place, reason="no path")
    return make_seal(width_mm, height * scale, shapes)


def _view_box(root: Any, place: str) -> tuple[float, float, float, float]:
    parts = str(root.get("viewBox") or "").replace(",", " ").split()
    try:
        left, top, width, height = (float(part) for part in parts)
    except ValueError as error:
        raise SealUnusable(place=place, reason="viewBox") from error
    if width <= 0 or height <= 0:
        raise SealUnusable(place=place, reason="viewBox")
    return left, top, width, height


def _shapes(element: Any, state: _State) -> Iterator[Shape]:
    if not isinstance(element.tag, str):  # a comment
        return
    name = element.tag.removeprefix(_NAMESPACE)
    if name in _SILENT:
        return
    if name not in _DRAWN | _GROUPS or state.depth > _MAX_DEPTH:
        raise state.refuse(reason=f"<{name}>")
    if element.get("style") or element.get("stroke", "none") != "none":
        raise state.refuse(reason=f"<{name} style/stroke>")
    state = _inherited(element, state)
    if name in _DRAWN and element.get("fill") != "none":
        yield _shape(element, state)
    for child in element:
        yield from _shapes(child, replace(state, depth=state.depth + 1))


def _inherited(element: Any, state: _State) -> _State:
    matrix = _combined(_parse_transform(element.get("transform"), state), state.matrix)
    return replace(state, matrix=matrix, colour=_colour(element.get("fill"), state))


def _shape(element: Any, state: _State) -> Shape:
    from fontTools.svgLib.path import parse_path
    from fontTools.svgLib.path.shapes import PathBuilder

    plain = element.makeelement(element.tag, {k: v for k, v in element.attrib.items() if k != "transform"})
    builder, pen = PathBuilder(), SegmentPen()
    try:
        builder.add_path_from_element(plain)
        for path in builder.paths:
            parse_path(path, pen)
    except (ValueError, KeyError, IndexError, TypeError, AssertionError) as error:
        raise state.refuse(reason=f"{element.tag}: {error}") from error
    even_odd = element.get("fill-rule") == "evenodd"
    return Shape(tuple(transformed(pen.segments, state.matrix)), state.colour, even_odd)


def _parse_transform(text: str | None, state: _State) -> Matrix:
    from fontTools.misc.transform import Transform

    if not text:
        return _IDENTITY
    if _TRANSFORM.sub("", text).strip(" ,\t\n"):
        raise state.refuse(reason=f"transform {text}")
    total = Transform()
    for name, arguments in _TRANSFORM.findall(text):
        try:
            numbers = [float(part) for part in arguments.replace(",", " ").split()]
            total = total.transform(_one_transform(name, numbers))
        except (ValueError, TypeError) as error:
            raise state.refuse(reason=f"transform {text}") from error
    return tuple(total)


def _one_transform(name: str, numbers: list[float]) -> Any:
    import math

    from fontTools.misc.transform import Transform

    match name:
        case "matrix":
            return Transform(*numbers)
        case "translate":
            return Transform().translate(*numbers)
        case "scale":
            return Transform().scale(*numbers)
        case _:
            angle, *centre = numbers
            x, y = centre or (0.0, 0.0)
            return Transform().translate(x, y).rotate(math.radians(angle)).translate(-x, -y)


def _combined(inner: Matrix, outer: Matrix) -> Matrix:
    from fontTools.misc.transform import Transform

    return tuple(Transform(*outer).transform(inner))


def _colour(value: str | None, state: _State) -> Colour:
    if value in (None, "none", "currentColor", "inherit"):
        return state.colour
    from PIL import ImageColor

    try:
        red, green, blue = ImageColor.getrgb(str(value))[:3]
    except ValueError as error:
        raise state.refuse(reason=f"fill {value}") from error
    return red / 255, green / 255, blue / 255
