"""Parsers of single cells: from what calamine gives to the value of a field, with remarks on what was odd."""

import re
from collections.abc import Callable
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from core.message import message
from records import codes
from records.input import notation
from records.input.cleaning import Cleaned, clean, clean_name, code_point, meant, strange_in_name
from records.input.input_rules import InputRule
from records.input.sheets import AFTER, BEFORE, NO, YES, Column, Kind
from records.input.workbook.build import enumeration

Remarks = list[tuple[InputRule, dict[str, object]]]
Parser = Callable[[Any, Remarks], Any]
MEMO = 200_000  # texts
_seen: dict[str, str] = {}
EXACT_DIGITS = 15  # Excel keeps no more of a number
_LOST = ("E+", "e+")
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_QUOTES = "'’‘`＇"  # typed before a number to keep it text, and pasted along with it
_BREAK = re.compile(r"\s*(?:_x000D_)?[\r\n]+\s*|_x000D_")
_LATIN = re.compile(r"[!-~]")
_YES_NO = {YES: True, NO: False, "√": True, "×": False, "有": True, "无": False}
_CHOICE_ALIASES = {
    "身份证": "居民身份证",
    "不通过": "未通过",
    "男性": "男",
    "女性": "女",
    "永居证": "外国人永久居留身份证",
}
_TABLES: dict[str, tuple[str, Callable[[str], object]]] = {
    "person.ethnicity": ("民族", codes.ethnic),
    "person.politics": ("政治面貌", codes.politics),
    "education.degree_level": ("学历", codes.education),
}


def parser(column: Column, model: type[Any]) -> Parser:
    """The parser of a column whose records are of `model`."""
    match column.kind:
        case Kind.TEXT | Kind.PHOTO:
            return one_line if column.one_line else text
        case Kind.NAME:
            return name
        case Kind.IDENTIFIER | Kind.PHONE:
            return identifier
        case Kind.IDENTITY:
            return identity
        case Kind.INTEGER:
            return integer
        case Kind.DAY:
            return day
        case Kind.MONTH:
            return month
        case Kind.REGION:
            return region
        case Kind.YES_NO:
            return _choice(_YES_NO, column.choices)
        case Kind.TABLE:
            return _table(column)
        case Kind.CHOICE:
            kind = enumeration(model, column.field)
            return _choice(_members(kind) if kind else {BEFORE: True, AFTER: False}, column.choices)


def _members(kind: type[StrEnum]) -> dict[str, object]:
    members: dict[str, object] = {member.value: member for member in kind}
    return members | {alias: members[value] for alias, value in _CHOICE_ALIASES.items() if value in members}


def text(value: Any, remarks: Remarks) -> str | None:
    """Running text; a number becomes its digits, a date what stood in the cell."""
    if not isinstance(value, str):
        return _text_of(value, remarks)
    known = _seen.get(value)
    if known is not None:
        return known
    cleaned = clean(value)
    if cleaned.invisible or cleaned.mapped or cleaned.refused:
        _report(cleaned, remarks)
    elif len(_seen) < MEMO and cleaned.text:
        _seen[value] = cleaned.text
    return cleaned.text or None


def one_line(value: Any, remarks: Remarks) -> str | None:
    """Text that stands on one line in every document (a name of a unit, a title): line breaks go, with a remark."""
    return text(_joined(value, remarks) if isinstance(value, str) else value, remarks)


def _joined(value: str, remarks: Remarks) -> str:
    stripped = value.strip()
    if not _BREAK.search(stripped):
        return value
    tidy = _BREAK.sub(_join, stripped).strip()
    if tidy != stripped.replace("_x000D_", "").strip():
        remarks.append((InputRule.LINES_JOINED, {"tidy": tidy}))
    return tidy


def _join(found: re.Match[str]) -> str:
    """Nothing between Chinese characters, a blank between Latin words."""
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    return " " if _LATIN.match(before) and _LATIN.match(after) else ""


def forget() -> None:
    """Drop the memory of texts seen, which lets equal texts of one workbook share one string."""
    _seen.clear()


def _text_of(value: Any, remarks: Remarks) -> str:
    if isinstance(value, datetime | date):
        tidy = value.strftime("%Y-%m-%d")
        remarks.append((InputRule.TEXT_FROM_DATE, {"tidy": tidy}))
        return tidy
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**EXACT_DIGITS:
        return str(int(value))
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def name(value: Any, remarks: Remarks) -> str | None:
    """A person's name, cleaned with a remark; characters that cannot be told are refused."""
    cleaned = clean_name(value) if isinstance(value, str) else Cleaned(_text_of(value, remarks))
    if cleaned.dots or cleaned.invisible:
        remarks.append((InputRule.NAME_TIDIED, {"tidy": cleaned.text}))
    if cleaned.mapped or cleaned.refused:
        _report(cleaned, remarks)
    strange = strange_in_name(cleaned.text)
    if strange and not cleaned.refused:
        remarks.append((InputRule.NAME_ODD, {"value": cleaned.text, "strange": strange}))
    return cleaned.text or None


