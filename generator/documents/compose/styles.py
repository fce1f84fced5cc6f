"""Style sheets: class names of templates → resolved looks.

A `Look` is everything that is inherited; it is interned (equal paths give the same object), so that looks can be
cache keys by identity. `Own` is what belongs to one element only.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from generator.documents.compose.errors import StyleBroken, Unreadable
from generator.documents.compose.measures import Measure, measure, millimetres, type_size
from generator.layout.tree import Align, Border, Borders, Fit, Role, TextStyle, VAlign
from generator.layout.units import Length, Mm, Pt

STYLES_FILE: Final = "styles.toml"
SIDES: Final = 4
MOST_KEPT: Final = 4096  # a bound for hostile templates, never met by honest ones
NO_INDENT: Final = Measure(0, "mm")
THIN_BORDERS: Final = Borders()
Rules = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, eq=False)
class Look:
    """Inherited properties of an element, resolved; `text` is the style of its characters."""

    role: Role = Role.SONG
    size: Length = Pt(10.5)
    bold: bool = False
    color: str = "#000000"
    tracking: Length = Pt(0)
    underline: bool = False
    align: Align = Align.JUSTIFY
    line: Length | None = None
    first_indent: Measure = NO_INDENT
    valign: VAlign = VAlign.MIDDLE
    padding: Length = Mm(1)
    fit: Fit = Fit.GROW
    min_size: Length = Pt(8)
    border: Borders = THIN_BORDERS
    text: TextStyle = field(init=False)

    def __post_init__(self) -> None:
        style = TextStyle(self.role, self.size, self.bold, self.color, self.tracking, self.underline)
        object.__setattr__(self, "text", style)

    @property
    def em(self) -> float:
        """Width of one full-width character with its tracking, points."""
        return self.size + self.tracking


@dataclass(frozen=True, eq=False)
class Own:
    """Properties of one element that its children do not inherit."""

    before: Length = Pt(0)
    after: Length = Pt(0)
    left: Length = Pt(0)
    right: Length = Pt(0)
    keep: bool = False
    together: bool = False
    heading: int | None = None
    style: str | None = None
    page: Mapping[str, str] = field(default_factory=dict)


def borders(text: str) -> Borders:
    """`none`, one thickness, or four (top right bottom left).

    Raises:
        ValueError: neither one nor four thicknesses.
    """
    sides = [Border(Pt(0) if side == "none" else millimetres(side)) for side in text.split()]
    if len(sides) == 1:
        sides *= SIDES
    if len(sides) != SIDES:
        raise ValueError(text)
    return Borders(*sides)


def switch(text: str) -> bool:
    """`true`, `yes` or an empty attribute is on; `false`, `no` is off."""
    return text.lower() not in ("no", "false", "0")


def line_height(text: str) -> Length | None:
    """A fixed line height, or `normal`."""
    return None if text == "normal" else millimetres(text)


INHERITED: Final[dict[str, tuple[str, Callable[[str], Any]]]] = {
    "role": ("role", Role),
    "size": ("size", type_size),
    "bold": ("bold", switch),
    "color": ("color", str),
    "tracking": ("tracking", millimetres),
    "underline": ("underline", switch),
    "align": ("align", Align),
    "line": ("line", line_height),
    "first_indent": ("first_indent", measure),
    "valign": ("valign", VAlign),
    "padding": ("padding", millimetres),
    "fit": ("fit", Fit),
    "min_size": ("min_size", type_size),
    "border": ("border", borders),
}
LENGTHS: Final = ("before", "after", "left", "right")
PAGE: Final = frozenset(
    ("paper", "margin", "numbers", "number_gap", "first_number", "header_top", "watermark", "grid")
)
OWN: Final = frozenset(spec.name for spec in fields(Own)) - {"page"}
FROM_ATTRIBUTE: Final = {
    "data-size": "size",
    "data-role": "role",
    "data-color": "color",
    "data-tracking": "tracking",
    "data-align": "align",
    "data-indent": "first_indent",
    "data-line": "line",
    "data-left": "left",
    "data-right": "right",
    "data-before": "before",
    "data-after": "after",
    "data-keep": "keep",
    "data-together": "together",
    "data-padding": "padding",
    "data-valign": "valign",
    "data-fit": "fit",
    "data-min-size": "min_size",
    "data-border": "border",
    "data-paper": "paper",
    "data-margin": "margin",
    "data-numbers": "numbers",
    "data-number-gap": "number_gap",
    "data-first-number": "first_number",
    "data-header-top": "header_top",
    "data-watermark": "watermark",
    "data-grid": "grid",
}
NOT_TEXT_OF_TABLE: Final = "align"  # data-align of a table places the table, not its text


class StyleSheet:
    """The classes of `styles.toml` files, later files over earlier ones."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._rules: dict[str, dict[str, str]] = {}
        for path in paths:
            self._load(path)
        self._cache: dict[tuple[object, ...], tuple[Look, Own]] = {}
        self.root = Look()

    def _load(self, path: Path) -> None:
        try:
            rules: Rules = tomllib.loads(path.read_text("utf-8"))
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise StyleBroken(path=str(path), detail=str(error)) from error
        for selector, properties in rules.items():
            known = self._rules.setdefault(selector, {})
            for name, value in properties.items():
                if name not in INHERITED and name not in OWN and name not in PAGE:
                    raise StyleBroken(path=str(path), detail=f"[{selector}] {name}")
                known[name] = str(value)

    def knows(self, name: str) -> bool:
        """Whether there is a class of that name."""
        return name in self._rules

    def properties(
        self, tag: str, classes: Sequence[str], scopes: Sequence[str], attributes: Mapping[str, str]
    ) -> dict[str, str]:
        """The merged properties of an element, not yet resolved: element, classes, then `data-` attributes."""
        merged: dict[str, str] = {}
        for name in (tag, *classes):
            merged |= self._rules.get(name, {})
            for scope in scopes:
                merged |= self._rules.get(f"{scope} {name}", {})
        for name, value in attributes.items():
            target = FROM_ATTRIBUTE.get(name)
            if target and not (tag == "table" and target == NOT_TEXT_OF_TABLE):
                merged[target] = value
        return merged

    def look(
        self,
        parent: Look,
        tag: str,
        classes: Sequence[str] = (),
        scopes: Sequence[str] = (),
        attributes: Mapping[str, str] | None = None,
    ) -> tuple[Look, Own]:
        """The look and own properties of an element inside `parent`; equal ones are the same objects.

        Raises:
            ValueError: a property has a value that cannot be read; the message is `name=value`.
        """
        given = tuple(attributes.items()) if attributes else ()
        key = (parent, tag, tuple(classes), tuple(scopes), given)
        found = self._cache.get(key)
        if found is None:
            found = self._derive(parent, self.properties(tag, classes, scopes, attributes or {}))
            if len(self._cache) > MOST_KEPT:
                self._cache.clear()
            self._cache[key] = found
        return found

    def _derive(self, parent: Look, properties: Mapping[str, str]) -> tuple[Look, Own]:
        changes = {
            INHERITED[name][0]: _read(name, value, INHERITED[name][1])
            for name, value in properties.items()
            if name in INHERITED
        }
        look = replace(parent, **changes) if changes else parent
        own: dict[str, Any] = {
            name: _read(name, properties[name], measure).resolve(look.em)
            for name in LENGTHS
            if name in properties
        }
        for name in ("keep", "together"):
            if name in properties:
                own[name] = switch(properties[name])
        if "heading" in properties:
            own["heading"] = _read("heading", properties["heading"], int)
        if "style" in properties:
            own["style"] = properties["style"]
        page = {name: value for name, value in properties.items() if name in PAGE}
        return look, Own(**own, page=page)


def _read(name: str, value: str, reader: Callable[[str], Any]) -> Any:
    try:
        return reader(value)
    except ValueError as error:
        raise Unreadable(name, value) from error


@cache
def style_sheet(paths: tuple[tuple[Path, int], ...]) -> StyleSheet:
    """The style sheet of files with their modification times (ns); one per state of the files."""
    return StyleSheet([path for path, _ in paths])
