"""Identity documents and organisation codes, held against python-stdnum."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric
from stdnum.cn import uscc as stdnum_uscc

from records.batch.model import IdentityKind, Sex
from records.input import identity
from records.input.identity import Problem

DIGITS = st.text("0123456789", min_size=3, max_size=3)
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize("number", ["150102199003073013", "150203198511120020", "152522197809300019"])
def test_good_citizen_numbers(number: str) -> None:
    """Vectors of the reference."""
    assert identity.citizen_card(number).good


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("150102199003073010", Problem.CHECK),
        ("150102199002303016", Problem.DATE),
        ("15010219900307", Problem.LENGTH),
        ("15010219900307301x", Problem.CHARACTERS),
        ("１50102199003073013", Problem.CHARACTERS),
        ("990102199003073019", Problem.REGION),
        ("150199199003073018", Problem.REGION),
    ],
)
def test_bad_citizen_numbers_say_what_is_wrong(number: str, problem: Problem) -> None:
    """Length, characters, date, check character, region."""
    assert problem in identity.citizen_card(number).problems


def test_a_wrong_check_character_tells_the_right_one() -> None:
    """So that the message can propose it."""
    assert identity.citizen_card("150102199003073010").expected_check == "3"


def test_a_region_that_had_ended_before_birth_is_impossible() -> None:
    """昭乌达盟 (1524…) ended in 1983; nobody born in 1990 has such a number."""
    body = "15240119900307001"
    found = identity.citizen_card(body + identity.mod_11_2(body))
    assert found.problems == (Problem.REGION_ABOLISHED,)
    old = "15240119700307001"
    assert identity.citizen_card(old + identity.mod_11_2(old)).good


def test_a_region_younger_than_its_bearer_is_only_doubtful() -> None:
    """临河区 exists since 2003; a child of 2000 with its code was registered late, which happens."""
    body = "15080220000307001"
    found = identity.citizen_card(body + identity.mod_11_2(body))
    assert found.good
    assert found.doubts == (Problem.REGION_LATER,)


def test_sex_and_birth_are_read_from_the_number() -> None:
    """The 17th digit and the eight digits of the birthday."""
    found = identity.citizen_card("150102199003073013")
    assert (found.birth, found.sex) == (date(1990, 3, 7), Sex.MALE)


@given(st.dates(date(1985, 1, 1), date(2010, 12, 31)), DIGITS, st.integers(0, 9))
def test_the_check_character_agrees_with_stdnum(born: date, sequence: str, wrong: int) -> None:
    """Right and wrong check characters are told apart as stdnum does."""
    body = f"150102{born:%Y%m%d}{sequence}"
    good = body + identity.mod_11_2(body)
    assert ric.is_valid(good)
    assert identity.citizen_card(good).good
    other = body + str(wrong)
    assert (Problem.CHECK in identity.citizen_card(other).problems) is (
        ric.calc_check_digit(other) != other[-1]
    )


@pytest.mark.parametrize("number", ["810000199001010019", "820000199001010010", "830000199001010012"])
def test_residence_permits_of_hong_kong_macao_taiwan(number: str) -> None:
    """The region is 810000, 820000 or 830000 and nothing else."""
    assert identity.inspect(IdentityKind.HMT_RESIDENCE, number).good
    assert identity.inspect(IdentityKind.CITIZEN_CARD, "990000" + number[6:]).problems
    assert identity.hmt_residence("150102199003073013").problems == (Problem.REGION,)


@pytest.mark.parametrize(
    ("number", "good"),
    [
        ("911840198901010019", True),
        ("911840198901010018", False),
        ("USA123456789012", True),
        ("US1234567890123", False),
        ("811840198901010019", False),
        ("9118401989", False),
    ],
)
def test_permanent_residence_cards_of_both_editions(number: str, good: bool) -> None:
    """18 digits from 9 since December 2023; three letters and twelve digits before."""
    assert identity.inspect(IdentityKind.FOREIGN_PERMANENT, number).good is good


@pytest.mark.parametrize(("number", "good"), [("E12345678", True), ("e1234567", False), ("A1", False)])
def test_passports(number: str, good: bool) -> None:
    """Five to seventeen capital letters and digits."""
    assert identity.inspect(IdentityKind.PASSPORT, number).good is good


@pytest.mark.parametrize(
    "number", ["1215000046100002X0", "91150200MA0N00016Q", "52150100509990019F", "11150000011510006N"]
)
def test_good_organisation_codes(number: str) -> None:
    """Vectors of the reference; no doubts either."""
    assert identity.uscc(number) == ()
    assert identity.uscc_doubts(number) == ()


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("1215000046100002X1", Problem.CHECK),
        ("12150000I61000021X", Problem.CHARACTERS),
        ("1215000", Problem.LENGTH),
    ],
)
def test_bad_organisation_codes_say_what_is_wrong(number: str, problem: Problem) -> None:
    """Check character, letters that GB 32100 leaves out, length."""
    assert problem in identity.uscc(number)


@given(
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
    st.sampled_from(ALPHABET),
)
def test_organisation_codes_agree_with_stdnum(region: str, organisation: str, check: str) -> None:
    """The computed check character is valid, any other is not, as stdnum says."""
    body = f"91{region}{organisation}"
    assert stdnum_uscc.is_valid(body + identity.uscc_check(body))
    number = body + check
    assert (identity.uscc(number) == ()) is stdnum_uscc.is_valid(number)


def test_the_first_characters_tell_the_kind_of_organisation() -> None:
    """A hint only."""
    assert identity.uscc_nature("1215000046100002X0") == "事业单位"
    assert identity.uscc_nature("91150200MA0N00016Q") == "企业"
    assert identity.uscc_nature("ZZ") is None
