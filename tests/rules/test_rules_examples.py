"""Every rule that the program decides has a batch that keeps it and one that breaks it."""

import pytest
from rules_examples import Example
from rules_examples_batch import EXAMPLES as OF_THE_BATCH
from rules_examples_duties import EXAMPLES as OF_DUTIES
from rules_examples_people import EXAMPLES as OF_PEOPLE

from records.input.sheets import sheet
from records.regulation.rules import RULES, Decided, check, rule
from records.regulation.rules.sources import FORMER_RULES

EXAMPLES = OF_THE_BATCH + OF_PEOPLE + OF_DUTIES
every_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.rule)


@every_example
def test_a_batch_that_keeps_the_clause_has_no_finding(example: Example):
    """The rule is silent about the batch that keeps it."""
    found = [item for item in check(example.keeping) if item.rule == example.rule]
    assert not found, [item.message for item in found]


@every_example
def test_a_batch_that_breaks_the_clause_is_found_with_its_numbers(example: Example):
    """The finding names the numbers and points at a column that the workbook has."""
    found = [item for item in check(example.breaking) if item.rule == example.rule]
    assert any(example.says in item.message for item in found), [item.message for item in found]
    for item in found:
        assert item.column is not None
        assert sheet(item.sheet).column(item.column), (item.sheet, item.column)
        assert item.clauses
        assert {*item.clauses} <= {*rule(example.rule).clauses, FORMER_RULES}
        assert item.remedy


def test_every_automatic_rule_has_an_example():
    """No rule goes without its pair of examples; rules left to people need none."""
    automatic = {item.id for item in RULES if item.decided is not Decided.BY_PEOPLE}
    assert automatic == {example.rule for example in EXAMPLES}


def test_there_are_121_rules_with_different_ids():
    """The regulation's list is complete."""
    assert len({item.id for item in RULES}) == len(RULES) == 121
