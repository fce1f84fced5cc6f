"""Centred lines of even length: no single character is left alone on the last one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from generator.layout.text.linebreak import NEWLINE, SPACES, Span, break_lines, good_break

STEPS: Final = 6
OPENING: Final = frozenset("（《〔【“(")
CLOSING: Final = frozenset("）》〕】”)")
LEAST_SHARE: Final = 0.25  # of the longer line; below it two lines look worse than a break inside a word


def balanced(text: str, widths: Sequence[float], spans: list[Span], room: float) -> list[Span]:
    """As many lines as before, of nearly equal length; two lines meet at a place that helps reading if there is one.

    Texts with forced lines are left as they are.
    """
    if NEWLINE in text:
        return spans
    if len(spans) == 2:
        pair = _at_good_break(text, widths, room)
        if pair:
            return pair
    return _even(text, widths, spans, room)


def _even(text: str, widths: Sequence[float], spans: list[Span], room: float) -> list[Span]:
    low, high = sum(widths) / len(spans), room
    for _ in range(STEPS):
        middle = (low + high) / 2
        tried = break_lines(text, widths, middle, middle)
        if len(tried) <= len(spans) and all(span.width <= middle + 1 for span in tried):
            spans, high = tried, middle
        else:
            low = middle
    return spans


def _at_good_break(text: str, widths: Sequence[float], room: float) -> list[Span] | None:
    sums = [0.0, *accumulate(widths)]
    total = sums[-1]
    best: tuple[float, int] | None = None
    depth = 0  # inside brackets no break is good
    for place in range(1, len(text)):
        depth += (text[place - 1] in OPENING) - (text[place - 1] in CLOSING)
        first, second = sums[place], total - sums[place]
        shorter, longer = sorted((first, second))
        if depth or longer > room or shorter < LEAST_SHARE * longer:
            continue
        if not good_break(text[place - 1], text[place]):
            continue
        if best is None or longer - shorter < best[0]:
            best = (longer - shorter, place)
    if best is None:
        return None
    place = best[1]
    end = place
    while end > 1 and text[end - 1] in SPACES:
        end -= 1
    return [
        Span(0, end, place, sums[end], squeezed=False, last=False),
        Span(place, len(text), len(text), total - sums[place], squeezed=False, last=True),
    ]
