"""Electronic licence identifiers and their check character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.issuing.licence_id import ALPHABET, ROOT, LicenceId, check_character, parse
from signing.errors import LicenceIdInvalid

EXAMPLE = f"{ROOT}.11100000000013338W011.11430000006122244L.20230000403.001.U"


def test_both_published_vectors_come_out() -> None:
    """The two known examples of GB/T 36904 give U and S."""
    body = "11100000000013338W011.11430000006122244L.20230000403"
    assert check_character(f"{body}.001") == "U"
    assert check_character(f"{body}.002") == "S"


def test_an_identifier_is_taken_apart_and_put_together_again() -> None:
    """Parsing and printing are inverse."""
    found = parse(EXAMPLE)
    assert str(found) == EXAMPLE
    assert (found.serial, found.version) == ("20230000403", "001")


def test_the_next_version_supersedes() -> None:
    """A corrected licence has the same serial, the next version, its own check character."""
    assert str(parse(EXAMPLE).next_version()) == EXAMPLE[:-5] + "002.S"


@pytest.mark.parametrize(
    "text",
    [
        EXAMPLE[:-1] + "V",
        EXAMPLE.replace("1.2.156", "1.2.157"),
        EXAMPLE.replace("20230000403", "20230000430"),
        EXAMPLE.lower(),
        f"{ROOT}.1.2",
        "",
    ],
)
def test_a_wrong_identifier_is_refused(text: str) -> None:
    """Wrong check, root, swapped digits, small letters, missing parts."""
    with pytest.raises(LicenceIdInvalid):
        parse(text)


@given(st.text(ALPHABET, min_size=2, max_size=40), st.data())
def test_every_single_error_and_every_swap_is_noticed(text: str, data: st.DataObject) -> None:
    """ISO/IEC 7064 MOD 37,36 catches all single substitutions and nearly all neighbour swaps."""
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from(ALPHABET).filter(lambda c: c != text[place]))
    assert check_character(text[:place] + other + text[place + 1 :]) != check_character(text)


def test_version_999_is_the_last() -> None:
    """There is no version 1000."""
    with pytest.raises(LicenceIdInvalid):
        LicenceId("1" * 21, "1" * 18, "1", "999").next_version()
