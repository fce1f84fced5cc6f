"""Places in regulations as people cite them, in the visitor's language.

The regulations are Chinese. On pages in another language 细则第四十二条 reads "Rules, art. 42"; the number of an official
document (内人社办发〔2024〕85号) is its name everywhere and stays, only the place in it is said. What is not known stays.
"""

import re
from typing import Final

from core.message import DEFAULT_LANGUAGE
from web.http.languages import current_language, words

JOIN: Final = "、"
_DIGITS: Final = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_TENS: Final = {"十": 10, "百": 100}
_NUMERAL: Final = "[零一二三四五六七八九十百]+"
_POINTS: Final = f"(?P<points>(?:（{_NUMERAL}）)*)"
_NAMES: Final = {
    "细则": "rules",
    "数据规范": "data_standard",
    "职称系列目录": "series_list",
    "各文件": "each_document",
    "人社文件填表说明：使用文本格式": "text_format",
    "事业单位工作人员处分规定": "discipline",
    "劳动法": "labour_law",
    "全国人大常委会关于实施渐进式延迟法定退休年龄的决定": "retirement",
}
_WORKS: Final = (
    *((re.compile(name), key) for name, key in _NAMES.items()),
    (re.compile(r"部令第(?P<number>\d+)号"), "order"),
    (re.compile(r"包头市(?P<year>\d{4})年通知"), "notice"),
    (re.compile(r"(?P<name>\S+?〔\d{4}〕\d+号)"), "document"),
)
_PLACES: Final = (
    (re.compile(f"第(?P<first>{_NUMERAL})—(?P<last>{_NUMERAL})条"), "articles"),
    (re.compile(f"第(?P<number>{_NUMERAL})条{_POINTS}"), "article"),
    (re.compile(f"第(?P<number>{_NUMERAL})款"), "paragraph"),
    (re.compile("末款"), "last_paragraph"),
    (re.compile(r"附件(?P<number>\d+)"), "annex"),
    (re.compile("填表说明"), "notes"),
    (re.compile(f"(?P<number>{_NUMERAL}){_POINTS}(?P<item>\\d*)"), "point"),
)
_ALONE: Final = re.compile(f"第({_NUMERAL})条")


def cited(clause: str) -> str:
    """A citation, or several joined by 、; in Chinese as it stands."""
    if current_language() == DEFAULT_LANGUAGE:
        return clause
    said: list[str] = []
    known = False
    for part in clause.split(JOIN):
        work, rest = _work(part)
        known = known or bool(
            work
        )  # 包头市2025年通知二（一）3、四（二）4: the second place is in the same work
        place = _place(rest) if known else None
        said.append(_alone(part) if place is None else _joined(work, place))
    return words("citations.between").join(said)


def number_of(numeral: str) -> int:
    """A Chinese numeral below a thousand: 五十七 is 57, 一百零三 is 103."""
    total, digit = 0, 0
    for character in numeral:
        if character in _TENS:
            total += (digit or 1) * _TENS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


def _joined(work: str, place: str) -> str:
    return words("citations.within").join(one for one in (work, place) if one)


def _alone(text: str) -> str:
    """第五十七条 of what is not named: the number of the article."""
    return _ALONE.sub(lambda found: words("detail.article", number=number_of(found.group(1))), text)


def _work(text: str) -> tuple[str, str]:
    """What is cited, empty where it is not known, and what follows."""
    for pattern, key in _WORKS:
        if found := pattern.match(text):
            return words(f"citations.{key}", **found.groupdict()), text[found.end() :]
    return "", text


def _place(text: str) -> str | None:
    """Where in it; None where that cannot be read."""
    parts: list[str] = []
    while text:
        for pattern, key in _PLACES:
            if found := pattern.match(text):
                values = {name: _read(value) for name, value in found.groupdict("").items()}
                parts.append(words(f"citations.{key}", **values))
                text = text[found.end() :]
                break
        else:
            return None
    return words("citations.within").join(parts)


def _read(text: str) -> str:
    """Numerals as numbers: 五十七 is 57, （一） is (1)."""
    plain = re.sub(_NUMERAL, lambda found: str(number_of(found.group())), text)
    return plain.replace("（", "(").replace("）", ")")
