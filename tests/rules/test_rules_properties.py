"""What must hold for all rules whatever the batch: monotone, symmetric, never crashing, silent on lawful batches."""

import dataclasses
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rules_examples import base, replaced, with_facts
from rules_examples_batch import EXAMPLES as OF_THE_BATCH
from rules_examples_duties import EXAMPLES as OF_DUTIES
from rules_examples_people import EXAMPLES as OF_PEOPLE

from records.batch.model import Application, Batch, Frozen, Outcome, Severity
from records.regulation.rules import RULES, check
from records.sample import sample_batch
from records.sample.plans import Kind

KEPT = frozenset({"place", "number", "sheet", "rule", "name", "expert", "employer"})
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("seed", [3, 2025])
def test_sample_batches_have_no_mandatory_finding(kind: Kind, seed: int):
    """Whatever is invented for showing is lawful."""
    assert [item for item in check(sample_batch(40, seed, kind=kind)) if item.blocks] == []


@quick
@given(votes=st.integers(0, 23), more=st.integers(0, 23), outcome=st.sampled_from(Outcome))
def test_more_votes_never_turn_a_pass_into_a_fail(votes: int, more: int, outcome: Outcome):
    """Monotone in the vote: if `votes` suffice for the outcome 通过, more votes do too; and the reverse for 未通过."""
    low, high = sorted((votes, more))

    def found(count: int) -> bool:
        facts = {"a.0.vote.for_": count, "a.0.outcome": outcome}
        return any(item.rule == "B-M02" for item in check(with_facts(base(Kind.GREEN), facts), M02))

    if outcome is Outcome.PASSED:
        assert found(low) or not found(high)
    else:
        assert found(high) or not found(low)


M02 = [item for item in RULES if item.id == "B-M02"]


@quick
@given(
    st.permutations(range(12)), st.sampled_from([example for example in OF_PEOPLE if example.rule[2] != "X"])
)
def test_the_order_of_rows_does_not_matter(order: list[int], example: Any):
    """Shuffled applicants have the same findings, each at its own row."""
    batch = example.breaking
    shuffled = with_facts(batch, {"applications": tuple(batch.applications[index] for index in order)})
    assert _bare(check(shuffled)) == _bare(check(batch))


def _bare(findings: Any) -> set[tuple[Any, ...]]:
    return {(item.rule, item.sheet, item.row, item.column, item.message) for item in findings}


def optional_paths(record: Any, prefix: str = "") -> list[str]:
    """Every fact below a record that may be None."""
    found = []
    fields = type(record).model_fields if isinstance(record, Frozen) else record.__dataclass_fields__
    for name in fields:
        value = getattr(record, name)
        if isinstance(value, Frozen) or (dataclasses.is_dataclass(value) and name not in KEPT):
            found += optional_paths(value, f"{prefix}{name}.")
        elif isinstance(value, tuple):
            found += [f"{prefix}{name}"]
        elif name not in KEPT or isinstance(record, Application):
            found.append(f"{prefix}{name}")
    return [path for path in found if path not in ("place", "number")]


APPLICANT = [
    f"applications.{index}.{path}"
    for index in (0, 1)
    for path in optional_paths(base(Kind.GREEN).applications[0])
]
EXPERT = [f"committee.experts.0.{path}" for path in optional_paths(base(Kind.GREEN).committee.experts[0])]
BATCH = [path for path in optional_paths(base(Kind.GREEN)) if path != "applications"]
EVERY = [*APPLICANT, *EXPERT, *BATCH]


def without(batch: Batch, paths: set[str]) -> Batch:
    """The batch with those facts not stated; lists become empty; paths into a dropped list are passed over."""
    for path in sorted(paths):
        names = path.split(".")
        record: Any = batch
        try:
            for name in names:
                record = record[int(name)] if isinstance(record, tuple) else getattr(record, name)
        except IndexError:
            continue
        batch = replaced(batch, names, () if isinstance(record, tuple) else None)
    return batch


@settings(quick, max_examples=120)
@given(st.sets(st.sampled_from(EVERY), max_size=60), st.sampled_from(OF_THE_BATCH + OF_PEOPLE + OF_DUTIES))
def test_no_rule_crashes_when_facts_are_missing(dropped: set[str], example: Any):
    """Any subset of facts may be missing; the rules decide what they can and never fail."""
    for item in check(without(example.breaking, dropped)):
        assert item.message
        assert "{" not in item.message


def test_a_batch_of_nothing_but_names_has_no_mandatory_finding_for_absence():
    """All optional facts gone: nothing mandatory is made of absence alone, except what only the base facts decide."""
    bare = without(base(Kind.ENGINEERING), set(EVERY))
    assert {item.rule for item in check(bare) if item.severity is Severity.MANDATORY} == set()
