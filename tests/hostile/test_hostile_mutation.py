"""Not one mutant of a genuine file is called genuine."""

import random

from hostile_base import Base
from hostile_mutation import KINDS, Edit, is_untouched, mutated, mutated_tail, origins_of, weak_spots
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from signing.validate import Code, validate

EDITS = st.lists(
    st.builds(Edit, st.sampled_from(KINDS), st.floats(0, 1), st.integers(0, 1 << 24), st.booleans()),
    min_size=1,
    max_size=3,
)


@settings(max_examples=2_000, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(origin=st.integers(0, 2), edits=EDITS)
@example(origin=0, edits=[Edit("grow", 0.0, 10, False)])
@example(origin=1, edits=[Edit("flip", 0.99, 0, True)])
def test_no_mutant_is_genuine(base: Base, origin: int, edits: list[Edit]) -> None:
    """Two thousand files that differ from a genuine one by a few edits, half of them where no signature looks."""
    genuine = origins_of(base).files[origin]
    mutant = mutated(genuine, edits)
    report = validate(mutant, base.trust)
    assert report.genuine == (mutant == genuine), f"{report.code} {edits}"


def test_every_byte_of_the_gap_counts(base: Base) -> None:
    """Each hexadecimal digit of a pressed signature, changed alone, is noticed."""
    start, end = weak_spots(base.good)[0]
    for place in range(start, end):
        digit = base.good[place : place + 1]
        mutant = base.good[:place] + (b"0" if digit != b"0" else b"1") + base.good[place + 1 :]
        assert not validate(mutant, base.trust).genuine, place


def test_a_time_stamp_does_not_reach_into_its_padding(base: Base) -> None:
    """A longer outer length takes zeros in that readers skip; nothing later covers the last document time-stamp."""
    start, _ = weak_spots(base.archived)[1]
    for place in range(start + 1, start + 41):
        for digit in {b"0", b"1", b"8", b"F"} - {base.archived[place : place + 1]}:
            mutant = base.archived[:place] + digit + base.archived[place + 1 :]
            assert not validate(mutant, base.trust).genuine, (place - start, digit)


def test_the_origins_are_genuine(base: Base) -> None:
    """Otherwise the tests above would prove nothing."""
    assert {validate(one, base.trust).code for one in origins_of(base).files} == {Code.OK}


def test_no_archive_with_other_objects_is_genuine(base: Base) -> None:
    """Two hundred archive revisions changed by objects, keys, values, references or trailer, each with a bought stamp."""
    source, origins = random.Random(14), origins_of(base)
    for number in range(200):
        mutant = mutated_tail(origins, source)
        report = validate(mutant, base.trust)
        assert report.genuine == is_untouched(origins, mutant), f"{number}: {report.code}"