def _report(cleaned: Cleaned, remarks: Remarks) -> None:
    if cleaned.mapped:
        points = "、".join(code_point(old) for old, _ in cleaned.mapped)
        targets = "、".join(f"{new}（{code_point(new)}）" if new else "（删除）" for _, new in cleaned.mapped)
        remarks.append((InputRule.CHARACTER_MAPPED, {"points": points, "targets": targets}))
    if cleaned.refused:
        points = "、".join(code_point(character) for character in cleaned.refused)
        remarks.append((InputRule.CHARACTER_REFUSED, {"points": points, "hint": _hint(cleaned.refused)}))


def _hint(refused: tuple[str, ...]) -> str:
    radicals = [(character, meant(character)) for character in refused]
    sentences = [
        message("records", "words.radical", point=code_point(c), meant=m, meant_point=code_point(m))
        for c, m in radicals
        if m and len(m) == 1
    ]
    return "".join(sentences) or message("records", "words.ask_bearer")


def identifier(value: Any, remarks: Remarks) -> str | None:
    """A number kept as text (编号, 电话); a whole number is unambiguous up to 15 digits."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        if float(value).is_integer() and abs(value) < 10**EXACT_DIGITS:
            return str(int(value))
        remarks.append((InputRule.NUMBER_LOST, {"value": f"{value:.6G}"}))
        return None
    return text(value.lstrip(_QUOTES) if isinstance(value, str) else value, remarks)


def identity(value: Any, remarks: Remarks) -> str | None:
    """证件号码 or 统一社会信用代码: must be text; blanks, full width and lower case are tidied with a remark."""
    if isinstance(value, float | int):
        remarks.append((InputRule.NUMBER_LOST, {"value": f"{value:.6G}"}))
        return None
    found = text(value, remarks)
    if found is None or (
        found.isascii() and found.isalnum() and not found.islower() and found == found.upper()
    ):
        return found
    if any(mark in found for mark in _LOST) and found[:1].isdigit():
        remarks.append((InputRule.NUMBER_LOST, {"value": found}))
        return None
    tidy = "".join(found.translate(_NARROW).split()).strip(_QUOTES).upper()
    if tidy != found:
        remarks.append((InputRule.NUMBER_TIDIED, {"value": found, "tidy": tidy}))
    return tidy or None


def integer(value: Any, remarks: Remarks) -> int | None:
    """A whole number of zero or more."""
    if type(value) is float and value >= 0 and value.is_integer():
        return int(value)
    if isinstance(value, str) and not value.strip():
        return None
    try:
        return notation.read_integer(value)
    except notation.Unreadable:
        remarks.append((InputRule.INTEGER, {"value": f"{value:g}" if isinstance(value, float) else value}))
        return None


def day(value: Any, remarks: Remarks) -> date | None:
    """A full date."""
    if type(value) is date:
        return value
    found: date | None = _date(notation.read_day, value, remarks)
    return found


def month(value: Any, remarks: Remarks) -> Any:
    """A date of any precision."""
    return _date(notation.read_month, value, remarks)


def _date(read: Callable[[object], Any], value: Any, remarks: Remarks) -> Any:
    if isinstance(value, str) and not value.strip():
        return None
    try:
        return read(value)
    except notation.Serial as error:
        remarks.append((InputRule.DATE_SERIAL, {"value": int(value), "day": error.day.isoformat()}))
    except notation.Ambiguous:
        remarks.append((InputRule.DATE_AMBIGUOUS, {"value": value}))
    except notation.TooCoarse:
        remarks.append((InputRule.DATE_COARSE, {"value": value}))
    except notation.Unreadable:
        remarks.append((InputRule.DATE, {"value": value}))
    return None


def region(value: Any, remarks: Remarks) -> str | None:
    """A six-digit region code in force."""
    found = identifier(value, remarks)
    if found is not None and codes.find_region(found) is None:
        remarks.append((InputRule.REGION, {"value": found}))
    return found


def _choice(members: dict[str, Any], choices: tuple[str, ...]) -> Parser:
    def parse(value: Any, remarks: Remarks) -> Any:
        if isinstance(value, str) and value in members:
            return members[value]
        found = one_line(value, remarks)
        if found is None:
            return None
        if found not in members:
            remarks.append((InputRule.CHOICE, {"value": found, "choices": "、".join(choices)}))
        return members.get(found)

    return parse


def _table(column: Column) -> Parser:
    label, look_up = _TABLES.get(column.field, (column.head, column.choices.__contains__))

    def parse(value: Any, remarks: Remarks) -> str | None:
        found = one_line(value, remarks)
        if found is not None and not look_up(found):
            hint = _proposal(found, column.choices)
            remarks.append((InputRule.NOT_IN_TABLE, {"value": found, "table": label, "hint": hint}))
        return found

    return parse


def _proposal(found: str, choices: tuple[str, ...]) -> str:
    """What of the table was probably meant: 党员 is part of 中共党员, 蒙族 is like 蒙古族."""
    near = [choice for choice in choices if found in choice] or get_close_matches(
        found, choices, n=1, cutoff=0.5
    )
    if near:
        return message("records", "words.near", near=near[0])
    return message("records", "words.unlisted")
