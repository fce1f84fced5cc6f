"""Chinese line breaking: where a line may end, by GB/T 15834-2011 (4.1, 5.1.4–5.1.11) and the CLREQ of W3C.

Closing punctuation never starts a line and opening punctuation never ends one; ······, —— and numbers with their
units stay whole; Latin words and numbers are broken only when they alone are longer than the line. Where one closing
mark too many stands at a line's end it is set on half its width (行尾挤压) rather than pulling a character down.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, NamedTuple

NO_START: Final = frozenset(
    "，。、；：？！）〕］｝】》〉」』〗〙”’…—～·‧・％‰℃℉°′″々,.;:?!)]}%>ー゛゜ヽヾゝゞ＇＂，－／＼"
)
NO_END: Final = frozenset("（〔［｛【《〈「『〖〘“‘￥＄£€№＃#([{<$□☑")  # a box to tick stays with its words
SQUEEZABLE: Final = frozenset("，。、；：）〕］｝】》〉」』〗”’！？")  # ink in the left half of the em square
DOUBLED: Final = frozenset("—…")
SPACES: Final = frozenset(" \u3000")
OBJECT: Final = "\ufffc"  # stands for a blank or a picture
NEWLINE: Final = "\n"
TOLERANCE: Final = 0.01  # points; sums of floats

_WORD, _START, _END, _SPACE, _DOUBLE = 1, 2, 4, 8, 16


class Span(NamedTuple):
    """One line: characters `start` to `end`; the next line begins at `next`. `width` is in points.

    `squeezed`: the last character stands on half its width. `last`: the paragraph or a forced line ends here.
    """

    start: int
    end: int
    next: int
    width: float
    squeezed: bool
    last: bool


class _Classes(dict[str, int]):
    """Character → flags, filled as characters are met."""

    def __missing__(self, character: str) -> int:
        flags = self[character] = _classify(character)
        return flags


def _classify(character: str) -> int:
    flags = 0
    code_point = ord(character)
    if character in SPACES:
        return _SPACE
    if character == "\u00a0" or (0x20 < code_point < 0x2000 and character not in "·…—"):
        flags |= _WORD
    if character in NO_START:
        flags |= _START
    if character in NO_END:
        flags |= _END
    if character in DOUBLED:
        flags |= _DOUBLE
    return flags


CLASSES: Final = _Classes()


def may_break(before: str, after: str) -> bool:
    """Whether a line may end between these two neighbours."""
    left, right = CLASSES[before], CLASSES[after]
    if right & _SPACE:
        return False  # spaces hang at the line's end
    if right & _START:  # …… and —— among them: neither torn apart nor at a line's start
        return False
    return bool(left & _SPACE) or not (left & _END or left & right & _WORD)


def stretches(before: str, after: str) -> bool:
    """Whether justification may widen the gap between these neighbours: everywhere but inside Latin words."""
    return not CLASSES[before] & CLASSES[after] & _WORD and not (
        before == after and CLASSES[before] & _DOUBLE
    )


def break_lines(text: str, widths: Sequence[float], first: float, rest: float) -> list[Span]:
    """Lines of `text`, whose characters are `widths` points wide, `first` and then `rest` points long.

    Every line holds at least one character, so a line is wider than its room only where one character is. Line
    feeds force a new line. An empty text has one empty line.
    """
    sums = [0.0, *accumulate(widths)]
    if sums[-1] <= first + TOLERANCE and NEWLINE not in text:
        return [Span(0, len(text), len(text), sums[-1], squeezed=False, last=True)]
    spans: list[Span] = []
    start, room = 0, first
    while start < len(text) or not spans or text[start - 1] == NEWLINE:
        span = _line(text, sums, start, room)
        spans.append(span)
        start, room = span.next, rest
        if start >= len(text) and not (span.next > span.end and text[span.next - 1] == NEWLINE):
            break
    return spans


def _line(text: str, sums: list[float], start: int, room: float) -> Span:
    total = len(text)
    limit = sums[start] + room + TOLERANCE
    fit = max(bisect_right(sums, limit, start) - 1, start + 1)
    feed = text.find(NEWLINE, start, fit + 1)
    if feed >= 0:
        return Span(start, feed, feed + 1, sums[feed] - sums[start], squeezed=False, last=True)
    if fit >= total:
        return Span(start, total, total, sums[total] - sums[start], squeezed=False, last=True)
    return _broken(text, sums, start, fit, limit)


def _broken(text: str, sums: list[float], start: int, fit: int, limit: float) -> Span:
    """The line of a text that does not fit; `fit` characters up to here do."""
    if _can_squeeze(text, sums, fit, limit):
        half = (sums[fit + 1] - sums[fit]) / 2
        width = sums[fit + 1] - sums[start] - half
        return _span(text, start, fit + 1, width, squeezed=True)
    end = fit
    while end > start and not may_break(text[end - 1], text[end]) and text[end] not in SPACES:
        end -= 1
    if end == start:
        end = _emergency(text, start, fit)
    return _span(text, start, end, sums[end] - sums[start], squeezed=False)


def _can_squeeze(text: str, sums: list[float], at: int, limit: float) -> bool:
    if text[at] not in SQUEEZABLE or (sums[at] + sums[at + 1]) / 2 > limit:
        return False
    following = at + 1
    return following == len(text) or text[following] == NEWLINE or may_break(text[at], text[following])


def _emergency(text: str, start: int, fit: int) -> int:
    """A break inside a word longer than the line; still no closing mark at a line's start if it can be helped."""
    for end in range(fit, start, -1):
        if not CLASSES[text[end]] & _START and not CLASSES[text[end - 1]] & _END:
            return end
    return fit


def _span(text: str, start: int, end: int, width: float, *, squeezed: bool) -> Span:
    """A line that ends at `end`; spaces there hang and a line feed belongs to it."""
    following = end
    while following < len(text) and text[following] in SPACES:
        following += 1
    last = following >= len(text)
    if following < len(text) and text[following] == NEWLINE:
        following += 1
        last = True
    return Span(start, end, following, width, squeezed=squeezed, last=last)


def good_break(before: str, after: str) -> bool:
    """Whether a line may end here and it also helps reading: at punctuation, brackets, between Chinese and Latin."""
    if not may_break(before, after):
        return False
    left, right = CLASSES[before], CLASSES[after]
    return bool(left & (_START | _SPACE) or right & _END or (left ^ right) & _WORD)
