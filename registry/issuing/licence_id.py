"""Electronic licence identifier (电子证照标识, GB/T 36904): composed, taken apart, check character ISO/IEC 7064 MOD 37,36."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from signing.errors import LicenceIdInvalid

ROOT: Final = "1.2.156.3005.2"  # the arc of electronic licences
ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_M: Final = len(ALPHABET)
_FORMS: Final = {
    "type": re.compile(r"[0-9A-Z]{21}"),
    "issuer": re.compile(r"[0-9A-Z]{18}"),
    "serial": re.compile(r"[0-9A-Z]+(\.[0-9A-Z]+)*"),
    "version": re.compile(r"[0-9A-Z]{3}"),
}


@dataclass(frozen=True, slots=True)
class LicenceId:
    """One identifier: type code of the licence, issuer's unified credit code, serial, version (`001` …)."""

    type: str
    issuer: str
    serial: str
    version: str

    def __post_init__(self) -> None:
        for part, form in _FORMS.items():
            value = getattr(self, part)
            if not form.fullmatch(value):
                raise LicenceIdInvalid(part=part, value=value)

    @property
    def check(self) -> str:
        """The check character over all four parts, without root and dots."""
        begun = _product(f"{self.type}{self.issuer}", _M)
        return _closing(_continued(f"{self.serial}{self.version}", begun))

    def __str__(self) -> str:
        return ".".join((ROOT, self.type, self.issuer, self.serial, self.version, self.check))

    def next_version(self) -> "LicenceId":
        """The identifier of the corrected licence that supersedes this one.

        Raises:
            LicenceIdInvalid: after version 999.
        """
        return LicenceId(self.type, self.issuer, self.serial, f"{int(self.version) + 1:03d}")


def check_character(text: str) -> str:
    """ISO/IEC 7064 MOD 37,36 check character of digits and capital letters; dots are left out.

    Raises:
        LicenceIdInvalid: another character.
    """
    return _closing(_continued(text, _M))


def _continued(text: str, product: int) -> int:
    """The running product after more characters."""
    for character in text.replace(".", ""):
        value = ALPHABET.find(character)
        if value < 0:
            raise LicenceIdInvalid(part="character", value=character)
        product = (product + value) % _M or _M
        product = product * 2 % (_M + 1)
    return product


_product = lru_cache(maxsize=64)(_continued)  # type and issuer are the same for all of one issuer's licences


def _closing(product: int) -> str:
    return ALPHABET[(_M + 1 - product) % _M]


def parse(text: str) -> LicenceId:
    """Take an identifier apart and check its check character.

    Raises:
        LicenceIdInvalid: wrong root, part or check character.
    """
    if not text.startswith(ROOT + "."):
        raise LicenceIdInvalid(part="root", value=text)
    parts = text.removeprefix(ROOT + ".").split(".")
    if len(parts) < len(_FORMS) + 1:
        raise LicenceIdInvalid(part="length", value=text)
    found = LicenceId(parts[0], parts[1], ".".join(parts[2:-2]), parts[-2])
    if found.check != parts[-1]:
        raise LicenceIdInvalid(part="check", value=text)
    return found
