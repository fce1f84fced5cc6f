"""Values as people write them in Chinese paperwork; a missing fact is empty text, never a guess."""

from datetime import date
from typing import Final

from records.batch.dates import PartialDate
from records.codes import education, ethnic, politics

MASK: Final = "*"
MASK_HEAD: Final = 6
MASK_TAIL: Final = 4
CHINESE_DIGITS: Final = "〇一二三四五六七八九"
BLANK_DAY: Final = "　　　　年　　月　　日"


def text(value: object) -> str:
    """Any value as text; None is empty."""
    return "" if value is None else str(value)


def cn_day(day: date | None) -> str:
    """2025年8月22日, without leading zeros (GB/T 9704 7.3.5.4)."""
    return "" if day is None else f"{day.year}年{day.month}月{day.day}日"


def cn_span(first: date | None, last: date | None) -> str:
    """A span of days with what they share said once: 2025年8月20日至22日."""
    if first is None or last is None:
        return ""
    if first == last:
        return cn_day(first)
    if first.year != last.year:
        return f"{cn_day(first)}至{cn_day(last)}"
    if first.month != last.month:
        return f"{cn_day(first)}至{last.month}月{last.day}日"
    return f"{cn_day(first)}至{last.day}日"


def dotted(day: PartialDate | None) -> str:
    """1990.03, as forms write months; a full day keeps its day out."""
    return "" if day is None else f"{day.year}.{day.month:02d}" if day.month else f"{day.year}"


def slashed(day: PartialDate | None) -> str:
    """1990/03, as the rosters' example writes months."""
    return "" if day is None else f"{day.year}/{day.month:02d}" if day.month else f"{day.year}"


def cn_partial(day: PartialDate | None) -> str:
    """1990年3月 or 1990年3月5日, to the precision that was stated."""
    if day is None:
        return ""
    month = f"{day.month}月" if day.month else ""
    return f"{day.year}年{month}{f'{day.day}日' if day.day else ''}"


def masked(number: str | None) -> str:
    """An ID number with only its first six and last four characters (前6后4)."""
    if not number:
        return ""
    if len(number) <= MASK_HEAD + MASK_TAIL:
        return number[:1] + MASK * (len(number) - 1)
    hidden = len(number) - MASK_HEAD - MASK_TAIL
    return number[:MASK_HEAD] + MASK * hidden + number[-MASK_TAIL:]


def ethnic_short(name: str | None) -> str:
    """汉 for 汉族, as the rosters' example writes it."""
    known = ethnic(name)
    return known.short if known else text(name)


def ethnic_full(name: str | None) -> str:
    """汉族 for 汉."""
    known = ethnic(name)
    return known.name if known else text(name)


def education_short(name: str | None) -> str:
    """大学本科 for 大学本科毕业."""
    known = education(name)
    return known.short if known else text(name)


def politics_short(name: str | None) -> str:
    """中共党员 for 中国共产党党员."""
    known = politics(name)
    return known.short if known else text(name)


def joined(*parts: str | None, between: str = "") -> str:
    """The parts that are stated, with `between` between them."""
    return between.join(part for part in parts if part)


def bracketed(value: str, inner: str | None) -> str:
    """值（内）; without an inner part only the value."""
    return f"{value}（{inner}）" if value and inner else value or text(inner)


def cn_number(number: int) -> str:
    """一 … 九十九, for headings and counts in sentences; larger numbers stay Arabic."""
    if not 0 <= number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    if not tens:
        return CHINESE_DIGITS[ones]
    head = "十" if tens == 1 else f"{CHINESE_DIGITS[tens]}十"
    return head + (CHINESE_DIGITS[ones] if ones else "")
