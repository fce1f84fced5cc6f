"""Glyph outlines as PDF paths, for what must be seen but not be text (watermarks)."""

from __future__ import annotations

from math import cos, radians, sin
from typing import Any, Final

import uharfbuzz as hb

from generator.layout.text.fonts import GlyphTable

ANGLE: Final = 38.0  # degrees
SHADE: Final = "0.93 g"


class _Path:
    """Collects the path operators of one glyph."""

    def __init__(self) -> None:
        self.code: list[str] = []
        self.at = (0.0, 0.0)

    def move(self, x: float, y: float) -> None:
        self.at = (x, y)
        self.code.append(f"{x:.0f} {y:.0f} m")

    def line(self, x: float, y: float) -> None:
        self.at = (x, y)
        self.code.append(f"{x:.0f} {y:.0f} l")

    def quadratic(self, cx: float, cy: float, x: float, y: float) -> None:
        x0, y0 = self.at
        first = (x0 + 2 * (cx - x0) / 3, y0 + 2 * (cy - y0) / 3)
        second = (x + 2 * (cx - x) / 3, y + 2 * (cy - y) / 3)
        self.at = (x, y)
        self.code.append(f"{first[0]:.0f} {first[1]:.0f} {second[0]:.0f} {second[1]:.0f} {x:.0f} {y:.0f} c")

    def close(self) -> None:
        self.code.append("h")


def _functions() -> Any:
    functions = hb.DrawFuncs()
    functions.set_move_to_func(lambda x, y, path: path.move(x, y))
    functions.set_line_to_func(lambda x, y, path: path.line(x, y))
    functions.set_quadratic_to_func(lambda cx, cy, x, y, path: path.quadratic(cx, cy, x, y))
    functions.set_close_path_func(lambda path: path.close())
    return functions


def watermark(text: str, table: GlyphTable, width: float, height: float) -> str:
    """Operators that draw `text` large, pale and slanting across a page (points)."""
    advance = sum(table[character].advance for character in text)
    size = min(0.75 * (width**2 + height**2) ** 0.5 / max(advance, 1.0), 0.32 * min(width, height))
    turn = radians(ANGLE)
    c, s = cos(turn), sin(turn)
    back = size * advance / 2
    x = width / 2 - back * c + 0.38 * size * s
    y = height / 2 - back * s - 0.38 * size * c
    code = ["q", SHADE, f"{c:.4f} {s:.4f} {-s:.4f} {c:.4f} {x:.2f} {y:.2f} cm"]
    functions = _functions()
    place = 0.0
    for character in text:
        face, number, wide = table[character]
        path = _Path()
        hb.Font(face.hb_face).draw_glyph(number, functions, path)
        scale = size / face.units
        code.append(f"q {scale:.5f} 0 0 {scale:.5f} {place * size:.2f} 0 cm {' '.join(path.code)} f Q")
        place += wide
    return "\n".join([*code, "Q"])
