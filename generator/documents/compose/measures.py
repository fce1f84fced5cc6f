"""Lengths as templates write them: `12` (millimetres), `12pt`, `2em`, and sizes of type by their Chinese names."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from generator.layout.units import Length, Mm, Pt

SIZES: Final = {
    "初号": 42.0,
    "小初": 36.0,
    "一号": 26.0,
    "小一": 24.0,
    "二号": 22.0,
    "小二": 18.0,
    "三号": 16.0,
    "小三": 15.0,
    "四号": 14.0,
    "小四": 12.0,
    "五号": 10.5,
    "小五": 9.0,
    "六号": 7.5,
}
_MEASURE = re.compile(r"(-?\d+(?:\.\d+)?|-?\.\d+)\s*(mm|pt|em)?$")


class Measure(NamedTuple):
    """A length that may depend on the size of type: `unit` is `mm`, `pt` or `em`."""

    value: float
    unit: str

    def resolve(self, em: float) -> Length:
        """The length where one character is `em` points wide."""
        if self.unit == "mm":
            return Mm(self.value)
        return Pt(self.value * em) if self.unit == "em" else Pt(self.value)


@lru_cache(512)
def measure(text: str) -> Measure:
    """Read a length.

    Raises:
        ValueError: it is none.
    """
    match = _MEASURE.match(text.strip())
    if match is None:
        raise ValueError(text)
    return Measure(float(match[1]), match[2] or "mm")


@lru_cache(512)
def millimetres(text: str) -> Length:
    """Read a length that does not depend on the size of type.

    Raises:
        ValueError: it is none, or is given in `em`.
    """
    found = measure(text)
    if found.unit == "em":
        raise ValueError(text)
    return found.resolve(0)


@lru_cache(64)
def type_size(text: str) -> Length:
    """Read a size of type: `三号`, `16pt`; a bare number is points.

    Raises:
        ValueError: it is none.
    """
    name = text.strip()
    if name in SIZES:
        return Pt(SIZES[name])
    found = measure(name)
    return found.resolve(0) if found.unit == "pt" else Pt(found.value)
