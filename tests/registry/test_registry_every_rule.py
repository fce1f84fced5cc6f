"""What `check` finds mandatory, `issue` refuses: every rule is tried through both."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "rules"))  # the examples of the rules

from rules_examples import Example
from rules_examples_batch import EXAMPLES as OF_THE_BATCH
from rules_examples_people import EXAMPLES as OF_PEOPLE

from records.regulation.rules import check
from registry.errors import IssueRefused
from registry.issuing.run import by_person, refuse_blocked_batch

BLOCKING = [one for one in OF_THE_BATCH + OF_PEOPLE if any(found.blocks for found in check(one.breaking))]


@pytest.mark.parametrize("example", BLOCKING, ids=lambda example: example.rule)
def test_what_a_check_finds_mandatory_gets_no_certificate(example: Example) -> None:
    """A finding on the batch stops it; one on a person leaves him out, whatever the rule."""
    found = [one for one in check(example.breaking) if one.blocks]
    blocked = by_person(found)
    for one in found:
        assert any(text.startswith(one.rule) for text in blocked[one.application_number])
    if None in blocked:
        with pytest.raises(IssueRefused):
            refuse_blocked_batch(blocked[None])
    else:
        assert blocked


def test_most_rules_block() -> None:
    """The list above is not empty by an accident of the examples."""
    assert len({one.rule for one in BLOCKING}) > 50
