"""The list of rules, in the order of the regulation's groups."""

from records.rules import periods
from records.rules.core import Rule

RULES: tuple[Rule, ...] = (*periods.RULES,)
_BY_ID = {item.id: item for item in RULES}


def rule(identifier: str) -> Rule:
    """The rule of that id (B-T04).

    Raises:
        KeyError: there is no such rule.
    """
    return _BY_ID[identifier]
