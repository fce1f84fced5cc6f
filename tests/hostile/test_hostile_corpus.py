"""Every hostile file gets its expected verdict, in a limited child process, and never kills the program."""

import hostile_corpus  # noqa: F401 - registers all attacks
import pytest
from hostile_base import ATTACKS, Attack, Base

from signing.validate import Code, Limits, ValidationPool, Verdict


def test_the_corpus_is_large_and_names_are_unique() -> None:
    """At least three hundred files, each under its own name, each saying what it does."""
    hostile = [one for one in ATTACKS if one.verdict is not Verdict.GENUINE]
    assert len(hostile) >= 300
    assert len({one.name for one in ATTACKS}) == len(ATTACKS)
    assert all(one.what for one in ATTACKS)


@pytest.mark.parametrize("one", ATTACKS, ids=lambda one: one.name)
def test_the_verdict_is_the_expected_one(one: Attack, base: Base, pool: ValidationPool) -> None:
    """Verdict, and the code where one is promised."""
    report = pool.validate(one.build(base), base.trust, one.known)
    assert report.verdict is one.verdict, f"{report.code} {report.detail}"
    assert one.code in (None, report.code), report.detail
    assert report.message("zh")
    assert report.message("en")


def test_genuine_is_what_the_register_knows_and_every_step_allows(base: Base, pool: ValidationPool) -> None:
    """The rule in its six cases: hash known, not known, not asked; every step agrees, or one fails."""
    broken = base.good + b"\n"
    said = {
        (name, known): pool.validate(data, base.trust, known).code
        for name, data in (("good", base.good), ("broken", broken))
        for known in (True, False, None)
    }
    assert said == {
        ("good", True): Code.REGISTER_HASH,
        ("good", False): Code.NOT_REGISTERED,
        ("good", None): Code.OK,
        ("broken", True): Code.REGISTER_CONTRADICTED,
        ("broken", False): Code.BYTES_APPENDED,
        ("broken", None): Code.BYTES_APPENDED,
    }


def test_what_could_not_be_examined_is_no_contradiction(base: Base) -> None:
    """Too little time for a known file is said as such: not genuine, but no alarm either."""
    pool = ValidationPool(1, Limits(seconds=0.0))
    report = pool.validate(base.good, base.trust, known_hash=True)
    pool.close()
    assert (report.code, report.verdict) == (Code.TIME_EXCEEDED, Verdict.UNREADABLE)
