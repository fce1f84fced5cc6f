"""Certificate numbers: form, check character, gapless series."""

from __future__ import annotations

from base64 import b32encode
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from registry_helpers import run_in_processes

from registry.certificates.status_positions import CAPACITY, position
from registry.database.engine import Database
from registry.errors import SeriesExhausted
from registry.identifiers import base32, is_code, new_code, normal_code
from registry.issuing.numbering import LAST_SERIAL, check_character, is_number, series_of, take

if TYPE_CHECKING:
    from registry.database.engine import Database as DatabaseType

SERIES = series_of(date(2025, 8, 22), "150000", "正高级", 5)


def test_a_number_says_year_authority_grade_series_way_and_serial() -> None:
    """`NM` 2025 1500 1 05 P 00012, then the check character."""
    number = SERIES.number("P", 12)
    assert number[:-1] == "NM20251500105P00012"
    assert is_number(number)
    assert len(number) == 20


def test_the_check_character_is_that_of_citizen_numbers() -> None:
    """The published example of GB 11643, 11010519491231002X, has its check character from the same weights."""
    assert check_character("11010519491231002") == "X"


@given(st.integers(1, LAST_SERIAL), st.integers(2, 18), st.sampled_from("0123456789"))
def test_every_single_wrong_digit_is_noticed(serial: int, place: int, digit: str) -> None:
    """A number with one digit typed wrong is not a number."""
    number = SERIES.number("P", serial)
    wrong = number[:place] + digit + number[place + 1 :]
    assert is_number(wrong) == (wrong == number)


@pytest.mark.parametrize(
    "text", ["", "NM", "XX20251500105P000120", "NM2025150010５P00012X", "NM20251500105A000120"]
)
def test_other_texts_are_not_numbers(text: str) -> None:
    """Wrong prefixes, letters, full-width digits and lengths are refused without an error."""
    assert not is_number(text)


def test_a_series_ends_after_five_digits() -> None:
    """Serial 100,000 is refused instead of growing a digit."""
    with pytest.raises(SeriesExhausted, match="20251500105"):
        SERIES.number("P", LAST_SERIAL + 1)


def test_values_taken_in_a_failed_transaction_are_given_again(database: DatabaseType) -> None:
    """A rolled back transaction leaves no gap."""
    with pytest.raises(ZeroDivisionError):
        _take_and_fail(database)
    with database.write() as connection:
        assert take(connection, ["a", "b", "a"]) == {"a": [1, 2], "b": [1]}
        assert take(connection, ["a"]) == {"a": [3]}


def _take_and_fail(database: DatabaseType) -> None:
    with database.write() as connection:
        take(connection, ["a"])
        raise ZeroDivisionError


def take_many(address: str, names: list[str]) -> list[int]:
    database = Database(address, busy_seconds=60)
    taken: list[int] = []
    for _ in range(20):
        with database.write() as connection:
            found = take(connection, names)
            taken += found["x"]
    database.close()
    return taken


def test_eight_processes_never_get_the_same_value_and_leave_no_gap(
    database: DatabaseType, address: str
) -> None:
    """Eight processes take twenty times each, naming the counters in opposite orders."""
    orders = [["x", "y", "x"], ["y", "x", "x"]] * 4
    taken = run_in_processes(take_many, [(address, names) for names in orders])
    assert sorted(value for one in taken for value in one) == list(range(1, 321))


def test_codes_are_random_and_survive_being_typed() -> None:
    """128 bits in 26 characters; small letters, blanks, a whole address and look-alike digits are understood."""
    code = new_code()
    assert is_code(code)
    assert new_code() != code
    assert normal_code(f" {code[:5].lower()}-{code[5:]} ") == code
    assert normal_code(f"HTTPS://EXAMPLE.GOV.CN/V/{code}") == code
    assert normal_code("018") == "OIB"


def test_status_positions_are_a_permutation_that_does_not_count() -> None:
    """Every position is given once per list, in no visible order, and the next list starts after the last."""
    key = b"k" * 32
    first = [position(number, key) for number in range(1, CAPACITY + 1)]
    assert {list_id for list_id, _ in first} == {1}
    assert sorted(place for _, place in first) == list(range(CAPACITY))
    assert sum(after == before + 1 for (_, before), (_, after) in pairwise(first)) < 10
    assert position(CAPACITY + 1, key)[0] == 2


@given(st.binary(max_size=64))
def test_base32_is_that_of_the_library_without_padding(data: bytes) -> None:
    assert base32(data) == b32encode(data).decode().rstrip("=")
