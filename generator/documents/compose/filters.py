"""What templates may call: filters and functions for records' values."""

from __future__ import annotations

import base64
from datetime import date
from typing import Final

from markupsafe import Markup, escape

from generator.documents.context import titles
from generator.documents.context.roles import printed_by
from generator.layout.charts import as_source

PNG: Final = b"\x89PNG"


def lines(text: object) -> Markup:
    """The value with its line breaks as `br`."""
    return Markup("<br>").join(_lines(text))


def paragraphs(text: object, css_class: str = "") -> Markup:
    """Each line of the value as a `p`; empty lines are left out."""
    opening = Markup('<p class="{}">').format(css_class) if css_class else Markup("<p>")
    parts = [opening + line + Markup("</p>") for line in _lines(text) if line.strip()]
    return Markup("").join(parts)


def _lines(text: object) -> list[Markup]:
    return [escape(line) for line in str(text if text is not None else "").splitlines()]


def chinese_date(day: date | None) -> str:
    """`2024年10月14日` (no leading zeros, GB/T 9704 7.3.5.4); empty for nothing."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def chinese_month(day: date | None) -> str:
    """`2024年10月`; empty for nothing."""
    return f"{day.year}年{day.month}月" if day else ""


def image(data: bytes | None) -> str:
    """Bytes of a PNG or JPEG as the `src` of an `img`; empty for nothing."""
    if not data:
        return ""
    kind = "png" if data.startswith(PNG) else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"


def blank(width: float, *, rule: bool = False) -> Markup:
    """Room for handwriting, `width` millimetres."""
    ruled = Markup(" data-rule") if rule else Markup("")
    return Markup('<span class="blank" data-width="{}"{}></span>').format(width, ruled)


def balanced(title: object) -> Markup:
    """A long title in even lines with whole words."""
    return Markup("<br>").join(titles.balanced(str(title)))


FILTERS: Final = {
    "balanced": balanced,
    "printed_by": printed_by,
    "lines": lines,
    "paragraphs": paragraphs,
    "date": chinese_date,
    "month": chinese_month,
    "image": image,
    "chart": as_source,
}
GLOBALS: Final = {"blank": blank}
