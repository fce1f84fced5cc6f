"""The list of rules, in the order of the regulation's groups."""

from records.regulation.rules import (
    certificates,
    channels,
    committee,
    conduct,
    consistency,
    duties,
    eligibility,
    experts,
    grounds,
    impossible,
    integrity,
    meeting,
    nodes,
    periods,
    review,
    standing,
    terms,
)
from records.regulation.rules.core import Rule

_MODULES = (
    *(periods, terms, nodes),
    *(committee, experts),
    *(meeting, conduct),
    *(eligibility, grounds, channels),
    *(review, certificates, integrity, consistency),
    *(duties, standing, impossible),
)
_ORDER = "TCMEASHX"
RULES: tuple[Rule, ...] = tuple(
    sorted(
        (item for module in _MODULES for item in module.RULES),
        key=lambda item: (_ORDER.index(item.id[2]), item.id),
    )
)
_BY_ID = {item.id: item for item in RULES}


def rule(identifier: str) -> Rule:
    """The rule of that id (B-T04).

    Raises:
        KeyError: there is no such rule.
    """
    return _BY_ID[identifier]
