"""Every hostile file gets its expected verdict, in a limited child process, and never kills the program."""

import hostile_bytes  # noqa: F401 - registers its attacks
import hostile_cms  # noqa: F401
import hostile_revisions  # noqa: F401
import hostile_scans  # noqa: F401
import hostile_stamps  # noqa: F401
import hostile_structure  # noqa: F401
import pytest
from hostile_base import ATTACKS, Attack, Base

from signing.validate import Code, ValidationPool, Verdict


def test_the_corpus_is_large_and_names_are_unique() -> None:
    """At least sixty attacks, each under its own name, each saying what it does."""
    hostile = [one for one in ATTACKS if one.verdict is not Verdict.GENUINE]
    assert len(hostile) >= 60
    assert len({one.name for one in ATTACKS}) == len(ATTACKS)
    assert all(one.what for one in ATTACKS)


@pytest.mark.parametrize("one", ATTACKS, ids=lambda one: one.name)
def test_the_verdict_is_the_expected_one(one: Attack, base: Base, pool: ValidationPool) -> None:
    """Verdict, and the code where one is promised."""
    report = pool.validate(one.build(base), base.trust)
    assert report.verdict is one.verdict, f"{report.code} {report.detail}"
    assert one.code in (None, report.code), report.detail
    assert report.message("zh")
    assert report.message("en")


def test_the_register_has_the_last_word(base: Base, pool: ValidationPool) -> None:
    """A file whose hash the register knows is genuine, whatever its structure looks like; unknown is no proof."""
    broken = base.good + b"\n"
    assert pool.validate(broken, base.trust, known_hash=True).code is Code.REGISTER_HASH
    assert pool.validate(broken, base.trust, known_hash=False).code is Code.BYTES_APPENDED
    assert pool.validate(base.good, base.trust, known_hash=False).code is Code.OK
