"""Every rule of the regulation (规则), one object each; `check` applies those that a batch follows."""

from records.regulation.rules.all import RULES, rule
from records.regulation.rules.core import Applies, Decided, Group, Hit, Rule
from records.regulation.rules.engine import check, check_people
from records.regulation.rules.releases import apply_releases

__all__ = [
    "RULES",
    "Applies",
    "Decided",
    "Group",
    "Hit",
    "Rule",
    "apply_releases",
    "check",
    "check_people",
    "rule",
]
