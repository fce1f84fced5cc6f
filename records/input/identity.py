"""Numbers that identify people and organisations: identity documents (证件号码) and USCC (统一社会信用代码).

Nothing is guessed and nothing is looked up over the network: form, check character, date and region table decide.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from records.batch.model import IdentityKind, Sex
from records.codes import province_name, regions_ever
from records.codes.tables import load

CITIZEN_LENGTH = 18
USCC_LENGTH = 18
NUMBERED_AT_BIRTH = 1999  # 公民身份号码制度（国发〔1999〕15号）：此后出生者按出生登记时的代码编号
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714
_CITIZEN = re.compile(r"[1-9]\d{5}\d{8}\d{3}[0-9X]")
_CENTURIES = ("18", "19", "20")
RegionCheck = Callable[[str, date | None], "Problem | None"]


class Problem(StrEnum):
    """What is wrong with a number."""

    LENGTH = "length"
    CHARACTERS = "characters"
    CHECK = "check"
    DATE = "date"
    REGION = "region"
    REGION_ABOLISHED = "region_abolished"
    REGION_LATER = "region_later"
    ORGANISATION_CHECK = "organisation_check"
    DEPARTMENT = "department"


@dataclass(frozen=True, slots=True)
class Identity:
    """What an identity number says: `problems` is empty when it may be right; birth and sex where it holds them.

    `doubts` are oddities that real numbers may have (a region code younger than the bearer).
    """

    problems: tuple[Problem, ...] = ()
    doubts: tuple[Problem, ...] = ()
    birth: date | None = None
    sex: Sex | None = None
    expected_check: str | None = None

    @property
    def good(self) -> bool:
        """Whether nothing speaks against the number."""
        return not self.problems


def mod_11_2(body: str) -> str:
    """The check character of 17 digits (GB 11643, ISO 7064 MOD 11-2)."""
    table = load("identity")
    total = sum(int(digit) * weight for digit, weight in zip(body, table["weights"], strict=True))
    check: str = table["check_map"][total % 11]
    return check


def inspect(kind: IdentityKind, number: str) -> Identity:
    """Check a number of that kind; lower-case x counts as a wrong character."""
    match kind:
        case IdentityKind.CITIZEN_CARD:
            return citizen_card(number)
        case IdentityKind.HMT_RESIDENCE:
            return hmt_residence(number)
        case IdentityKind.FOREIGN_PERMANENT:
            return foreign_permanent(number)
        case IdentityKind.PASSPORT:
            return passport(number)


def citizen_card(number: str) -> Identity:
    """居民身份证 (GB 11643): form, region at that time, date, check character."""
    return _eighteen(number, _region_problem)


def hmt_residence(number: str) -> Identity:
    """港澳台居民居住证: a citizen number whose region is 810000, 820000 or 830000."""
    regions = load("identity")["hmt_regions"]
    return _eighteen(number, lambda code, _: None if code in regions else Problem.REGION)


def foreign_permanent(number: str) -> Identity:
    """外国人永久居留身份证: 18 digits from 9 (since 2023-12-01) or three letters and twelve digits (before)."""
    if re.fullmatch(load("identity")["foreign_permanent_old"], number):
        return Identity()
    if len(number) not in (15, CITIZEN_LENGTH):
        return Identity((Problem.LENGTH,))
    if number[:1] != "9":
        return Identity((Problem.CHARACTERS,))
    return _eighteen(number, lambda _code, _born: None)


def passport(number: str) -> Identity:
    """护照: 5 to 17 capital letters and digits; anything closer would refuse real passports."""
    good = re.fullmatch(load("identity")["passport"], number)
    return Identity(() if good else (Problem.CHARACTERS,))


def _eighteen(number: str, region_problem: RegionCheck) -> Identity:
    if len(number) != CITIZEN_LENGTH:
        return Identity((Problem.LENGTH,))
    if not _CITIZEN.fullmatch(number) or not number.isascii():
        return Identity((Problem.CHARACTERS,))
    birth = _date(number[6:14])
    check = mod_11_2(number[:17])
    found = (
        None if number[17] == check else Problem.CHECK,
        Problem.DATE if birth is None else None,
        region_problem(number[:6], birth),
    )
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    problems = tuple(problem for problem in found if problem not in (None, Problem.REGION_LATER))
    doubts = (Problem.REGION_LATER,) if Problem.REGION_LATER in found else ()
    return Identity(tuple(problem for problem in problems if problem), doubts, birth, sex, check)


@cache
def _lifetimes() -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for item in regions_ever():
        found.setdefault(item.code, []).append((item.since or 0, item.until or 9999))
    return found


def _region_problem(code: str, born: date | None) -> Problem | None:
    if province_name(code) is None:
        return Problem.REGION
    if not code.startswith("15"):
        return None  # only the codes of 内蒙古 are kept with their years
    lifetimes = _lifetimes().get(code)
    if lifetimes is None:
        return Problem.REGION
    if born and all(until < born.year for _, until in lifetimes):
        return Problem.REGION_ABOLISHED
    if born and born.year > NUMBERED_AT_BIRTH and all(since > born.year + 1 for since, _ in lifetimes):
        return Problem.REGION_LATER
    return None


def _date(digits: str) -> date | None:
    if digits[:2] not in _CENTURIES:
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


@cache
def _uscc_alphabet() -> str:
    alphabet: str = load("uscc")["alphabet"]
    return alphabet


def uscc_check(body: str) -> str:
    """The check character of the first 17 of a USCC (GB 32100, weights 3^i mod 31)."""
    alphabet = _uscc_alphabet()
    total = sum(alphabet.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    return alphabet[-total % 31]


def organisation_check(body: str) -> str:
    """The check character of the eight characters of an organisation code (GB 11714)."""
    total = sum(int(c, 36) * w for c, w in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    return "0X987654321"[total % 11]


def uscc(number: str) -> tuple[Problem, ...]:
    """What is wrong with a USCC; empty when nothing is."""
    if len(number) != USCC_LENGTH:
        return (Problem.LENGTH,)
    if not set(number) <= set(_uscc_alphabet()) or not set(number[2:8]) <= set("0123456789"):
        return (Problem.CHARACTERS,)
    return () if uscc_check(number[:17]) == number[17] else (Problem.CHECK,)


def uscc_doubts(number: str) -> tuple[Problem, ...]:
    """Oddities of a well-formed USCC that a real one may have: a department or organisation code outside the tables."""
    department = load("uscc")["departments"].get(number[0])
    found = (
        Problem.DEPARTMENT if department is None or number[1] not in department["types"] else None,
        Problem.ORGANISATION_CHECK if organisation_check(number[8:16]) != number[16] else None,
    )
    return tuple(problem for problem in found if problem)


def uscc_nature(number: str) -> str | None:
    """What the first two characters say of the organisation (事业单位, 企业 …); a hint only."""
    department = load("uscc")["departments"].get(number[:1])
    name: str | None = department["types"].get(number[1:2]) if department else None
    return name
