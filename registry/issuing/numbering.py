"""Numbers (编号): certificate numbers, licence identifiers, list positions. Unique, gapless per series, never reused.

No official numbering of Inner Mongolia is public, so the form is this project's own:

    NM 2025 1500 1 05 P 00012 C
    │  │    │    │ │  │ │     └ check character as in GB 11643 (ISO/IEC 7064 MOD 11-2): 0–9 or X
    │  │    │    │ │  │ └ serial within year, authority, grade and series, without gaps
    │  │    │    │ │  └ way: P 评审、R 认定（考核）、Q 重新确认
    │  │    │    │ └ series of the national catalogue 01–27, 31 farmers and herders, 99 others
    │  │    │    └ grade: 1 正高 2 副高 3 中级 4 助理级 5 员级
    │  │    └ first four digits of the sealing authority's region
    │  └ year in which the title was obtained (起算时间)
    └ Inner Mongolia

MOD 11-2 is taken because the body then is seventeen characters like that of a citizen number, and because MOD 37-2
would need `*`, which cannot stand in a file name. The letter counts as the digit 1, 2 or 3.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from operator import mul
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from registry.audit.seal_hooks import NOTED, ledger_of
from registry.database.schema import counters
from registry.database.upsert import insert_into
from registry.errors import SeriesExhausted

PREFIX: Final = "NM"
SERIAL_DIGITS: Final = 5
LAST_SERIAL: Final = 10**SERIAL_DIGITS - 1
GRADES: Final = {"正高级": "1", "副高级": "2", "中级": "3", "助理级": "4", "员级": "5"}
WAYS: Final = {"评审": "P", "认定": "R", "考核": "R", "重新确认": "Q"}
FARMERS_SERIES: Final = 31
OTHER_SERIES: Final = 99
_WAY_DIGITS: Final = {"P": 1, "R": 2, "Q": 3}
_VALUES: Final = {**{str(digit): digit for digit in range(10)}, **_WAY_DIGITS}
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999, 附录
_CHECKS: Final = "10X98765432"
LICENCE_SERIAL_DIGITS: Final = 7


@dataclass(frozen=True, slots=True)
class Series:
    """One gapless series of serials."""

    year: int
    authority: str
    grade: str
    series: int

    @property
    def name(self) -> str:
        """`20251500105`: year, authority, grade, series."""
        return f"{self.year:04d}{self.authority}{self.grade}{self.series:02d}"

    def number(self, way: str, serial: int) -> str:
        """The complete certificate number.

        Raises:
            SeriesExhausted: the serial has more than five digits.
        """
        if serial > LAST_SERIAL:
            raise SeriesExhausted(series=self.name)
        body = f"{self.name}{way}{serial:0{SERIAL_DIGITS}d}"
        return f"{PREFIX}{body}{check_character(body)}"


def series_of(obtained_on: date, authority_region: str, grade: str, series: int | None) -> Series:
    """The series a certificate belongs to."""
    return Series(obtained_on.year, authority_region[:4], GRADES[grade], series or OTHER_SERIES)


def check_character(body: str) -> str:
    """MOD 11-2 over the seventeen characters between `NM` and the check character."""
    return _CHECKS[sum(map(mul, map(_VALUES.__getitem__, body), _WEIGHTS)) % 11]


def is_number(text: str) -> bool:
    """Whether a text has the form of a certificate number and a right check character."""
    body = text[len(PREFIX) : -1]
    if not text.startswith(PREFIX) or len(body) != len(_WEIGHTS) or not body.isascii():
        return False
    digits = body[:11] + body[12:]
    return digits.isdigit() and body[11] in _WAY_DIGITS and check_character(body) == text[-1]


def take(connection: Connection, wanted: Iterable[str]) -> dict[str, list[int]]:
    """Take the next values of several counters at once; the rows stay locked until the transaction ends.

    Names are locked in sorted order, so that two issuers never wait for one another in a circle. A value that was
    taken in a transaction that is rolled back has not been taken: that is what makes the series gapless.
    """
    amounts = Counter(wanted)
    make_missing(connection, amounts)
    taken = {}
    for name in sorted(amounts):
        last = connection.execute(
            select(counters.c.value).where(counters.c.name == name).with_for_update()
        ).scalar_one()
        taken[name] = list(range(last + 1, last + 1 + amounts[name]))
    connection.execute(
        update(counters).where(counters.c.name == bindparam("n")).values(value=bindparam("v")),
        [{"n": name, "v": values[-1]} for name, values in taken.items()],
        execution_options={NOTED: True},
    )
    if ledger := ledger_of(connection, counters):
        ledger.add(counters, [(name, values[0] - 1) for name, values in taken.items()], -1)
        ledger.add(counters, [(name, values[-1]) for name, values in taken.items()])
    return taken


def make_missing(connection: Connection, names: Iterable[str]) -> None:
    """Begin the counters that are not there yet, at 0."""
    rows = [{"name": name, "value": 0} for name in sorted(names)]
    connection.execute(insert_into(connection, counters).on_conflict_do_nothing(), rows)
