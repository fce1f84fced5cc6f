"""Cleaning of text as people type and paste it; what changes is reported, and nothing is ever normalised (NFC, NFKC).

A compatibility normalisation would turn one person's character into another's: names keep the code points they have.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from records.codes.tables import rows

DOT = "·"  # U+00B7, the 间隔号 of names
_DOTS = "•‧∙⋅・･．.˙●᛫⸱ꞏ᛫‣◦◆"
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇㐀-䶿"
_INVISIBLE = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff"
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U0010ffff"
_RADICALS = "\u2e80-\u2fdf"
_SYMBOLS = "\uf020-\uf0ff"  # bullets of Wingdings and Symbol, pasted from Word
_FORBIDDEN = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ufffe\uffff\ud800-\udfff"
_INVISIBLE_ANY = re.compile(f"[{_INVISIBLE}]")
_SUSPICIOUS = re.compile(f"[{_INVISIBLE}{_PRIVATE}{_RADICALS}{_FORBIDDEN}]")
_REFUSED = re.compile(f"[{_PRIVATE}{_RADICALS}{_FORBIDDEN}]")
_SYMBOL = re.compile(f"[{_SYMBOLS}]")
_RADICAL = re.compile(f"[{_RADICALS}]")
_DOT_IN_NAME = re.compile(f"(?<=[{_HAN}])\\s*[{re.escape(_DOTS)}{DOT}]\\s*(?=[{_HAN}])")
_SPACE_IN_NAME = re.compile(f"(?<=[{_HAN}{DOT}])\\s+(?=[{_HAN}{DOT}])")
_HAN_ANY = re.compile(f"[{_HAN}]")
_IN_NAMES = f"{DOT} -'’."  # between the parts of names in Latin letters, too
_MARKS = frozenset({"Mn", "Mc"})
_PLAIN_NAME = re.compile(f"[\u3400-\u9fff{DOT}]*")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The text after cleaning; what was changed (`dots`, `invisible`, `mapped`) and what cannot stay (`refused`)."""

    text: str
    dots: bool = False
    invisible: bool = False
    mapped: tuple[tuple[str, str], ...] = ()
    refused: tuple[str, ...] = ()


@cache
def private_use() -> dict[str, str]:
    """Private-use characters of old GB 18030 fonts → the characters that they stand for."""
    return {chr(int(row["private"].replace("U+", "0x"), 0)): row["character"] for row in rows("private_use")}


def code_point(character: str) -> str:
    """`U+E863`."""
    return f"U+{ord(character):04X}"


def meant(character: str) -> str | None:
    """The ideograph that a radical look-alike (⾦ U+2FA6, pasted from a PDF) stands for; for messages only."""
    found = unicodedata.normalize("NFKC", character)
    return found if found != character else None


def clean(text: str) -> Cleaned:
    """Clean running text: invisible characters and symbol-font bullets go, known private-use characters are mapped.

    A radical look-alike becomes the ideograph that is meant; in a name (see `clean_name`) it is refused instead.
    """
    if not _SUSPICIOUS.search(text):
        return Cleaned(text.strip())
    return _clean(text, name=False)


def _clean(text: str, *, name: bool) -> Cleaned:
    visible = _INVISIBLE_ANY.sub("", text)
    table = dict(private_use())
    if not name:
        table |= {c: meant(c) or c for c in _RADICAL.findall(visible)}
        table |= dict.fromkeys(_SYMBOL.findall(visible), "")
    mapped = tuple((c, table[c]) for c in dict.fromkeys(visible) if table.get(c, c) != c)
    for old, new in mapped:
        visible = visible.replace(old, new)
    refused = tuple(dict.fromkeys(_REFUSED.findall(visible)))
    return Cleaned(
        visible.strip(), invisible=_INVISIBLE_ANY.search(text) is not None, mapped=mapped, refused=refused
    )


def strange_in_name(text: str) -> str:
    """Characters that stand in no name on an identity document (digits, brackets, signs), in their order."""
    if _PLAIN_NAME.fullmatch(text):
        return ""
    return "".join(dict.fromkeys(one for one in text if not _of_a_name(one)))


def _of_a_name(one: str) -> bool:
    return (
        one in _IN_NAMES or one.isalpha() or bool(_HAN_ANY.match(one)) or unicodedata.category(one) in _MARKS
    )


def clean_name(text: str) -> Cleaned:
    """Clean a person's name: as `clean`, and look-alike dots become `·`, blanks between ideographs go."""
    stripped = text.strip()
    if _PLAIN_NAME.fullmatch(stripped):
        return Cleaned(stripped)
    cleaned = _clean(stripped, name=True)
    dotted = _DOT_IN_NAME.sub(DOT, cleaned.text)
    joined = _SPACE_IN_NAME.sub("", dotted)
    return Cleaned(
        joined,
        dots=dotted != cleaned.text,
        invisible=cleaned.invisible or joined != dotted,
        mapped=cleaned.mapped,
        refused=cleaned.refused,
    )
