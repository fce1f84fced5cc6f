"""Lengths with their unit in the type (`Mm(25)`, `Pt(10.5)`), as python-docx does it."""

from typing import Final

PT_PER_MM: Final = 72 / 25.4
EMU_PER_MM: Final = 36000


class Length(float):
    """A length; the float value is in points (1/72 inch)."""

    __slots__ = ()

    @property
    def pt(self) -> float:
        """Points."""
        return float(self)

    @property
    def mm(self) -> float:
        """Millimetres."""
        return float(self) / PT_PER_MM

    @property
    def twip(self) -> int:
        """Twentieths of a point, rounded; the unit of WordprocessingML."""
        return round(float(self) * 20)

    @property
    def emu(self) -> int:
        """English metric units, rounded; the unit of DrawingML."""
        return round(self.mm * EMU_PER_MM)

    def __repr__(self) -> str:
        return f"Mm({self.mm:.2f})"


def Mm(value: float) -> Length:  # noqa: N802 - reads like a unit
    """A length of `value` millimetres."""
    return Length(value * PT_PER_MM)


def Pt(value: float) -> Length:  # noqa: N802 - reads like a unit
    """A length of `value` points."""
    return Length(value)
