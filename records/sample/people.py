"""Invented people: names, identity numbers that belong to nobody, employers."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from records.batch.dates import PartialDate
from records.batch.model import Employer, EmployerNature, IdentityKind, Person, Sex
from records.codes import leagues
from records.codes.tables import load
from records.input.identity import mod_11_2, organisation_check, uscc_check
from records.sample.dice import Dice, names

MALE_SEQUENCE, FEMALE_SEQUENCE = "999", "000"  # 996—999 是百岁老人专用，000 不发放：样例号码不会属于任何人
MUNICIPAL_CODES = tuple(f"{league.code[:4]}01" for league in leagues()[:9])  # 市辖区代码下无人登记户口
HONG_KONG = "810000"
SPECIAL_NAMES = {2: 0, 4: 1, 6: 2, 8: 3, 10: 4, 13: 5, 16: 6}  # applicant's place in the list → rare name
CLAN_AT, ONE_CHARACTER_AT, TWENTY_AT, HONG_KONG_AT = 1, 7, 14, 12
_PREFIXES = {
    EmployerNature.INSTITUTION: "12",
    EmployerNature.STATE_ENTERPRISE: "91",
    EmployerNature.PRIVATE_ENTERPRISE: "91",
    EmployerNature.SOCIAL_ORGANIZATION: "52",
    EmployerNature.FARMER: "93",
}
_OTHER_GROUPS = ("满族", "回族", "达斡尔族", "鄂温克族", "鄂伦春族", "朝鲜族", "锡伯族")
_POLITICS = ("中共党员", "中共党员", "群众", "群众", "九三学社社员", "民盟盟员", "无党派人士")


@dataclass
class Crowd:
    """Makes people one after another and never the same identity number twice."""

    dice: Dice

    def __post_init__(self) -> None:
        self._taken: set[str] = set()

    def person(self, index: int, ages: tuple[int, int], photo: str | None) -> Person:
        """The `index`-th applicant, of an age within `ages` in 2025."""
        sex = self.dice.choice((Sex.MALE, Sex.FEMALE))
        name, ethnicity = self._name(index, sex)
        kind = IdentityKind.HMT_RESIDENCE if index == HONG_KONG_AT else IdentityKind.CITIZEN_CARD
        number, born = self._number(kind, sex, ages)
        if kind is IdentityKind.HMT_RESIDENCE:
            name, ethnicity = "陈家乐" if sex is Sex.MALE else "陈家怡", "汉族"
        return Person(
            name=name,
            identity_kind=kind,
            identity_number=number,
            sex=sex,
            birth=PartialDate(born.year, born.month),
            ethnicity=ethnicity,
            politics=self.dice.choice(_POLITICS),
            phone=f"1380000{index % 10000:04d}",
            photo=photo,
        )

    def expert_name(self) -> str:
        """A name for an expert or a witness."""
        sex = self.dice.choice((Sex.MALE, Sex.FEMALE))
        return self._mongol(sex, clan=False) if self.dice.chance(0.3) else self._han(sex)

    def _name(self, index: int, sex: Sex) -> tuple[str, str]:
        if index in SPECIAL_NAMES:
            return names()["rare"][SPECIAL_NAMES[index]], "汉族"
        if index == ONE_CHARACTER_AT:
            return names()["one"], "汉族"
        if index == TWENTY_AT:
            return names()["twenty"], "蒙古族"
        if index == CLAN_AT or self.dice.chance(0.3):
            return self._mongol(sex, clan=index == CLAN_AT or self.dice.chance(0.35)), "蒙古族"
        return self._han(sex), self.dice.choice(_OTHER_GROUPS) if self.dice.chance(0.15) else "汉族"

    def _han(self, sex: Sex) -> str:
        given = names()["male" if sex is Sex.MALE else "female"]
        return str(self.dice.choice(names()["han_surnames"]) + self.dice.choice(given))

    def _mongol(self, sex: Sex, *, clan: bool) -> str:
        given = str(self.dice.choice(names()["mongol_male" if sex is Sex.MALE else "mongol_female"]))
        return f"{self.dice.choice(names()['mongol_clans'])}·{given}" if clan else given

    def _number(self, kind: IdentityKind, sex: Sex, ages: tuple[int, int]) -> tuple[str, date]:
        sequence = MALE_SEQUENCE if sex is Sex.MALE else FEMALE_SEQUENCE
        first = date(2025 - ages[1], 1, 1)
        days = (date(2025 - ages[0], 12, 31) - first).days
        while True:
            born = first + timedelta(days=self.dice.randint(0, days))
            code = HONG_KONG if kind is IdentityKind.HMT_RESIDENCE else self.dice.choice(MUNICIPAL_CODES)
            body = f"{code}{born:%Y%m%d}{sequence}"
            if body not in self._taken:
                self._taken.add(body)
                return body + mod_11_2(body), born


def employer(facts: list[Any]) -> Employer:
    """An employer of the material, with an organisation code (YL…) that nobody was given."""
    name, nature, region_code = facts[0], EmployerNature(facts[1]), facts[2]
    serial = sum(ord(character) * place for place, character in enumerate(name, start=7)) % 1_000_000
    organisation = f"YL{serial:06d}"
    body = f"{_PREFIXES[nature]}{region_code}{organisation}{organisation_check(organisation)}"
    if not set(body) <= set(load("uscc")["alphabet"]):
        raise ValueError(body)
    return Employer(name=name, uscc=body + uscc_check(body), nature=nature, region_code=region_code)
